/// The names that a line imports. An edit of such a line is a set of names, because their order and number differ from file to
/// file.
struct ImportLine {
    /// An imported name.
    struct Entry: Hashable {
        var module: String
        /// nil for the module as a whole.
        var name: String?
    }

    private(set) var entries: [Entry] = []

    /// - Returns: nil for a line that imports nothing.
    init?(_ line: ArraySlice<Token>, _ lexicon: Lexicon) {
        let words = line.map { lexicon[$0.text] }
        switch words.first {
        case "from": readPython(words)
        case "import": readImport(words)
        case "use", "using": readPath(words.dropFirst())
        case "#" where words.count > 1 && words[1] == "include": readPath(words.dropFirst(2))
        default: return nil
        }
        if entries.isEmpty { return nil }
    }

    /// `from module import a, b as c`
    private mutating func readPython(_ words: [String]) {
        guard let place = words.firstIndex(of: "import") else { return }
        addNames(words[(place + 1)...], of: words[1..<place].joined())
    }

    /// `import a.b.C;` of many languages, and `import {a, b} from "module"`.
    private mutating func readImport(_ words: [String]) {
        guard let place = words.lastIndex(of: "from"), place + 1 < words.count else {
            return readPath(words.dropFirst())
        }
        addNames(words[1..<place], of: words[place + 1])
    }

    private mutating func readPath(_ words: ArraySlice<String>) {
        // An expression or a block, such as `using (x) {`.
        guard !words.isEmpty, !words.contains("("), !words.contains("=") else { return }
        let path = words.filter { $0 != ";" }
        guard path.last != "{" else { return }
        if let open = path.firstIndex(of: "{") {
            return addNames(path[(open + 1)...], of: path[..<open].joined())
        }
        for part in path.split(separator: ",") { entries.append(Entry(module: part.joined(separator: " "))) }
    }

    private mutating func addNames(_ words: ArraySlice<String>, of module: String) {
        let brackets: Set<String> = ["(", ")", "{", "}", ";"]
        for part in words.filter({ !brackets.contains($0) }).split(separator: ",") where part.first?.first != "#" {
            entries.append(Entry(module: module, name: part.joined(separator: " ")))
        }
    }
}
