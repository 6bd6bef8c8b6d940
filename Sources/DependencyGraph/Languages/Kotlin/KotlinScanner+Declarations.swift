extension KotlinScanner {
    /// Removes the parameters of the previous member.
    mutating func startMember() {
        if declaresMember { writer.reveal(to: frame.ownHidden) }
    }

    private func isPrivate(_ keyword: Int) -> Bool {
        var index = keyword - 1
        // No declaration has more modifiers.
        while index > keyword - 10, tokens[index].kind == .identifier, tokens[index].byte != 0,
            !Self.isReserved(tokens[index].byte)
        {
            if isWord(index, .private) { return true }
            index -= 1
        }
        return false
    }

    private func hasModifier(_ keyword: Int, _ word: Kotlin.Word) -> Bool {
        var index = keyword - 1
        while index > keyword - 10, tokens[index].kind == .identifier, tokens[index].byte != 0,
            !Self.isReserved(tokens[index].byte) || isWord(index, .fun)
        {
            if isWord(index, word) { return true }
            index -= 1
        }
        return false
    }

    private mutating func open(_ name: Int, flags: UInt8, isEnum: Bool = false, into facts: inout FactWriter) {
        let hidden = writer.hiddenCount
        let scope = writer.open(
            .type, tokens.text(name), line: tokens[name].line, in: frame.scope, flags: flags, into: &facts)
        header = Header(scope: scope, isEnum: isEnum, parens: parens, hidden: hidden)
    }

    /// `class Name`, `interface Name`
    mutating func type(into facts: inout FactWriter) {
        let keyword = place
        place += 1
        guard isName(place) else { return }
        startMember()
        let name = place
        var flags: UInt8 = 0
        if !declaresMember {
            flags = ScopedFact.Scope.local
            writer.hide(tokens.text(name))
        } else if isPrivate(keyword) {
            flags = ScopedFact.Scope.isPrivate
        }
        open(name, flags: flags, isEnum: hasModifier(keyword, .enum), into: &facts)
        place += 1
        if tokens.isMark(place, "<") { writer.hideTypeParameters(at: place, skipping: Self.isVariance) }
    }

    static func isVariance(_ byte: UInt8) -> Bool {
        switch Kotlin.Word(rawValue: byte) {
        case .in, .out, .reified: true
        default: false
        }
    }

    /// `object Name`, `companion object`, `object : Base { … }`
    mutating func object(into facts: inout FactWriter) {
        let keyword = place
        place += 1
        let isCompanion = isWord(keyword - 1, .companion)
        let isNamed = isName(place) && tokens[place].line == tokens[keyword].line
        if !isNamed, !isCompanion {
            // An expression, whose members are not visible elsewhere.
            let none = Source.Bytes(start: nil, count: 0)
            let scope = writer.open(.block, none, line: tokens[keyword].line, in: frame.scope, into: &facts)
            header = Header(scope: scope, isEnum: false, parens: parens, hidden: writer.hiddenCount)
            return
        }
        startMember()
        var flags: UInt8 = 0
        if isCompanion { flags |= ScopedFact.Scope.merged }
        if !declaresMember {
            flags |= ScopedFact.Scope.local
            if isNamed { writer.hide(tokens.text(place)) }
        } else if isPrivate(keyword) {
            flags |= ScopedFact.Scope.isPrivate
        }
        open(isNamed ? place : keyword, flags: flags, into: &facts)
        if isNamed { place += 1 }
    }

    /// `typealias Name<T> = …`
    mutating func alias(into facts: inout FactWriter) {
        let keyword = place
        place += 1
        guard isName(place) else { return }
        startMember()
        let flags = isPrivate(keyword) ? ScopedFact.Scope.isPrivate : 0
        _ = writer.open(
            .type, tokens.text(place), line: tokens[place].line, in: frame.scope, flags: flags, into: &facts)
        place += 1
        if tokens.isMark(place, "<") { writer.hideTypeParameters(at: place, skipping: Self.isVariance) }
    }

    /// `fun <T> Receiver.name(…)`: the main loop continues after the keyword and reads the receiver like any other
    /// name.
    mutating func function(into facts: inout FactWriter) {
        let keyword = place
        place += 1
        startMember()
        let isMember = declaresMember
        if !isMember, frame.kind != .block { return }
        if isMember, tokens.isMark(place, "<") { writer.hideTypeParameters(at: place, skipping: Self.isVariance) }
        let (name, isExtension) = declaredName(from: place) { tokens.isMark($0, "(") }
        declare(name, keyword: keyword, isExtension: isExtension, isMember: isMember, into: &facts)
    }

    /// `val <T> Receiver.name: T`, `val (a, b)`, and the `val` of a constructor's parameter.
    mutating func property(into facts: inout FactWriter) {
        let keyword = place
        place += 1
        if let open = header, parens == open.parens + 1, isName(place) {
            facts.add(
                kind: ScopedFact.value.rawValue, text: tokens.text(place), line: tokens[place].line, scope: open.scope)
            declared = place
            return
        }
        startMember()
        let isMember = declaresMember
        if isMember, tokens.isMark(place, "<") { writer.hideTypeParameters(at: place, skipping: Self.isVariance) }
        if tokens.isMark(place, "(") {
            var index = place + 1
            while index < place + 48, !tokens.isMark(index, ")"), index < tokens.count {
                if isName(index), !tokens.isMark(index - 1, ":") { writer.hide(tokens.text(index)) }
                index += 1
            }
            return
        }
        let line = tokens[keyword].line
        let (name, isExtension) = declaredName(from: place) { index in
            let token = tokens[index]
            if token.kind == .punctuation {
                return token.byte == UInt8(ascii: ":") || token.byte == UInt8(ascii: "=")
                    || token.byte == UInt8(ascii: ";") || token.byte == UInt8(ascii: "}")
                    || token.byte == UInt8(ascii: ")")
            }
            return token.kind == .none || isWord(index, .by) || isWord(index, .in)
                || token.line != line && tokens.startsLine(index)
        }
        declare(name, keyword: keyword, isExtension: isExtension, isMember: isMember, into: &facts)
    }

    /// The last name before the end of a declaration's head, outside of angle brackets.
    private func declaredName(from start: Int, until isEnd: (Int) -> Bool) -> (name: Int, isExtension: Bool) {
        var angles = 0
        var name = -1
        var isExtension = false
        // Real receivers are shorter.
        for index in start..<min(tokens.count, start + 96) {
            if angles == 0, isEnd(index) {
                // `fun (A).name(`: the receiver is in parentheses.
                if name >= 0 || !tokens.isMark(index, "(") { break }
                guard let behind = behindReceiver(index) else { break }
                return (behind, true)
            }
            if tokens.isMark(index, "<") {
                angles += 1
            } else if tokens.isMark(index, ">"), !tokens.isMark(index - 1, "-") {
                angles -= 1
            } else if angles == 0, tokens[index].kind == .identifier || tokens[index].kind == .string {
                name = index
                if tokens.isMark(index - 1, ".") { isExtension = true }
            }
        }
        return (name, isExtension)
    }

    private func behindReceiver(_ open: Int) -> Int? {
        var depth = 0
        for index in open..<min(tokens.count, open + 64) {
            if tokens.isMark(index, "(") { depth += 1 }
            if tokens.isMark(index, ")") { depth -= 1 }
            guard depth == 0 else { continue }
            return tokens.isMark(index + 1, ".") && tokens[index + 2].kind == .identifier ? index + 2 : nil
        }
        return nil
    }

    private mutating func declare(
        _ name: Int, keyword: Int, isExtension: Bool, isMember: Bool, into facts: inout FactWriter
    ) {
        guard name >= 0, tokens[name].kind == .identifier else { return }
        declared = name
        guard isMember else { return writer.hide(tokens.text(name)) }
        var flags: UInt8 = isPrivate(keyword) ? ScopedFact.Value.isPrivate : 0
        if isExtension { flags |= ScopedFact.Value.isExtension }
        facts.add(
            kind: ScopedFact.value.rawValue, text: tokens.text(name), line: tokens[name].line, flags: flags,
            scope: frame.scope)
    }
}
