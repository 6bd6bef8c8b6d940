/// The bytes of one file during its scan. Not valid afterwards.
package struct Source {
    package typealias Bytes = UnsafeBufferPointer<UInt8>

    package let bytes: Bytes
    /// The role of the path as given by the language's `role(of:)`; 0 for ordinary source.
    package let role: UInt8
    let scratch: TokenBuffer

    init(_ bytes: Bytes, role: UInt8, scratch: TokenBuffer) {
        self.bytes = bytes
        self.role = role
        self.scratch = scratch
    }

    /// Cuts the file into tokens. The result is valid until the next call.
    ///
    /// - Parameter limit: the number of bytes to read, for a language that needs only the start of a file.
    package func tokens(_ table: LexicalTable, limit: Int = .max) -> Tokens {
        let bytes = Bytes(rebasing: bytes.prefix(limit))
        var tokenizer = Tokenizer(bytes, table, into: scratch)
        tokenizer.run()
        return Tokens(bytes: bytes, storage: UnsafePointer(scratch.storage), count: scratch.count)
    }
}

/// The tokens of one file. A place before the first or after the last token gives `Token.none`, so looking ahead is
/// safe.
package struct Tokens {
    package let bytes: Source.Bytes
    let storage: UnsafePointer<Token>
    package let count: Int

    package subscript(_ index: Int) -> Token {
        @inline(__always) get { index >= 0 && index < count ? storage[index] : .none }
    }

    package func text(_ index: Int) -> Source.Bytes { text(self[index]) }

    package func text(_ token: Token) -> Source.Bytes {
        Source.Bytes(rebasing: bytes[Int(token.start)..<Int(token.end)])
    }

    /// The contents of a literal, without prefix and quotes. Escapes are as written.
    package func contents(_ index: Int) -> Source.Bytes {
        let token = self[index]
        let start = Int(token.start) + Int(token.head)
        return Source.Bytes(rebasing: bytes[start..<max(start, Int(token.end) - Int(token.tail))])
    }

    /// The bytes from the start of one token to the end of another, as written.
    package func text(from first: Int, through last: Int) -> Source.Bytes {
        Source.Bytes(rebasing: bytes[Int(self[first].start)..<max(Int(self[first].start), Int(self[last].end))])
    }

    /// Whether the token is this one byte of punctuation.
    @inline(__always)
    package func isMark(_ index: Int, _ mark: Unicode.Scalar) -> Bool {
        let token = self[index]
        return token.kind == .punctuation && token.byte == UInt8(truncatingIfNeeded: mark.value)
    }

    /// Whether an operator of several bytes starts at this token.
    package func isOperator(_ index: Int, _ operator: StaticString) -> Bool {
        let token = self[index]
        let count = `operator`.utf8CodeUnitCount
        guard token.kind == .punctuation, Int(token.start) + count <= bytes.count else { return false }
        for place in 0..<count where bytes[Int(token.start) + place] != `operator`.utf8Start[place] { return false }
        return true
    }

    /// Whether the token's text is exactly this word.
    package func isWord(_ index: Int, _ word: StaticString) -> Bool {
        let token = self[index]
        let count = word.utf8CodeUnitCount
        guard token.kind == .identifier, Int(token.end - token.start) == count else { return false }
        for place in 0..<count where bytes[Int(token.start) + place] != word.utf8Start[place] { return false }
        return true
    }

    /// Whether nothing lies between this token and the one before it.
    package func isJoined(_ index: Int) -> Bool { index > 0 && self[index - 1].end == self[index].start }

    /// Whether this is the first token of its line.
    package func startsLine(_ index: Int) -> Bool {
        let before = self[index - 1]
        return before.kind == .newline || before.line != self[index].line
    }

    /// The number of bytes between the start of the line and the token. For the first token of a line, this is the
    /// indentation.
    package func column(_ index: Int) -> Int {
        let start = Int(self[index].start)
        var offset = start
        while offset > 0, bytes[offset - 1] != 0x0A { offset -= 1 }
        return start - offset
    }

    /// Up to `limit` places from `start` on, for looking ahead. Ends at the last token.
    package func places(from start: Int, atMost limit: Int) -> Range<Int> {
        start..<max(start, limit < count - start ? start + limit : count)
    }

    /// The place after the bracket that closes the one at `index`. Without such a bracket, the last place looked at.
    ///
    /// Takes time linear in the skipped tokens. A caller that does not continue after the bracket gives a limit.
    package func behindBracket(_ index: Int, within limit: Int = .max) -> Int {
        var depth = 0
        var place = index
        let end = places(from: index, atMost: limit).upperBound
        while place < end {
            let token = storage[place]
            if token.kind == .punctuation {
                switch token.byte {
                case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
                default: break
                }
            }
            place += 1
            if depth <= 0 { return place }
        }
        return end
    }
}
