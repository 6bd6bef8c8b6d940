/// How many tokens a text is for a model, without knowing the model.
package enum TokenEstimate {
    /// Four bytes to a token, rounded up: what providers give as a rule of thumb for English and for source code. Real
    /// tokenizers come out 10 to 20 % lower on prose and as much higher on dense code; budgets are no finer than that.
    package static let bytesPerToken = 4

    package static func tokens(_ text: String) -> Int {
        (text.utf8.count + bytesPerToken - 1) / bytesPerToken
    }

    /// The beginning of a text that fits, ending at the end of a character.
    package static func prefix(_ text: String, tokens: Int) -> String {
        let bytes = max(0, tokens) * bytesPerToken
        var end = text.utf8.index(text.startIndex, offsetBy: bytes, limitedBy: text.endIndex) ?? text.endIndex
        while end > text.startIndex, end.samePosition(in: text) == nil { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }
}
