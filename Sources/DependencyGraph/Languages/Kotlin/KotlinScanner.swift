/// Finds the declarations and the names among the tokens of one Kotlin file.
struct KotlinScanner {
    /// The construct of an open brace.
    struct Frame {
        enum Kind { case file, type, constants, block }
        var kind: Kind
        var scope: UInt16
        /// The number of open parentheses and hidden names outside of the braces.
        var parens: Int
        var hidden: Int
        /// The number of hidden names inside, before a member adds its own.
        var ownHidden: Int
    }

    /// A type before its body, which is optional.
    struct Header {
        var scope: UInt16
        var isEnum: Bool
        var parens: Int
        var hidden: Int
        var angles = 0
        var namesBases = false
    }

    let tokens: Tokens
    var writer: ScopeWriter
    var place = 0
    var frames: [Frame] = [Frame(kind: .file, scope: 0, parens: 0, hidden: 0, ownHidden: 0)]
    var parens = 0
    var header: Header?
    /// The name declared by the preceding `fun` or `val`.
    var declared = -1
    /// The depth of parentheses at which a `when` waits for its brace, or -1.
    var whenParens = -1
    var annotationEnd = -1
    /// The class in which Java sees the top-level members.
    var facade: Int?

    init(tokens: Tokens) {
        self.tokens = tokens
        writer = ScopeWriter(tokens)
    }

    var frame: Frame { frames[frames.count - 1] }
    var isAtMemberLevel: Bool { parens == frame.parens }
    /// Whether a declaration here is a member of a type or of the package.
    var declaresMember: Bool { isAtMemberLevel && frame.kind != .block }

    mutating func run(into facts: inout FactWriter) {
        while place < tokens.count {
            let token = tokens[place]
            if header != nil { endHeader() }
            switch token.kind {
            case .identifier:
                identifier(token, into: &facts)
            case .punctuation:
                mark(token.byte, into: &facts)
            default:
                place += 1
            }
        }
        if let facade, tokens[facade].kind == .string {
            facts.add(kind: ScopedFact.facade.rawValue, text: tokens.contents(facade), line: tokens[facade].line)
        } else {
            facts.add(kind: ScopedFact.facade.rawValue, line: 1)
        }
    }

    // MARK: Words

    static func isReserved(_ byte: UInt8) -> Bool { byte != 0 && byte < Kotlin.Word.private.rawValue }

    func isName(_ index: Int) -> Bool {
        tokens[index].kind == .identifier && !Self.isReserved(tokens[index].byte)
    }

    func isWord(_ index: Int, _ word: Kotlin.Word) -> Bool {
        tokens[index].kind == .identifier && tokens[index].byte == word.rawValue
    }

    private mutating func identifier(_ token: Token, into facts: inout FactWriter) {
        if place == declared || tokens.isMark(place - 1, ".") || token.byte == 0 {
            return name(into: &facts)
        }
        switch Kotlin.Word(rawValue: token.byte) {
        case .package where frames.count == 1: packageClause(into: &facts)
        case .import where frames.count == 1: importStatement(into: &facts)
        case .class where !tokens.isMark(place - 1, ":"): type(into: &facts)
        case .interface: type(into: &facts)
        case .object: object(into: &facts)
        case .typealias: alias(into: &facts)
        case .fun where !isWord(place + 1, .interface): function(into: &facts)
        case .val, .var: property(into: &facts)
        case .`init` where tokens.isMark(place + 1, "{"), .constructor where tokens.isMark(place + 1, "("):
            startMember()
            place += 1
        case .when:
            whenParens = parens
            place += 1
        case let word?:
            // A soft keyword is a name unless a declaration follows it.
            if word.rawValue >= Kotlin.Word.private.rawValue, isUsedAsName { name(into: &facts) } else { place += 1 }
        case nil:
            name(into: &facts)
        }
    }

    private var isUsedAsName: Bool {
        let next = tokens[place + 1]
        guard next.kind == .punctuation else { return false }
        if isWord(place, .where) || isWord(place, .by) || isWord(place, .catch) || isWord(place, .finally) {
            return false
        }
        return next.byte != UInt8(ascii: "@") && next.byte != UInt8(ascii: "{") && next.byte != UInt8(ascii: "<")
    }

    private func dotted(from first: Int) -> Int? {
        guard tokens[first].kind == .identifier else { return nil }
        var last = first
        while tokens.isMark(last + 1, "."), tokens[last + 2].kind == .identifier { last += 2 }
        return last
    }

    private mutating func packageClause(into facts: inout FactWriter) {
        guard let last = dotted(from: place + 1) else {
            place += 1
            return
        }
        var text = tokens.text(from: place + 1, through: last).filter { $0 > 0x20 }
        let line = tokens[place].line
        frames[0].scope = text.withUnsafeMutableBufferPointer {
            writer.open(.package, Source.Bytes($0), line: line, in: 0, into: &facts)
        }
        place = last + 1
    }

    private mutating func importStatement(into facts: inout FactWriter) {
        guard let last = dotted(from: place + 1) else {
            place += 1
            return
        }
        let isWhole = tokens.isMark(last + 1, ".") && tokens.isMark(last + 2, "*")
        let flags = isWhole ? ScopedFact.Using.wildcard : 0
        writer.chain(.using, from: place + 1, through: last, flags: flags, scope: 0, into: &facts)
        place = last + 1
        if isWord(place, .as), tokens[place + 1].kind == .identifier {
            let name = tokens.text(place + 1)
            facts.add(kind: ScopedFact.alias.rawValue, text: name, line: tokens[place].line)
            place += 2
        }
    }

    // MARK: Marks

    private mutating func mark(_ byte: UInt8, into facts: inout FactWriter) {
        switch byte {
        case UInt8(ascii: "{"): openBrace()
        case UInt8(ascii: "}"): closeBrace()
        case UInt8(ascii: "("), UInt8(ascii: "["): parens += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"):
            if parens > frame.parens { parens -= 1 }
        case UInt8(ascii: ";"):
            if isAtMemberLevel {
                header = nil
                if frame.kind == .constants { frames[frames.count - 1].kind = .type }
            }
        case UInt8(ascii: ":"):
            if let open = header, open.parens == parens, !tokens.isMark(place + 1, ":"), !tokens.isMark(place - 1, ":"),
                open.angles == 0
            {
                header?.namesBases = true
            }
        case UInt8(ascii: "<"):
            header?.angles += 1
        case UInt8(ascii: ">"):
            if let angles = header?.angles, angles > 0, !tokens.isMark(place - 1, "-") { header?.angles = angles - 1 }
        default:
            break
        }
        place += 1
    }

    /// A type without a body ends with its line, unless the next line continues it.
    private mutating func endHeader() {
        guard let open = header, parens == open.parens, tokens.startsLine(place) else { return }
        let token = tokens[place]
        if token.kind == .punctuation,
            [UInt8(ascii: "{"), UInt8(ascii: "("), UInt8(ascii: ":"), UInt8(ascii: ",")]
                .contains(token.byte)
        {
            return
        }
        if isWord(place, .where) || isWord(place, .by) || isWord(place, .constructor) { return }
        let before = tokens[place - 1]
        if before.kind == .punctuation, [UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "<")].contains(before.byte)
        {
            return
        }
        // Modifiers and annotations may precede `constructor`.
        if open.angles > 0 || (!open.namesBases && isModifiedConstructor) { return }
        header = nil
        writer.reveal(to: open.hidden)
    }

    private var isModifiedConstructor: Bool {
        var index = place
        while index < place + 8 {
            if isWord(index, .constructor) { return true }
            guard tokens[index].kind == .identifier || tokens.isMark(index, "@"), !Self.isReserved(tokens[index].byte)
            else { return false }
            index += 1
        }
        return false
    }

    private mutating func openBrace() {
        var next = Frame(
            kind: .block, scope: frame.scope, parens: parens, hidden: writer.hiddenCount,
            ownHidden: writer.hiddenCount)
        if let open = header, open.parens == parens {
            next.kind = open.isEnum ? .constants : .type
            next.scope = open.scope
            next.hidden = open.hidden
            header = nil
        } else if frame.kind == .constants, isAtMemberLevel {
            next.kind = .type
        }
        frames.append(next)
        if whenParens == parens { whenParens = -1 } else if next.kind == .block { lambdaParameters() }
    }

    /// `{ a, (b, c) ->`
    private mutating func lambdaParameters() {
        var end = place + 1
        // Real parameter lists are shorter.
        let limit = min(tokens.count, place + 48)
        while end < limit {
            let token = tokens[end]
            if tokens.isMark(end, "-"), tokens.isMark(end + 1, ">") { break }
            switch token.kind {
            case .identifier where !Self.isReserved(token.byte):
                break
            case .punctuation where "(),:.<>?*@".utf8.contains(token.byte):
                break
            default:
                return
            }
            end += 1
        }
        guard end < limit else { return }
        for index in place + 1..<end where isName(index) {
            if tokens.isMark(index - 1, "{") || tokens.isMark(index - 1, ",") || tokens.isMark(index - 1, "(") {
                writer.hide(tokens.text(index))
            }
        }
    }

    private mutating func closeBrace() {
        guard frames.count > 1 else { return }
        let closed = frames.removeLast()
        parens = min(parens, closed.parens)
        writer.reveal(to: closed.hidden)
        header = nil
        whenParens = -1
    }
}
