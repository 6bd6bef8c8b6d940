/// A refusal of a request that does not fit into the model's window.
package struct WindowExceeded: Sendable, Equatable {
    /// Tokens of the window; nil if the message names none.
    package var window: Int?

    private static let signs = [
        "context length", "context_length", "context window", "context_window", "contextwindowexceeded", "context size",
        "context limit", "exceed_context", "prompt is too long", "prompt too long", "input is too long", "n_ctx",
        "maximum model length", "maximum prompt length", "exceeds the maximum number of tokens",
        "max_new_tokens` must be",
    ]
    /// Texts before the number of the window, the most telling first.
    private static let marks = [
        ">", "<=", "maximum context length", "maximum model length", "maximum prompt length", "n_ctx", "context size",
        "context window", "context limit", "context length", "tokens allowed",
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
            Self.marks.lazy.compactMap { Self.number(after: $0, in: message) }.first
            ?? Self.number(before: " maximum context length", in: message)
    }

    /// Mistral writes `too large for model with 32768 maximum context length`.
    private static func number(before mark: String, in text: String) -> Int? {
        guard let range = text.firstRange(of: mark),
            let digits = text[..<range.lowerBound].split(separator: " ").last, let number = Int(digits)
        else { return nil }
        return number >= smallest ? number : nil
    }

    private static func number(after mark: String, in text: String) -> Int? {
        for range in text.ranges(of: mark) {
            let rest = text[range.upperBound...].prefix(reach)
            // "exceeded max context length by 1234 tokens" tells the excess.
            guard let start = rest.firstIndex(where: \.isNumber), !rest[..<start].contains(" by ") else { continue }
            let digits = text[start...].prefix { $0.isNumber || $0 == "," }.filter { $0 != "," }
            if let number = Int(digits), number >= smallest { return number }
        }
        return nil
    }
}
