/// An estimate of tokens that does not depend on the model.
package enum TokenEstimate {
    /// Four bytes per token, the providers' rule of thumb for English and source code. Real tokenizers give 10 to 20 %
    /// less for prose and as much more for dense code, which is accurate enough for budgets.
    package static let bytesPerToken = 4

    package static func tokens(_ text: String) -> Int {
        (text.utf8.count + bytesPerToken - 1) / bytesPerToken
    }

    /// Returns the start of a text that fits, cut between characters.
    package static func prefix(_ text: String, tokens: Int) -> String {
        let bytes = max(0, tokens) * bytesPerToken
        var end = text.utf8.index(text.startIndex, offsetBy: bytes, limitedBy: text.endIndex) ?? text.endIndex
        while end > text.startIndex, end.samePosition(in: text) == nil { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }
}
