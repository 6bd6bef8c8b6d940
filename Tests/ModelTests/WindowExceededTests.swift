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
        ] as [(String, Int?)])
    func `the window is read from a refusal`(message: String, window: Int?) {
        #expect(WindowExceeded(message: message) != nil)
        #expect(WindowExceeded(message: message)?.window == window)
    }

    @Test(arguments: ["overloaded", "unexpected status 401", "the file has 8192 lines", ""])
    func `other refusals are none`(message: String) {
        #expect(WindowExceeded(message: message) == nil)
    }
}
