/// Scans the tokens of a Swift file and writes its declarations and the names it uses.
struct SwiftScanner {
    let tokens: Tokens
    var facts = FactWriter()
    var scope = SwiftScope()
    var place = 0
    /// Facts before this one belong to another type.
    var since = 0
    /// The access level of the declaration whose modifiers were read last.
    var access: UInt8 = 0
    /// A buffer for the text of a call, reused for the next one.
    var callText: [UInt8] = []
    /// A copy of the frames at each open `#if`, or nil if there are too many.
    var conditions: [[SwiftScope.Frame]] = []

    private static let deepestRewind = 64

    init(tokens: Tokens) { self.tokens = tokens }

    mutating func run() {
        while place < tokens.count {
            let token = tokens[place]
            let current = place
            place += 1
            switch token.kind {
            case .identifier:
                if scope.top.kind == .parameters, scope.top.isFresh, !tokens.isMark(current - 1, "@") {
                    parameter(current)
                } else if token.byte == 0 || tokens.isMark(current - 1, "`") {
                    name(current)
                } else if !tokens.isMark(current - 1, ".") {
                    keyword(current, Swift.Word(rawValue: token.byte))
                }
            case .punctuation: mark(current, token.byte)
            default: break
            }
        }
    }

    func word(_ index: Int) -> Swift.Word? {
        tokens[index].kind == .identifier ? Swift.Word(rawValue: tokens[index].byte) : nil
    }

    func isName(_ index: Int) -> Bool { tokens[index].kind == .identifier && tokens[index].byte == 0 }

    func isCapital(_ index: Int) -> Bool {
        guard isName(index) else { return false }
        // `_Name` and `__Name` are types too.
        for byte in tokens.text(index) where byte != UInt8(ascii: "_") {
            return byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
        }
        return false
    }

    // MARK: - Brackets

    private mutating func mark(_ index: Int, _ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "{"): openBrace(index)
        case UInt8(ascii: "}"):
            while scope.frames.count > 1, !scope.top.kind.isBrace { scope.pop() }
            close(scope.pop(), index)
        case UInt8(ascii: "("): openParen()
        case UInt8(ascii: "["): scope.push(.bracket)
        case UInt8(ascii: ")"), UInt8(ascii: "]"):
            if !scope.top.kind.isBrace { scope.pop() }
        case UInt8(ascii: ","):
            scope.top.isFresh = true
            if scope.top.inCases { scope.top.expectsCase = true }
        case UInt8(ascii: "#"): directive(index)
        case UInt8(ascii: "@"): attribute(index)
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "|"),
            UInt8(ascii: "^"), UInt8(ascii: "~"), UInt8(ascii: "!"), UInt8(ascii: "?"):
            operatorName(index)
        default: break
        }
    }

    private mutating func openParen() {
        let takes = scope.top.takesParameters
        scope.top.takesParameters = false
        scope.push(takes ? .parameters : .paren)
    }

    private mutating func openBrace(_ index: Int) {
        let frame = scope.top
        scope.top.takesParameters = false
        guard !frame.openName.isEmpty || frame.openFlags != 0 else {
            let start = frame.declaration
            scope.top.declaration = -1
            scope.push(.code)
            if start >= 0 { scope.top.start = start }
            closureParameters(index)
            return
        }
        scope.top.openName = 0..<0
        scope.top.openFlags = 0
        scope.top.declaration = -1
        let isLocal = !scope.isDeclarative
        scope.push(frame.opensEnum ? .enumeration : .type)
        if frame.declaration >= 0 { scope.top.start = frame.declaration }
        guard !isLocal else { return }
        scope.top.name = frame.openName
        scope.top.flags = frame.openFlags
        open(frame.openName, frame.openFlags)
        for place in frame.inherited {
            facts.add(kind: Swift.Kind.inherits.rawValue, line: tokens[index].line, value: place)
        }
        // They are visible to extensions in other files too.
        for generic in frame.generics {
            facts.add(
                kind: Swift.Kind.alias.rawValue, text: tokens.text(generic), line: tokens[generic].line,
                flags: Swift.isPublic | Swift.isGeneric)
        }
        since = facts.count
    }

    private mutating func open(_ name: Range<Int>, _ flags: UInt8) {
        facts.add(
            kind: Swift.Kind.open.rawValue, text: tokens.text(from: name.lowerBound, through: name.upperBound - 1),
            line: tokens[name.lowerBound].line, flags: flags)
        since = facts.count
    }

    private mutating func close(_ frame: SwiftScope.Frame?, _ index: Int) {
        guard let frame, frame.kind.isType, !frame.name.isEmpty else { return }
        facts.add(kind: Swift.Kind.close.rawValue, line: tokens[index].line)
        since = facts.count
    }

    // MARK: - Conditions and attributes

    /// `#if` and the like are not code. The branches of one often open the same brace, which counts once.
    private mutating func directive(_ index: Int) {
        guard tokens.isJoined(index + 1) else { return }
        switch word(place) {
        case .ifWord:
            conditions.append(scope.frames.count < Self.deepestRewind ? scope.frames : [])
            skipLine(index)
        case .elseifWord, .elseWord:
            skipLine(index)
            if let before = conditions.last, !before.isEmpty { rewind(to: before, index) }
        case .endif:
            skipLine(index)
            _ = conditions.popLast()
        case nil where isName(place):
            let name = tokens.text(place)
            let line = tokens[place].line
            place += 1
            if name.equals("available") || name.equals("unavailable") || name.equals("sourceLocation") {
                if tokens.isMark(place, "(") { place = tokens.behindBracket(place) }
                return
            }
            facts.count(kind: Swift.Kind.macro.rawValue, place: facts.place(of: name), line: line, since: since)
        default: break
        }
    }

    private mutating func skipLine(_ index: Int) {
        while place < tokens.count, tokens[place].line == tokens[index].line { place += 1 }
    }

    private mutating func rewind(to frames: [SwiftScope.Frame], _ index: Int) {
        while scope.frames.count > frames.count { close(scope.pop(), index) }
        while scope.frames.count < frames.count {
            let frame = frames[scope.frames.count]
            scope.frames.append(frame)
            if !frame.name.isEmpty { open(frame.name, frame.flags) }
        }
    }

    /// Arguments of built-in attributes are skipped. Arguments of other attributes are code.
    private mutating func attribute(_ index: Int) {
        guard tokens[place].kind == .identifier else { return }
        if isCapital(place) {
            // An attached macro. For a property wrapper or a global actor, no macro has the name.
            facts.count(
                kind: Swift.Kind.macro.rawValue, place: facts.place(of: tokens.text(place)), line: tokens[place].line,
                since: since)
            return
        }
        let isTestable = tokens.isWord(place, "testable")
        let isExported = tokens.isWord(place, "_exported")
        place += 1
        if tokens.isMark(place, "("), tokens.isJoined(place) { place = tokens.behindBracket(place) }
        if isTestable { importFlags |= Swift.isTestable }
        if isExported { importFlags |= Swift.isExported }
    }

    var importFlags: UInt8 = 0

    // MARK: - Names

    private mutating func name(_ index: Int) {
        if scope.top.expectsCase, scope.top.kind == .enumeration {
            scope.top.expectsCase = false
            member(index)
            return
        }
        if tokens.isMark(index - 1, "."), !tokens.isMark(index - 2, ".") { return }
        if isLabel(index) { return }
        let isCapital = isCapital(index)
        if isCapital {
            typeName(index)
        } else {
            let text = facts.place(of: tokens.text(index))
            guard !scope.isLocal(text) else { return }
            if tokens.isMark(index + 1, "(") || tokens.isMark(index + 1, "{") {
                call(index, kind: .call)
            } else {
                facts.count(kind: Swift.Kind.value.rawValue, place: text, line: tokens[index].line, since: since)
            }
        }
    }

    /// `label:` of an argument or of a tuple element. The key of a dictionary is in square brackets.
    private func isLabel(_ index: Int) -> Bool {
        guard tokens.isMark(index + 1, ":"), scope.top.kind == .paren || scope.top.kind == .parameters else {
            // `outer: for …`
            return tokens.isMark(index + 1, ":") && scope.top.kind == .code && tokens.startsLine(index)
                && !tokens.isMark(index - 1, "?")
        }
        let before = tokens[index - 1]
        return before.kind == .punctuation && (before.byte == UInt8(ascii: "(") || before.byte == UInt8(ascii: ","))
            || before.kind == .identifier
    }

    /// `A.B.C`, and `A<X>.B` as `A.B`. The arguments are read separately.
    private mutating func typeName(_ index: Int) {
        var last = index
        while tokens.isMark(last + 1, "."), isCapital(last + 2), last - index < 32 { last += 2 }
        place = last + 1
        guard !scope.isLocal(facts.place(of: tokens.text(index))) else { return }
        let isPlain = (index..<last).allSatisfy { tokens.isJoined($0 + 1) }
        let text: UInt32
        if tokens.isMark(last + 1, "<"), let inner = behindArguments(last + 1) {
            var joined = ([index...last] + inner).map { $0.map { tokens.text($0).string }.joined() }.joined()
            text = joined.withUTF8 { facts.place(of: $0) }
        } else if isPlain {
            text = facts.place(of: tokens.text(from: index, through: last))
        } else {
            var joined = (index...last).map { tokens.text($0).string }.joined()
            text = joined.withUTF8 { facts.place(of: $0) }
        }
        if !scope.top.openName.isEmpty, !scope.top.inConditions, scope.top.inherited.count < 64 {
            scope.top.inherited.append(text)
        }
        facts.count(kind: Swift.Kind.type.rawValue, place: text, line: tokens[index].line, since: since)
        let isCall = tokens.isMark(last + 1, "(") || tokens.isMark(last + 1, "{") && scope.top.openName.isEmpty
        if last == index, isCall { call(index, kind: .capitalCall) }
    }

    /// The `.B` after type arguments, each with its dot.
    private func behindArguments(_ open: Int) -> [ClosedRange<Int>]? {
        var depth = 0
        var found: [ClosedRange<Int>] = []
        // Longer arguments are rare, and the search must stay linear where they nest.
        var index = open
        while index < open + 48 {
            let token = tokens[index]
            guard token.kind == .punctuation else {
                guard token.kind == .identifier else { break }
                index += 1
                continue
            }
            switch token.byte {
            case UInt8(ascii: "<"): depth += 1
            case UInt8(ascii: ">") where !tokens.isMark(index - 1, "-"): depth -= 1
            case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ";"): return nil
            default: break
            }
            index += 1
            guard depth == 0 else { continue }
            let start = index
            while tokens.isMark(index, "."), isCapital(index + 1) { index += 2 }
            if index > start { found.append(start...index - 1) }
            guard tokens.isMark(index, "<"), !found.isEmpty else { break }
        }
        return found.isEmpty ? nil : found
    }

    /// A run of operator characters that the standard library does not define.
    private mutating func operatorName(_ index: Int) {
        var last = index
        while tokens[last + 1].kind == .punctuation, tokens.isJoined(last + 1), last - index < 8,
            Self.operatorBytes.contains(tokens[last + 1].byte)
        {
            last += 1
        }
        guard last > index else { return }
        let text = tokens.text(from: index, through: last)
        // `>>` and the like close type arguments. `?.` and `!.` belong to their operand.
        guard !Self.isStandard(text) else { return }
        place = last + 1
        facts.count(
            kind: Swift.Kind.operator.rawValue, place: facts.place(of: text), line: tokens[index].line, since: since)
    }

    static let operatorBytes = Set("<>=+-*/%&|^~!?.".utf8)

    static func isStandard(_ text: Source.Bytes) -> Bool {
        if text.allSatisfy({ $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "!") }) {
            return true
        }
        return standard.contains(text.string)
    }

    private static let standard: Set<String> = [
        "==", "!=", "<=", ">=", "===", "!==", "&&", "||", "??", "->", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=",
        "<<", ">>", "<<=", ">>=", "&+", "&-", "&*", "&<<", "&>>", "&+=", "&-=", "&*=", "...", "..<", "~=", ".<", ">.",
        "?.", "!.", ">?", ">!", ">=", "<>", "?>", "??.", ">?.", ">.", "==.", "=.", "&&!", "||!", "=!", "==!", "!=!",
        "=-", "==-", "/*", "*/", "=~", "=&", "..", "=<", "-.", "+.", "*-", "&&-", "<-",
    ]
}
