extension GoScanner {
    /// `import "a"`, `import b "a"`, `import . "a"`, `import _ "a"`, alone or in brackets.
    mutating func imports() {
        let isGroup = tokens.isMark(place, "(")
        if isGroup { place += 1 }
        while place < tokens.count {
            let start = place
            switch tokens[place].kind {
            case .newline: place += 1
            case .identifier where tokens[place].byte == 0 && tokens[place + 1].kind == .string:
                let name = tokens.text(place)
                let isBlank = name.equals("_")
                let alias = isBlank ? 0 : facts.place(of: name) + 1
                importPath(place + 1, flags: isBlank ? Go.blankImport : 0, alias: alias)
            case .string: importPath(place, flags: 0, alias: 0)
            case .punctuation where tokens.isMark(place, ".") && tokens[place + 1].kind == .string:
                importPath(place + 1, flags: Go.dotImport, alias: 0)
            case .punctuation where tokens.isMark(place, ";") && isGroup: place += 1
            case .punctuation where tokens.isMark(place, ")") && isGroup:
                place += 1
                return
            default: return
            }
            if !isGroup, tokens[start].kind != .newline { return }
        }
    }

    private mutating func importPath(_ index: Int, flags: UInt8, alias: UInt32) {
        facts.add(
            kind: Go.Kind.import.rawValue, text: tokens.contents(index), line: tokens[index].line, value: alias,
            flags: flags)
        place = index + 1
    }

    /// The construct of an open bracket: a declaration, a literal or a type.
    mutating func function(_ index: Int) {
        let isDeclaration = scope.frames.count == 1 && scope.top.isFresh
        scope.top.isFresh = false
        if isDeclaration {
            scope.top.signatureStart = scope.log.count
            if tokens.isMark(place, "(") {
                scope.top.signature = .receiver
                return
            }
            guard isName(place) else { return }
            scope.top.signature = .open
            let name = tokens.text(place)
            if name.equals("init") {
                facts.add(kind: Go.Kind.initializer.rawValue, line: tokens[place].line)
            } else {
                declare(place, shape: .other)
            }
            place += 1
            return
        }
        let before = tokens[index - 1]
        // The element type of a container, and a result type, have no body.
        let isType = before.byte == UInt8(ascii: "]") && before.kind == .punctuation || word(index - 1) == .chan
        guard scope.top.signature == .none, !isType, tokens.isMark(place, "(") else { return }
        switch scope.top.kind {
        case .parameters, .typeParameters, .structBody, .interfaceBody: return
        case .file, .block, .group, .literal, .paren, .index:
            scope.top.signature = .open
            scope.top.signatureStart = scope.log.count
        }
    }

    private mutating func declare(_ index: Int, shape: Go.Shape, target: UInt32 = 0) {
        let name = tokens.text(index)
        guard !name.equals("_"), !name.equals("main") || shape != .other || !isFunctionName(index) else { return }
        facts.add(
            kind: Go.Kind.declare.rawValue, text: name, line: tokens[index].line, value: shape.rawValue | target << 2)
    }

    private func isFunctionName(_ index: Int) -> Bool { word(index - 1) == .func }

    /// `type`, `var` or `const`, alone or as a group.
    mutating func specification(_ index: Int) {
        scope.top.isFresh = false
        let spec = tokens[index].byte
        // `case x.(type)` and the like.
        guard !tokens.isMark(index - 1, "(") else { return }
        if tokens.isMark(place, "(") {
            scope.push(.group, opener: index)
            scope.top.spec = spec
            place += 1
        } else if isName(place) {
            scope.top.spec = spec
            place += 1
            specificationNames(place - 1)
        }
    }

    /// The names at the start of a specification.
    mutating func specificationNames(_ index: Int) {
        let isFileLevel = scope.isFileLevel
        if scope.top.spec == Go.Word.type.rawValue {
            if isFileLevel {
                typeDeclaration(index)
            } else {
                scope.declare(facts.place(of: tokens.text(index)))
            }
            if hasTypeParameters(index + 1) {
                scope.push(.typeParameters, opener: index)
                place = index + 2
            }
            return
        }
        var end = index
        while true {
            if isFileLevel {
                declare(end, shape: .other)
            } else {
                scope.declareLater(facts.place(of: tokens.text(end)))
            }
            guard tokens.isMark(end + 1, ","), isName(end + 2) else { break }
            end += 2
        }
        place = end + 1
    }

    /// `[T any]`, and neither `[]T` nor `[n]T`.
    private func hasTypeParameters(_ index: Int) -> Bool {
        guard tokens.isMark(index, "["), isName(index + 1) else { return false }
        let next = tokens[index + 2]
        switch next.kind {
        case .identifier: return true
        case .punctuation:
            // `[N]T`, `[a.N]T`, `[N * 2]T` and `[N + 1]T` are arrays; `[P *T]` needs a comma or an interface to be a list.
            return next.byte == UInt8(ascii: ",") || next.byte == UInt8(ascii: "[") || next.byte == UInt8(ascii: "~")
        default: return false
        }
    }

    private mutating func typeDeclaration(_ index: Int) {
        var type = index + 1
        if hasTypeParameters(type) { type = tokens.behindBracket(type, within: 256) }
        if tokens.isMark(type, "=") { type += 1 }
        switch word(type) {
        case .struct: declare(index, shape: .structure)
        case .map: declare(index, shape: .container)
        case nil where tokens.isMark(type, "["): declare(index, shape: .container)
        case nil where isName(type):
            let last = tokens.isMark(type + 1, ".") && tokens[type + 2].kind == .identifier ? type + 2 : type
            declare(index, shape: .named, target: facts.place(of: tokens.text(from: type, through: last)))
        default: declare(index, shape: .other)
        }
    }
}
