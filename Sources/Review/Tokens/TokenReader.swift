/// Reads the tokens of changed lines. It knows no grammar: only what comments, strings and numbers look like.
struct TokenReader {
    /// How a language writes comments that end with the line.
    enum CommentStyle {
        case hash
        case slashes
        case dashes

        init(language: String) {
            switch language {
            case "py", "pyi", "rb", "sh", "bash", "zsh", "yml", "yaml", "toml", "pl", "r", "ex", "exs", "cmake", "mk",
                "makefile", "dockerfile", "cfg", "ini":
                self = .hash
            case "sql", "lua", "hs", "ada", "elm": self = .dashes
            default: self = .slashes
            }
        }
    }

    let style: CommentStyle
    private var bytes: [UInt8] = []
    private var place = 0
    private var line: Int32 = 0
    private var tokens: [Token] = []

    init(language: String) { style = CommentStyle(language: language) }

    /// The tokens of some lines, without white space.
    mutating func read(_ lines: [[UInt8]], _ lexicon: inout Lexicon) -> [Token] {
        tokens = []
        for (number, text) in lines.enumerated() {
            (bytes, place, line) = (text, 0, Int32(number))
            readLine(&lexicon)
        }
        return tokens
    }

    private mutating func readLine(_ lexicon: inout Lexicon) {
        skipSpace()
        if style == .slashes, at(UInt8(ascii: "*")), place + 1 >= bytes.count || isSpace(bytes[place + 1]) || at("*/") {
            // A line inside of a comment.
            return add(.comment, to: bytes.count, &lexicon)
        }
        while place < bytes.count {
            readToken(&lexicon)
            skipSpace()
        }
    }

    private mutating func readToken(_ lexicon: inout Lexicon) {
        if isCommentStart { return add(.comment, to: endOfComment, &lexicon) }
        let byte = bytes[place]
        if Self.isDigit(byte) { return add(.number, to: endOfNumber, &lexicon) }
        if Self.isLetter(byte) { return readWord(&lexicon) }
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "`") || byte == UInt8(ascii: "'"),
            let end = endOfString(from: place)
        {
            return add(.string, to: end, &lexicon)
        }
        add(.symbol, to: place + Self.symbolLength(bytes[place...]), &lexicon)
    }

    private mutating func readWord(_ lexicon: inout Lexicon) {
        var end = place
        while end < bytes.count, Self.isLetter(bytes[end]) || Self.isDigit(bytes[end]) { end += 1 }
        // The prefix of a string: f"…", rb'…', L"…".
        if end - place <= 2, end < bytes.count, bytes[end] == UInt8(ascii: "\"") || bytes[end] == UInt8(ascii: "'"),
            let string = endOfString(from: end)
        {
            return add(.string, to: string, &lexicon)
        }
        let text = String(decoding: bytes[place..<end], as: UTF8.self)
        append(Keywords.all.contains(text) ? .keyword : .word, text, &lexicon)
        place = end
    }

    private mutating func add(_ kind: Token.Kind, to end: Int, _ lexicon: inout Lexicon) {
        append(kind, String(decoding: bytes[place..<end], as: UTF8.self), &lexicon)
        place = end
    }

    private mutating func append(_ kind: Token.Kind, _ text: String, _ lexicon: inout Lexicon) {
        tokens.append(Token(kind: kind, text: lexicon.number(of: text), line: line))
    }

    // MARK: Places

    private mutating func skipSpace() { while place < bytes.count, isSpace(bytes[place]) { place += 1 } }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    private func at(_ byte: UInt8) -> Bool { place < bytes.count && bytes[place] == byte }

    private func at(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[place...].starts(with: $0) }
    }

    private var isCommentStart: Bool {
        switch style {
        case .hash: at(UInt8(ascii: "#"))
        case .dashes: at("--")
        case .slashes: at("//") || at("/*") || at("<!--")
        }
    }

    /// The end of `/* … */` on the same line, or of the line.
    private var endOfComment: Int {
        guard style == .slashes, at("/*") else { return bytes.count }
        var end = place + 2
        while end + 1 < bytes.count {
            if bytes[end] == UInt8(ascii: "*"), bytes[end + 1] == UInt8(ascii: "/") { return end + 2 }
            end += 1
        }
        return bytes.count
    }

    private var endOfNumber: Int {
        var end = place
        while end < bytes.count, Self.isLetter(bytes[end]) || Self.isDigit(bytes[end]) || isPoint(end) { end += 1 }
        return end
    }

    private func isPoint(_ place: Int) -> Bool {
        bytes[place] == UInt8(ascii: ".") && place + 1 < bytes.count && Self.isDigit(bytes[place + 1])
    }

    /// The end of a string that begins with its quote; nil for a quote that is not closed on the line.
    private func endOfString(from start: Int) -> Int? {
        let quote = bytes[start]
        let isTriple = start + 2 < bytes.count && bytes[start + 1] == quote && bytes[start + 2] == quote
        var end = start + (isTriple ? 3 : 1)
        while end < bytes.count {
            if bytes[end] == UInt8(ascii: "\\") {
                end += 2
                continue
            }
            if bytes[end] == quote {
                if !isTriple { return end + 1 }
                if end + 2 < bytes.count, bytes[end + 1] == quote, bytes[end + 2] == quote { return end + 3 }
            }
            end += 1
        }
        // A string of several lines; a single quote may be an apostrophe or the mark of a lifetime.
        return isTriple || quote == UInt8(ascii: "`") ? bytes.count : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// Operators of several characters. `<<` and `>>` are not among them, because brackets of types look the same.
    private static let operators: [[UInt8]] = [
        "===", "!==", "**=", "...", "==", "!=", "<=", ">=", "&&", "||", "->", "=>", "::", ":=", "++", "--", "+=", "-=",
        "*=", "/=", "%=", "|=", "&=", "??", "?.", "**", "..", "//",
    ].map { Array($0.utf8) }

    private static func symbolLength(_ rest: ArraySlice<UInt8>) -> Int {
        operators.first { rest.starts(with: $0) }?.count ?? 1
    }
}
