/// Classes, functions, methods and names of a Python module that do not start with an underscore.
enum PythonDeclarations {
    private struct Frame {
        var column: Int
        /// nil inside a function, whose declarations are local.
        var name: String?
    }

    static func read(_ tokens: Tokens) -> [Declaration] {
        var found: [Declaration] = []
        var frames: [Frame] = []
        var depth = 0
        var index = 0
        while index < tokens.count, found.count < Declaration.most {
            defer { index += 1 }
            let token = tokens[index]
            if token.kind == .punctuation {
                depth = max(0, depth + nesting(token.byte))
                continue
            }
            guard depth == 0, token.kind == .identifier, tokens.startsLine(index) else { continue }
            let column = tokens.column(index)
            while let last = frames.last, last.column >= column { frames.removeLast() }
            guard frames.allSatisfy({ $0.name != nil }) else { continue }
            let start = index
            if tokens.isWord(index, "async") { index += 1 }
            let isClass = tokens.isWord(index, "class")
            if isClass || tokens.isWord(index, "def") {
                let name = tokens.string(index + 1)
                let end = endOfHead(tokens, index + 1)
                let path = (frames.compactMap(\.name) + [name]).joined(separator: ".")
                if isPublic(name), frames.allSatisfy({ isPublic($0.name ?? "") }) {
                    found.append(declaration(path, in: tokens, from: start, to: end))
                }
                frames.append(Frame(column: column, name: isClass ? name : nil))
                index = end
            } else if column == 0, tokens.isMark(index + 1, "=") || tokens.isMark(index + 1, ":"),
                !tokens.isMark(index + 2, "=") || tokens.isMark(index + 1, ":")
            {
                let name = tokens.string(index)
                guard isPublic(name), !statements.contains(name), found.last?.name != name else { continue }
                found.append(Declaration(name: name, signature: name, line: Int(token.line)))
            }
        }
        return found
    }

    private static let statements: Set<String> = ["else", "try", "finally", "if", "while", "for", "with", "match"]

    /// Names such as `__init__` are public despite their underscores.
    private static func isPublic(_ name: String) -> Bool { !name.hasPrefix("_") || name.hasPrefix("__") }

    private static func nesting(_ byte: UInt8) -> Int {
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): -1
        default: 0
        }
    }

    /// The place of the colon that ends the head, or the end of the file.
    private static func endOfHead(_ tokens: Tokens, _ start: Int) -> Int {
        var depth = 0
        var index = start
        while index < tokens.count {
            let token = tokens[index]
            if token.kind == .punctuation {
                depth += nesting(token.byte)
                if depth <= 0, token.byte == UInt8(ascii: ":") { return index }
            }
            index += 1
        }
        return index
    }

    private static func declaration(_ name: String, in tokens: Tokens, from start: Int, to end: Int) -> Declaration {
        Declaration(name: name, signature: tokens.line(from: start, to: end), line: Int(tokens[start].line))
    }
}
