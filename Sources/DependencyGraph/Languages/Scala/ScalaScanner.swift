/// Finds the declarations, imports and names among the tokens of one Scala file.
struct ScalaScanner {
    /// A region of the file: between braces, or an indented block.
    struct Frame {
        enum Kind { case template, cases, block }
        var kind: Kind
        var scope: UInt16
        /// The column that ends an indented region; -1 for one in braces.
        var column: Int
        /// The column of its members, known after the first one.
        var memberColumn = -1
        /// The number of open parentheses and hidden names outside of the region.
        var parens: Int
        var hidden: Int
        /// The number of hidden names inside, before a member adds its own.
        var ownHidden: Int
    }

    /// A type or package before its body, which is optional.
    struct Header {
        var scope: UInt16
        var kind: Frame.Kind
        var column: Int
        var parens: Int
        var hidden: Int
        var namesBases = false
    }

    let tokens: Tokens
    var writer: ScopeWriter
    var place = 0
    var frames: [Frame]
    var parens = 0
    var header: Header?
    /// The start of the current line.
    var column = 0
    /// The column of the `extension` whose methods are being read, or -1.
    var extensionColumn = -1
    var inPattern = false
    var declared = -1

    init(tokens: Tokens) {
        self.tokens = tokens
        writer = ScopeWriter(tokens)
        frames = [Frame(kind: .template, scope: 0, column: -1, parens: 0, hidden: 0, ownHidden: 0)]
    }

    var frame: Frame { frames[frames.count - 1] }
    /// Whether a declaration here is a member of a type or package, and not local.
    var declaresMember: Bool {
        frame.kind != .block && parens == frame.parens && (column == frame.memberColumn || frame.memberColumn < 0)
    }

    mutating func run(into facts: inout FactWriter) {
        while place < tokens.count {
            if tokens.startsLine(place) { startLine() }
            let token = tokens[place]
            switch token.kind {
            case .identifier where token.byte == 0 || place == declared || tokens.isMark(place - 1, "."):
                name(into: &facts)
            case .identifier:
                word(Scala.Word(rawValue: token.byte), into: &facts)
            case .punctuation:
                mark(token.byte)
            default:
                place += 1
            }
        }
    }

    func isWord(_ index: Int, _ word: Scala.Word) -> Bool {
        tokens[index].kind == .identifier && tokens[index].byte == word.rawValue
    }

    static func isReserved(_ byte: UInt8) -> Bool { byte != 0 && byte < Scala.Word.extension.rawValue }

    func isName(_ index: Int) -> Bool {
        tokens[index].kind == .identifier && !Self.isReserved(tokens[index].byte)
    }

    func isArrow(_ index: Int) -> Bool { tokens.isMark(index, "=") && tokens.isMark(index + 1, ">") }

    // MARK: Lines

    private mutating func startLine() {
        guard parens == frame.parens else { return }
        column = tokens.column(place)
        if header != nil, !continuesHeader { closeHeader() }
        while frame.column >= 0, column <= frame.column, frames.count > 1, parens == frame.parens { popFrame() }
        if frame.memberColumn < 0 { frames[frames.count - 1].memberColumn = column }
        if extensionColumn >= column, !isWord(place, .extension) { extensionColumn = -1 }
    }

    private var continuesHeader: Bool {
        if isWord(place, .extends) || isWord(place, .with) || isWord(place, .derives) { return true }
        let token = tokens[place]
        if token.kind == .punctuation, "{(,[)".utf8.contains(token.byte) { return true }
        return isWord(place - 1, .extends) || isWord(place - 1, .with) || tokens.isMark(place - 1, ",")
    }

    private mutating func closeHeader() {
        if let open = header { writer.reveal(to: open.hidden) }
        header = nil
    }

    private mutating func popFrame() {
        let closed = frames.removeLast()
        parens = min(parens, closed.parens)
        writer.reveal(to: closed.hidden)
        inPattern = false
    }

    private mutating func push(_ open: Header, column: Int) {
        frames.append(
            Frame(
                kind: open.kind, scope: open.scope, column: column, parens: parens, hidden: open.hidden,
                ownHidden: writer.hiddenCount))
        header = nil
    }

    // MARK: Words

    private mutating func word(_ word: Scala.Word?, into facts: inout FactWriter) {
        switch word {
        case .package: package(into: &facts)
        case .import, .export: importStatement(into: &facts)
        case .class, .trait, .object, .enum: type(word, into: &facts)
        case .type: typeMember(into: &facts)
        case .given: given(into: &facts)
        case .def: function(into: &facts)
        case .val, .var: value(into: &facts)
        case .extends:
            header?.namesBases = true
            place += 1
        case .with:
            place += 1
            if let open = header, tokens.startsLine(place) { push(open, column: open.column) }
        case .case:
            caseWord(into: &facts)
        case .extension where tokens.isMark(place + 1, "(") || tokens.isMark(place + 1, "["):
            startMember()
            extensionColumn = column
            place += 1
            if tokens.isMark(place, "[") { hideTypeParameters() }
        case .end
        where tokens.startsLine(place) && tokens[place + 1].kind == .identifier
            && tokens.startsLine(place + 2):
            place += 2
        case .derives, .using, .inline, .opaque, .open, .infix, .transparent:
            let isUsed = tokens[place + 1].kind == .punctuation && !tokens.isMark(place + 1, "@")
            if isUsed { name(into: &facts) } else { place += 1 }
        case .extension, .end, .as:
            name(into: &facts)
        default:
            place += 1
        }
    }

    private mutating func caseWord(into facts: inout FactWriter) {
        place += 1
        if isWord(place, .class) || isWord(place, .object) { return }
        guard frame.kind == .cases, declaresMember else {
            inPattern = true
            return
        }
        // `case A, B` and `case C(x: Int)` of an enumeration.
        while isName(place) {
            open(.type, name: place, body: .template, into: &facts)
            place += 1
            guard tokens.isMark(place, ",") else { break }
            place += 1
        }
        if tokens.isMark(place, "[") { hideTypeParameters() }
    }

    // MARK: Marks

    private mutating func mark(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "{"): openBrace()
        case UInt8(ascii: "}"): closeBrace()
        case UInt8(ascii: "("), UInt8(ascii: "["):
            parens += 1
            if byte == UInt8(ascii: "(") { tuple() }
        case UInt8(ascii: ")"), UInt8(ascii: "]"):
            if parens > frame.parens { parens -= 1 }
        case UInt8(ascii: ":"):
            if let open = header, parens == open.parens, tokens.startsLine(place + 1) {
                push(open, column: open.column)
            }
        case UInt8(ascii: "="):
            if isArrow(place), parens == frame.parens { inPattern = false }
            // `given x: T = …` has no body.
            if let open = header, parens == open.parens, !isArrow(place), open.namesBases || open.kind == .template {
                closeHeader()
            }
        case UInt8(ascii: ";"):
            if parens == frame.parens { closeHeader() }
        default:
            break
        }
        place += 1
    }

    /// `(a, b) =>` and `(a, b) <-` declare variables.
    private mutating func tuple() {
        var end = place + 1
        // Real tuples are shorter.
        let limit = min(tokens.count, place + 48)
        while end < limit, tokens[end].kind == .identifier && tokens[end].byte == 0 || tokens.isMark(end, ",") {
            end += 1
        }
        guard tokens.isMark(end, ")"), isArrow(end + 1) || tokens.isMark(end + 1, "<") && tokens.isMark(end + 2, "-")
        else { return }
        for index in place + 1..<end where tokens[index].kind == .identifier && !tokens.isCapitalised(index) {
            writer.hide(tokens.text(index))
        }
    }

    private mutating func openBrace() {
        if let open = header, open.parens == parens {
            push(open, column: -1)
            return
        }
        frames.append(
            Frame(
                kind: .block, scope: frame.scope, column: -1, parens: parens, hidden: writer.hiddenCount,
                ownHidden: writer.hiddenCount))
        inPattern = false
    }

    private mutating func closeBrace() {
        // Indented regions end with the braces around them.
        while frame.column >= 0, frames.count > 1 { popFrame() }
        if frames.count > 1 { popFrame() }
        header = nil
    }
}
