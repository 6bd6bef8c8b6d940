extension ShellWords {
    /// Words of a script that branches, loops or defines something.
    private static let compound: Set<String> = [
        "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac", "select", "function",
        "{", "}", "[[",
    ]
    /// Words before a program that do not hide that it is missing.
    private static let leading: Set<String> = ["!", "exec", "time", "nice", "nohup", "env"]
    /// Words that only ask whether a program is there.
    private static let asking: Set<String> = ["command", "type", "which", "hash"]

    /// The programs without which a command certainly fails, or passes without having done its work.
    ///
    /// These are the programs of the last line of a script, or of all its lines after `set -e`. A script that branches has
    /// none: a program may be missing there on purpose.
    static func required(in command: String) -> [String] {
        if command.contains("<<") || command.contains("`") { return [] }
        var lists: [[Token]] = [[]]
        let tokens = withoutComments(tokens(command))
        for (index, token) in tokens.enumerated() {
            switch token {
            case .operator("("), .operator(")"): return []
            case .operator(";"), .operator("\n"): lists.append([])
            case .operator("&") where isBackground(index, tokens): lists.append([])
            default: lists[lists.count - 1].append(token)
            }
        }
        lists = lists.filter { !$0.isEmpty }
        let words = tokens.compactMap { if case .word(let word) = $0 { word } else { nil } }
        guard let last = lists.last, compound.isDisjoint(with: words) else { return [] }
        let stopsAtFailure = lists[0].first == .word("set") && lists[0].contains { isErrexit($0) }
        return (stopsAtFailure ? lists : [last]).flatMap(programs)
    }

    /// Whether an `&` stands alone: it is no part of `&&`, `>&1` or `&>`.
    private static func isBackground(_ index: Int, _ tokens: [Token]) -> Bool {
        let neighbours = [index - 1, index + 1].filter(tokens.indices.contains).map { tokens[$0] }
        return !neighbours.contains { $0 == .operator("&") || $0 == .operator(">") || $0 == .operator("<") }
    }

    private static func withoutComments(_ tokens: [Token]) -> [Token] {
        var isComment = false
        return tokens.filter { token in
            if token == .operator("\n") { isComment = false }
            if case .word(let word) = token, word.hasPrefix("#") { isComment = true }
            return !isComment
        }
    }

    private static func isErrexit(_ token: Token) -> Bool {
        guard case .word(let word) = token else { return false }
        return word == "errexit" || (word.hasPrefix("-") && word.contains("e"))
    }

    /// The programs of commands that are joined by `&&` and `|`; none if they are joined by `||`.
    private static func programs(of list: [Token]) -> [String] {
        for (first, second) in zip(list, list.dropFirst()) where first == second && first == .operator("|") {
            return []
        }
        var found: [String] = []
        var startsCommand = true
        var followsRedirection = false
        for token in list {
            switch token {
            case .operator(let character):
                let redirects = character == "<" || character == ">" || (character == "&" && followsRedirection)
                if !redirects { startsCommand = true }
                followsRedirection = redirects
            case .word(let word):
                defer { followsRedirection = false }
                guard startsCommand, !followsRedirection, !isAssignment(word), !leading.contains(word) else { continue }
                startsCommand = false
                // An option of `env` or `nice`, or a question about a program.
                if word.hasPrefix("-") || asking.contains(word) { continue }
                found.append(word)
            }
        }
        return found
    }
}
