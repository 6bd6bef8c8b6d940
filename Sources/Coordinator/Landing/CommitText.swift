import Foundation
import Model

/// Text from outside as it is put into the body of a commit message.
enum CommitText {
    /// Keys with a meaning for programs that read commits. Text from outside never begins a line with one.
    private static let keys = [
        "orchestrate-", "verified-tree", "signed-off-by", "co-authored-by", "change-id", "reviewed-by", "approved-by",
    ]

    /// Wraps paragraphs at spaces. A paragraph with list items or indented lines keeps its lines. A line that looks
    /// like a trailer is indented, so that text from outside is never read as a trailer.
    static func wrapped(_ text: String) -> String {
        let paragraphs = OutsideText.lines(text).trimmingCharacters(in: .whitespacesAndNewlines).components(
            separatedBy: "\n\n")
        return paragraphs.map { paragraph in
            let lines = paragraph.split(separator: "\n", omittingEmptySubsequences: true)
            if lines.contains(where: { $0.hasPrefix(" ") || $0.hasPrefix("-") || $0.hasPrefix("*") }) {
                return lines.map { defused(String($0)) }.joined(separator: "\n")
            }
            return filled(lines.joined(separator: " ").split(separator: " ")).map(defused).joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    /// Returns the first lines of a text, with a mark where it was cut.
    static func limited(_ text: String, lines most: Int) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > most else { return text }
        var kept = lines.prefix(most - 1)
        while kept.last?.isEmpty == true { kept.removeLast() }
        return (kept + ["…"]).joined(separator: "\n")
    }

    /// Indents a line that looks like a trailer.
    static func defused(_ line: String) -> String {
        let lower = line.lowercased()
        return keys.contains { lower.hasPrefix($0) } ? " \(line)" : line
    }

    private static func filled(_ words: [Substring]) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in words {
            if !line.isEmpty, line.count + 1 + word.count > CommitMessage.width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }
}
