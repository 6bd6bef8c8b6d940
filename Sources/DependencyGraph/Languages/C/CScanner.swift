#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Finds the preprocessor's includes without cutting the file into tokens.
///
/// Only lines that start with `#` matter, and `memchr` finds them at memory speed. To see whether such a line is in a
/// comment or a raw string, the scanner reads on from the last place known to be code. That is seldom far, because
/// includes are at the top.
struct CScanner {
    let bytes: Source.Bytes
    /// An offset in code. Everything before it has been read.
    private var read = 0
    private var line: UInt32 = 1
    /// The offset up to which newlines are counted in `line`.
    private var counted = 0
    /// Nesting below an `#if 0`, 0 outside of one.
    private var dead = 0

    init(bytes: Source.Bytes) { self.bytes = bytes }

    mutating func run(into facts: inout FactWriter) {
        guard let base = bytes.baseAddress else { return }
        var offset = 0
        while offset < bytes.count, let found = memchr(base + offset, Int32(UInt8(ascii: "#")), bytes.count - offset) {
            let hash = UnsafeRawPointer(found) - UnsafeRawPointer(base)
            offset = hash + 1
            if startsLine(hash) { directive(hash, into: &facts) }
        }
    }

    /// Whether only blanks, or the end of a comment, precede the offset in its line.
    private func startsLine(_ hash: Int) -> Bool {
        var offset = hash - 1
        while offset >= 0, bytes[offset] == UInt8(ascii: " ") || bytes[offset] == UInt8(ascii: "\t") { offset -= 1 }
        guard offset >= 0 else { return true }
        if bytes[offset] == 0x0A || bytes[offset] == 0x0D { return true }
        // A byte order mark.
        if offset == 2, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { return true }
        return bytes[offset] == UInt8(ascii: "/") && offset > 0 && bytes[offset - 1] == UInt8(ascii: "*")
    }

    private mutating func directive(_ hash: Int, into facts: inout FactWriter) {
        let start = skipBlanks(hash + 1)
        var end = start
        while end < bytes.count, end - start < 16, isLetter(bytes[end]) { end += 1 }
        guard end > start else { return }
        let word = Source.Bytes(rebasing: bytes[start..<end])
        switch bytes[start] {
        case UInt8(ascii: "i"):
            if word.equals("include") || word.equals("import") {
                include(hash, end, flags: bytes[start + 1] == UInt8(ascii: "m") ? C.isImport : 0, into: &facts)
            } else if word.equals("include_next") {
                include(hash, end, next: true, into: &facts)
            } else if dead > 0 {
                if word.equals("if") || word.equals("ifdef") || word.equals("ifndef"), isCode(hash) { dead += 1 }
            } else if word.equals("if"), isZero(end), isCode(hash) {
                dead = 1
            }
        case UInt8(ascii: "e"):
            if word.equals("embed") {
                include(hash, end, into: &facts)
            } else if dead > 0 {
                leave(word, hash)
            }
        case UInt8(ascii: "d"):
            if dead == 0, word.equals("define") { definition(hash, end, into: &facts) }
        default:
            break
        }
    }

    private mutating func leave(_ word: Source.Bytes, _ hash: Int) {
        if word.equals("endif"), isCode(hash) {
            dead -= 1
        } else if dead == 1, word.equals("else") || word.equals("elif"), isCode(hash) {
            dead = 0
        }
    }

    /// Whether the condition is the number 0 alone.
    private func isZero(_ offset: Int) -> Bool {
        let start = skipBlanks(offset)
        guard start < bytes.count, bytes[start] == UInt8(ascii: "0") else { return false }
        return isLineEnd(start + 1)
    }

    /// Whether only blanks or a comment follow in the line.
    private func isLineEnd(_ offset: Int) -> Bool {
        let rest = skipBlanks(offset)
        return rest >= bytes.count || bytes[rest] == 0x0A || bytes[rest] == 0x0D || bytes[rest] == UInt8(ascii: "/")
    }

    private mutating func include(
        _ hash: Int, _ offset: Int, next: Bool = false, flags: UInt8 = 0, into facts: inout FactWriter
    ) {
        let start = skipBlanks(offset)
        guard dead == 0, start < bytes.count else { return }
        if let path = path(start) {
            guard isCode(hash) else { return }
            let isQuoted = bytes[start] == UInt8(ascii: "\"")
            let kind: C.Kind = next ? .next : isQuoted ? .quoted : .angled
            facts.add(kind: kind.rawValue, text: path, line: lineNumber(hash), flags: flags)
        } else if isLetter(bytes[start]) {
            var end = start
            while end < bytes.count, isLetter(bytes[end]) || isDigit(bytes[end]) { end += 1 }
            guard isLineEnd(end), isCode(hash) else { return }
            let name = Source.Bytes(rebasing: bytes[start..<end])
            facts.add(kind: C.Kind.macro.rawValue, text: name, line: lineNumber(hash))
        }
    }

    /// `#define NAME "x.h"`, kept only if the text looks like a file, because most string macros are not includes.
    private mutating func definition(_ hash: Int, _ offset: Int, into facts: inout FactWriter) {
        let start = skipBlanks(offset)
        var end = start
        while end < bytes.count, isLetter(bytes[end]) || isDigit(bytes[end]) { end += 1 }
        let value = skipBlanks(end)
        guard end > start, value > end, value < bytes.count, let path = path(value), path.contains(UInt8(ascii: ".")),
            !path.contains(UInt8(ascii: " ")), !path.contains(UInt8(ascii: "%")), isLineEnd(value + path.count + 2),
            isCode(hash)
        else { return }
        let name = Source.Bytes(rebasing: bytes[start..<end])
        facts.add(
            kind: C.Kind.definition.rawValue, text: name, line: lineNumber(hash), value: facts.place(of: path),
            flags: bytes[value] == UInt8(ascii: "<") ? C.isAngled : 0)
    }

    /// The text between quotes or angle brackets on this line.
    private func path(_ start: Int) -> Source.Bytes? {
        let close: UInt8
        switch bytes[start] {
        case UInt8(ascii: "\""): close = UInt8(ascii: "\"")
        case UInt8(ascii: "<"): close = UInt8(ascii: ">")
        default: return nil
        }
        var end = start + 1
        // The system allows no longer path.
        let limit = min(bytes.count, start + 4096)
        while end < limit, bytes[end] != close, bytes[end] != 0x0A { end += 1 }
        guard end < limit, bytes[end] == close, end > start + 1 else { return nil }
        return Source.Bytes(rebasing: bytes[start + 1..<end])
    }

    /// Skips blanks, joined lines and short comments inside a directive.
    private func skipBlanks(_ start: Int) -> Int {
        var offset = start
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
                offset += 1
            } else if byte == UInt8(ascii: "\\"), offset + 1 < bytes.count, bytes[offset + 1] == 0x0A {
                offset += 2
            } else if byte == UInt8(ascii: "\\"), offset + 2 < bytes.count, bytes[offset + 1] == 0x0D,
                bytes[offset + 2] == 0x0A
            {
                offset += 3
            } else if byte == UInt8(ascii: "/"), let end = shortComment(offset) {
                offset = end
            } else {
                break
            }
        }
        return offset
    }

    /// The end of a comment that closes on its line, within a bounded distance.
    private func shortComment(_ start: Int) -> Int? {
        guard start + 3 < bytes.count, bytes[start + 1] == UInt8(ascii: "*") else { return nil }
        var offset = start + 2
        let limit = min(bytes.count - 1, start + 256)
        while offset < limit, bytes[offset] != 0x0A {
            if bytes[offset] == UInt8(ascii: "*"), bytes[offset + 1] == UInt8(ascii: "/") { return offset + 2 }
            offset += 1
        }
        return nil
    }

    private func isLetter(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private mutating func lineNumber(_ offset: Int) -> UInt32 {
        line += UInt32(clamping: Source.Bytes(rebasing: bytes[counted..<offset]).newlines)
        counted = offset
        return line
    }

    /// Whether the offset is in code. Reads on to it, over comments and literals.
    private mutating func isCode(_ target: Int) -> Bool {
        while read < target {
            switch bytes[read] {
            case UInt8(ascii: "/"): comment()
            case UInt8(ascii: "\""): literal(UInt8(ascii: "\""))
            case UInt8(ascii: "'"):
                // `1'000` groups digits.
                if read > 0, isDigit(bytes[read - 1]) { read += 1 } else { literal(UInt8(ascii: "'")) }
            default: read += 1
            }
        }
        return read == target
    }

    private mutating func comment() {
        read += 1
        guard read < bytes.count else { return }
        if bytes[read] == UInt8(ascii: "*") {
            read = min(bytes.count, read + 1)
            while let base = bytes.baseAddress, read < bytes.count {
                guard let found = memchr(base + read, Int32(UInt8(ascii: "*")), bytes.count - read) else { break }
                read = UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
                if read < bytes.count, bytes[read] == UInt8(ascii: "/") {
                    read += 1
                    return
                }
            }
            read = bytes.count
        } else if bytes[read] == UInt8(ascii: "/") {
            while read < bytes.count, bytes[read] != 0x0A || isSpliced(read) { read += 1 }
        }
    }

    private func isSpliced(_ newline: Int) -> Bool {
        let before = newline > 0 && bytes[newline - 1] == 0x0D ? newline - 2 : newline - 1
        return before >= 0 && bytes[before] == UInt8(ascii: "\\")
    }

    private mutating func literal(_ quote: UInt8) {
        if quote == UInt8(ascii: "\""), read > 0, bytes[read - 1] == UInt8(ascii: "R"), rawLiteral() { return }
        read += 1
        while read < bytes.count, bytes[read] != quote {
            if bytes[read] == 0x0A { return }
            if bytes[read] == UInt8(ascii: "\\") {
                // Also over joined lines, with either line ending.
                read += read + 2 < bytes.count && bytes[read + 1] == 0x0D && bytes[read + 2] == 0x0A ? 3 : 2
            } else {
                read += 1
            }
        }
        read = min(bytes.count, read + 1)
    }

    /// `R"delimiter(…)delimiter"`
    private mutating func rawLiteral() -> Bool {
        let start = read + 1
        var open = start
        while open < bytes.count, open - start <= 16, bytes[open] != UInt8(ascii: "("), bytes[open] != 0x0A {
            open += 1
        }
        guard open < bytes.count, bytes[open] == UInt8(ascii: "(") else { return false }
        let delimiter = bytes[start..<open]
        var offset = open + 1
        while offset < bytes.count {
            if bytes[offset] == UInt8(ascii: ")"), offset + delimiter.count + 1 < bytes.count,
                bytes[offset + delimiter.count + 1] == UInt8(ascii: "\""),
                bytes[offset + 1..<offset + 1 + delimiter.count].elementsEqual(delimiter)
            {
                read = offset + delimiter.count + 2
                return true
            }
            offset += 1
        }
        read = bytes.count
        return true
    }
}
