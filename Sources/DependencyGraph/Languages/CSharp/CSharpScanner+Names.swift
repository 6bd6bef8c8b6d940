extension CSharpScanner {
    /// Reads a name with everything after its dots, and writes it if it may mean a type.
    mutating func name(into facts: inout FactWriter) {
        let first = place
        if isMember(first) {
            place += 1
            if isWord(first - 2, .this) { own(first, into: &facts) }
            if tokens.isMark(place, "(") || tokens.isMark(place, "<") { called(first, into: &facts) }
            return
        }
        let chain = chain(at: first)
        // The main loop reads type arguments and skips the names after their dots.
        place = first + 1
        if let open = chain.arguments {
            argumentsEnd = max(argumentsEnd, chain.end - 1)
            if chain.parts == 1 { place = open }
        } else {
            place = chain.end
        }
        if chain.parts > 1, tokens.isMark(chain.end, "("), chain.arguments == nil { called(chain.last, into: &facts) }
        if chain.parts == 1, isDeclared(chain, into: &facts) { return }
        hideMethodParameters(chain)
        own(first, into: &facts)
        guard let flags = flags(chain), !writer.isHidden(tokens.text(first)) else { return }
        var scope = frame.scope
        if let open = header {
            // Names in the parameters of a record are looked up in it, and names of bases outside of it.
            if brackets.count > open.brackets { scope = open.scope }
            if open.namesBases, brackets.count == open.brackets, first > argumentsEnd || chain.arguments != nil,
                tokens.isMark(first - 1, ":") || tokens.isMark(first - 1, ",")
            {
                write(.base, chain, flags: 0, scope: open.scope, into: &facts)
            }
        }
        write(.reference, chain, flags: flags, scope: scope, into: &facts)
    }

    /// `T Method<T>(…)` and `T IFace.Method<T>(…)`: the type parameters are visible from the result type on.
    private mutating func hideMethodParameters(_ chain: Chain) {
        guard frame.kind == .type, isAtMemberLevel, header == nil else { return }
        var open = chain.last + 1
        if chain.parts == 1 || !followsType(chain.first) {
            var name = chain.end
            while "[]?,".utf8.contains(tokens[name].byte), tokens[name].kind == .punctuation, name < chain.end + 8 {
                name += 1
            }
            guard isName(name) else { return }
            open = name + 1
        }
        guard let close = arity(at: open)?.close, tokens.isMark(close + 1, "(") else { return }
        writer.hideTypeParameters(at: open, skipping: Self.isReserved)
    }

    private func isMember(_ index: Int) -> Bool {
        if tokens.isMark(index - 1, ".") { return !tokens.isMark(index - 2, ".") }
        return tokens.isMark(index - 1, ">") && tokens.isMark(index - 2, "-") && tokens.isJoined(index - 1)
            && tokens.isJoined(index)
    }

    /// A method called after a dot may be an extension.
    private func called(_ index: Int, into facts: inout FactWriter) {
        facts.count(
            kind: ScopedFact.reference.rawValue, text: tokens.text(index), line: tokens[index].line,
            flags: ScopedFact.Reference.member, scope: frame.scope)
    }

    /// A plain name in a partial type may be a member that another part declares.
    private func own(_ index: Int, into facts: inout FactWriter) {
        guard frame.isPartial else { return }
        facts.count(
            kind: ScopedFact.reference.rawValue, text: tokens.text(index), line: tokens[index].line,
            flags: ScopedFact.Reference.own, scope: frame.scope)
    }

    // MARK: Declarations

    /// Whether a single name is a declaration here and not a use.
    private mutating func isDeclared(_ chain: Chain, into facts: inout FactWriter) -> Bool {
        let index = chain.first
        if frame.kind == .constants, isAtMemberLevel {
            return tokens.isMark(index - 1, "{") || tokens.isMark(index - 1, ",") || index - 1 == attributeEnd
        }
        guard followsType(index) else { return false }
        let next = tokens[chain.end]
        guard frame.kind == .type, isAtMemberLevel, next.kind == .punctuation, header == nil else {
            return !isTypeAgain(chain)
        }
        switch next.byte {
        case UInt8(ascii: "("):
            method(index, chain.arguments, into: &facts)
        case UInt8(ascii: "{"), UInt8(ascii: "="), UInt8(ascii: ";"), UInt8(ascii: ","):
            facts.add(
                kind: ScopedFact.value.rawValue, text: tokens.text(index), line: tokens[index].line, scope: frame.scope)
        default:
            return !isTypeAgain(chain)
        }
        return true
    }

    /// `Outer Inner name` does not exist, but `partial Inner name`, `async Task Run` and the like do.
    private func isTypeAgain(_ chain: Chain) -> Bool { isName(chain.end) && tokens[chain.end].byte == 0 }

    private func followsType(_ index: Int) -> Bool {
        let before = tokens[index - 1]
        switch before.kind {
        case .identifier:
            // `int`, `string`, … or a name. Contextual keywords are not types.
            return before.byte == 0
                || (CSharp.Word.void.rawValue...CSharp.Word.ushort.rawValue).contains(before.byte)
                || isWord(index - 1, .var) || isWord(index - 1, .dynamic) || isWord(index - 1, .nint)
        case .punctuation where before.byte == UInt8(ascii: ">"):
            return index - 1 <= argumentsEnd && !tokens.isMark(index - 2, "=")
        case .punctuation where before.byte == UInt8(ascii: "]"):
            return index - 1 != attributeEnd
        case .punctuation where before.byte == UInt8(ascii: "?"):
            return isNullableEnd(index - 1)
        case .punctuation where before.byte == UInt8(ascii: "*"):
            return tokens.isJoined(index - 1) && !tokens.isJoined(index)
        case .punctuation where before.byte == UInt8(ascii: ")"):
            // A tuple type before the name of a member.
            return frame.kind == .type && isAtMemberLevel
        default:
            return false
        }
    }

    /// Whether the `?` belongs to the type before it. A conditional expression has a `:` after it.
    private func isNullableEnd(_ mark: Int) -> Bool {
        guard tokens.isJoined(mark) else { return false }
        let next = tokens[mark + 2]
        guard next.kind == .punctuation else { return isWord(mark + 2, .in) }
        if next.byte == UInt8(ascii: "(") { return frame.kind == .type && isAtMemberLevel }
        return "=;,){".utf8.contains(next.byte)
    }

    private mutating func method(_ name: Int, _ arguments: Int?, into facts: inout FactWriter) {
        if let arguments { writer.hideTypeParameters(at: arguments, skipping: Self.isReserved) }
        var open = name + 1
        if let close = arity(at: open)?.close { open = close + 1 }
        var scope = frame.scope
        var flags = ScopedFact.Value.isMethod
        if isWord(open + 1, .this), frame.scope != 0 {
            // An extension is visible in the namespace around its class.
            scope = namespaceScope
            flags = ScopedFact.Value.isExtension
        }
        facts.add(
            kind: ScopedFact.value.rawValue, text: tokens.text(name), line: tokens[name].line, flags: flags,
            scope: scope)
    }

    private var namespaceScope: UInt16 { frames.last { $0.kind == .file }?.scope ?? 0 }

    // MARK: Uses

    /// The flags of a reference, or nil if the name cannot mean a type where it stands.
    private func flags(_ chain: Chain) -> UInt8? {
        let first = chain.first
        let before = tokens[first - 1]
        let next = chain.end
        if let open = brackets.last, open == .attribute, !isAtMemberLevel,
            tokens.isMark(first - 1, "[") || tokens.isMark(first - 1, ",")
                || tokens.isMark(first - 1, ":") && !tokens.isMark(first - 2, ":")
        {
            return ScopedFact.Reference.attribute
        }
        if isTypePosition(first, before: before, in: chain) { return 0 }
        if chain.parts > 1 { return tokens.isCapitalised(first) ? ScopedFact.Reference.value : nil }
        guard tokens.isCapitalised(first) else { return nil }
        // `nameof(A)`, `case A:`, and the patterns of a `switch` expression.
        if tokens.isMark(first - 1, "("), isWord(first - 2, .nameof) { return ScopedFact.Reference.value }
        if isWord(first - 1, .case) { return ScopedFact.Reference.value }
        if tokens.isMark(first - 1, "{") || tokens.isMark(first - 1, ",") {
            let isPattern =
                tokens.isMark(next, "=") && tokens.isMark(next + 1, ">") || tokens.isMark(next, "{")
                || tokens.isMark(next, "(") && isPatternArm(next)
            if isPattern { return ScopedFact.Reference.value }
        }
        return nil
    }

    /// `A(…) =>` in a `switch` expression.
    private func isPatternArm(_ open: Int) -> Bool {
        var depth = 0
        // Real patterns are shorter.
        for index in open..<min(tokens.count, open + 48) {
            if tokens.isMark(index, "(") { depth += 1 }
            if tokens.isMark(index, ")") { depth -= 1 }
            if depth == 0 { return tokens.isMark(index + 1, "=") && tokens.isMark(index + 2, ">") }
        }
        return false
    }

    private func isTypePosition(_ first: Int, before: Token, in chain: Chain) -> Bool {
        if first < argumentsEnd, first > 0 { return true }
        let next = chain.end
        if before.kind == .identifier {
            switch CSharp.Word(rawValue: before.byte) {
            case .new, .is, .as, .stackalloc, .operator, .not, .or, .and: return true
            default: break
            }
        }
        if before.kind == .punctuation {
            if before.byte == UInt8(ascii: ":") {
                // Bases, constraints, and `global::A`.
                if tokens.isMark(first - 2, ":") { return true }
                if let header, brackets.count == header.brackets { return true }
                if frame.kind == .type, isAtMemberLevel { return true }
            } else if before.byte == UInt8(ascii: ",") {
                if let header, brackets.count == header.brackets, !tokens.isMark(next, "(") || header.namesBases {
                    return true
                }
                if frame.kind == .type, isAtMemberLevel, isInConstraint(first) { return true }
            } else if before.byte == UInt8(ascii: "(") {
                switch CSharp.Word(rawValue: tokens[first - 2].byte) {
                case .typeof, .sizeof, .default, .catch:
                    if tokens[first - 2].kind == .identifier { return true }
                default: break
                }
                if isCast(next) { return true }
            }
        }
        return isBeforeName(next)
    }

    /// `where T : A, B` after a method: searches backwards for the colon, over names, dots and arguments.
    private func isInConstraint(_ first: Int) -> Bool {
        var index = first - 1
        while index > first - 48 {
            let token = tokens[index]
            if token.kind == .identifier {
                if isWord(index, .where) { return true }
            } else if token.kind != .punctuation || !".,:<>?()".utf8.contains(token.byte) {
                return false
            }
            index -= 1
        }
        return false
    }

    /// `Type name`, `Type[] name`, `Type? name`, `Type* name`.
    private func isBeforeName(_ start: Int) -> Bool {
        var index = start
        var isNullable = false
        while tokens[index].kind == .punctuation, index < start + 16 {
            if tokens.isMark(index, "[") {
                var close = index + 1
                while tokens.isMark(close, ",") { close += 1 }
                guard tokens.isMark(close, "]") else { return false }
                // `Type[]` without a name is a type too.
                return true
            } else if tokens.isMark(index, "?"), tokens.isJoined(index) {
                isNullable = true
                if tokens.isMark(index + 1, "["), tokens.isMark(index + 2, "]") { return true }
            } else if tokens.isMark(index, "*"), tokens.isJoined(index), !tokens.isJoined(index + 1) {
                return isName(index + 1) && "=;,)".utf8.contains(tokens[index + 2].byte)
            } else {
                return false
            }
            index += 1
        }
        guard tokens[index].kind == .identifier else { return false }
        switch CSharp.Word(rawValue: tokens[index].byte) {
        case .this, .operator: return true
        case .is, .as, .in, .switch, .with, .and, .or, .when, .not, .where, .equals, .on, .into, .by, .ascending,
            .descending, .orderby, .select, .join, .group, .from, .let:
            return false
        default:
            break
        }
        guard isName(index) else { return false }
        return !isNullable || isNullableEnd(index - 1)
    }

    /// `(Type) operand`
    private func isCast(_ close: Int) -> Bool {
        var close = close
        if tokens.isMark(close, "?") { close += 1 }
        if tokens.isMark(close, "["), tokens.isMark(close + 1, "]") { close += 2 }
        guard tokens.isMark(close, ")") else { return false }
        let next = tokens[close + 1]
        switch next.kind {
        case .number, .string, .character: return true
        case .identifier:
            switch CSharp.Word(rawValue: next.byte) {
            case .is, .as, .in, .switch, .with, .and, .or, .when, .where: return false
            default: return true
            }
        case .punctuation:
            return next.byte == UInt8(ascii: "(") || next.byte == UInt8(ascii: "~")
                || next.byte == UInt8(ascii: "!") && !tokens.isMark(close + 2, "=")
        default: return false
        }
    }
}
