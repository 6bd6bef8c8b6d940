extension ScalaScanner {
    /// Removes the parameters of the previous member.
    mutating func startMember() {
        if declaresMember { writer.reveal(to: frame.ownHidden) }
    }

    mutating func hideTypeParameters() {
        writer.hideTypeParameters(at: place, brackets: ("[", "]"), skipping: Self.isReserved)
    }

    mutating func open(_ kind: ScopedFact, name: Int, body: Frame.Kind, into facts: inout FactWriter) {
        let hidden = writer.hiddenCount
        var flags: UInt8 = 0
        if kind == .type, !declaresMember {
            flags = ScopedFact.Scope.local
            writer.hide(tokens.text(name))
        }
        let scope = writer.open(
            kind, tokens.text(name), line: tokens[name].line, in: frame.scope, flags: flags, into: &facts)
        header = Header(scope: scope, kind: body, column: column, parens: parens, hidden: hidden)
    }

    /// `package a.b`, for the rest of the region or with a body, and `package object a`.
    mutating func package(into facts: inout FactWriter) {
        place += 1
        if isWord(place, .object), isName(place + 1) {
            open(.package, name: place + 1, body: .template, into: &facts)
            place += 2
            return
        }
        guard isName(place) else { return }
        var last = place
        while tokens.isMark(last + 1, "."), tokens[last + 2].kind == .identifier { last += 2 }
        var text = tokens.text(from: place, through: last).filter { $0 > 0x20 }
        let line = tokens[place].line
        let outer = frame.scope
        let scope = text.withUnsafeMutableBufferPointer {
            writer.open(.package, Source.Bytes($0), line: line, in: outer, into: &facts)
        }
        place = last + 1
        if tokens.isMark(place, "{") || tokens.isMark(place, ":") && tokens.startsLine(place + 1) {
            header = Header(
                scope: scope, kind: .template, column: column, parens: parens, hidden: writer.hiddenCount)
        } else {
            frames[frames.count - 1].scope = scope
        }
    }

    mutating func type(_ word: Scala.Word?, into facts: inout FactWriter) {
        place += 1
        guard isName(place) else { return }
        startMember()
        open(.type, name: place, body: word == .enum ? .cases : .template, into: &facts)
        place += 1
        if tokens.isMark(place, "[") { hideTypeParameters() }
    }

    /// `type A[T] = …`, but not `A.type`.
    mutating func typeMember(into facts: inout FactWriter) {
        place += 1
        guard isName(place) else { return }
        startMember()
        if declaresMember {
            _ = writer.open(.type, tokens.text(place), line: tokens[place].line, in: frame.scope, into: &facts)
        } else {
            writer.hide(tokens.text(place))
        }
        place += 1
        if tokens.isMark(place, "[") { hideTypeParameters() }
    }

    /// `given name: T = …`, `given T with`, `given [A](using B): T with`
    mutating func given(into facts: inout FactWriter) {
        // `import a.given` and `{given, *}` are read with the import.
        startMember()
        place += 1
        let none = Source.Bytes(start: nil, count: 0)
        if isName(place), tokens.isMark(place + 1, ":") || tokens.isMark(place + 1, "[") && isNamedGiven {
            declare(place, isExtension: false, into: &facts)
        }
        let scope = writer.open(.block, none, line: tokens[place].line, in: frame.scope, into: &facts)
        header = Header(scope: scope, kind: .template, column: column, parens: parens, hidden: writer.hiddenCount)
        if tokens.isMark(place, "[") { hideTypeParameters() }
    }

    /// `given name[A]: T` has a colon after the brackets, and `given Ordering[A] with` does not.
    private var isNamedGiven: Bool {
        var depth = 0
        // Real lists of type parameters are shorter.
        for index in place + 1..<min(tokens.count, place + 64) {
            if tokens.isMark(index, "[") || tokens.isMark(index, "(") { depth += 1 }
            if tokens.isMark(index, "]") || tokens.isMark(index, ")") { depth -= 1 }
            if depth == 0, !tokens.isMark(index + 1, "(") { return tokens.isMark(index + 1, ":") }
        }
        return false
    }

    mutating func function(into facts: inout FactWriter) {
        place += 1
        if parens == frame.parens, column <= frame.memberColumn || extensionColumn >= 0 {
            let isFirst = tokens.startsLine(place - 1) || extensionColumn < 0
            if isFirst { startMember() }
        }
        guard isName(place) else { return }
        declare(place, isExtension: extensionColumn >= 0, into: &facts)
        if tokens.isMark(place + 1, "[") {
            writer.hideTypeParameters(at: place + 1, brackets: ("[", "]"), skipping: Self.isReserved)
        }
    }

    /// `val a`, `val a, b`, `val (a, b)`, `val A(b)`: the names in lower case.
    mutating func value(into facts: inout FactWriter) {
        place += 1
        if let open = header, parens == open.parens + 1, isName(place) {
            facts.add(
                kind: ScopedFact.value.rawValue, text: tokens.text(place), line: tokens[place].line, scope: open.scope)
            declared = place
            return
        }
        startMember()
        if isName(place), !tokens.isMark(place + 1, "("), !tokens.isMark(place + 1, ".") {
            declare(place, isExtension: false, into: &facts)
            while tokens.isMark(place + 1, ","), isName(place + 2) {
                place += 2
                declare(place, isExtension: false, into: &facts)
            }
            return
        }
        // A pattern. Real patterns are shorter.
        for index in place..<min(tokens.count, place + 64) {
            if tokens.isMark(index, "="), !tokens.isMark(index - 1, "=") { return }
            if isName(index), !tokens.isCapitalised(index), !tokens.isMark(index - 1, ".") {
                writer.hide(tokens.text(index))
            }
        }
    }

    private mutating func declare(_ name: Int, isExtension: Bool, into facts: inout FactWriter) {
        declared = name
        let isLocal = isExtension ? frame.kind == .block : !declaresMember
        guard !isLocal else { return writer.hide(tokens.text(name)) }
        facts.add(
            kind: ScopedFact.value.rawValue, text: tokens.text(name), line: tokens[name].line,
            flags: isExtension ? ScopedFact.Value.isExtension : 0, scope: frame.scope)
    }
}
