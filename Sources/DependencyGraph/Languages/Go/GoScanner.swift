/// Scans the tokens of a Go file and writes the names that are not declared inside it.
///
/// Go's grammar tells a declaration from a use without types. The exception is the keys of composite literals, which
/// the linker resolves. Scopes are kept on explicit stacks. Each token is visited once, and looking ahead and back is
/// bounded.
struct GoScanner {
    let tokens: Tokens
    var facts = FactWriter()
    var scope = GoScope()
    var place = 0
    /// The last token that is not a newline.
    var previous = -1
    /// The `)` that closed the last list of parameters.
    var closedParameters = -1
    /// The start of the type of the last closed `struct` or `interface`.
    var closedBody = (brace: -1, word: -1)
    /// The type that was last written as the type of a key, by the key's place.
    var lastKeyed: [UInt32] = []

    init(tokens: Tokens) { self.tokens = tokens }

    mutating func run() {
        while place < tokens.count {
            let token = tokens[place]
            let current = place
            place += 1
            switch token.kind {
            case .newline:
                if endsStatement(previous) { endLine() }
                continue
            case .identifier:
                if token.byte == 0 {
                    identifier(current)
                } else {
                    keyword(current, Go.Word(rawValue: token.byte))
                }
            case .punctuation:
                mark(current, token.byte)
            default:
                scope.top.isFresh = false
            }
            // A statement that was read as a whole leaves `place` after its last token.
            previous = place - 1
            while previous > current, tokens[previous].kind == .newline { previous -= 1 }
        }
    }

    func word(_ index: Int) -> Go.Word? {
        let token = tokens[index]
        return token.kind == .identifier ? Go.Word(rawValue: token.byte) : nil
    }

    func isName(_ index: Int) -> Bool { tokens[index].kind == .identifier && tokens[index].byte == 0 }

    /// Whether a line that ends with this token gets a semicolon.
    private func endsStatement(_ index: Int) -> Bool {
        let token = tokens[index]
        switch token.kind {
        case .identifier:
            switch word(index) {
            case nil, .break, .continue, .fallthrough, .return: return true
            default: return false
            }
        case .number, .string, .character: return true
        case .punctuation:
            switch token.byte {
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): return true
            case UInt8(ascii: "+"), UInt8(ascii: "-"):
                return tokens.isJoined(index) && tokens[index - 1].byte == token.byte
            default: return false
            }
        default: return false
        }
    }

    private mutating func endLine() {
        switch scope.top.kind {
        case .file, .block, .group, .structBody, .interfaceBody:
            endStatement()
            scope.top.openHeader = -1
        case .literal, .parameters, .typeParameters, .paren, .index:
            break
        }
    }

    private mutating func endStatement() {
        // The order matters: the signature of a variable's type resets the log to its start.
        scope.dropSignature()
        scope.flush()
        scope.top.isFresh = true
        if scope.top.kind != .group { scope.top.spec = 0 }
        // Type parameters of a package-level type end with it.
        if scope.isFileLevel { scope.restore(0) }
    }

    private mutating func mark(_ index: Int, _ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "{"): openBrace(index)
        case UInt8(ascii: "("): openParen(index)
        case UInt8(ascii: "["): openBracket(index)
        case UInt8(ascii: "}"):
            while scope.frames.count > 1, !scope.top.kind.isBrace { scope.pop() }
            guard scope.frames.count > 1 else { return }
            if scope.top.kind == .structBody || scope.top.kind == .interfaceBody {
                closedBody = (index, scope.top.opener)
            }
            scope.pop(hasElse: word(index + 1) == .else)
        case UInt8(ascii: ")"), UInt8(ascii: "]"):
            guard !scope.top.kind.isBrace else { return }
            if scope.top.kind == .parameters { closedParameters = index }
            scope.pop()
            if byte == UInt8(ascii: ")"), scope.top.signature == .receiver { methodName() }
        case UInt8(ascii: ";"):
            endStatement()
        case UInt8(ascii: ","):
            if scope.top.kind == .parameters || scope.top.kind == .literal || scope.top.kind == .typeParameters {
                scope.top.isFresh = true
            }
            if scope.top.kind != .file, scope.top.kind != .block { scope.dropSignature() }
        case UInt8(ascii: ":"):
            guard scope.top.kind == .block, !tokens.isOperator(index, ":=") else { return }
            scope.dropSignature()
            scope.flush()
            scope.top.isFresh = true
        case UInt8(ascii: "*"):
            // An embedded pointer is still the start of its field.
            if scope.top.kind != .structBody { scope.top.isFresh = false }
        default:
            scope.top.isFresh = false
        }
    }

    /// `func (r T) name(`: a method is found through its receiver, so its name is not written.
    private mutating func methodName() {
        if isName(place) { place += 1 }
        scope.top.signature = .open
    }

    private mutating func keyword(_ index: Int, _ word: Go.Word?) {
        switch word {
        case .package:
            guard scope.frames.count == 1, isName(place) else { return }
            facts.add(kind: Go.Kind.package.rawValue, text: tokens.text(place), line: tokens[place].line)
            place += 1
        case .import where scope.frames.count == 1: imports()
        case .func: function(index)
        case .type, .var, .const: specification(index)
        case .if, .for, .switch, .select:
            if scope.top.openHeader < 0 { scope.top.openHeader = scope.log.count }
            scope.top.isFresh = true
        case .case, .default:
            // Each clause is a scope. The header of the switch comes before the start of the block.
            if scope.top.kind == .block {
                scope.flush()
                scope.restore(scope.top.start)
                scope.top.openHeader = -1
            }
            scope.top.isFresh = true
            skipClauseLabel()
        case .goto, .break, .continue:
            if isName(place) { place += 1 }
        case .else:
            scope.top.isFresh = false
        default:
            scope.top.isFresh = false
        }
    }

    /// `case name:` is not a label.
    private mutating func skipClauseLabel() {
        guard isName(place), tokens.isMark(place + 1, ":"), !tokens.isOperator(place + 1, ":=") else { return }
        scope.top.isFresh = false
    }

    // MARK: - Names

    private mutating func identifier(_ index: Int) {
        let isFresh = scope.top.isFresh
        if tokens.isMark(index - 1, "."), !tokens.isMark(index - 2, ".") {
            scope.top.isFresh = false
            return
        }
        switch scope.top.kind {
        case .structBody where isFresh:
            if field(index) { return }
        case .interfaceBody where isFresh:
            scope.top.isFresh = false
            if tokens.isMark(index + 1, "(") { return }
        case .parameters where isFresh && scope.top.isNamed:
            scope.top.isFresh = false
            parameter(index)
            return
        case .typeParameters where isFresh:
            // `A, B any`: names up to the first constraint.
            scope.top.isFresh = false
            scope.declare(facts.place(of: tokens.text(index)))
            return
        case .block where isFresh:
            if tokens.isMark(index + 1, ":"), !tokens.isOperator(index + 1, ":=") { return }
            scope.top.isFresh = false
            if shortDeclaration(index) { return }
        case .literal where isFresh:
            scope.top.isFresh = false
            if tokens.isMark(index + 1, ":"), key(index) { return }
        case .group where isFresh:
            scope.top.isFresh = false
            specificationNames(index)
            return
        default:
            scope.top.isFresh = false
        }
        reference(index)
    }

    private mutating func reference(_ index: Int) {
        let text = tokens.text(index)
        let name = facts.place(of: text)
        guard !scope.isLocal(name) else { return }
        if tokens.isMark(index + 1, "."), tokens[index + 2].kind == .identifier, tokens.isJoined(index + 1) {
            guard tokens.isJoined(index + 2) else {
                let joined = text.string + "." + tokens.text(index + 2).string
                facts.add(kind: Go.Kind.qualified.rawValue, string: joined, line: tokens[index].line, value: 1)
                return
            }
            let both = tokens.text(from: index, through: index + 2)
            facts.count(kind: Go.Kind.qualified.rawValue, text: both, line: tokens[index].line)
        } else {
            facts.count(kind: Go.Kind.bare.rawValue, place: name, line: tokens[index].line)
        }
    }

    /// `a, b := …`: the names are declared when the statement ends.
    private mutating func shortDeclaration(_ index: Int) -> Bool {
        var end = index
        while tokens.isMark(end + 1, ","), isName(end + 2) { end += 2 }
        guard tokens.isOperator(end + 1, ":="), tokens.isMark(end + 2, "=") else { return false }
        for name in stride(from: index, through: end, by: 2) { scope.declareLater(facts.place(of: tokens.text(name))) }
        place = end + 3
        return true
    }

    private mutating func parameter(_ index: Int) {
        guard scope.frames.count > 1 else { return }
        let outer = scope.frames[scope.frames.count - 2]
        // Only a signature that may have a body declares its parameters.
        guard outer.signature != .none else { return }
        scope.addParameter(facts.place(of: tokens.text(index)), outer: 1)
    }

    /// Skips the names of a field. Returns false for an embedded type.
    private mutating func field(_ index: Int) -> Bool {
        var end = index
        while tokens.isMark(end + 1, ","), isName(end + 2) { end += 2 }
        scope.top.isFresh = false
        if tokens.isMark(index - 1, "*") { return false }
        let next = tokens[end + 1]
        switch next.kind {
        case .newline, .string, .none: return false
        case .punctuation:
            switch next.byte {
            case UInt8(ascii: ";"), UInt8(ascii: "}"), UInt8(ascii: "."): return false
            case UInt8(ascii: "["):
                // `T[int]` at the end of a line is embedded, and `a [2]int` continues.
                if isInstance(end + 1) { return false }
            default: break
            }
        default: break
        }
        place = end + 1
        return true
    }

    /// Whether the bracket at `index` holds type arguments, because no type follows it.
    func isInstance(_ index: Int) -> Bool {
        guard !tokens.isMark(index + 1, "]") else { return false }
        var depth = 0
        for place in tokens.places(from: index, atMost: 256) {
            if tokens.isMark(place, "[") { depth += 1 }
            guard tokens.isMark(place, "]") else { continue }
            depth -= 1
            guard depth == 0 else { continue }
            let next = tokens[place + 1]
            switch next.kind {
            case .newline, .string, .none: return true
            case .punctuation:
                return next.byte == UInt8(ascii: ",") || next.byte == UInt8(ascii: ")")
                    || next.byte == UInt8(ascii: ";")
                    || next.byte == UInt8(ascii: "}")
            default: return false
            }
        }
        return false
    }
}
