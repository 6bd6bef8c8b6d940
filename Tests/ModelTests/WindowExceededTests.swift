import Model
import Testing

struct WindowExceededTests {
    @Test(
        arguments: [
            ("This model's maximum context length is 8,192 tokens. However, you requested 9000 tokens", 8192),
            ("prompt is too long: 200123 tokens > 200000 maximum", 200_000),
            ("request (1234 tokens) exceeds the available context size (1024 tokens), try increasing it", 1024),
            ("the request exceeds the available context size (n_ctx = 2048)", 2048),
            ("input length and `max_tokens` exceed context limit: 9000 + 100 > 8192", 8192),
            ("context_length_exceeded: please reduce the length", nil),
            ("The decoder prompt (length 5000) is longer than the maximum model length of 4096. Make sure that", 4096),
            (
                "'max_tokens' is too large: 8192. This model's maximum context length is 4096 tokens and your request",
                4096
            ),
            (
                "the request exceeds the available context size. exceed_context_size_error n_prompt_tokens 5000, n_ctx: 2048",
                2048
            ),
            ("litellm.ContextWindowExceededError: litellm.BadRequestError: AzureException", nil),
            ("prompt too long; exceeded max context length by 1234 tokens", nil),
            ("the input length exceeds the context length", nil),
            (
                "Error code: 400 - This model's maximum context length is 128000 tokens. However, your messages resulted",
                128_000
            ),
            ("Your input exceeds the context window of this model. Please adjust your input", nil),
            ("The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", 1_048_576),
            (
                "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
                32_768
            ),
            ("`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens", 4096),
            ("The input (5000 tokens) is longer than the model's context length (4096 tokens).", 4096),
            ("the model is loaded with context length of only 4096 tokens, which is not enough", 4096),
            ("This model's maximum prompt length is 131072 but the request contains 140000 tokens.", 131_072),
            ("Requested tokens (5000) exceed context window of 2048", 2048),
            ("model_context_window_exceeded", nil),
        ] as [(String, Int?)])
    func `the window is read from a refusal`(message: String, window: Int?) {
        #expect(WindowExceeded(message: message) != nil)
        #expect(WindowExceeded(message: message)?.window == window)
    }

    @Test(arguments: [
        "Too many tokens, please wait before trying again.", "Rate limit reached: limit 8192 tokens", "overloaded",
        "unexpected status 401", "the file has 8192 lines", "",
    ])
    func `other refusals are none`(message: String) {
        #expect(WindowExceeded(message: message) == nil)
    }
}
