#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Cuts bytes into tokens by a lexical table, in one pass that never goes back beyond the current line.
///
/// Broken input yields tokens and never an error. An unterminated literal ends with its line, or with the file if it
/// may span lines. Nesting is kept on an explicit stack of bounded depth.
struct Tokenizer {
    /// A string literal whose interpolated code is being read.
    struct Frame {
        enum Literal {
            case shape(Int)
            case swift(hashes: Int, triple: Bool)
            case csharpRaw(quotes: Int, dollars: Int)
            case ruby(close: UInt8, open: UInt8, depth: Int)
            /// The number of open elements, and whether the code is an attribute or a child.
            case jsx(depth: Int, inTag: Bool)
        }
        var literal: Literal
        /// The bracket that ends the interpolation when `depth` is back at 0: `)` or `}`.
        var close: UInt8
        var depth: Int
        /// Whether the literal ends with its line.
        var oneLine: Bool

        var isJSX: Bool { if case .jsx = literal { true } else { false } }
    }

    /// The deepest nesting. Deeper interpolations are read as text of the literal.
    static let deepest = 64

    let bytes: UnsafePointer<UInt8>
    let end: Int
    let table: LexicalTable
    let classes: UnsafePointer<UInt8>
    let isIdentifier: UnsafePointer<Bool>
    var at = 0
    var line: UInt32 = 1
    var frames: [Frame] = []
    var heredocs: [Heredoc] = []
    /// The number of here-documents without an end. After a few of them, `<<` is read as an operator.
    var endlessHeredocs = 0
    /// No regular expression closes on this line before this offset. Keeps failed attempts linear.
    var noRegexBefore = 0
    /// A run of `#` or `$` up to this offset has been read and opens nothing. Keeps long runs linear.
    var noRunBefore = 0
    /// Set after an element without an end. Then no `<` of this file opens an element.
    var isJSXBroken = false
    let output: TokenBuffer

    init(_ source: UnsafeBufferPointer<UInt8>, _ table: LexicalTable, into output: TokenBuffer) {
        // An empty buffer may have no address. The address of the table replaces it and is never read.
        bytes = source.baseAddress ?? UnsafePointer(table.classes)
        end = source.count
        self.table = table
        classes = UnsafePointer(table.classes)
        isIdentifier = UnsafePointer(table.isIdentifier)
        self.output = output
        if end >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { at = 3 }
    }

    mutating func run() {
        pass()
        if isJSXBroken || frames.contains(where: \.isJSX) { passWithoutJSX() }
    }

    private mutating func pass() {
        output.removeAll()
        if at &+ 1 < end, bytes[at] == UInt8(ascii: "#"), bytes[at &+ 1] == UInt8(ascii: "!"),
            !table.forms.contains(.phpTags), at &+ 2 < end, bytes[at &+ 2] != UInt8(ascii: "[")
        {
            skipLine()
        }
        if table.forms.contains(.phpTags) { skipOutsidePHP() }
        while at < end, !output.isFull {
            let byte = bytes[at]
            switch classes[Int(byte)] {
            case LexicalTable.Class.space:
                at &+= 1
            case LexicalTable.Class.newline:
                newline()
            case LexicalTable.Class.letter:
                word()
            case LexicalTable.Class.digit:
                number()
            case LexicalTable.Class.special:
                special(byte)
            default:
                punctuation(byte)
            }
        }
    }

    /// Reads the file again, once, after a `<` was wrongly read as an element and the rest of the file as its text.
    private mutating func passWithoutJSX() {
        isJSXBroken = true
        at = 0
        line = 1
        frames.removeAll()
        noRegexBefore = 0
        pass()
    }

    @inline(__always)
    mutating func punctuation(_ byte: UInt8) {
        output.append(
            Token(
                start: UInt32(truncatingIfNeeded: at), end: UInt32(truncatingIfNeeded: at &+ 1), line: line,
                kind: .punctuation, byte: byte, head: 0, tail: 0))
        at &+= 1
    }

    mutating func newline() {
        if let frame = frames.last, frame.oneLine {
            // The literal around this code ends here, because its quote is missing.
            while let outer = frames.last, outer.oneLine { frames.removeLast() }
        }
        if table.newlines {
            output.append(
                Token(
                    start: UInt32(truncatingIfNeeded: at), end: UInt32(truncatingIfNeeded: at &+ 1), line: line,
                    kind: .newline, byte: 0x0A, head: 0, tail: 0))
        }
        at &+= 1
        line &+= 1
        if !heredocs.isEmpty { skipHeredocs() }
        if table.forms.contains(.ruby) { skipRubyBlock() }
    }

    @inline(__always)
    mutating func word() {
        let start = at
        let first = bytes[start]
        at &+= 1
        while at < end, isIdentifier[Int(bytes[at])] { at &+= 1 }
        if table.hasPrefixes, at < end, prefixedLiteral(from: start) { return }
        var number: UInt8 = 0
        let count = at &- start
        if count < 32, table.wordLengths[Int(first)] & (1 << UInt32(truncatingIfNeeded: count)) != 0 {
            number = keyword(at: start, count: count, first: first)
        }
        output.append(
            Token(
                start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: at), line: line,
                kind: .identifier, byte: number, head: 0, tail: 0))
    }

    private func keyword(at start: Int, count: Int, first: UInt8) -> UInt8 {
        let range = table.wordsOf[Int(first)]
        for index in Int(range.start)..<Int(range.end) {
            let word = table.words[index]
            guard Int(word.count) == count else { continue }
            var same = true
            for place in 1..<max(1, count) where table.wordBytes[Int(word.start) &+ place] != bytes[start &+ place] {
                same = false
                break
            }
            if same { return word.number }
        }
        return 0
    }

    /// Digits, letters and `_`; a dot and C++'s `'` only between digits, so that `1..2` and `1.max` stay apart.
    mutating func number() {
        let start = at
        at &+= 1
        while at < end {
            let byte = bytes[at]
            if isIdentifier[Int(byte)] {
                at &+= 1
            } else if byte == UInt8(ascii: ".") || (byte == UInt8(ascii: "'") && table.forms.contains(.cppRaw)),
                at &+ 1 < end, classes[Int(bytes[at &+ 1])] == LexicalTable.Class.digit
            {
                at &+= 2
            } else {
                break
            }
        }
        output.append(
            Token(
                start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: at), line: line,
                kind: .number, byte: bytes[start], head: 0, tail: 0))
    }

    /// Reads a comment, a string, an irregular form or a bracket, or else plain punctuation.
    private mutating func special(_ byte: UInt8) {
        if !frames.isEmpty, bracket(byte) { return }
        if byte == UInt8(ascii: "\\") {
            backslash()
            return
        }
        let comments = table.commentsOf[Int(byte)]
        for index in Int(comments.start)..<Int(comments.end) where comment(table.comments[index]) { return }
        if !table.forms.isEmpty, irregular(byte) { return }
        let shapes = table.shapesOf[Int(byte)]
        for index in Int(shapes.start)..<Int(shapes.end) {
            let shape = table.shapes[index]
            guard !shape.anyPrefix, shape.prefixes.isEmpty, shape.open.matches(bytes, at: at, end: end) else {
                continue
            }
            literal(shape, index, start: at)
            return
        }
        punctuation(byte)
    }

    /// A backslash before a line end joins two lines if the language allows it. Elsewhere it is punctuation.
    private mutating func backslash() {
        var next = at &+ 1
        if next < end, bytes[next] == 0x0D { next &+= 1 }
        if next < end, bytes[next] == 0x0A, table.forms.contains(.splices) {
            at = next &+ 1
            line &+= 1
        } else {
            punctuation(UInt8(ascii: "\\"))
            if table.forms.contains(.escapes), at < end, bytes[at] != 0x0A { at &+= 1 }
        }
    }

    /// Counts brackets inside an interpolation, and continues its literal after the closing one.
    private mutating func bracket(_ byte: UInt8) -> Bool {
        let top = frames.count - 1
        let close = frames[top].close
        if byte == close {
            if frames[top].depth == 0 {
                let frame = frames.removeLast()
                at &+= 1
                resume(frame)
                return true
            }
            frames[top].depth -= 1
        } else if byte == (close == UInt8(ascii: ")") ? UInt8(ascii: "(") : UInt8(ascii: "{")) {
            frames[top].depth += 1
        }
        return false
    }

    /// Moves to the end of the line, before its newline.
    mutating func skipLine() {
        guard at < end else { return }
        if let found = memchr(bytes + at, 0x0A, end - at) {
            at = UnsafeRawPointer(found) - UnsafeRawPointer(bytes)
        } else {
            at = end
        }
    }

    @inline(__always)
    mutating func emit(_ kind: Token.Kind, from start: Int, line first: UInt32, head: Int, tail: Int) {
        output.append(
            Token(
                start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: at), line: first, kind: kind,
                byte: start < end ? bytes[start] : 0, head: UInt8(clamping: head), tail: UInt8(clamping: tail)))
    }
}
