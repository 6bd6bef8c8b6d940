/// Reads the locations of modules from `go.mod` and `go.work`.
enum GoModuleFile {
    static func scan(_ bytes: Source.Bytes, into facts: inout FactWriter) {
        var block: Substring = ""
        var line: UInt32 = 0
        for text in bytes.string.split(separator: "\n", omittingEmptySubsequences: false) {
            line += 1
            var words = words(text)
            guard let first = words.first else { continue }
            if first == ")" {
                block = ""
                continue
            }
            if words.last == "(" {
                block = first
                continue
            }
            if block.isEmpty { words.removeFirst() }
            statement(block.isEmpty ? first : block, words: words, line: line, into: &facts)
        }
    }

    private static func statement(
        _ verb: Substring, words: [Substring], line: UInt32, into facts: inout FactWriter
    ) {
        switch verb {
        case "module":
            if let path = words.first { facts.add(kind: Go.Kind.module.rawValue, string: String(path), line: line) }
        case "replace":
            guard let arrow = words.firstIndex(of: "=>"), let path = words.first, arrow + 1 < words.count else {
                return
            }
            var target = String(words[arrow + 1])
            // Only a path with such a start is a directory. Any other path is a module.
            guard target.hasPrefix("./") || target.hasPrefix("../") || target == "." || target == ".." else { return }
            let place = target.withUTF8 { facts.place(of: $0) }
            facts.add(kind: Go.Kind.replace.rawValue, string: String(path), line: line, value: place)
        default:
            break
        }
    }

    /// The words before a comment, without quotes.
    private static func words(_ text: Substring) -> [Substring] {
        var words: [Substring] = []
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" }) {
            if word.hasPrefix("//") { break }
            let isQuoted = word.count >= 2 && (word.first == "\"" || word.first == "`") && word.first == word.last
            words.append(isQuoted ? word.dropFirst().dropLast() : word)
        }
        return words
    }
}
