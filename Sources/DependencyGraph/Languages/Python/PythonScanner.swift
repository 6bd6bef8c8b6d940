/// Finds the imports among the tokens of one file.
///
/// The keyword `import` occurs in import statements only, so statements need no parsing. Conditional, local and
/// one-line imports are found alike.
struct PythonScanner {
    let tokens: Tokens
    private var place = 0
    /// The column of the `if TYPE_CHECKING:` around the current place.
    private var typeColumn: Int?
    private var depth = 0
    private var isPython2 = false
    /// Whether the tokens ended within brackets, so that names may be missing.
    private(set) var isCut = false

    init(tokens: Tokens) { self.tokens = tokens }

    mutating func run(into facts: inout FactWriter) {
        while place < tokens.count {
            let token = tokens[place]
            switch token.kind {
            case .identifier where token.byte != 0:
                word(Python.Word(rawValue: token.byte), into: &facts)
            case .newline where typeColumn != nil && depth == 0:
                place += 1
                leaveTypeBlock()
            case .punctuation:
                if typeColumn != nil { count(token.byte) }
                place += 1
            default:
                place += 1
            }
        }
    }

    private mutating func count(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
        default: break
        }
    }

    /// At the start of a line: ends the block before the first line that is not indented deeper than its `if`.
    private mutating func leaveTypeBlock() {
        guard let column = typeColumn, place < tokens.count, tokens[place].kind != .newline else { return }
        if tokens.column(place) <= column { typeColumn = nil }
    }

    private mutating func word(_ word: Python.Word?, into facts: inout FactWriter) {
        switch word {
        case .import where !tokens.isMark(place - 1, "."): importStatement(into: &facts)
        case .from: fromStatement(into: &facts)
        case .if, .elif: typeBlock()
        case .importModule, .dunderImport: dynamicImport(into: &facts)
        case .print, .except: python2(into: &facts)
        case .plugins: plugins(into: &facts)
        default: place += 1
        }
    }

    private var flags: UInt8 { typeColumn == nil ? 0 : Python.typeOnly }

    /// `import a.b as c, d`
    private mutating func importStatement(into facts: inout FactWriter) {
        place += 1
        while let name = dottedName() {
            emit(.module, name, into: &facts)
            skipAlias()
            guard tokens.isMark(place, ",") else { return }
            place += 1
        }
    }

    /// `from ..a.b import (c as d, e)`; `yield from x` and `raise x from y` have no `import` after them.
    private mutating func fromStatement(into facts: inout FactWriter) {
        let start = place
        place += 1
        var level: UInt32 = 0
        while tokens.isMark(place, ".") {
            level += 1
            place += 1
        }
        let name = dottedName()
        guard tokens[place].byte == Python.Word.import.rawValue, tokens[place].kind == .identifier,
            name != nil || level > 0
        else { return }
        place += 1
        let line = tokens[start].line
        if let name {
            emit(.from, name, into: &facts, line: line, value: level)
        } else {
            facts.add(kind: Python.Kind.from.rawValue, line: line, value: level, flags: flags)
        }
        names(into: &facts)
    }

    private mutating func names(into facts: inout FactWriter) {
        let inBrackets = tokens.isMark(place, "(")
        if inBrackets { place += 1 }
        while place < tokens.count {
            if inBrackets { while tokens[place].kind == .newline { place += 1 } }
            guard tokens[place].kind == .identifier else { break }
            facts.add(
                kind: Python.Kind.name.rawValue, text: tokens.text(place), line: tokens[place].line, flags: flags)
            place += 1
            if inBrackets { while tokens[place].kind == .newline { place += 1 } }
            skipAlias()
            if inBrackets { while tokens[place].kind == .newline { place += 1 } }
            guard tokens.isMark(place, ",") else { break }
            place += 1
        }
        if inBrackets, !tokens.isMark(place, ")") { isCut = true }
    }

    private mutating func skipAlias() {
        guard tokens.isWord(place, "as") else { return }
        place += tokens[place + 1].kind == .identifier ? 2 : 1
    }

    /// A name with dots, as a range of tokens. Blanks around the dots are allowed.
    private mutating func dottedName() -> ClosedRange<Int>? {
        let start = place
        guard tokens[place].kind == .identifier, tokens[place].byte != Python.Word.import.rawValue else { return nil }
        place += 1
        while tokens.isMark(place, "."), tokens[place + 1].kind == .identifier { place += 2 }
        return start...(place - 1)
    }

    private func emit(
        _ kind: Python.Kind, _ name: ClosedRange<Int>, into facts: inout FactWriter, line: UInt32? = nil,
        value: UInt32 = 0
    ) {
        let line = line ?? tokens[name.lowerBound].line
        let isJoined = name.dropFirst().allSatisfy { tokens.isJoined($0) }
        if isJoined {
            let text = tokens.text(from: name.lowerBound, through: name.upperBound)
            facts.add(kind: kind.rawValue, text: text, line: line, value: value, flags: flags)
        } else {
            let text = name.map { String(decoding: tokens.text($0), as: UTF8.self) }.joined()
            facts.add(kind: kind.rawValue, string: text, line: line, value: value, flags: flags)
        }
    }

    /// `if TYPE_CHECKING:` and `if typing.TYPE_CHECKING:`. Any other condition may be true at run time too.
    private mutating func typeBlock() {
        let start = place
        place += 1
        var end = place
        if tokens[end].kind == .identifier, tokens.isMark(end + 1, ".") { end += 2 }
        guard tokens.isWord(end, "TYPE_CHECKING"), tokens.isMark(end + 1, ":"), typeColumn == nil else { return }
        typeColumn = tokens.column(start)
        depth = 0
        place = end + 2
    }

    /// `print "text"`, `print name` and `except A, e:`: in such a file an import looks beside the file first.
    private mutating func python2(into facts: inout FactWriter) {
        let start = place
        place += 1
        guard !isPython2 else { return }
        if tokens[start].byte == Python.Word.print.rawValue {
            let before = tokens[start - 1]
            let startsStatement =
                before.kind == .newline || before.kind == .none || tokens.isMark(start - 1, ":")
                || tokens.isMark(start - 1, ";")
            let next = tokens[place]
            isPython2 =
                startsStatement && next.line == tokens[start].line
                && (next.kind == .string || next.kind == .number
                    || (next.kind == .identifier && !isOperatorWord(place)))
        } else {
            var end = place
            while tokens[end].kind == .identifier || tokens.isMark(end, ".") { end += 1 }
            isPython2 =
                end > place && tokens.isMark(end, ",") && tokens[end + 1].kind == .identifier
                && tokens.isMark(end + 2, ":")
        }
        if isPython2 { facts.add(kind: Python.Kind.python2.rawValue, line: tokens[start].line) }
    }

    /// Whether the word after `print` continues an expression, as in `print if x else y`.
    private func isOperatorWord(_ index: Int) -> Bool {
        tokens[index].byte == Python.Word.if.rawValue || tokens.isWord(index, "in") || tokens.isWord(index, "is")
            || tokens.isWord(index, "and") || tokens.isWord(index, "or") || tokens.isWord(index, "not")
            || tokens.isWord(index, "for") || tokens.isWord(index, "as") || tokens.isWord(index, "else")
    }

    /// `importlib.import_module("a.b")` and `__import__("a.b")`
    private mutating func dynamicImport(into facts: inout FactWriter) {
        if tokens.isMark(place + 1, "("), tokens[place + 2].kind == .string,
            tokens.isMark(place + 3, ")") || tokens.isMark(place + 3, ",")
        {
            let text = tokens.contents(place + 2)
            facts.add(kind: Python.Kind.dynamic.rawValue, text: text, line: tokens[place].line, flags: flags)
        }
        place += 1
    }

    /// `pytest_plugins = "a.b"` and `pytest_plugins = ["a", "b"]`
    private mutating func plugins(into facts: inout FactWriter) {
        place += 1
        guard tokens.isMark(place, "="), !tokens.isMark(place + 1, "=") else { return }
        place += 1
        if tokens.isMark(place, "[") || tokens.isMark(place, "(") { place += 1 }
        while place < tokens.count {
            while tokens[place].kind == .newline { place += 1 }
            guard tokens[place].kind == .string else { return }
            let text = tokens.contents(place)
            facts.add(kind: Python.Kind.plugin.rawValue, text: text, line: tokens[place].line)
            place += 1
            while tokens[place].kind == .newline { place += 1 }
            guard tokens.isMark(place, ",") else { return }
            place += 1
        }
    }
}
