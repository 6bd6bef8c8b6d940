/// Walks the strings of a JSON file. Accepts comments and trailing commas, and never recurses.
enum JSONLeaves {
    /// Deeper values are skipped.
    private static let deepest = 24

    private static let table: LexicalTable = {
        var rules = LexicalRules()
        rules.strings = [.init("\"")]
        rules.lineComments = ["//"]
        rules.blockComments = [.init("/*", "*/")]
        return LexicalTable(rules)
    }()

    /// - Parameter body: called for each string and `null` (as empty text) with the keys on its path. A list adds an
    ///   empty key. Escapes are as written.
    static func each(in source: Source, _ body: (_ keys: [String], _ text: Source.Bytes, _ line: UInt32) -> Void) {
        let tokens = source.tokens(table)
        var keys: [String] = []
        var skipped = 0
        var place = 0
        while place < tokens.count {
            let token = tokens[place]
            if token.kind == .string {
                if tokens.isMark(place + 1, ":") {
                    if skipped == 0, !keys.isEmpty { keys[keys.count - 1] = tokens.contents(place).string }
                    place += 1
                } else if skipped == 0 {
                    body(keys, tokens.contents(place), token.line)
                }
            } else if tokens.isWord(place, "null"), skipped == 0 {
                body(keys, Source.Bytes(start: nil, count: 0), token.line)
            } else if tokens.isMark(place, "{") || tokens.isMark(place, "[") {
                if keys.count < deepest { keys.append("") } else { skipped += 1 }
            } else if tokens.isMark(place, "}") || tokens.isMark(place, "]") {
                if skipped > 0 { skipped -= 1 } else if !keys.isEmpty { keys.removeLast() }
            }
            place += 1
        }
    }
}
