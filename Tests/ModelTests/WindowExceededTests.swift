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
            // LM Studio
            (
                "The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 13055>= "
                    + "n_ctx: 4096). Try to load the model with a larger context length", 4096
            ),
            ("Cannot truncate prompt with n_keep (15028) >= n_ctx (7424)", 7424),
            (
                "<LM Studio error> Trying to keep the first 15857 tokens when context the overflows. However, the model is "
                    + "loaded with context length of only 4096 tokens, which is not enough.", 4096
            ),
            // vLLM, SGLang, TensorRT-LLM, text-generation-inference
            (
                "ValueError: The prompt (total length 25938) is too long to fit into the model (context length 4096). Make",
                4096
            ),
            (
                "'max_tokens' is too large: 512. This model's maximum context length is 4096 tokens and your request has "
                    + "4000 input tokens (512 > 4096 - 4000).", 4096
            ),
            (
                "You passed 5000 input tokens and requested 512 output tokens. However, the model's context length is only "
                    + "4096 tokens, resulting in a maximum input length of 3584 tokens.", 4096
            ),
            ("Requested token count exceeds the model's maximum context length of 8192 tokens. You requested a", 8192),
            ("Prompt length (9000) should not exceed max_num_tokens (8192)", 8192),
            ("Input validation error: `inputs` must have less than 1024 tokens. Given: 2260", 1024),
            // Anthropic, Bedrock, Cohere
            (
                "input length and `max_tokens` exceed context limit: 184915 +\n20000 > 204648, decrease input length",
                204_648
            ),
            ("Input is too long for requested model.", nil),
            ("Too many input tokens. Max input tokens: 8192, request input token count: 10000", 8192),
            (
                "too many tokens: size limit exceeded by 1234 tokens. Try using shorter or fewer inputs. The limit for this "
                    + "model is 4096 tokens.", 4096
            ),
            // Gemini
            (
                "Unable to submit request because the input token count is 40000 but model only supports up to 32768.",
                32_768
            ),
            // Azure, Copilot, OpenRouter
            ("Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300000", 272_000),
            ("prompt token count of 140000 exceeds the limit of 128000", 128_000),
            ("This endpoint's maximum context length is 32768 tokens. However, you requested about 42832", 32_768),
            // Groq, Cerebras
            ("invalid_request_error: Please reduce the length of the messages or completion.", nil),
            (
                "Please reduce the length of the messages or completion. Current length is 9000 while limit is 8192",
                8192
            ),
            (
                "Request too large for model `llama-3.1-8b-instant` on tokens per minute (TPM): Limit 6000, Requested 9000",
                6000
            ),
            // Moonshot, DashScope, Zhipu, MiniMax
            ("Invalid request: Your request exceeded model token limit: 131072", 131_072),
            ("Range of input length should be [1, 98304]", 98_304), ("Prompt exceeds max length", nil),
            ("invalid params, context window exceeds limit (2013)", nil),
            ("Token indices sequence length is longer than the specified maximum sequence length (1916 > 1024)", 1024),
        ] as [(String, Int?)])
    func `the window is read from a refusal`(message: String, window: Int?) {
        #expect(WindowExceeded(message: message) != nil)
        #expect(WindowExceeded(message: message)?.window == window)
    }

    @Test(arguments: [
        "Too many tokens, please wait before trying again.", "Rate limit reached: limit 8192 tokens", "overloaded",
        "unexpected status 401", "the file has 8192 lines", "", "Too many tokens, please wait before trying again",
        "max_tokens: 64000 > 32000, which is the maximum allowed number of output tokens for this model",
        "rate limit of 8192 tokens per minute exceeded",
    ])
    func `other refusals are none`(message: String) {
        #expect(WindowExceeded(message: message) == nil)
    }
}
