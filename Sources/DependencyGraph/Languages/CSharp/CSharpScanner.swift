/// Finds the declarations and the names of types among the tokens of one C# file.
struct CSharpScanner {
    /// The construct of an open brace.
    struct Frame {
        enum Kind { case file, type, constants, block }
        var kind: Kind
        var scope: UInt16
        /// The number of open parentheses and hidden names outside of the braces.
        var brackets: Int
        var hidden: Int
        /// The number of hidden names inside, before a member adds its own.
        var ownHidden: Int
        /// Whether another file may declare members of an enclosing type.
        var isPartial = false
    }

    /// A namespace or type before its body.
    struct Header {
        var scope: UInt16
        var kind: Frame.Kind
        var brackets: Int
        var hidden: Int
        var namesBases = false
        var isPartial = false
    }

    enum Bracket { case round, square, attribute }

    let tokens: Tokens
    var writer: ScopeWriter
    var place = 0
    var frames: [Frame] = [Frame(kind: .file, scope: 0, brackets: 0, hidden: 0, ownHidden: 0)]
    var brackets: [Bracket] = []
    var header: Header?
    /// Names up to this token are in type arguments.
    var argumentsEnd = -1
    /// The bracket that closed the last section of attributes.
    var attributeEnd = -1
    /// The text of a chain with type arguments.
    var chainText: [UInt8] = []

    init(tokens: Tokens) {
        self.tokens = tokens
        writer = ScopeWriter(tokens)
    }

    var frame: Frame { frames[frames.count - 1] }
    var isAtMemberLevel: Bool { brackets.count == frame.brackets }

    mutating func run(into facts: inout FactWriter) {
        while place < tokens.count {
            let token = tokens[place]
            switch token.kind {
            case .identifier where token.byte == 0:
                name(into: &facts)
            case .identifier:
                word(CSharp.Word(rawValue: token.byte), into: &facts)
            case .punctuation:
                mark(token.byte)
            default:
                place += 1
            }
        }
    }

    // MARK: Words

    static func isReserved(_ byte: UInt8) -> Bool { byte != 0 && byte < CSharp.Word.record.rawValue }

    func isName(_ index: Int) -> Bool {
        tokens[index].kind == .identifier && !Self.isReserved(tokens[index].byte)
    }

    func isWord(_ index: Int, _ word: CSharp.Word) -> Bool {
        tokens[index].kind == .identifier && tokens[index].byte == word.rawValue
    }

    private mutating func word(_ word: CSharp.Word?, into facts: inout FactWriter) {
        if tokens.isMark(place - 1, ".") || tokens.isMark(place - 1, "@") {
            place += 1
            return
        }
        switch word {
        case .namespace: namespace(into: &facts)
        case .using where frame.kind == .file && isAtMemberLevel: usingDirective(into: &facts)
        case .class, .struct, .interface, .enum:
            declaration(word == .enum ? .constants : .type, into: &facts)
        case .record where isRecord: declaration(.type, into: &facts)
        case .delegate: delegate(into: &facts)
        case .where where header != nil:
            header?.namesBases = false
            place += 1
        case .break, .continue, .goto:
            place += 1
        case let word?:
            // A contextual keyword is a name in all other contexts.
            let isUsed = tokens.isMark(place + 1, ".") && word.rawValue >= CSharp.Word.record.rawValue
            if isUsed, word != .global { name(into: &facts) } else { place += 1 }
        case nil:
            place += 1
        }
    }

    private var isRecord: Bool {
        let next = place + 1
        if isWord(next, .class) || isWord(next, .struct) { return false }
        guard isName(next) else { return false }
        return "(<{:;".utf8.contains(tokens[next + 1].byte) && tokens[next + 1].kind == .punctuation
    }

    func dotted(from first: Int) -> Int? {
        guard isName(first) else { return nil }
        var last = first
        while tokens.isMark(last + 1, "."), tokens[last + 2].kind == .identifier { last += 2 }
        return last
    }

    private mutating func namespace(into facts: inout FactWriter) {
        guard let last = dotted(from: place + 1) else {
            place += 1
            return
        }
        var text = tokens.text(from: place + 1, through: last).filter { $0 > 0x20 }
        let line = tokens[place].line
        let outer = frame.scope
        let scope = text.withUnsafeMutableBufferPointer {
            writer.open(.package, Source.Bytes($0), line: line, in: outer, into: &facts)
        }
        place = last + 1
        if tokens.isMark(place, ";") {
            frames[frames.count - 1].scope = scope
        } else {
            header = Header(scope: scope, kind: .file, brackets: brackets.count, hidden: writer.hiddenCount)
        }
    }

    /// `using A.B;`, `using static A.B;`, `using A = B.C;`, each with an optional `global`. Any other `using` is a
    /// statement.
    private mutating func usingDirective(into facts: inout FactWriter) {
        let isGlobal = isWord(place - 1, .global)
        place += 1
        var first = place
        var flags: UInt8 = isGlobal ? ScopedFact.Using.global : 0
        if isWord(first, .static) {
            flags |= ScopedFact.Using.isStatic | ScopedFact.Using.wildcard
            first += 1
        }
        var alias: Int?
        if isName(first), tokens.isMark(first + 1, "=") {
            alias = first
            first += 2
        } else {
            flags |= ScopedFact.Using.wildcard
        }
        if isWord(first, .global), tokens.isMark(first + 1, ":"), tokens.isMark(first + 2, ":") {
            first += 3
            flags |= ScopedFact.Using.absolute
        }
        guard isName(first) else { return }
        let chain = chain(at: first)
        guard alias != nil || tokens.isMark(chain.end, ";") else { return }
        write(.using, chain, flags: flags, scope: frame.scope, into: &facts)
        if let alias {
            facts.add(
                kind: ScopedFact.alias.rawValue, text: tokens.text(alias), line: tokens[alias].line,
                scope: frame.scope)
        }
        place = first + 1
        if let open = chain.arguments {
            argumentsEnd = max(argumentsEnd, chain.end - 1)
            place = open
        }
    }

    // MARK: Declarations

    /// Whether the declaration with this keyword has a modifier.
    func hasModifier(_ keyword: Int, _ word: CSharp.Word) -> Bool {
        var index = keyword - 1
        // No declaration has more modifiers.
        while index > keyword - 10, tokens[index].kind == .identifier, tokens[index].byte != 0 {
            if isWord(index, word) { return true }
            index -= 1
        }
        return false
    }

    private mutating func declaration(_ kind: Frame.Kind, into facts: inout FactWriter) {
        let keyword = place
        place += 1
        // `where T : class`, `where T : struct`
        guard isName(place), frame.kind != .block || isWord(keyword, .record) == false else { return }
        if tokens.isMark(keyword - 1, ":") || tokens.isMark(keyword - 1, ",") { return }
        open(place, keyword: keyword, as: kind, into: &facts)
        place += 1
        if tokens.isMark(place, "<") { writer.hideTypeParameters(at: place, skipping: Self.isReserved) }
    }

    private mutating func open(_ name: Int, keyword: Int, as kind: Frame.Kind, into facts: inout FactWriter) {
        var flags: UInt8 = 0
        if hasModifier(keyword, .partial) { flags |= ScopedFact.Scope.partial }
        if hasModifier(keyword, .file) { flags |= ScopedFact.Scope.isPrivate }
        let hidden = writer.hiddenCount
        let line = tokens[name].line
        let outer = frame.scope
        chainText.removeAll(keepingCapacity: true)
        appendPart(name, arity: arity(at: name + 1)?.count ?? 0)
        let scope = chainText.withUnsafeBufferPointer {
            writer.open(.type, $0, line: line, in: outer, flags: flags, into: &facts)
        }
        header = Header(
            scope: scope, kind: kind, brackets: brackets.count, hidden: hidden,
            isPartial: flags & ScopedFact.Scope.partial != 0)
    }

    /// `delegate R Name<T>(…);`. Anonymous methods and function pointers have no name.
    private mutating func delegate(into facts: inout FactWriter) {
        let keyword = place
        place += 1
        guard frame.kind != .block, isAtMemberLevel else { return }
        var index = place
        // The name is before the parameters. Real result types are shorter.
        let limit = min(tokens.count, place + 96)
        while index < limit, !tokens.isMark(index, ";"), !tokens.isMark(index, "{") {
            if isName(index) {
                let arguments = arity(at: index + 1)
                let behind = arguments.map { $0.close + 1 } ?? index + 1
                if tokens.isMark(behind, "("), index > place {
                    open(index, keyword: keyword, as: .type, into: &facts)
                    if arguments != nil { writer.hideTypeParameters(at: index + 1, skipping: Self.isReserved) }
                    return
                }
            }
            index += 1
        }
    }

    // MARK: Marks

    private mutating func mark(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "{"): openBrace()
        case UInt8(ascii: "}"): closeBrace()
        case UInt8(ascii: "("): brackets.append(.round)
        case UInt8(ascii: "["): brackets.append(opensAttributes ? .attribute : .square)
        case UInt8(ascii: ")"), UInt8(ascii: "]"):
            if brackets.count > frame.brackets, brackets.removeLast() == .attribute { attributeEnd = place }
        case UInt8(ascii: ";"):
            if isAtMemberLevel {
                if let open = header { writer.reveal(to: open.hidden) }
                header = nil
                if frame.kind == .type { writer.reveal(to: frame.ownHidden) }
            }
        case UInt8(ascii: ":"):
            if let open = header, open.brackets == brackets.count, !tokens.isMark(place + 1, ":") {
                header?.namesBases = true
            }
        default: break
        }
        place += 1
    }

    /// An index follows an operand. Attributes come where a declaration or parameter may start.
    private var opensAttributes: Bool {
        let before = tokens[place - 1]
        guard before.kind == .punctuation || before.kind == .none else { return false }
        if before.kind == .none || "{};".utf8.contains(before.byte) { return true }
        if place - 1 == attributeEnd { return true }
        guard before.byte == UInt8(ascii: "(") || before.byte == UInt8(ascii: ",") || before.byte == UInt8(ascii: "<")
        else {
            // Enum members and lambdas may have attributes. A collection is possible here too.
            return false
        }
        if frame.kind == .constants { return true }
        guard tokens[place + 1].kind == .identifier else { return false }
        // In `([A] T x`, a name follows the bracket, which is not so for a collection. Attributes are short.
        var depth = 0
        for index in place..<min(tokens.count, place + 64) {
            if tokens.isMark(index, "[") || tokens.isMark(index, "(") { depth += 1 }
            if tokens.isMark(index, "]") || tokens.isMark(index, ")") { depth -= 1 }
            if depth == 0 { return tokens[index + 1].kind == .identifier || tokens.isMark(index + 1, "[") }
        }
        return false
    }

    private mutating func openBrace() {
        var next = Frame(
            kind: .block, scope: frame.scope, brackets: brackets.count, hidden: writer.hiddenCount,
            ownHidden: writer.hiddenCount, isPartial: frame.isPartial)
        if let open = header, open.brackets == brackets.count {
            next.kind = open.kind
            next.scope = open.scope
            next.hidden = open.hidden
            next.isPartial = frame.isPartial || open.isPartial
            header = nil
        }
        frames.append(next)
    }

    private mutating func closeBrace() {
        guard frames.count > 1 else { return }
        let closed = frames.removeLast()
        if brackets.count > closed.brackets { brackets.removeLast(brackets.count - closed.brackets) }
        writer.reveal(to: closed.hidden)
        if frame.kind == .type, isAtMemberLevel { writer.reveal(to: frame.ownHidden) }
        header = nil
    }
}
