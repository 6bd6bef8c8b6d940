extension ScalaScanner {
    /// The longest followed chain of lower-case names: an object in a package in a package.
    private static let mostPlainParts = 4

    /// Reads a name with everything after its dots.
    mutating func name(into facts: inout FactWriter) {
        let first = place
        place += 1
        if first == declared { return }
        if tokens.isMark(first - 1, "."), !tokens.isMark(first - 2, ".") {
            member(first, into: &facts)
            return
        }
        if isVariable(first) { return }
        var last = first
        while tokens.isMark(last + 1, "."), isName(last + 2) { last += 2 }
        place = last + 1
        let end = chainEnd(first, last)
        if last > first {
            for index in stride(from: first + 2, through: last, by: 2) where !tokens.isCapitalised(index) {
                member(index, into: &facts)
            }
        }
        write(first, through: end, last: last, into: &facts)
    }

    /// Whether the name is a declared variable or parameter, or the label of an argument.
    private mutating func isVariable(_ index: Int) -> Bool {
        if tokens.isWord(index, "_") { return true }
        let next = index + 1
        let follows = tokens.isMark(index - 1, "(") || tokens.isMark(index - 1, ",")
        if parens > frame.parens, follows, tokens.isMark(next, "="), !tokens.isMark(next + 1, "="), !isArrow(next) {
            return true
        }
        let isLower = !tokens.isCapitalised(index)
        let isGenerator = tokens.isMark(next, "<") && tokens.isMark(next + 1, "-") && tokens.isJoined(next + 1)
        let isLambda = isArrow(next) && isLower
        let isTyped =
            tokens.isMark(next, ":") && !tokens.isMark(next + 1, ":") && !tokens.startsLine(next + 1)
            && (parens > frame.parens && (follows || isModifier(index - 1)) || tokens.isMark(index - 1, "{"))
        let isBound = inPattern && isLower && !tokens.isMark(next, "(") && !tokens.isMark(next, ".")
        guard isGenerator || isLambda || isTyped || isBound else { return false }
        writer.hide(tokens.text(index))
        return true
    }

    private func isModifier(_ index: Int) -> Bool {
        isWord(index, .implicit) || isWord(index, .using) || isWord(index, .inline) || isWord(index, .override)
            || isWord(index, .private) || isWord(index, .final)
    }

    /// A chain leads up to its last capitalised name. A chain without capitals may lead to a package or object.
    private func chainEnd(_ first: Int, _ last: Int) -> Int {
        var end = -1
        for index in stride(from: first, through: last, by: 2) where tokens.isCapitalised(index) { end = index }
        return end >= 0 ? end : min(last, first + 2 * (Self.mostPlainParts - 1))
    }

    /// A name after a dot may be an extension method.
    private func member(_ index: Int, into facts: inout FactWriter) {
        facts.count(
            kind: ScopedFact.reference.rawValue, text: tokens.text(index), line: tokens[index].line,
            flags: ScopedFact.Reference.member, scope: frame.scope)
    }

    private mutating func write(_ first: Int, through end: Int, last: Int, into facts: inout FactWriter) {
        guard !writer.isHidden(tokens.text(first)) else { return }
        var flags: UInt8 = 0
        if !isTypePosition(first) {
            flags = ScopedFact.Reference.value
            if !tokens.isCapitalised(first) { flags |= ScopedFact.Reference.call }
        }
        if let open = header, open.namesBases, parens == open.parens,
            isWord(first - 1, .extends) || isWord(first - 1, .with) || tokens.isMark(first - 1, ",")
        {
            flags = 0
            writer.chain(.base, from: first, through: end, scope: open.scope, into: &facts)
        }
        writer.chain(.reference, from: first, through: end, flags: flags, scope: frame.scope, into: &facts)
    }

    private func isTypePosition(_ first: Int) -> Bool {
        if isWord(first - 1, .new) || isWord(first - 1, .extends) || isWord(first - 1, .with) { return true }
        guard tokens[first - 1].kind == .punctuation else { return false }
        if tokens.isMark(first - 1, ":") { return !tokens.isMark(first - 2, ":") }
        return tokens.isMark(first - 1, "[") || tokens.isMark(first - 1, "@")
    }
}
