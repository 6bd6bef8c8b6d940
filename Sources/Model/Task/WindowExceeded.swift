/// A refusal of a request that does not fit into the model's window.
package struct WindowExceeded: Sendable, Equatable {
    /// Tokens of the window; nil if the message names none.
    package var window: Int?

    /// Words of providers and servers, in lower case.
    private static let signs = [
        "context length", "context_length", "context window", "context_window", "contextwindowexceeded", "context size",
        "context limit", "exceed_context", "prompt is too long", "prompt too long", "input is too long", "n_ctx",
        "maximum model length", "maximum prompt length", "maximum input length", "maximum sequence length",
        "exceeds the maximum number of tokens", "max_new_tokens` must be", "`inputs` must have less than",
        "max_num_tokens", "input token count", "prompt token count", "max_prompt_tokens_exceeded",
        "input tokens exceed",
        "too many input tokens", "too many tokens: ", "exceeded model token limit", "range of input length",
        "prompt exceeds max length", "reduce the length of the messages", "request too large for",
    ]
    /// Texts before the number of the window, the most telling first.
    private static let marks = [
        "<=", "maximum context length", "maximum model length", "maximum prompt length", "n_ctx", "context size",
        "context window", "context limit", "context length", "maximum input length", "max input tokens",
        "max_num_tokens", "tokens allowed", "must have less than", "only supports up to", "exceeds the limit of",
        "configured limit of", "model token limit", "input length should be [1,", "limit for this model is", "limit is",
        "limit",
    ]
    /// Characters between a mark and its number.
    private static let reach = 30
    /// A model with a smaller window can do no work, so a smaller number means something else.
    private static let smallest = 256

    /// Returns nil if the message says something else.
    package init?(message: String) {
        let message = message.lowercased()
        guard Self.signs.contains(where: message.contains) else { return nil }
        window =
            Self.compared(in: message)
            ?? Self.marks.lazy.compactMap { Self.number(after: $0, in: message) }.first
            ?? Self.number(before: " maximum context length", in: message)
    }

    /// Mistral writes `too large for model with 32768 maximum context length`.
    private static func number(before mark: String, in text: String) -> Int? {
        guard let range = text.firstRange(of: mark),
            let digits = text[..<range.lowerBound].split(separator: " ").last, let number = Int(digits)
        else { return nil }
        return number >= smallest ? number : nil
    }

    /// The right side of `178959 + 64000 > 200000` or `n_keep (15028) >= n_ctx (7424)`. A `>` that ends a tag has other
    /// words after it.
    private static func compared(in text: String) -> Int? {
        for range in text.ranges(of: ">") {
            let side = text[range.upperBound...].trimmingPrefix("=").trimmingPrefix { $0.isWhitespace }
                .trimmingPrefix("n_ctx").trimmingPrefix { " :=(".contains($0) }
            if let number = number(atStartOf: side) { return number }
        }
        return nil
    }

    private static func number(after mark: String, in text: String) -> Int? {
        for range in text.ranges(of: mark) {
            let rest = text[range.upperBound...]
            guard let start = rest.prefix(reach).firstIndex(where: \.isNumber) else { continue }
            // "exceeded max context length by 1234 tokens" tells the excess, "context window exceeds limit (2013)" a code.
            if rest[..<start].contains(" by ") || text[..<start].hasSuffix("exceeds limit (") { continue }
            if let number = number(atStartOf: rest[start...]) { return number }
        }
        return nil
    }

    private static func number(atStartOf text: Substring) -> Int? {
        let digits = text.prefix { $0.isNumber || $0 == "," }.filter { $0 != "," }
        return Int(digits).flatMap { $0 >= smallest ? $0 : nil }
    }
}
