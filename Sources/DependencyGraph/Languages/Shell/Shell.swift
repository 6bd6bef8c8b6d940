import Model

/// POSIX shell and its relatives: edges from `source file` and `. file`.
struct Shell: Language {
    let name = "shell"
    let version: UInt16 = 1
    let extensions = ["sh", "bash", "zsh", "ksh", "bats"]
    let interpreters = ["sh", "bash", "zsh", "ksh", "dash", "bats"]

    /// The only kind of fact: the text is the literal end of the sourced path.
    static let source: UInt8 = 1
    /// The flag of a path that starts with a variable or a command, so that its start is unknown.
    static let hasVariable: UInt8 = 1

    enum Word: UInt8, CaseIterable {
        case source = 1
        /// A command starts after these.
        case then, `do`, `else`, `if`, elif, `while`, until, builtin, command, exec, readonly, local, declare, export,
            typeset
    }

    static let table: LexicalTable = {
        var rules = LexicalRules()
        rules.lineComments = ["#"]
        rules.strings = [
            .init("$'", "'", spansLines: true),
            .init("'", escape: .none, spansLines: true),
            .init("\"", spansLines: true, interpolation: "$("),
        ]
        rules.newlines = true
        rules.forms = [.wordComments, .heredoc, .splices, .escapes]
        rules.keywords = LexicalRules.words(Word.self)
        return LexicalTable(rules)
    }()

    func lexicalTable(role: UInt8) -> LexicalTable? { Self.table }

    func scan(_ source: Source, into facts: inout FactWriter) {
        let tokens = source.tokens(Self.table)
        // Paths in variables: `lib=$(dirname "$0")/../lib`.
        var variables: [String: String] = [:]
        for index in 0..<tokens.count {
            let token = tokens[index]
            guard token.kind == .identifier || token.kind == .punctuation, startsCommand(tokens, index) else {
                continue
            }
            if tokens.isMark(index, ".") || (token.kind == .identifier && token.byte == Word.source.rawValue) {
                let start = behindBlanks(source.bytes, Int(token.end))
                guard start > Int(token.end), let word = ShellPath(source.bytes, at: start), !word.tail.isEmpty else {
                    continue
                }
                let flags = word.hasVariable ? Self.hasVariable : 0
                if let prefix = word.variable.flatMap({ variables[$0.string] }) {
                    let path = prefix + word.tail.string
                    facts.add(kind: Self.source, string: path, line: token.line, flags: flags)
                } else {
                    facts.add(kind: Self.source, text: word.tail, line: token.line, flags: flags)
                }
            } else if token.kind == .identifier, tokens.isMark(index + 1, "="), tokens.isJoined(index + 1),
                let word = ShellPath(source.bytes, at: Int(token.end) + 1), !word.tail.isEmpty
            {
                let prefix = word.variable.flatMap { variables[$0.string] } ?? ""
                // The system allows no longer path.
                let path = prefix.utf8.count < 4096 ? prefix + word.tail.string + "/" : nil
                variables[tokens.text(token).string] = path
            }
        }
    }

    private func behindBlanks(_ bytes: Source.Bytes, _ start: Int) -> Int {
        var offset = start
        while offset < bytes.count, bytes[offset] == UInt8(ascii: " ") || bytes[offset] == UInt8(ascii: "\t") {
            offset += 1
        }
        return offset
    }

    private func startsCommand(_ tokens: Tokens, _ index: Int) -> Bool {
        let before = tokens[index - 1]
        switch before.kind {
        case .none, .newline: return true
        case .identifier: return before.byte > Word.source.rawValue
        // `;`, `&&`, `||`, `|`, `(`, `{`, `!`, and the `)` of a case.
        case .punctuation:
            return ";&|({!)`".utf8.contains(before.byte)
                && (before.byte != UInt8(ascii: "{") || !tokens.isJoined(index))
        default: return false
        }
    }

    func link(_ project: Project, into edges: inout EdgeList) {
        project.resolveEach(into: &edges) { file, facts, list in
            for index in 0..<facts.count {
                let fact = facts[index]
                let hasVariable = fact.flags & Self.hasVariable != 0
                guard let target = Self.resolve(facts.text(fact), hasVariable: hasVariable, from: file, in: project)
                else { continue }
                list.add(from: file, to: target, kind: .import, line: fact.line)
            }
        }
    }

    /// Resolves a path from the script's directory or one above, because scripts are mostly started from the root. A
    /// path after a variable may also be the end of another path, if only one path ends so.
    private static func resolve(
        _ path: Source.Bytes, hasVariable: Bool, from file: RepositoryGraph.FileIndex, in project: Project
    ) -> RepositoryGraph.FileIndex? {
        let tree = project.tree
        var directory = project.directory(of: file)
        while true {
            if let node = tree.descend(from: directory, path), let found = tree.file(at: node), found != file {
                return found
            }
            guard directory != PathTree.root else { break }
            directory = tree.parent(directory)
        }
        guard hasVariable else { return nil }
        let parts = path.split(separator: UInt8(ascii: "/"))
        guard let last = parts.last, !parts.contains(where: { $0.elementsEqual("..".utf8) }) else { return nil }
        let found = tree.files(named: Source.Bytes(rebasing: last)).filter { candidate in
            var node = tree.parent(tree.node(of: candidate))
            for part in parts.dropLast().reversed() {
                guard node != PathTree.root, tree.withName(of: node, { $0.elementsEqual(part) }) else { return false }
                node = tree.parent(node)
            }
            return candidate != file
        }
        return found.count == 1 ? found.first : nil
    }
}
