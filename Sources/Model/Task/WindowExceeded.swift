/// A refusal of a request that does not fit into the model's window.
package struct WindowExceeded: Sendable, Equatable {
    /// Tokens of the window; nil if the message names none.
    package var window: Int?

    private static let signs = [
        "context length", "context_length", "context window", "context size", "context limit", "exceed_context",
        "prompt is too long", "input is too long", "n_ctx",
    ]
    /// Texts before the number of the window, the most telling first.
    private static let marks = [
        ">", "maximum context length", "n_ctx", "context size", "context window", "context limit", "context length",
    ]
    /// Characters between a mark and its number.
    private static let reach = 30
    /// A model with a smaller window can do no work, so a smaller number means something else.
    private static let smallest = 256

    /// Returns nil if the message says something else.
    package init?(message: String) {
        let message = message.lowercased()
        guard Self.signs.contains(where: message.contains) else { return nil }
        window = Self.marks.lazy.compactMap { Self.number(after: $0, in: message) }.first
    }

    private static func number(after mark: String, in text: String) -> Int? {
        for range in text.ranges(of: mark) {
            let rest = text[range.upperBound...].prefix(reach)
            guard let start = rest.firstIndex(where: \.isNumber) else { continue }
            let digits = text[start...].prefix { $0.isNumber || $0 == "," }.filter { $0 != "," }
            if let number = Int(digits), number >= smallest { return number }
        }
        return nil
    }
}
