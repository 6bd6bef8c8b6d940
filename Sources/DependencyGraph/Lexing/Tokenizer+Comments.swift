#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension Tokenizer {
    /// Skips a comment of this shape if one starts here.
    mutating func comment(_ shape: LexicalTable.Comment) -> Bool {
        guard shape.open.matches(bytes, at: at, end: end) else { return false }
        if shape.close.count == 0 {
            if table.forms.contains(.wordComments), at > 0, !startsWord(at) { return false }
            // PHP 8: `#[` opens an attribute.
            if table.forms.contains(.phpTags), shape.open.first == UInt8(ascii: "#"), at &+ 1 < end,
                bytes[at &+ 1] == UInt8(ascii: "[")
            {
                return false
            }
            lineComment(kept: shape.kept)
        } else {
            blockComment(shape)
        }
        return true
    }

    private func startsWord(_ offset: Int) -> Bool {
        switch bytes[offset &- 1] {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: ";"),
            UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "|"), UInt8(ascii: "&"), UInt8(ascii: "`"):
            true
        default: false
        }
    }

    private mutating func lineComment(kept: Bool) {
        let start = at
        skipLine()
        if table.forms.contains(.phpTags) {
            // The closing tag ends even a line comment.
            var offset = start
            while offset &+ 1 < at, !(bytes[offset] == UInt8(ascii: "?") && bytes[offset &+ 1] == UInt8(ascii: ">")) {
                offset &+= 1
            }
            if offset &+ 1 < at { at = offset }
        }
        if table.forms.contains(.splices), !table.newlines {
            while at < end, at > start, isSpliced(at) {
                at &+= 1
                line &+= 1
                skipLine()
            }
        }
        if kept { emit(.comment, from: start, line: line, head: 0, tail: 0) }
    }

    private func isSpliced(_ newline: Int) -> Bool {
        let before = newline &- 1
        if bytes[before] == UInt8(ascii: "\\") { return true }
        return bytes[before] == 0x0D && before > 0 && bytes[before &- 1] == UInt8(ascii: "\\")
    }

    private mutating func blockComment(_ shape: LexicalTable.Comment) {
        let close = shape.close
        at &+= shape.open.count
        var depth = 1
        while at < end {
            let byte = bytes[at]
            if byte == 0x0A {
                line &+= 1
                at &+= 1
            } else if byte == close.first, close.matches(bytes, at: at, end: end) {
                at &+= close.count
                depth &-= 1
                if depth == 0 { return }
            } else if shape.nests, byte == shape.open.first, shape.open.matches(bytes, at: at, end: end) {
                at &+= shape.open.count
                depth &+= 1
            } else {
                at &+= 1
            }
        }
    }
}
