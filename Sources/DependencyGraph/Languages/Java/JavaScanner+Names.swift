extension JavaScanner {
    /// Reads a name with everything after its dots, and writes it if it may mean a type.
    mutating func name(into facts: inout FactWriter) {
        let first = place
        if tokens.isMark(first - 1, "."), !tokens.isMark(first - 2, ".") {
            // A member of a value, or the rest of a chain after a keyword.
            place += 1
            return
        }
        var last = first
        while tokens.isMark(last + 1, "."), tokens[last + 2].kind == .identifier, continues(last + 2) { last += 2 }
        let next = last + 1
        place = next
        let before = position(before: first)
        if before == .annotation {
            annotationEnd = last
        } else if before == .creation {
            creation = first...last
        } else if first == last, isDeclaredOrLabel(first, before, into: &facts) {
            return
        }

        // A name before a parenthesis is a method, unless a class is created or matched there.
        if tokens.isMark(next, "("), before == .other || before == .value {
            guard last > first, !isPattern(first) else {
                if last == first, isPattern(first) {
                    write(first, through: last, isType: true, before: before, into: &facts)
                }
                return
            }
            last -= 2
        }
        let isType = before != .other && before != .value || isTypePosition(next)
        write(first, through: trimmed(first, last), isType: isType, before: before, into: &facts)
    }

    /// The construct before a name.
    enum Before {
        case annotation, creation, type, value, other
    }

    private func position(before first: Int) -> Before {
        let token = tokens[first - 1]
        if token.kind == .punctuation { return token.byte == UInt8(ascii: "@") ? .annotation : .other }
        guard token.kind == .identifier else { return .other }
        switch Java.Word(rawValue: token.byte) {
        case .new: return .creation
        case .extends, .implements, .instanceof, .throws, .permits, .with, .uses, .provides: return .type
        case .return, .assert, .throw, .else, .yield: return .value
        default: return .other
        }
    }

    /// `.class`, `.this`, `.super` and `.new` end a chain of names.
    private func continues(_ index: Int) -> Bool {
        switch Java.Word(rawValue: tokens[index].byte) {
        case .class, .this, .super, .new: false
        default: true
        }
    }

    /// `case Point(` and `x instanceof Point(` match a record.
    private func isPattern(_ first: Int) -> Bool {
        inCase || isWord(first - 1, .instanceof) || isWord(first - 1, .case)
    }

    private func isTypePosition(_ next: Int) -> Bool {
        if isName(next) { return true }
        if tokens.isMark(next, "[") { return tokens.isMark(next + 1, "]") }
        // `A.class`, `A.this`, `A... a`
        if tokens.isMark(next, ".") { return tokens.isMark(next + 1, ".") || Self.isReserved(tokens[next + 1].byte) }
        return tokens.isMark(next, ":") && tokens.isMark(next + 1, ":")
    }

    /// Whether a single name is a declaration or a label of a statement or case, and not a use.
    private mutating func isDeclaredOrLabel(_ index: Int, _ before: Before, into facts: inout FactWriter) -> Bool {
        guard before == .other else { return false }
        let previous = tokens[index - 1]
        let next = tokens[index + 1]
        if frame.kind == .constants, isAtMemberLevel {
            let isFirst =
                tokens.isMark(index - 1, "{") || tokens.isMark(index - 1, ",") || index - 1 == annotationEnd
            if isFirst {
                declareValue(index, into: &facts)
                return true
            }
        }
        if inCase, !tokens.isMark(index + 1, "("), !isName(index + 1), !tokens.isMark(index + 1, "<") {
            // `case Red:`, `case Red, Green ->` name constants.
            return true
        }
        // `Type name`, after any token that may end a type.
        let followsType: Bool
        switch previous.kind {
        case .identifier:
            followsType =
                index - 1 != annotationEnd
                && (!Self.isReserved(previous.byte) || isPrimitive(previous.byte)) && !isModifier(previous.byte)
        case .punctuation where previous.byte == UInt8(ascii: "]"):
            followsType = index - 1 != annotationEnd
        case .punctuation where previous.byte == UInt8(ascii: ">"):
            // A value follows a cast or a comparison, and a type follows the type parameters of a method.
            let isArrow = tokens.isMark(index - 2, "-") && tokens.isJoined(index - 1)
            followsType =
                !isArrow && next.kind == .punctuation && !isTypePosition(index + 1) && !tokens.isMark(index + 1, "<")
        case .punctuation where previous.byte == UInt8(ascii: "."):
            followsType = true
        default:
            followsType = false
        }
        guard followsType else {
            return tokens.isMark(index + 1, "-") && tokens.isMark(index + 2, ">")
        }
        if next.kind == .punctuation,
            [UInt8(ascii: "="), UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "[")]
                .contains(next.byte)
        {
            declareValue(index, into: &facts)
        }
        return true
    }

    private func isPrimitive(_ byte: UInt8) -> Bool {
        (Java.Word.void.rawValue...Java.Word.boolean.rawValue).contains(byte)
    }

    private func isModifier(_ byte: UInt8) -> Bool {
        switch Java.Word(rawValue: byte) {
        case .sealed, .non: true
        default: false
        }
    }

    /// The last name of a chain that can be a type. A name in lower case after a type is a member.
    private func trimmed(_ first: Int, _ last: Int) -> Int {
        var end = first
        var sawType = false
        for index in stride(from: first, through: last, by: 2) {
            if tokens.isCapitalised(index) { sawType = true } else if sawType { return index - 2 }
            end = index
        }
        return end
    }

    private mutating func write(
        _ first: Int, through last: Int, isType: Bool, before: Before, into facts: inout FactWriter
    ) {
        guard isType || hasCapital(first, last), !writer.isHidden(tokens.text(first)) else { return }
        let flags = isType ? 0 : ScopedFact.Reference.value
        writer.chain(.reference, from: first, through: last, flags: flags, scope: frame.scope, into: &facts)
        if let header, header.namesBases, header.angles == 0, before != .annotation, parens.count == header.parens {
            writer.chain(.base, from: first, through: last, scope: header.scope, into: &facts)
        }
    }

    private func hasCapital(_ first: Int, _ last: Int) -> Bool {
        for index in stride(from: first, through: last, by: 2) where tokens.isCapitalised(index) { return true }
        return false
    }
}
