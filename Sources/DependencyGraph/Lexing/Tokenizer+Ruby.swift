extension Tokenizer {
    /// `?x` without an operand before it.
    mutating func rubyCharacter() -> Bool {
        if let last = output.last, Self.isOperand(last) { return false }
        guard at &+ 1 < end, bytes[at &+ 1] > 0x20 else { return false }
        if bytes[at &+ 1] == UInt8(ascii: "\\"), at &+ 2 < end, bytes[at &+ 2] == 0x0A { return false }
        if at &+ 2 < end, isIdentifier[Int(bytes[at &+ 1])], isIdentifier[Int(bytes[at &+ 2])] { return false }
        let start = at
        at &+= bytes[at &+ 1] == UInt8(ascii: "\\") ? 3 : 2
        at = min(at, end)
        emit(.character, from: start, line: line, head: 1, tail: 0)
        return true
    }

    /// `%w[…]`, `%i[…]`, `%q(…)`, `%Q{…}`, `%r{…}`, `%x(…)`, `%s(…)` and `%(…)`.
    mutating func percentLiteral() -> Bool {
        let start = at
        var offset = at &+ 1
        guard offset < end else { return false }
        var letter: UInt8 = 0
        if "wWiIqQrxs".utf8.contains(bytes[offset]) {
            letter = bytes[offset]
            offset &+= 1
        }
        guard offset < end else { return false }
        let open = bytes[offset]
        let close: UInt8
        switch open {
        case UInt8(ascii: "("): close = UInt8(ascii: ")")
        case UInt8(ascii: "["): close = UInt8(ascii: "]")
        case UInt8(ascii: "{"): close = UInt8(ascii: "}")
        case UInt8(ascii: "<"): close = UInt8(ascii: ">")
        case UInt8(ascii: "|"), UInt8(ascii: "!"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "^"):
            guard letter != 0 else { return false }
            close = open
        default: return false
        }
        if let last = output.last, Self.isOperand(last) {
            // `a % w` divides and `puts %w[a]` does not: a literal has a blank before the `%` and none after it.
            let spaced = Int(last.end) < at
            guard last.kind == .identifier, spaced, letter != 0 else { return false }
        }
        at = offset &+ 1
        let code =
            letter == 0 || letter == UInt8(ascii: "Q") || letter == UInt8(ascii: "W") || letter == UInt8(ascii: "r")
            || letter == UInt8(ascii: "I") || letter == UInt8(ascii: "x")
        percentContent(
            kind: letter == UInt8(ascii: "r") ? .regex : .string, start: start, head: at &- start, open: open,
            close: close,
            depth: 0, code: code)
        return true
    }

    mutating func percentContent(
        kind: Token.Kind, start: Int, head: Int, open: UInt8, close: UInt8, depth outer: Int, code: Bool
    ) {
        let first = line
        var depth = outer
        while at < end {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\\") {
                if at &+ 1 < end, bytes[at &+ 1] == 0x0A { line &+= 1 }
                at = min(end, at &+ 2)
                continue
            }
            if byte == close {
                if depth == 0 {
                    at &+= 1
                    emit(kind, from: start, line: first, head: head, tail: 1)
                    return
                }
                depth &-= 1
            } else if byte == open {
                depth &+= 1
            } else if byte == 0x0A {
                line &+= 1
            } else if code, byte == UInt8(ascii: "#"), at &+ 1 < end, bytes[at &+ 1] == UInt8(ascii: "{"),
                frames.count < Self.deepest
            {
                emit(kind, from: start, line: first, head: head, tail: 0)
                at &+= 2
                push(.ruby(close: close, open: open, depth: depth), opened: UInt8(ascii: "{"), oneLine: false)
                return
            }
            at &+= 1
        }
        emit(kind, from: start, line: first, head: head, tail: 0)
    }

    /// At the start of a line: skips `=begin … =end` and everything after `__END__`.
    @discardableResult
    mutating func skipRubyBlock() -> Bool {
        guard at < end else { return false }
        if bytes[at] == UInt8(ascii: "_"), startsLine("__END__") {
            at = end
            return true
        }
        guard bytes[at] == UInt8(ascii: "="), startsLine("=begin") else { return false }
        while at < end {
            skipLine()
            guard at < end else { break }
            at &+= 1
            line &+= 1
            if at < end, bytes[at] == UInt8(ascii: "="), startsLine("=end") {
                skipLine()
                break
            }
        }
        return true
    }

    /// Whether the line from here starts with a word that ends there.
    private func startsLine(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard at &+ count <= end else { return false }
        for index in 0..<count where bytes[at &+ index] != word.utf8Start[index] { return false }
        return at &+ count == end || !isIdentifier[Int(bytes[at &+ count])]
    }
}
