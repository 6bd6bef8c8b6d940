extension Tokenizer {
    /// Reads one of the forms enabled by the language, if it starts here.
    mutating func irregular(_ byte: UInt8) -> Bool {
        let forms = table.forms
        switch byte {
        case UInt8(ascii: "/"):
            return forms.contains(.regex) && regex()
        case UInt8(ascii: "'"):
            if forms.contains(.ruby), at > 0, bytes[at &- 1] == UInt8(ascii: "$") {
                punctuation(byte)
                return true
            }
            return forms.contains(.lifetimes) && lifetime()
        case UInt8(ascii: "\""), UInt8(ascii: "`"):
            // Ruby's variables `$"` and `` $` ``.
            if forms.contains(.ruby), at > 0, bytes[at &- 1] == UInt8(ascii: "$") {
                punctuation(byte)
                return true
            }
            guard byte == UInt8(ascii: "\"") else { return false }
            if forms.contains(.swiftStrings) { return swiftString() }
            return forms.contains(.csharpRaw) && csharpRawString()
        case UInt8(ascii: "#"):
            return forms.contains(.swiftStrings) && swiftString()
        case UInt8(ascii: "$"):
            return forms.contains(.csharpRaw) && csharpRawString()
        case UInt8(ascii: "<"):
            if forms.contains(.phpHeredoc) { return phpHeredoc() }
            if forms.contains(.jsx) { return jsxElement() }
            return forms.contains(.heredoc) && heredoc()
        case UInt8(ascii: "?"):
            if forms.contains(.phpTags), at &+ 1 < end, bytes[at &+ 1] == UInt8(ascii: ">") {
                // The tag ends a statement.
                output.append(
                    Token(
                        start: UInt32(truncatingIfNeeded: at), end: UInt32(truncatingIfNeeded: at &+ 2), line: line,
                        kind: .punctuation, byte: UInt8(ascii: ";"), head: 0, tail: 0))
                at &+= 2
                skipOutsidePHP()
                return true
            }
            return forms.contains(.ruby) && rubyCharacter()
        case UInt8(ascii: "%"):
            return forms.contains(.ruby) && percentLiteral()
        case UInt8(ascii: "="):
            if forms.contains(.ruby), at == 0 { return skipRubyBlock() }
            return false
        default:
            return false
        }
    }

    /// Whether a value may end with this token, so that a following slash divides.
    static func isOperand(_ token: Token) -> Bool {
        switch token.kind {
        case .identifier: token.byte == 0
        case .number, .string, .stringRest, .character, .regex: true
        case .punctuation:
            token.byte == UInt8(ascii: ")") || token.byte == UInt8(ascii: "]") || token.byte == UInt8(ascii: "}")
        case .none, .newline, .comment: false
        }
    }

    /// Whether a value ends before here: `a`, `a++`, and TypeScript's `a!`.
    func isBehindOperand() -> Bool {
        guard let last = output.last else { return false }
        if Self.isOperand(last) { return true }
        guard last.kind == .punctuation, let before = output.beforeLast, before.end == last.start else { return false }
        switch last.byte {
        case UInt8(ascii: "+"), UInt8(ascii: "-"): return before.kind == .punctuation && before.byte == last.byte
        case UInt8(ascii: "!"): return Self.isOperand(before)
        default: return false
        }
    }

    /// Ruby: `match /x/` passes a regular expression, `a / b` and `a/b` divide.
    private func isRubyArgument(_ last: Token) -> Bool {
        guard table.forms.contains(.ruby), last.kind == .identifier, Int(last.end) < at, at &+ 1 < end else {
            return false
        }
        return bytes[at &+ 1] > 0x20 && bytes[at &+ 1] != UInt8(ascii: "=")
    }

    /// `/…/` with classes and escapes on one line. Names count as operands, keywords do not.
    private mutating func regex() -> Bool {
        guard at >= noRegexBefore else { return false }
        // A regular expression of Ruby may span lines, except where only blanks tell it from a division.
        let spansLines = table.forms.contains(.ruby) && !isBehindOperand()
        if let last = output.last {
            if isBehindOperand(), !isRubyArgument(last) { return false }
            // `</tag>` of JSX.
            if last.byte == UInt8(ascii: "<"), last.kind == .punctuation, Int(last.end) == at { return false }
        }
        var offset = at &+ 1
        var inClass = false
        var lines: UInt32 = 0
        while offset < end {
            let byte = bytes[offset]
            if byte == 0x0A {
                guard spansLines else { break }
                lines &+= 1
            } else if byte == UInt8(ascii: "\\") {
                offset &+= 1
                if offset < end, bytes[offset] == 0x0A {
                    guard spansLines else { break }
                    lines &+= 1
                }
            } else if byte == UInt8(ascii: "[") {
                // In Ruby, a slash ends the expression even inside a class.
                inClass = !table.forms.contains(.ruby)
            } else if byte == UInt8(ascii: "]") {
                inClass = false
            } else if byte == UInt8(ascii: "/"), !inClass {
                let start = at
                at = offset &+ 1
                while at < end, isIdentifier[Int(bytes[at])] { at &+= 1 }
                emit(.regex, from: start, line: line, head: 1, tail: at &- offset)
                line &+= lines
                return true
            }
            offset &+= 1
        }
        noRegexBefore = offset
        return false
    }

    /// Rust, and symbols of Scala: a quote, one character and a quote are a character. Any other quote is punctuation.
    private mutating func lifetime() -> Bool {
        let start = at
        var offset = at &+ 1
        guard offset < end else { return false }
        if bytes[offset] == UInt8(ascii: "\\") {
            guard offset &+ 1 < end, bytes[offset &+ 1] != 0x0A else { return false }
            offset &+= 2
            // The longest escape is `\u{10FFFF}`.
            let limit = min(end, offset &+ 12)
            while offset < limit, bytes[offset] != UInt8(ascii: "'"), bytes[offset] != 0x0A { offset &+= 1 }
            guard offset < limit, bytes[offset] == UInt8(ascii: "'") else { return false }
        } else {
            guard bytes[offset] != 0x0A, bytes[offset] != UInt8(ascii: "'") else { return false }
            offset &+= 1
            while offset < end, bytes[offset] & 0xC0 == 0x80 { offset &+= 1 }
            guard offset < end, bytes[offset] == UInt8(ascii: "'") else {
                // The name of a lifetime refers to nothing.
                guard classes[Int(bytes[at &+ 1])] == LexicalTable.Class.letter else { return false }
                punctuation(UInt8(ascii: "'"))
                while at < end, isIdentifier[Int(bytes[at])] { at &+= 1 }
                return true
            }
        }
        at = offset &+ 1
        emit(.character, from: start, line: line, head: 1, tail: 1)
        return true
    }
}
