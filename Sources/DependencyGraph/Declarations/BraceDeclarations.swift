/// Reads the declarations of a file whose language has braces, statement by statement.
struct BraceDeclarations {
    let tokens: Tokens
    let grammar: BraceGrammar
    private var found: [Declaration] = []
    private var frames: [Frame] = []

    private struct Frame {
        enum Kind {
            /// Its members are declarations.
            case type
            case container
        }

        var kind: Kind
        var name: String
        var isShown: Bool
    }

    init(tokens: Tokens, grammar: BraceGrammar) {
        self.tokens = tokens
        self.grammar = grammar
    }

    mutating func read() -> [Declaration] {
        var index = 0
        var isStart = true
        while index < tokens.count, found.count < Declaration.most {
            let token = tokens[index]
            if token.kind == .newline {
                index += 1
                continue
            }
            if token.kind == .punctuation {
                switch token.byte {
                case UInt8(ascii: "{"), UInt8(ascii: "("), UInt8(ascii: "["):
                    index = afterMatch(of: index)
                    isStart = token.byte == UInt8(ascii: "{")
                case UInt8(ascii: "}"):
                    if !frames.isEmpty { frames.removeLast() }
                    index += 1
                    isStart = true
                case UInt8(ascii: "@") where tokens[index + 1].kind == .identifier:
                    index += 2
                    if tokens.isMark(index, "(") { index = afterMatch(of: index) }
                default:
                    isStart = token.byte == UInt8(ascii: ";") || token.byte == UInt8(ascii: "#") || isStart
                    index += 1
                }
                continue
            }
            if isStart || (grammar.usesLines && tokens.startsLine(index)), token.kind == .identifier {
                index = statement(at: index)
                isStart = true
            } else {
                isStart = false
                index += 1
            }
        }
        return found
    }

    /// Reads one statement up to its body or its end.
    /// - Returns: where to go on; a body is entered if it may hold declarations, else left behind.
    private mutating func statement(at start: Int) -> Int {
        var index = start
        var modifiers: Set<String> = []
        while tokens[index].kind == .identifier, grammar.modifiers.contains(tokens.string(index)),
            tokens[index + 1].kind == .identifier || tokens.isMark(index + 1, "(") || tokens.isMark(index + 1, "{")
                || tokens[index + 1].kind == .newline || tokens.isMark(index + 1, "@")
        {
            // Swift's `class func`, and `final class`: the word before a name opens the type.
            if grammar.types.contains(tokens.string(index)), !isWord(index + 1, in: grammar.others) { break }
            modifiers.insert(tokens.string(index))
            index += 1
            if tokens.isMark(index, "("), tokens.string(index - 1) == "pub" || grammar.hidden.contains("fileprivate") {
                index = afterMatch(of: index)
            }
        }
        if modifiers.contains("export"), tokens.isMark(index, "{") { return exportList(at: index) }
        let word = tokens.string(index)
        let isType = grammar.types.contains(word)
        let isContainer = grammar.containers.contains(word)
        var name: String?
        if isType || isContainer || grammar.others.contains(word), tokens[index].kind == .identifier {
            if tokens.isMark(index + 1, "("), grammar.showsCapitals, word != "func" {
                return group(at: index + 1, word)
            }
            name = nameOf(word, after: index)
        } else if grammar.declaresByType || (grammar.hasPlainMembers && frames.last?.kind == .type) {
            name = plainName(from: index)
        }
        let end = endOfHead(from: index)
        let isShown = shows(name ?? "", modifiers)
        if let name, !isContainer, isShown {
            add(name, start, end)
        }
        guard tokens.isMark(end, "{") else { return max(end, index + 1) }
        if isType || isContainer {
            frames.append(Frame(kind: isType ? .type : .container, name: name ?? "", isShown: isShown || isContainer))
            return end + 1
        }
        return afterMatch(of: end)
    }

    private func isWord(_ index: Int, in words: Set<String>) -> Bool {
        tokens[index].kind == .identifier && words.contains(tokens.string(index))
    }

    private func nameOf(_ word: String, after index: Int) -> String? {
        var place = index + 1
        if word == "init" || word == "subscript" { return word }
        // Go's receiver; TypeScript's `function*`; `impl<T> Trait for Type`.
        var receiver = ""
        if word == "func", tokens.isMark(place, "("), grammar.showsCapitals {
            let end = afterMatch(of: place)
            receiver = (place..<end).last { tokens[$0].kind == .identifier }.map { tokens.string($0) + "." } ?? ""
            place = end
        }
        if word == "impl" {
            let end = endOfHead(from: index)
            let target = (place..<end).first { tokens.isWord($0, "for") }.map { $0 + 1 } ?? place
            return (target..<end).first { tokens[$0].kind == .identifier }.map { tokens.string($0) }
        }
        while tokens.isMark(place, "*") || tokens.isMark(place, "<") {
            place = tokens.isMark(place, "<") ? afterAngles(place) : place + 1
        }
        guard tokens[place].kind == .identifier else { return nil }
        return receiver + tokens.string(place)
    }

    /// The name before the first parenthesis, `=`, `;` or brace of a declaration that starts with its type.
    private func plainName(from start: Int) -> String? {
        if isWord(start, in: ["package", "import", "using", "return", "throw"]) { return nil }
        var index = start
        while index < tokens.count {
            let token = tokens[index]
            switch token.kind == .punctuation ? token.byte : 0 {
            case UInt8(ascii: "<"): index = afterAngles(index)
            case UInt8(ascii: "["): index = afterMatch(of: index)
            // `List<T>? x` goes on behind its question mark.
            case UInt8(ascii: "?") where tokens[index + 1].kind == .identifier: index += 1
            case UInt8(ascii: "("), UInt8(ascii: "="), UInt8(ascii: ";"), UInt8(ascii: "{"), UInt8(ascii: ":"),
                UInt8(ascii: "?"), UInt8(ascii: "!"):
                return plainName(from: start, before: index)
            default: index += 1
            }
        }
        return nil
    }

    /// The name that ends before `end`, with or without type parameters.
    private func plainName(from start: Int, before end: Int) -> String? {
        var last = end - 1
        if tokens.isMark(last, ">") {
            while last > start, !tokens.isMark(last, "<") { last -= 1 }
            last -= 1
        }
        guard last >= start, tokens[last].kind == .identifier else { return nil }
        let name = tokens.string(last)
        // One word alone is a constructor, or a call.
        if last == start, !grammar.hasPlainMembers, name != frames.last?.name { return nil }
        return name
    }

    private func shows(_ name: String, _ modifiers: Set<String>) -> Bool {
        guard modifiers.isDisjoint(with: grammar.hidden), frames.allSatisfy(\.isShown), !name.hasPrefix("#") else {
            return false
        }
        if grammar.showsCapitals { return name.split(separator: ".").allSatisfy { $0.first?.isUppercase ?? false } }
        if grammar.shown.isEmpty || !grammar.shown.isDisjoint(with: modifiers) { return true }
        // What a trait, an interface or an exported class holds is seen with it.
        guard let last = frames.last else { return false }
        return last.kind == .type && (grammar.hasPlainMembers || grammar.types == ["trait"])
    }

    private mutating func add(_ name: String, _ start: Int, _ end: Int) {
        let path = (frames.map(\.name).filter { !$0.isEmpty } + [name]).joined(separator: ".")
        found.append(
            Declaration(name: path, signature: tokens.line(from: start, to: end), line: Int(tokens[start].line)))
    }

    /// `export { a, b as c }`.
    private mutating func exportList(at open: Int) -> Int {
        let end = afterMatch(of: open)
        for index in open + 1..<max(open + 1, end - 1)
        where tokens[index].kind == .identifier && (tokens.isMark(index + 1, ",") || tokens.isMark(index + 1, "}")) {
            add(tokens.string(index), index, index + 1)
        }
        return end
    }

    /// Go's `const ( … )`: a name on each line.
    private mutating func group(at open: Int, _ word: String) -> Int {
        let end = afterMatch(of: open)
        var index = open + 1
        while index < end - 1 {
            if tokens[index].kind == .identifier, tokens.startsLine(index), shows(tokens.string(index), []) {
                let last = endOfHead(from: index)
                found.append(
                    Declaration(
                        name: tokens.string(index),
                        signature: "\(word) \(tokens.line(from: index, to: min(last, end - 1)))",
                        line: Int(tokens[index].line)))
            }
            let isOpen = tokens.isMark(index, "{") || tokens.isMark(index, "(") || tokens.isMark(index, "[")
            index = isOpen ? afterMatch(of: index) : index + 1
        }
        return end
    }

    /// Where the head of a declaration ends: at its body, its value or the end of the statement.
    private func endOfHead(from start: Int) -> Int {
        var index = start
        while index < tokens.count {
            let token = tokens[index]
            if index > start, grammar.usesLines, token.kind == .newline || tokens.startsLine(index),
                !continues(index)
            {
                return index
            }
            if token.kind == .punctuation {
                switch token.byte {
                case UInt8(ascii: "("), UInt8(ascii: "["):
                    index = afterMatch(of: index)
                    continue
                case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ";"): return index
                case UInt8(ascii: "=") where !tokens.isOperator(index, "==") && !tokens.isOperator(index, "=>"):
                    return index
                default: break
                }
            }
            index += 1
        }
        return index
    }

    /// Whether a head goes on with the token at the start of a line.
    private func continues(_ index: Int) -> Bool {
        let token = tokens[index]
        if token.kind == .newline { return grammar.showsCapitals ? false : tokens.isMark(index + 1, "{") }
        return tokens.isMark(index, "{") || tokens.isMark(index, ":") || tokens.isMark(index, "-")
            || tokens.isWord(index, "where") || tokens.isWord(index, "throws") || tokens.isWord(index, "extends")
            || tokens.isWord(index, "implements")
    }

    /// The place behind the bracket that closes the one at `index`; the end of the file if none does.
    private func afterMatch(of index: Int) -> Int {
        var depth = 0
        var place = index
        while place < tokens.count {
            let token = tokens[place]
            if token.kind == .punctuation {
                switch token.byte {
                case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
                default: break
                }
                if depth <= 0 { return place + 1 }
            }
            place += 1
        }
        return place
    }

    /// The place behind `<…>`, or behind the `<` alone if it is not closed within the statement.
    private func afterAngles(_ index: Int) -> Int {
        var depth = 0
        var place = index
        while place < tokens.count, place < index + 200 {
            if tokens.isMark(place, "<") { depth += 1 }
            if tokens.isMark(place, ">") { depth -= 1 }
            if tokens.isMark(place, ";") || tokens.isMark(place, "{") { break }
            place += 1
            if depth == 0 { return place }
        }
        return index + 1
    }
}
