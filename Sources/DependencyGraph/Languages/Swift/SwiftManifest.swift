/// Reads the targets of `Package.swift`.
enum SwiftManifest {
    static func scan(_ tokens: Tokens, into facts: inout FactWriter) {
        for index in 0..<tokens.count where tokens.isMark(index, "(") && isTarget(tokens, index - 1) {
            guard tokens.isWord(index + 1, "name"), tokens.isMark(index + 2, ":"), tokens[index + 3].kind == .string
            else { continue }
            let path = path(tokens, index + 4)
            facts.add(
                kind: Swift.Kind.target.rawValue, text: tokens.contents(index + 3), line: tokens[index].line,
                value: path.map { facts.place(of: tokens.contents($0)) + 1 } ?? 0)
        }
    }

    private static func isTarget(_ tokens: Tokens, _ index: Int) -> Bool {
        guard tokens.isMark(index - 1, ".") else { return false }
        for word in ["target", "executableTarget", "testTarget", "macro", "plugin"] as [StaticString]
        where tokens.isWord(index, word) {
            return true
        }
        return false
    }

    /// The string of `path:` among the following arguments.
    private static func path(_ tokens: Tokens, _ start: Int) -> Int? {
        var depth = 0
        // Real targets are shorter.
        for index in tokens.places(from: start, atMost: 2000) {
            if tokens.isMark(index, "(") || tokens.isMark(index, "[") { depth += 1 }
            if tokens.isMark(index, ")") || tokens.isMark(index, "]") { depth -= 1 }
            if depth < 0 { return nil }
            if depth == 0, tokens.isWord(index, "path"), tokens.isMark(index + 1, ":"),
                tokens[index + 2].kind == .string
            {
                return index + 2
            }
        }
        return nil
    }
}
