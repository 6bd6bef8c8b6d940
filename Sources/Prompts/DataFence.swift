import Model

/// Marks text from outside as data.
///
/// No mark prevents prompt injection for certain, but the text must not be able to close its own mark.
package enum DataFence {
    /// Returns the text between two fences that are longer than any run of backquotes in it.
    package static func quoted(_ text: String) -> String {
        let text = OutsideText.lines(text)
        let fence = String(repeating: "`", count: max(3, longestRun(in: text) + 1))
        return "\(fence)text\n\(text)\n\(fence)"
    }

    /// Returns each line behind a bar, so that no line of a body can look like the head of another message.
    package static func barred(_ text: String) -> String {
        OutsideText.lines(text).split(separator: "\n", omittingEmptySubsequences: false).map { "| \($0)" }.joined(
            separator: "\n")
    }

    private static func longestRun(in text: String) -> Int {
        var longest = 0
        var run = 0
        for byte in text.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}
