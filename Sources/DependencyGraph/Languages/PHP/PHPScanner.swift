/// Finds declarations, names and included paths among the tokens of one file.
///
/// Every name that is not a keyword, member or variable is written as it is. Which names mean a class, a function or a
/// constant of the repository is known only when all declarations are known.
struct PHPScanner {
    private typealias Kind = PHP.Kind
    private typealias Name = PHP.Name

    let tokens: Tokens
    var place = 0
    private var braces = 0
    private var parens = 0
    /// The depths of braces at which bodies of classes opened.
    private var classes: [Int] = []
    /// The depth of parentheses at which a class expects its body.
    private var awaited: Int?
    /// Depth of parentheses of an open attribute, and its open brackets.
    private var attribute: (parens: Int, brackets: Int)?
    /// The number of the namespace, so that names of two namespaces in one file are counted separately.
    private var namespace: UInt8 = 0

    init(tokens: Tokens) { self.tokens = tokens }

    mutating func run(into facts: inout FactWriter) {
        while place < tokens.count {
            let token = tokens[place]
            switch token.kind {
            case .punctuation: mark(token.byte, into: &facts)
            case .identifier: word(token, into: &facts)
            default: place += 1
            }
        }
    }

    private mutating func mark(_ byte: UInt8, into facts: inout FactWriter) {
        switch byte {
        case UInt8(ascii: "{"):
            if awaited == parens {
                classes.append(braces)
                awaited = nil
            }
            braces += 1
        case UInt8(ascii: "}"):
            braces = max(0, braces - 1)
            if classes.last == braces { classes.removeLast() }
        case UInt8(ascii: "("): parens += 1
        case UInt8(ascii: ")"): parens = max(0, parens - 1)
        case UInt8(ascii: "["):
            if tokens.isMark(place - 1, "#"), tokens.isJoined(place) {
                attribute = (parens, 1)
            } else {
                attribute?.brackets += 1
            }
        case UInt8(ascii: "]"):
            attribute?.brackets -= 1
            if attribute?.brackets == 0 { attribute = nil }
        case UInt8(ascii: "\\") where tokens[place + 1].kind == .identifier && !isMember(place):
            name(into: &facts)
            return
        default: break
        }
        place += 1
    }

    /// Whether a token follows `->`, `?->` or `::`.
    private func isMember(_ index: Int) -> Bool {
        tokens.isOperator(index - 2, "->") || tokens.isOperator(index - 2, "::")
    }

    private func isVariable(_ index: Int) -> Bool {
        tokens[index].kind == .identifier && tokens.bytes[Int(tokens[index].start)] == UInt8(ascii: "$")
    }

    private func isName(_ index: Int) -> Bool { tokens[index].kind == .identifier && !isVariable(index) }

    private mutating func word(_ token: Token, into facts: inout FactWriter) {
        guard token.byte != 0 else {
            if isVariable(place) || isMember(place) || tokens[place - 1].kind == .string
                || tokens[place - 1].kind == .stringRest && tokens[place - 1].tail == 0
            {
                // After an opened literal comes the variable of `{$`.
                place += 1
            } else {
                name(into: &facts)
            }
            return
        }
        guard !isMember(place) else {
            place += 1
            return
        }
        switch PHP.Word(rawValue: token.byte) {
        case .namespace: namespaceStatement(into: &facts)
        case .use: useStatement(into: &facts)
        case .class, .interface, .trait, .enum: classDeclaration(into: &facts)
        case .function: functionDeclaration(into: &facts)
        case .const: constants(into: &facts)
        case .define: define(into: &facts)
        case .require, .requireOnce, .include, .includeOnce: include(into: &facts)
        default:
            // A keyword next to a backslash is part of a name.
            if tokens.isMark(place + 1, "\\"), tokens.isJoined(place + 1) { name(into: &facts) } else { place += 1 }
        }
    }

    /// The tokens of `\A\B`, `A\B` or `A` from `index` on.
    private func nameRange(_ index: Int) -> ClosedRange<Int>? {
        var end = index
        if tokens.isMark(end, "\\") { end += 1 }
        guard isName(end) else { return nil }
        while tokens.isMark(end + 1, "\\"), isName(end + 2) { end += 2 }
        return index...end
    }

    private func text(_ range: ClosedRange<Int>) -> Source.Bytes {
        tokens.text(from: range.lowerBound, through: range.upperBound)
    }

    private mutating func name(into facts: inout FactWriter) {
        guard let range = nameRange(place) else {
            place += 1
            return
        }
        let before = tokens[place - 1]
        let after = range.upperBound + 1
        place = after
        let previous = before.kind == .identifier ? PHP.Word(rawValue: before.byte) : nil
        // An alias, a label, the name of a method of a trait, a named argument, a case of an enumeration.
        if previous == .as || previous == .goto || tokens.isWord(after, "as") && classes.last == braces - 2 { return }
        let isColon = tokens.isMark(after, ":") && !tokens.isMark(after + 1, ":")
        if isColon, before.kind == .punctuation, before.byte == UInt8(ascii: "(") || before.byte == UInt8(ascii: ",") {
            return
        }
        if previous == .case, classes.last == braces - 1 { return }
        var kind = Name.type
        if tokens.isMark(after, "("), previous != .new, attribute?.parens != parens || attribute == nil {
            kind = .function
        }
        facts.count(
            kind: Kind.reference.rawValue, text: text(range), line: tokens[range.lowerBound].line,
            flags: kind.rawValue | namespace << 2)
    }

    /// `namespace A\B;`, `namespace A\B {`, `namespace {`; `namespace\a` is a name.
    private mutating func namespaceStatement(into facts: inout FactWriter) {
        guard !tokens.isMark(place + 1, "\\") else {
            name(into: &facts)
            return
        }
        let line = tokens[place].line
        place += 1
        let range = nameRange(place)
        guard range != nil || tokens.isMark(place, "{") else { return }
        namespace = (namespace + 1) & 0x3F
        let empty = Source.Bytes(start: nil, count: 0)
        facts.add(kind: Kind.namespace.rawValue, text: range.map { text($0) } ?? empty, line: line)
        if let range { place = range.upperBound + 1 }
    }

    /// `use` outside of classes. Inside a class it names traits and after a closure variables, which the main loop
    /// reads.
    private mutating func useStatement(into facts: inout FactWriter) {
        place += 1
        guard classes.isEmpty, !tokens.isMark(place, "(") else { return }
        let kind = importKind() ?? .type
        while let range = nameRange(place) {
            place = range.upperBound + 1
            if tokens.isMark(place, "\\"), tokens.isMark(place + 1, "{") {
                place += 2
                group(text(range), kind, into: &facts)
            } else {
                add(prefix: nil, range, kind, into: &facts)
            }
            guard tokens.isMark(place, ",") else { return }
            place += 1
        }
    }

    private mutating func importKind() -> Name? {
        guard isName(place + 1) || tokens.isMark(place + 1, "\\") else { return nil }
        if tokens.isWord(place, "function") || tokens.isWord(place, "const") {
            place += 1
            return tokens.isWord(place - 1, "function") ? .function : .constant
        }
        return nil
    }

    /// `{B, C as D, function f}` after `use A\`.
    private mutating func group(_ prefix: Source.Bytes, _ kind: Name, into facts: inout FactWriter) {
        while true {
            let own = importKind() ?? kind
            guard let range = nameRange(place) else { break }
            place = range.upperBound + 1
            add(prefix: prefix, range, own, into: &facts)
            guard tokens.isMark(place, ",") else { break }
            place += 1
        }
        if tokens.isMark(place, "}") { place += 1 }
    }

    private mutating func add(
        prefix: Source.Bytes?, _ range: ClosedRange<Int>, _ kind: Name, into facts: inout FactWriter
    ) {
        var alias = tokens.text(range.upperBound)
        if tokens.isWord(place, "as"), isName(place + 1) {
            alias = tokens.text(place + 1)
            place += 2
        }
        let line = tokens[range.lowerBound].line
        let value = facts.place(of: alias)
        let text = text(range)
        if let prefix {
            facts.add(
                kind: Kind.use.rawValue, string: prefix.string + "\\" + text.string, line: line, value: value,
                flags: kind.rawValue)
        } else {
            facts.add(kind: Kind.use.rawValue, text: text, line: line, value: value, flags: kind.rawValue)
        }
    }

    private mutating func classDeclaration(into facts: inout FactWriter) {
        let start = place
        let next = start + 1
        place += 1
        let word = PHP.Word(rawValue: tokens[start].byte)
        if word == .class,
            tokens.isWord(start - 1, "new") || tokens.isMark(start - 1, "]") && !isName(next)
                || tokens.isWord(start - 1, "readonly") && tokens.isWord(start - 2, "new")
        {
            awaited = parens
            return
        }
        guard isName(next), PHP.Word(rawValue: tokens[next].byte) != .extends,
            PHP.Word(rawValue: tokens[next].byte) != .implements
        else { return }
        // `enum` may be an ordinary name. In a declaration, a body or a clause follows the name.
        if word == .enum, !tokens.isMark(next + 1, "{"), !tokens.isMark(next + 1, ":"),
            !tokens.isWord(next + 1, "implements")
        {
            return
        }
        declare(next, .type, into: &facts)
        awaited = parens
        place = next + 1
    }

    private func declare(_ index: Int, _ kind: Name, into facts: inout FactWriter) {
        facts.add(
            kind: Kind.declaration.rawValue, text: tokens.text(index), line: tokens[index].line, flags: kind.rawValue)
    }

    private mutating func functionDeclaration(into facts: inout FactWriter) {
        place += 1
        if tokens.isMark(place, "&") { place += 1 }
        guard isName(place), tokens.isMark(place + 1, "(") else { return }
        if classes.isEmpty { declare(place, .function, into: &facts) }
        place += 1
    }

    /// `const A = 1, B = 2;`. Constants of classes are members, and may have a type before their name.
    private mutating func constants(into facts: inout FactWriter) {
        place += 1
        guard isName(place), tokens.isMark(place + 1, "=") else { return }
        guard classes.isEmpty else {
            place += 1
            return
        }
        let line = tokens[place].line
        var index = place
        place += 1
        // Real lists of constants are shorter.
        let limit = min(tokens.count, index + 4096)
        while index < limit, !tokens.isMark(index, ";"), tokens[index].line < line + 64 {
            if isName(index), tokens.isMark(index + 1, "="), tokens.isMark(index - 1, ",") || index == place - 1 {
                declare(index, .constant, into: &facts)
            }
            index += 1
        }
    }

    private mutating func define(into facts: inout FactWriter) {
        place += 1
        guard tokens.isMark(place, "("), tokens[place + 1].kind == .string, tokens.isMark(place + 2, ",") else {
            return
        }
        facts.add(
            kind: Kind.global.rawValue, text: tokens.contents(place + 1), line: tokens[place].line,
            flags: Name.constant.rawValue)
    }
}
