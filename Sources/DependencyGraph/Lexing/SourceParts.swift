/// The tokens of one source file and the comments between them. Valid inside the callback of `read` only.
package struct SourceParts {
    package let language: LanguageDescription
    package let tokens: Tokens
    /// All comments in their order, including the `///` of TypeScript, which are tokens too.
    package let comments: [Comment]

    /// A comment with its opening and closing marks.
    package struct Comment {
        package var start: Int
        package var end: Int
        /// The line of the first byte, counted from 1.
        package var line: Int
    }

    /// Cuts a file into its parts and passes them to `body`.
    ///
    /// - Parameter path: decides the language.
    /// - Returns: nil if the language of the path is unknown or is not cut into tokens.
    package static func read<Result>(_ bytes: [UInt8], path: String, _ body: (SourceParts) -> Result) -> Result? {
        let detected = LanguageRegistry.detect(path: path)
        guard let number = detected.language else { return nil }
        let language = LanguageRegistry.all[number]
        guard let table = language.lexicalTable(role: detected.role) else { return nil }
        let scratch = TokenBuffer()
        return withExtendedLifetime(scratch) {
            bytes.withUnsafeBufferPointer { bytes in
                let tokens = Source(bytes, role: detected.role, scratch: scratch).tokens(table)
                var finder = CommentFinder(tokens: tokens, table: table)
                finder.run()
                return body(SourceParts(language: language.description, tokens: tokens, comments: finder.found))
            }
        }
    }
}

/// Finds the comments in the gaps between tokens.
///
/// Some other text yields no token either: JSX text, here-documents, and pages around PHP. Only text that starts with
/// the mark of a comment counts, and any other text ends the search in a gap.
private struct CommentFinder {
    let tokens: Tokens
    let table: LexicalTable
    private(set) var found: [SourceParts.Comment] = []
    /// The offset up to which lines have been counted.
    private var counted = (offset: 0, line: 1)

    init(tokens: Tokens, table: LexicalTable) {
        self.tokens = tokens
        self.table = table
    }

    mutating func run() {
        var start = 0
        for index in 0..<tokens.count {
            let token = tokens[index]
            if Int(token.start) > start { gap(start, Int(token.start)) }
            if token.kind == .comment { add(Int(token.start), Int(token.end)) }
            start = max(start, Int(token.end))
        }
        if start < tokens.bytes.count { gap(start, tokens.bytes.count) }
    }

    private mutating func gap(_ start: Int, _ end: Int) {
        let bytes = tokens.bytes
        guard let base = bytes.baseAddress else { return }
        var at = start
        while at < end {
            let byte = bytes[at]
            // A backslash that joins two lines and a byte order mark yield no token.
            if byte <= 0x20 || byte == UInt8(ascii: "\\") || (byte >= 0x80 && at < 3) {
                at += 1
                continue
            }
            if table.forms.contains(.phpTags), let code = behindTag(from: at, end) {
                at = code
                continue
            }
            let range = table.commentsOf[Int(byte)]
            let shapes = Int(range.start)..<Int(range.end)
            guard
                let found = shapes.first(where: { [table] in table.comments[$0].open.matches(base, at: at, end: end) })
            else {
                return
            }
            let shape = table.comments[found]
            let stop = shape.close.count == 0 ? endOfLine(at, end) : endOfBlock(shape, from: at, to: end)
            add(at, stop)
            at = stop
        }
    }

    /// The place after the next opening tag of PHP. The text before it is a page.
    private func behindTag(from start: Int, _ end: Int) -> Int? {
        let gap = Source.Bytes(rebasing: tokens.bytes[start..<end])
        guard !gap.starts(with: "#".utf8), !gap.starts(with: "/".utf8), let tag = gap.offset(of: "<?") else {
            return nil
        }
        var at = start + tag + 2
        while at < end, table.isIdentifier[Int(tokens.bytes[at])] { at += 1 }
        return at
    }

    private func endOfLine(_ start: Int, _ end: Int) -> Int {
        var at = start
        while at < end, tokens.bytes[at] != 0x0A { at += 1 }
        return at
    }

    private func endOfBlock(_ shape: LexicalTable.Comment, from start: Int, to end: Int) -> Int {
        guard let base = tokens.bytes.baseAddress else { return end }
        var at = start + shape.open.count
        var depth = 1
        while at < end {
            if shape.close.matches(base, at: at, end: end) {
                at += shape.close.count
                depth -= 1
                if depth == 0 { return at }
            } else if shape.nests, shape.open.matches(base, at: at, end: end) {
                at += shape.open.count
                depth += 1
            } else {
                at += 1
            }
        }
        return end
    }

    private mutating func add(_ start: Int, _ end: Int) {
        while counted.offset < start {
            if tokens.bytes[counted.offset] == 0x0A { counted.line += 1 }
            counted.offset += 1
        }
        found.append(.init(start: start, end: end, line: counted.line))
    }
}
