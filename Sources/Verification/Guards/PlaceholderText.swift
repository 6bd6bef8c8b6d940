/// Recognises a comment that replaces code which its author did not write out.
///
/// Only a comment that says nothing else counts, since prose may mention the rest of a file.
enum PlaceholderText {
    private static let subjects: Set<String> = [
        "code", "file", "class", "function", "method", "methods", "functions", "implementation", "module", "body",
        "content", "contents", "tests", "logic", "imports", "definitions", "fields", "properties", "component",
        "struct",
        "type", "script", "document", "section", "block", "cases", "lines",
    ]
    private static let fillers: Set<String> = [
        "the", "of", "this", "your", "our", "all", "other", "here", "above", "below", "goes", "and", "for", "brevity",
        "stays", "stay", "remains", "remain", "is", "are", "as", "it", "was", "were", "in", "from", "with", "no",
        "changes", "needed",
    ]
    /// Words of which a placeholder must contain one.
    private static let standIns: Set<String> = ["rest", "remainder", "remaining", "existing", "previous", "unchanged"]
    private static let states: Set<String> = [
        "rest", "remainder", "remaining", "existing", "previous", "original", "unchanged", "same", "before", "omitted",
        "untouched", "truncated",
    ]
    private static let mostWords = 12
    /// Extensions of files in which a line that starts with a mark is a heading or a list item.
    private static let prose = [".md", ".markdown", ".rst", ".adoc", ".txt", ".org", ".tex"]

    /// Extensions of pages, in which code is only a part.
    private static let markup = [".html", ".htm", ".vue", ".svelte", ".astro"]

    static func isMarkup(_ path: String) -> Bool { markup.contains { path.hasSuffix($0) } }

    static func matches(_ comment: String) -> Bool {
        // Cheap, and true for almost all comments.
        guard comment.utf8.count < 100 else { return false }
        let isDotted = comment.contains("...") || comment.contains("…")
        let words = comment.lowercased().split { !$0.isLetter }
        guard (1...mostWords).contains(words.count) else { return false }
        let isStandIn = words.contains { standIns.contains(String($0)) }
        let isOmitted = words.contains("omitted") && words.contains("brevity")
        guard isStandIn || isOmitted else { return false }
        guard
            words.allSatisfy({
                states.contains(String($0)) || fillers.contains(String($0)) || subjects.contains(String($0))
            })
        else { return false }
        if isOmitted || isDotted { return true }
        // Without dots it must name the code and say that it stays: 'rest of the file unchanged'.
        let stays: Set<Substring> = ["unchanged", "same", "untouched", "omitted"]
        let whole: Set<Substring> = ["rest", "remainder", "remaining", "existing", "previous"]
        return words.contains { whole.contains($0) } && words.contains { stays.contains($0) }
    }

    /// Returns the placeholders in a file of an unknown language: lines that start like a comment of any language.
    static func marks(in bytes: [UInt8], path: String) -> [LineMark] {
        let isProse = prose.contains { path.hasSuffix($0) }
        var result: [LineMark] = []
        var line = 0
        for slice in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            line += 1
            guard slice.count < 160, let first = slice.first(where: { $0 > 0x20 }) else { continue }
            switch first {
            case UInt8(ascii: "#"), UInt8(ascii: "/"), UInt8(ascii: "<"), UInt8(ascii: "-"), UInt8(ascii: ";"),
                UInt8(ascii: "*"), UInt8(ascii: "%"):
                break
            default: continue
            }
            let text = String(decoding: slice, as: UTF8.self)
            let inside = text.drop { !$0.isLetter && $0 != "." && $0 != "…" }
            guard isComment(text, isProse), matches(String(inside)) else { continue }
            result.append(LineMark(group: "placeholder", line: line, text: text.filter { !$0.isNewline }))
        }
        return result
    }

    private static func isComment(_ line: String, _ isProse: Bool) -> Bool {
        let text = line.drop { $0.isWhitespace }
        if isProse { return text.hasPrefix("<!--") }
        return ["# ", "//", "/*", "<!--", "-- ", "; ", "* ", "% "].contains { text.hasPrefix($0) }
    }
}
