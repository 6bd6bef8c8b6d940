extension KotlinScanner {
    /// Reads a name with everything after its dots.
    mutating func name(into facts: inout FactWriter) {
        let first = place
        if first == declared {
            place += 1
            return
        }
        if isBehindValue(first) {
            member(first, into: &facts)
            place += 1
            return
        }
        if isLabel(first) || isParameter(first) || isConstant(first, into: &facts) {
            place += 1
            return
        }
        var last = first
        while tokens.isMark(last + 1, "."), last + 2 != declared, tokens[last + 2].kind == .identifier,
            !Self.isReserved(tokens[last + 2].byte)
        {
            last += 2
        }
        place = last + 1
        let end = typeEnd(first, last)
        for index in stride(from: end + 2, through: last, by: 2) { member(index, into: &facts) }
        let isAnnotation = tokens.isMark(first - 1, "@") || tokens.isMark(first - 1, ":") && isSiteTarget(first - 2)
        if isAnnotation { annotationEnd = last }
        write(first, through: end, last: last, isAnnotation: isAnnotation, into: &facts)
    }

    /// `x.name`, `x?.name`, `x::name`, but not `..name` and not `::name` without a receiver.
    private func isBehindValue(_ index: Int) -> Bool {
        if tokens.isMark(index - 1, ".") { return !tokens.isMark(index - 2, ".") }
        guard tokens.isMark(index - 1, ":"), tokens.isMark(index - 2, ":"), tokens.isJoined(index - 1) else {
            return false
        }
        let owner = tokens[index - 3]
        return owner.end == tokens[index - 2].start
            && (owner.kind == .identifier || owner.kind == .string || ")>?]".utf8.contains(owner.byte))
    }

    private func isSiteTarget(_ index: Int) -> Bool {
        tokens.isMark(index - 1, "@") && tokens[index].kind == .identifier
    }

    /// `return@name`, `name@ {`, the target in `@get:Name`, and the name of an argument.
    private mutating func isLabel(_ index: Int) -> Bool {
        if tokens.isMark(index - 1, "@") {
            if tokens.isMark(index + 1, ":") {
                if isWord(index, .file), tokens.isWord(index + 2, "JvmName"), tokens[index + 4].kind == .string {
                    facade = index + 4
                }
                return true
            }
            return tokens[index - 2].kind == .identifier && tokens.isJoined(index - 1)
        }
        if tokens.isMark(index + 1, "@"), tokens.isJoined(index + 1) { return true }
        guard parens > frame.parens, tokens.isMark(index + 1, "="), !tokens.isMark(index + 2, "=") else { return false }
        return tokens.isMark(index - 1, "(") || tokens.isMark(index - 1, ",")
    }

    /// `(name: Type` declares a parameter, `for (name in` a variable.
    private mutating func isParameter(_ index: Int) -> Bool {
        guard parens > frame.parens else { return false }
        let isFirst =
            tokens.isMark(index - 1, "(") || tokens.isMark(index - 1, ",") || isWord(index - 1, .vararg)
            || isWord(index - 1, .noinline) || isWord(index - 1, .crossinline) || index - 1 == annotationEnd
            || tokens.isMark(index - 1, ")")
        let isTyped = tokens.isMark(index + 1, ":") && !tokens.isMark(index + 2, ":")
        let isLoop = isWord(index + 1, .in) && isWord(index - 2, .for)
        guard isFirst, isTyped || isLoop else { return false }
        writer.hide(tokens.text(index))
        return true
    }

    private mutating func isConstant(_ index: Int, into facts: inout FactWriter) -> Bool {
        guard frame.kind == .constants, isAtMemberLevel else { return false }
        guard tokens.isMark(index - 1, "{") || tokens.isMark(index - 1, ",") || index - 1 == annotationEnd else {
            return false
        }
        facts.add(
            kind: ScopedFact.value.rawValue, text: tokens.text(index), line: tokens[index].line, scope: frame.scope)
        return true
    }

    /// The last name of a chain that can be a type, or its head. The names after it are members.
    private func typeEnd(_ first: Int, _ last: Int) -> Int {
        var end = first
        var sawType = false
        for index in stride(from: first, through: last, by: 2) {
            if tokens.isCapitalised(index) {
                sawType = true
                end = index
            } else if sawType {
                return end
            }
        }
        return end
    }

    /// A name after a dot may be an extension of this package.
    private func member(_ index: Int, into facts: inout FactWriter) {
        guard tokens[index].byte == 0 || !Self.isReserved(tokens[index].byte) else { return }
        facts.count(
            kind: ScopedFact.reference.rawValue, text: tokens.text(index), line: tokens[index].line,
            flags: ScopedFact.Reference.member, scope: frames[0].scope)
    }

    private mutating func write(
        _ first: Int, through end: Int, last: Int, isAnnotation: Bool, into facts: inout FactWriter
    ) {
        guard !writer.isHidden(tokens.text(first)) else { return }
        var flags: UInt8 = 0
        if !isAnnotation, !isTypePosition(first) {
            flags = ScopedFact.Reference.value
            let isCalled =
                end == last
                && (tokens.isMark(end + 1, "(")
                    || tokens.isMark(end + 1, "{") && tokens[end].line == tokens[end + 1].line && header == nil)
            // A name in lower case is a function or property, even if it is passed on.
            if isCalled || !tokens.isCapitalised(end) { flags |= ScopedFact.Reference.call }
        }
        var scope = frame.scope
        if let open = header {
            // The parameters of a constructor see the members of its class, but the supertypes do not.
            if parens > open.parens, !open.namesBases { scope = open.scope }
            if open.namesBases, parens == open.parens, open.angles == 0,
                tokens.isMark(first - 1, ":") || tokens.isMark(first - 1, ",")
            {
                flags = 0
                writer.chain(.base, from: first, through: end, scope: open.scope, into: &facts)
            }
        }
        writer.chain(.reference, from: first, through: end, flags: flags, scope: scope, into: &facts)
    }

    private func isTypePosition(_ first: Int) -> Bool {
        let before = tokens[first - 1]
        if before.kind == .identifier { return isWord(first - 1, .is) || isWord(first - 1, .as) }
        guard before.kind == .punctuation else { return false }
        switch before.byte {
        case UInt8(ascii: ":"): return !tokens.isMark(first - 2, ":")
        case UInt8(ascii: "<"): return true
        case UInt8(ascii: "?"): return isWord(first - 2, .as)
        default: return false
        }
    }
}
