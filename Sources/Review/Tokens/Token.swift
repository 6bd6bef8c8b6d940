/// A word of source code.
struct Token: Sendable {
    enum Kind: UInt8, Sendable {
        case word
        /// A word of a language, which is never replaced by a placeholder.
        case keyword
        case number
        case string
        case comment
        /// An operator or a bracket, which is never replaced by a placeholder.
        case symbol
    }

    var kind: Kind
    /// Its text in the lexicon.
    var text: Int32
    /// The changed line that it is in, counted from 0 on its side of a block.
    var line: Int32

    /// Whether two tokens are the same text. The line does not count.
    func matches(_ other: Token) -> Bool { text == other.text && kind == other.kind }
}

/// The texts of tokens by number.
struct Lexicon: Sendable {
    private var numbers: [String: Int32] = [:]
    private(set) var texts: [String] = []

    mutating func number(of text: String) -> Int32 {
        if let known = numbers[text] { return known }
        let number = Int32(texts.count)
        numbers[text] = number
        texts.append(text)
        return number
    }

    subscript(number: Int32) -> String { texts[Int(number)] }
}

/// What the words of many languages have in common. A word that only some have is a keyword in all: it is kept as it is,
/// which can only tell more edits apart.
enum Keywords {
    static let all: Set<String> = [
        "if", "else", "elif", "for", "foreach", "while", "do", "switch", "case", "default", "break", "continue",
        "return", "yield", "goto", "pass", "try", "except", "catch", "finally", "throw", "throws", "raise", "rescue",
        "ensure", "not", "and", "or", "in", "is", "None", "null", "nil", "undefined", "true", "false", "True", "False",
        "NULL", "import", "from", "as", "use", "using", "include", "require", "package", "module", "def", "func", "fn",
        "fun", "function", "lambda", "class", "struct", "enum", "interface", "trait", "impl", "protocol", "extension",
        "public", "private", "protected", "internal", "static", "final", "const", "let", "var", "val", "mut", "pub",
        "new", "delete", "del", "async", "await", "with", "match", "where", "guard", "defer", "extends", "implements",
        "instanceof", "typeof", "unless", "until", "begin", "end", "then", "go", "select", "range", "global",
        "nonlocal", "assert", "unsafe", "override", "abstract", "virtual", "self", "this", "super",
    ]
}
