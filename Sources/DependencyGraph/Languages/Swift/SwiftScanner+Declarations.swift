extension SwiftScanner {
    mutating func keyword(_ index: Int, _ word: Swift.Word?) {
        // `for:`, `in:`, `default:` as labels of arguments.
        if tokens.isMark(place, ":"), scope.top.kind == .paren || scope.top.kind == .parameters { return }
        switch word {
        case .importWord: importStatement(index)
        case .structWord, .enumWord, .protocolWord, .classWord, .actor, .extensionWord: type(index, word)
        case .funcWord: function(index)
        case .initWord, .subscriptWord:
            if scope.top.kind.isType { callable() }
        case .macro:
            guard isName(place), tokens.isMark(place + 1, "(") || tokens.isMark(place + 1, "<") else { return }
            scope.beginDeclaration()
            value(place, .function)
            place += 1
            callable()
        case .varWord, .letWord: variable()
        case .typealiasWord: alias()
        case .associatedtypeWord: alias(flags: Swift.isAssociated | Swift.isPublic)
        case .operatorWord: operatorDeclaration()
        case .caseWord:
            if scope.top.kind == .enumeration {
                scope.top.inCases = true
                scope.top.expectsCase = true
            }
        case .forWord: pattern()
        case .whereWord: scope.top.inConditions = true
        case .publicWord, .openWord, .package: access = Swift.isPublic
        case .privateWord, .fileprivateWord:
            // `private(set)` does not affect the getter.
            if tokens.isMark(place, "(") { place += 3 } else { access = Swift.isPrivate }
        default: break
        }
    }

    private mutating func takeAccess() -> UInt8 {
        defer { access = 0 }
        guard access == 0 else { return access }
        // Members of an extension inherit its access modifier. Members of a private type are private.
        return scope.top.flags & (scope.top.flags & Swift.isExtension != 0 ? Swift.isPublic | Swift.isPrivate : 0)
    }

    /// `import M`, `import struct M.X`
    private mutating func importStatement(_ index: Int) {
        let line = tokens[index].line
        if tokens[place + 1].line == line, tokens[place].kind == .identifier, tokens[place + 1].kind == .identifier {
            place += 1
        }
        guard tokens[place].kind == .identifier else { return }
        facts.add(kind: Swift.Kind.import.rawValue, text: tokens.text(place), line: line, flags: importFlags)
        importFlags = 0
        access = 0
        place += 1
        while tokens.isMark(place, "."), tokens[place].line == line { place += 2 }
    }

    private mutating func type(_ index: Int, _ word: Swift.Word?) {
        let isExtension = word == .extensionWord
        guard isName(place) || tokens.isMark(place, "`") else { return }
        if word == .actor || word == .classWord {
            // Elsewhere `actor` is a name, and `class` a modifier or a constraint.
            guard
                tokens.isMark(place + 1, "{") || tokens.isMark(place + 1, ":") || tokens.isMark(place + 1, "<")
                    || self.word(place + 1) == .whereWord
            else { return }
        }
        if tokens.isMark(place, "`") { place += 1 }
        scope.beginDeclaration()
        var last = place
        if isExtension {
            while tokens.isMark(last + 1, "."), tokens[last + 2].kind == .identifier { last += 2 }
            facts.count(
                kind: Swift.Kind.type.rawValue, place: facts.place(of: tokens.text(from: place, through: last)),
                line: tokens[place].line, since: since)
        } else if !scope.isDeclarative {
            let name = facts.place(of: tokens.text(place))
            scope.declare(name)
            // It is visible after its body too.
            scope.top.declaration = scope.log.count
        }
        scope.top.openName = place..<last + 1
        scope.top.openFlags = takeAccess() | (isExtension ? Swift.isExtension : 0)
        scope.top.opensEnum = word == .enumWord
        place = last + 1
        genericParameters()
    }

    /// `func name<T>(`
    private mutating func function(_ index: Int) {
        if tokens.isMark(place, "`") { place += 1 }
        guard tokens[place].kind == .identifier else {
            operatorFunction()
            return
        }
        let name = place
        if scope.isDeclarative {
            scope.beginDeclaration()
            value(name, .function)
        } else {
            scope.declare(facts.place(of: tokens.text(name)))
            scope.beginDeclaration()
        }
        place = name + 1
        callable(begins: false)
    }

    private mutating func operatorFunction() {
        var last = place
        while tokens[last + 1].kind == .punctuation, tokens.isJoined(last + 1), !tokens.isMark(last + 1, "("),
            last - place < 8
        {
            last += 1
        }
        scope.beginDeclaration()
        let text = tokens.text(from: place, through: last)
        // An operator in a type is found by its operands.
        if scope.top.kind == .file, !Self.isStandard(text) {
            facts.add(
                kind: Swift.Kind.function.rawValue, text: text, line: tokens[place].line, flags: takeAccess())
        }
        place = last + 1
        callable(begins: false)
    }

    /// `infix operator <>: Precedence`
    private mutating func operatorDeclaration() {
        var last = place
        while tokens[last + 1].kind == .punctuation, tokens.isJoined(last + 1), !tokens.isMark(last + 1, ":") {
            last += 1
        }
        guard tokens[place].kind == .punctuation, last - place < 8 else { return }
        facts.add(
            kind: Swift.Kind.function.rawValue, text: tokens.text(from: place, through: last),
            line: tokens[place].line, flags: Swift.isPublic)
        place = last + 1
    }

    /// Reads the generic parameters and the parameter list of a declaration after its name.
    private mutating func callable(begins: Bool = true) {
        if begins { scope.beginDeclaration() }
        access = 0
        if tokens.isMark(place, "?") || tokens.isMark(place, "!") || tokens.isMark(place, "`") { place += 1 }
        genericParameters()
        scope.top.takesParameters = true
    }

    /// `<T: P, each U>`: the names are visible until the declaration ends. The constraints are read like any other
    /// code.
    private mutating func genericParameters() {
        guard tokens.isMark(place, "<") else { return }
        var depth = 0
        var isFresh = true
        for index in tokens.places(from: place, atMost: 256) {
            let token = tokens[index]
            if token.kind == .punctuation {
                switch token.byte {
                case UInt8(ascii: "<"), UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: ">") where tokens.isMark(index - 1, "-"): break
                case UInt8(ascii: ">"), UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
                default: break
                }
                if depth == 0 { return }
                isFresh = depth == 1 && (index == place || token.byte == UInt8(ascii: ","))
            } else if isFresh, isName(index) {
                if tokens.isWord(index, "each") || tokens.isWord(index, "let") { continue }
                scope.declare(facts.place(of: tokens.text(index)))
                if !scope.top.openName.isEmpty { scope.top.generics.append(index) }
                isFresh = false
            }
        }
    }

    /// Reads the names of one parameter. The last one is visible in the body.
    mutating func parameter(_ index: Int) {
        scope.top.isFresh = false
        var name = index
        if tokens[index + 1].kind == .identifier { name = index + 1 }
        guard tokens.isMark(name + 1, ":") else {
            // A list of types alone, as in a macro's role.
            place = index
            scope.top.isFresh = false
            return
        }
        scope.declare(facts.place(of: tokens.text(name)))
        place = name + 2
    }

    /// A declaration that is used like a variable or function.
    private mutating func value(_ index: Int, _ kind: Swift.Kind) {
        if scope.top.kind == .file {
            let flags = takeAccess()
            if kind == .function {
                freeFunction(index, text: tokens.text(index), flags: flags)
            } else {
                facts.add(kind: kind.rawValue, text: tokens.text(index), line: tokens[index].line, flags: flags)
            }
        } else {
            member(index)
        }
    }

    mutating func member(_ index: Int) {
        access = 0
        if scope.isDeclarative {
            facts.add(kind: Swift.Kind.member.rawValue, text: tokens.text(index), line: tokens[index].line)
        } else {
            scope.declare(facts.place(of: tokens.text(index)))
        }
    }

    /// `let a, b`, `let (a, b)`, and the patterns of `if`, `case` and `for`.
    private mutating func variable() {
        guard scope.isDeclarative else {
            pattern()
            return
        }
        scope.beginDeclaration()
        let start = place
        var index = place
        if tokens.isMark(index, "`") { index += 1 }
        let flags = access
        while tokens[index].kind == .identifier {
            access = flags
            value(index, .global)
            index += 1
            guard tokens.isMark(index, ","), isName(index + 1) else { break }
            index += 1
        }
        if tokens.isMark(index, "("), index == start {
            while index < min(tokens.count, start + 64), !tokens.isMark(index, ")") {
                access = flags
                if isName(index) { value(index, .global) }
                index += 1
            }
        }
        access = 0
        place = index
    }

    /// Hides the names that a pattern binds: names that are not called, not selected and not types.
    private mutating func pattern() {
        var depth = 0
        for index in tokens.places(from: place, atMost: 48) {
            let token = tokens[index]
            if token.kind == .punctuation {
                switch token.byte {
                case UInt8(ascii: "("): depth += 1
                case UInt8(ascii: ")"): depth -= 1
                case UInt8(ascii: "="), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ";"): return
                case UInt8(ascii: ":") where depth == 0: return
                default: break
                }
                if depth < 0 { return }
            } else if token.kind == .identifier {
                if word(index) == .inWord || word(index) == .elseWord { return }
                // A new line: the declaration had no value.
                if depth == 0, index > place, tokens.startsLine(index), !tokens.isMark(index - 1, ",") { return }
                guard isName(index), !tokens.isMark(index - 1, "."), !tokens.isMark(index + 1, "."),
                    !tokens.isMark(index + 1, "("), !isCapital(index)
                else { continue }
                if tokens.isMark(index + 1, ":"), depth > 0 { continue }
                scope.declare(facts.place(of: tokens.text(index)))
            }
        }
    }

    /// `typealias X<T> = A.B` and `associatedtype X`.
    private mutating func alias(flags: UInt8 = 0) {
        guard isName(place) else { return }
        let name = place
        place += 1
        if scope.isDeclarative {
            scope.beginDeclaration()
            genericParameters()
            var target: UInt32 = 0
            if tokens.isMark(place, "="), isCapital(place + 1) {
                var last = place + 1
                while tokens.isMark(last + 1, "."), isCapital(last + 2), last - place < 32 { last += 2 }
                target = facts.place(of: tokens.text(from: place + 1, through: last)) + 1
            }
            facts.add(
                kind: Swift.Kind.alias.rawValue, text: tokens.text(name), line: tokens[name].line, value: target,
                flags: takeAccess() | flags)
        } else {
            scope.declare(facts.place(of: tokens.text(name)))
            genericParameters()
        }
    }

    /// `{ [weak self] a, b in`, `{ (a: A, b) -> C in`: reads the names before `in`.
    mutating func closureParameters(_ brace: Int) {
        var index = brace + 1
        while tokens.isMark(index, "@"), tokens[index + 1].kind == .identifier { index += 2 }
        var names: [Int] = []
        if tokens.isMark(index, "[") {
            let end = tokens.behindBracket(index, within: 128)
            while index < end {
                if isName(index),
                    tokens.isMark(index + 1, "=") || tokens.isMark(index + 1, ",") || tokens.isMark(index + 1, "]"),
                    !tokens.isMark(index - 1, "."), !tokens.isMark(index - 1, "=")
                {
                    names.append(index)
                }
                index += 1
            }
        }
        if tokens.isMark(index, "(") {
            var depth = 0
            let limit = min(tokens.count, index + 128)
            while index < limit {
                if tokens.isMark(index, "(") || tokens.isMark(index, "[") || tokens.isMark(index, "<") { depth += 1 }
                if tokens.isMark(index, ")") || tokens.isMark(index, "]") { depth -= 1 }
                if tokens.isMark(index, ">"), !tokens.isMark(index - 1, "-") { depth -= 1 }
                if depth == 0 { break }
                let before = tokens[index - 1].byte
                if depth == 1, isName(index),
                    before == UInt8(ascii: "(") || before == UInt8(ascii: ",") || isName(index - 1)
                {
                    names.append(index)
                }
                index += 1
            }
            index += 1
        } else {
            while isName(index) {
                names.append(index)
                index += 1
                guard tokens.isMark(index, ",") else { break }
                index += 1
            }
        }
        // Effects and a result type may come between the parameters and `in`.
        for limit in tokens.places(from: index, atMost: 24) {
            if word(limit) == .inWord {
                for name in names { scope.declare(facts.place(of: tokens.text(name))) }
                return
            }
            let byte = tokens[limit].kind == .punctuation ? tokens[limit].byte : 0
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "=")
                || byte == UInt8(ascii: ";") || word(limit) == .forWord
            {
                return
            }
        }
    }
}
