/// Finds the declarations and the names of types among the tokens of one Java file.
struct JavaScanner {
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

    /// A declaration before its braces.
    struct Header {
        var scope: UInt16
        var isEnum: Bool
        var parens: Int
        var hidden: Int
        var angles = 0
        var namesBases = false
    }

    /// The construct before an open parenthesis.
    enum Paren {
        case plain, annotation
        /// `new A.B(`, with the tokens of the name.
        case creation(ClosedRange<Int>)
    }

    let tokens: Tokens
    var writer: ScopeWriter
    var place = 0
    var frames: [Frame] = [Frame(kind: .file, scope: 0, parens: 0, hidden: 0, ownHidden: 0)]
    var parens: [Paren] = []
    var header: Header?
    /// `new A.B`, until its parenthesis opens.
    var creation: ClosedRange<Int>?
    var annotationEnd = -1
    var inCase = false
    var inModule = false

    init(tokens: Tokens) {
        self.tokens = tokens
        writer = ScopeWriter(tokens)
    }

    var frame: Frame { frames[frames.count - 1] }
    var isAtMemberLevel: Bool { parens.count == frame.parens }

    mutating func run(into facts: inout FactWriter) {
        while place < tokens.count {
            let token = tokens[place]
            switch token.kind {
            case .identifier where token.byte == 0:
                name(into: &facts)
            case .identifier:
                word(Java.Word(rawValue: token.byte), into: &facts)
            case .punctuation:
                mark(token.byte, into: &facts)
            default:
                place += 1
            }
        }
    }

    // MARK: Words

    static func isReserved(_ byte: UInt8) -> Bool { byte != 0 && byte < Java.Word.module.rawValue }

    func isName(_ index: Int) -> Bool {
        tokens[index].kind == .identifier && !Self.isReserved(tokens[index].byte)
    }

    func isWord(_ index: Int, _ word: Java.Word) -> Bool {
        tokens[index].kind == .identifier && tokens[index].byte == word.rawValue
    }

    private mutating func word(_ word: Java.Word?, into facts: inout FactWriter) {
        if tokens.isMark(place - 1, ".") {
            place += 1
            return
        }
        switch word {
        case .package where frames.count == 1: packageClause(into: &facts)
        case .import where frames.count == 1: importStatement(into: &facts)
        case .class, .interface, .enum: declaration(isEnum: word == .enum, into: &facts)
        case .record where isRecord: declaration(isEnum: false, into: &facts)
        case .extends, .implements:
            if header?.angles == 0 { header?.namesBases = true }
            place += 1
        case .permits where header != nil:
            header?.namesBases = false
            place += 1
        case .case:
            inCase = true
            place += 1
        case .break, .continue:
            place += isName(place + 1) ? 2 : 1
        case .module where frames.count == 1 && isName(place + 1): moduleHeader()
        case .requires, .exports, .opens:
            if inModule { skipStatement() } else { place += 1 }
        default:
            place += 1
        }
    }

    private var isRecord: Bool {
        isName(place + 1) && (tokens.isMark(place + 2, "(") || tokens.isMark(place + 2, "<"))
    }

    private mutating func skipStatement() {
        while place < tokens.count, !tokens.isMark(place, ";") { place += 1 }
    }

    private mutating func moduleHeader() {
        inModule = true
        while place < tokens.count, !tokens.isMark(place, "{"), !tokens.isMark(place, ";") { place += 1 }
    }

    private mutating func packageClause(into facts: inout FactWriter) {
        guard let last = dotted(from: place + 1) else {
            place += 1
            return
        }
        var text = tokens.text(from: place + 1, through: last).filter { $0 > 0x20 }
        let line = tokens[place].line
        let scope = text.withUnsafeMutableBufferPointer {
            writer.open(.package, Source.Bytes($0), line: line, in: 0, into: &facts)
        }
        frames[0].scope = scope
        place = last + 1
    }

    private func dotted(from first: Int) -> Int? {
        guard tokens[first].kind == .identifier else { return nil }
        var last = first
        while tokens.isMark(last + 1, "."), tokens[last + 2].kind == .identifier { last += 2 }
        return last
    }

    private mutating func importStatement(into facts: inout FactWriter) {
        var first = place + 1
        var flags: UInt8 = 0
        if isWord(first, .static) {
            flags |= ScopedFact.Using.isStatic
            first += 1
        }
        guard let last = dotted(from: first) else {
            place += 1
            return
        }
        // `import module a.b;` gives no edge.
        if isName(last + 1) { return skipStatement() }
        if tokens.isMark(last + 1, "."), tokens.isMark(last + 2, "*") { flags |= ScopedFact.Using.wildcard }
        writer.chain(.using, from: first, through: last, flags: flags, scope: 0, into: &facts)
        place = last + 1
    }

    // MARK: Declarations

    private mutating func declaration(isEnum: Bool, into facts: inout FactWriter) {
        guard isName(place + 1) else {
            place += 1
            return
        }
        let name = place + 1
        let isLocal = frame.kind == .block || (header != nil && !isAtMemberLevel)
        if isLocal { writer.hide(tokens.text(name)) }
        let scope = writer.open(
            .type, tokens.text(name), line: tokens[name].line, in: frame.scope,
            flags: isLocal ? ScopedFact.Scope.local : 0, into: &facts)
        header = Header(scope: scope, isEnum: isEnum, parens: parens.count, hidden: writer.hiddenCount)
        place = name + 1
        if tokens.isMark(place, "<") { writer.hideTypeParameters(at: place) { Self.isReserved($0) } }
    }

    /// Declares a field or constant whose name could be read as a type.
    mutating func declareValue(_ index: Int, into facts: inout FactWriter) {
        guard tokens.isCapitalised(index) else { return }
        if frame.kind == .block || !isAtMemberLevel {
            // Variables in parentheses are parameters. They go out of scope before the name could mean a type.
            if frame.kind == .block { writer.hide(tokens.text(index)) }
        } else {
            facts.add(
                kind: ScopedFact.value.rawValue, text: tokens.text(index), line: tokens[index].line, scope: frame.scope)
        }
    }

    // MARK: Marks

    private mutating func mark(_ byte: UInt8, into facts: inout FactWriter) {
        switch byte {
        case UInt8(ascii: "{"): openBrace(into: &facts)
        case UInt8(ascii: "}"): closeBrace()
        case UInt8(ascii: "("):
            if let name = creation {
                parens.append(.creation(name))
                creation = nil
            } else {
                parens.append(place == annotationEnd + 1 ? .annotation : .plain)
            }
        case UInt8(ascii: ")"):
            closeParen(into: &facts)
        case UInt8(ascii: "["):
            creation = nil
        case UInt8(ascii: ";"):
            endStatement()
        case UInt8(ascii: ":"):
            if !tokens.isMark(place + 1, ":"), !tokens.isMark(place - 1, ":") { inCase = false }
        case UInt8(ascii: "<"):
            openAngle()
        case UInt8(ascii: ">"):
            if tokens.isMark(place - 1, "-"), tokens.isJoined(place) {
                inCase = false
            } else if let angles = header?.angles, angles > 0 {
                header?.angles = angles - 1
            }
        default:
            break
        }
        place += 1
    }

    private mutating func openAngle() {
        if header != nil {
            header?.angles += 1
            return
        }
        guard frame.kind == .type, isAtMemberLevel else { return }
        // Type parameters of a method are not preceded by a name.
        let before = tokens[place - 1]
        let isMethod =
            before.kind == .punctuation
            ? [UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ";")].contains(before.byte)
            : before.kind == .identifier && Self.isReserved(before.byte)
        if isMethod || place - 1 == annotationEnd { writer.hideTypeParameters(at: place) { Self.isReserved($0) } }
    }

    private mutating func endStatement() {
        guard isAtMemberLevel else { return }
        creation = nil
        header = nil
        inCase = false
        if frame.kind == .constants { frames[frames.count - 1].kind = .type }
        if frame.kind == .type { writer.reveal(to: frame.ownHidden) }
    }

    private mutating func openBrace(into facts: inout FactWriter) {
        var next = Frame(
            kind: .block, scope: frame.scope, parens: parens.count, hidden: writer.hiddenCount,
            ownHidden: writer.hiddenCount)
        if let open = header, open.parens == parens.count {
            next.kind = open.isEnum ? .constants : .type
            next.scope = open.scope
            next.hidden = open.hidden
            header = nil
        } else if frame.kind == .constants, isAtMemberLevel {
            next.kind = .type
        }
        frames.append(next)
        creation = nil
    }

    private mutating func closeBrace() {
        guard frames.count > 1 else { return }
        let closed = frames.removeLast()
        if parens.count > closed.parens { parens.removeLast(parens.count - closed.parens) }
        writer.reveal(to: closed.hidden)
        if frame.kind == .type, isAtMemberLevel { writer.reveal(to: frame.ownHidden) }
        header = nil
        inCase = false
    }

    private mutating func closeParen(into facts: inout FactWriter) {
        guard parens.count > frame.parens, let paren = parens.popLast() else { return }
        switch paren {
        case .plain: break
        case .annotation: annotationEnd = place
        case .creation(let name):
            guard tokens.isMark(place + 1, "{") else { return }
            // An anonymous class sees the declarations of its supertype.
            let line = tokens[place].line
            let none = Source.Bytes(start: nil, count: 0)
            let scope = writer.open(.block, none, line: line, in: frame.scope, into: &facts)
            writer.chain(.base, from: name.lowerBound, through: name.upperBound, scope: scope, into: &facts)
            header = Header(scope: scope, isEnum: false, parens: parens.count, hidden: writer.hiddenCount)
        }
    }
}
