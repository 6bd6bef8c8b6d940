/// `LexicalRules` compiled into flat tables that the tokenizer reads byte by byte.
// The pointers are written in `init`, freed in `deinit`, and only read otherwise.
package final class LexicalTable: @unchecked Sendable {
    enum Class {
        static let punctuation: UInt8 = 0
        static let space: UInt8 = 1
        static let newline: UInt8 = 2
        static let letter: UInt8 = 3
        static let digit: UInt8 = 4
        /// A comment, a string, an irregular form or the end of an interpolation may start here.
        static let special: UInt8 = 5
    }

    /// Up to four bytes, compared as one word.
    struct Mark: Equatable {
        private(set) var word: UInt32 = 0
        private(set) var count = 0
        var first: UInt8 { UInt8(truncatingIfNeeded: word) }

        init(_ text: String) {
            for byte in text.utf8.prefix(4) {
                word |= UInt32(byte) << UInt32(8 * count)
                count += 1
            }
        }

        @inline(__always)
        func matches(_ bytes: UnsafePointer<UInt8>, at offset: Int, end: Int) -> Bool {
            guard offset &+ count <= end else { return false }
            var rest = word
            for index in 0..<count {
                guard bytes[offset &+ index] == UInt8(truncatingIfNeeded: rest) else { return false }
                rest >>= 8
            }
            return count > 0
        }
    }

    struct Comment {
        var open: Mark
        /// Empty for a comment that ends at the end of the line.
        var close = Mark("")
        var nests = false
        var kept = false
    }

    struct Shape {
        var open: Mark
        var close: Mark
        var escape: LexicalRules.StringShape.Escape
        var spansLines: Bool
        var interpolation: Mark
        var anyPrefix: Bool
        /// The range of its prefixes in `prefixes`.
        var prefixes: Range<Int>
        var kind: Token.Kind
    }

    struct Range8 {
        var start: UInt8 = 0
        var end: UInt8 = 0
    }

    struct Word {
        var start: UInt16
        var count: UInt8
        var number: UInt8
    }

    let classes: UnsafeMutablePointer<UInt8>
    let isIdentifier: UnsafeMutablePointer<Bool>
    /// By first byte: the range in `comments` and `shapes`, longest opening first.
    let commentsOf: UnsafeMutablePointer<Range8>
    let shapesOf: UnsafeMutablePointer<Range8>
    let comments: UnsafeMutableBufferPointer<Comment>
    let shapes: UnsafeMutableBufferPointer<Shape>
    let prefixes: UnsafeMutableBufferPointer<Mark>
    /// By first byte: one bit for each length of keyword, and the range in `words`.
    let wordLengths: UnsafeMutablePointer<UInt32>
    let wordsOf: UnsafeMutablePointer<Range8>
    let words: UnsafeMutableBufferPointer<Word>
    let wordBytes: UnsafeMutableBufferPointer<UInt8>
    let newlines: Bool
    let forms: LexicalRules.Forms
    let hasPrefixes: Bool

    package init(_ rules: LexicalRules) {
        newlines = rules.newlines
        forms = rules.forms

        var comments = rules.lineComments.map { Comment(open: Mark($0)) }
        comments += rules.blockComments.map { Comment(open: Mark($0.open), close: Mark($0.close), nests: $0.nests) }
        if let kept = rules.keptComment { comments.append(Comment(open: Mark(kept), kept: true)) }
        comments.sort { ($0.open.first, $1.open.count) < ($1.open.first, $0.open.count) }
        self.comments = Self.buffer(comments)
        commentsOf = Self.ranges(comments.map(\.open.first))

        var prefixes: [Mark] = []
        var shapes: [Shape] = []
        for shape in rules.strings {
            let marks = shape.prefixes.filter { $0 != "*" }.map { Mark($0) }
            let range = prefixes.count..<prefixes.count + marks.count
            prefixes += marks
            shapes.append(
                Shape(
                    open: Mark(shape.open), close: Mark(shape.close), escape: shape.escape,
                    spansLines: shape.spansLines, interpolation: Mark(shape.interpolation ?? ""),
                    anyPrefix: shape.prefixes.contains("*"), prefixes: range, kind: shape.kind))
        }
        shapes.sort { ($0.open.first, $1.open.count) < ($1.open.first, $0.open.count) }
        self.prefixes = Self.buffer(prefixes)
        self.shapes = Self.buffer(shapes)
        shapesOf = Self.ranges(shapes.map(\.open.first))
        hasPrefixes =
            shapes.contains { $0.anyPrefix || !$0.prefixes.isEmpty } || rules.forms.contains(.rustRaw)
            || rules.forms.contains(.cppRaw)

        classes = .allocate(capacity: 256)
        isIdentifier = .allocate(capacity: 256)
        Self.classify(rules, into: classes, isIdentifier: isIdentifier)
        for open in comments.map(\.open.first) + shapes.map(\.open.first) { classes[Int(open)] = Class.special }

        let keywords = rules.keywords.enumerated().filter { (1..<32).contains($0.element.utf8.count) }
            .map { (number: $0.offset + 1, bytes: Array($0.element.utf8)) }
            .sorted { ($0.bytes[0], $0.number) < ($1.bytes[0], $1.number) }
        wordLengths = .allocate(capacity: 256)
        wordLengths.initialize(repeating: 0, count: 256)
        wordsOf = Self.ranges(keywords.map { $0.bytes[0] })
        var words: [Word] = []
        var wordBytes: [UInt8] = []
        for keyword in keywords {
            wordLengths[Int(keyword.bytes[0])] |= 1 << UInt32(keyword.bytes.count)
            words.append(
                Word(
                    start: UInt16(wordBytes.count), count: UInt8(keyword.bytes.count),
                    number: UInt8(truncatingIfNeeded: keyword.number)))
            wordBytes += keyword.bytes
        }
        self.words = Self.buffer(words)
        self.wordBytes = Self.buffer(wordBytes)
    }

    deinit {
        classes.deallocate()
        isIdentifier.deallocate()
        commentsOf.deallocate()
        shapesOf.deallocate()
        comments.deallocate()
        shapes.deallocate()
        prefixes.deallocate()
        wordLengths.deallocate()
        wordsOf.deallocate()
        words.deallocate()
        wordBytes.deallocate()
    }

    private static func classify(
        _ rules: LexicalRules, into classes: UnsafeMutablePointer<UInt8>, isIdentifier: UnsafeMutablePointer<Bool>
    ) {
        classes.initialize(repeating: Class.punctuation, count: 256)
        isIdentifier.initialize(repeating: false, count: 256)
        for byte in [0, 0x09, 0x0B, 0x0C, 0x0D, 0x20] { classes[byte] = Class.space }
        classes[0x0A] = Class.newline
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_".utf8) + rules.identifierExtras.utf8
        for byte in letters + Array(0x80...0xFF) {
            classes[Int(byte)] = Class.letter
            isIdentifier[Int(byte)] = true
        }
        for byte in 0x30...0x39 {
            classes[byte] = Class.digit
            isIdentifier[byte] = true
        }
        // The brackets may close an interpolation; a backslash may join two lines.
        var special = Array("(){}\\".utf8)
        if rules.forms.contains(.regex) { special += "/".utf8 }
        if rules.forms.contains(.lifetimes) { special += "'".utf8 }
        if rules.forms.contains(.swiftStrings) { special += "#\"".utf8 }
        if rules.forms.contains(.csharpRaw) { special += "$\"".utf8 }
        if !rules.forms.isDisjoint(with: [.heredoc, .phpHeredoc, .jsx]) { special += "<".utf8 }
        if rules.forms.contains(.phpTags) { special += "?".utf8 }
        if rules.forms.contains(.ruby) { special += "%?=".utf8 }
        for byte in special { classes[Int(byte)] = Class.special }
    }

    private static func buffer<T>(_ values: [T]) -> UnsafeMutableBufferPointer<T> {
        let buffer = UnsafeMutableBufferPointer<T>.allocate(capacity: max(1, values.count))
        _ = buffer.initialize(from: values)
        return UnsafeMutableBufferPointer(rebasing: buffer[..<values.count])
    }

    /// For each byte, the range of its places in a sorted list.
    private static func ranges(_ firsts: [UInt8]) -> UnsafeMutablePointer<Range8> {
        let ranges = UnsafeMutablePointer<Range8>.allocate(capacity: 256)
        ranges.initialize(repeating: Range8(), count: 256)
        for (index, byte) in firsts.enumerated() {
            let place = UInt8(truncatingIfNeeded: index)
            if ranges[Int(byte)].end == 0 { ranges[Int(byte)].start = place }
            ranges[Int(byte)].end = place &+ 1
        }
        return ranges
    }
}
