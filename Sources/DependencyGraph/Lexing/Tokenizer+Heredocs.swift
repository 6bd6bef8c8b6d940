extension Tokenizer {
    /// A here-document whose body starts after the line that names it.
    struct Heredoc {
        var tag: Range<Int>
        /// Whether blanks may stand before the closing tag.
        var indented: Bool
    }

    /// The largest number of here-documents that a line opens. Real code has fewer.
    private static let mostHeredocs = 16
    /// The largest number of here-documents without an end. Each costs a search to the end of the file.
    private static let mostEndless = 8

    /// Shell and Ruby: notes `<<TAG`, `<<-TAG`, `<<~TAG` with or without quotes around the tag.
    mutating func heredoc() -> Bool {
        guard at &+ 2 < end, bytes[at &+ 1] == UInt8(ascii: "<"), heredocs.count < Self.mostHeredocs else {
            return false
        }
        let isRuby = table.forms.contains(.ruby)
        // `class << self` and `a << b` are not here-documents: Ruby requires the tag directly after `<<`.
        var offset = at &+ 2
        var indented = false
        if bytes[offset] == UInt8(ascii: "-") || (bytes[offset] == UInt8(ascii: "~") && isRuby) {
            indented = true
            offset &+= 1
        }
        if !isRuby { while offset < end, bytes[offset] == UInt8(ascii: " ") { offset &+= 1 } }
        guard offset < end else { return false }
        let quote = bytes[offset]
        let tag: Range<Int>
        if quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
            let start = offset &+ 1
            offset = start
            while offset < end, bytes[offset] != quote, bytes[offset] != 0x0A { offset &+= 1 }
            guard offset < end, bytes[offset] == quote, offset > start else { return false }
            tag = start..<offset
            offset &+= 1
        } else {
            if quote == UInt8(ascii: "\\"), !isRuby { offset &+= 1 }
            let start = offset
            while offset < end, isIdentifier[Int(bytes[offset])] { offset &+= 1 }
            guard offset > start, classes[Int(bytes[start])] == LexicalTable.Class.letter else { return false }
            // `<<Constant` without `-` or `~` is a here-document only if no operand precedes it.
            if isRuby, !indented, let last = output.last, Self.isOperand(last), Int(last.end) == at { return false }
            if isRuby, !indented, !(0x41...0x5A).contains(bytes[start]) { return false }
            tag = start..<offset
        }
        heredocs.append(Heredoc(tag: tag, indented: indented))
        let start = at
        at = offset
        emit(.string, from: start, line: line, head: tag.lowerBound - start, tail: offset - tag.upperBound)
        return true
    }

    /// Moves past the bodies of the here-documents that the last line opened. Without an end, it was an operator, as in
    /// `1<<x`.
    mutating func skipHeredocs() {
        for heredoc in heredocs where endlessHeredocs < Self.mostEndless {
            let start = (at: at, line: line)
            if !skipBody(heredoc) {
                (at, line) = start
                endlessHeredocs += 1
            }
        }
        heredocs.removeAll(keepingCapacity: true)
    }

    /// Moves past the line that consists of the tag. Returns false if there is no such line.
    private mutating func skipBody(_ heredoc: Heredoc) -> Bool {
        while at < end {
            let start = at
            skipLine()
            var stop = at
            if at < end {
                at &+= 1
                line &+= 1
            }
            if stop > start, bytes[stop &- 1] == 0x0D { stop &-= 1 }
            var first = start
            if heredoc.indented {
                while first < stop, bytes[first] == UInt8(ascii: " ") || bytes[first] == UInt8(ascii: "\t") {
                    first &+= 1
                }
            }
            if stop &- first == heredoc.tag.count, sameBytes(first, heredoc.tag.lowerBound, count: heredoc.tag.count) {
                return true
            }
        }
        return false
    }

    private func sameBytes(_ a: Int, _ b: Int, count: Int) -> Bool {
        for index in 0..<count where bytes[a &+ index] != bytes[b &+ index] { return false }
        return true
    }

    /// PHP: `<<<TAG`, `<<<"TAG"` and `<<<'TAG'`, closed by the tag as the first word of a line.
    mutating func phpHeredoc() -> Bool {
        guard at &+ 3 < end, bytes[at &+ 1] == UInt8(ascii: "<"), bytes[at &+ 2] == UInt8(ascii: "<") else {
            return false
        }
        let start = at
        let first = line
        var offset = at &+ 3
        while offset < end, bytes[offset] == UInt8(ascii: " ") || bytes[offset] == UInt8(ascii: "\t") { offset &+= 1 }
        if offset < end, bytes[offset] == UInt8(ascii: "'") || bytes[offset] == UInt8(ascii: "\"") { offset &+= 1 }
        let tag = offset
        while offset < end, isIdentifier[Int(bytes[offset])] { offset &+= 1 }
        let count = offset &- tag
        guard count > 0, classes[Int(bytes[tag])] == LexicalTable.Class.letter else { return false }
        at = offset
        skipLine()
        let body = at
        while at < end {
            at &+= 1
            line &+= 1
            while at < end, bytes[at] == UInt8(ascii: " ") || bytes[at] == UInt8(ascii: "\t") { at &+= 1 }
            if at &+ count <= end, sameBytes(at, tag, count: count),
                at &+ count == end || !isIdentifier[Int(bytes[at &+ count])]
            {
                at &+= count
                break
            }
            skipLine()
        }
        emit(.string, from: start, line: first, head: body - start, tail: 0)
        return true
    }

    /// PHP: moves to the code after the next `<?php` or `<?=`.
    mutating func skipOutsidePHP() {
        while at < end {
            let byte = bytes[at]
            if byte == 0x0A {
                line &+= 1
            } else if byte == UInt8(ascii: "<"), at &+ 1 < end, bytes[at &+ 1] == UInt8(ascii: "?") {
                let rest = at &+ 2
                if rest < end, bytes[rest] == UInt8(ascii: "=") {
                    at = rest &+ 1
                    return
                }
                if rest &+ 3 <= end, bytes[rest] | 0x20 == UInt8(ascii: "p"),
                    bytes[rest &+ 1] | 0x20 == UInt8(ascii: "h"),
                    bytes[rest &+ 2] | 0x20 == UInt8(ascii: "p")
                {
                    at = rest &+ 3
                    return
                }
            }
            at &+= 1
        }
    }
}
