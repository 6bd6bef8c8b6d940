/// How the bytes of one language fall into tokens.
///
/// Most languages are described by the lists alone; `forms` switches on the few shapes that no list describes.
package struct LexicalRules: Sendable {
    package struct BlockComment: Sendable {
        package var open: String
        package var close: String
        package var nests: Bool

        package init(_ open: String, _ close: String, nests: Bool = false) {
            self.open = open
            self.close = close
            self.nests = nests
        }
    }

    /// One shape of string literal.
    package struct StringShape: Sendable {
        package enum Escape: Sendable {
            case none
            /// A backslash takes the next byte with it.
            case backslash
            /// The closing quote written twice stands for itself.
            case doubled
        }

        package var open: String
        package var close: String
        package var escape: Escape
        /// False if a newline ends the literal although its quote is missing.
        package var spansLines: Bool
        /// What opens code inside the literal (`${`, `\(`, `#{`); the bracket it ends with is closed by its match.
        package var interpolation: String?
        /// Identifiers that may stand directly before the opening quote as part of the literal; `*` is any.
        package var prefixes: [String]
        /// The kind of token that the literal yields.
        package var kind: Token.Kind

        package init(
            _ open: String, _ close: String? = nil, escape: Escape = .backslash, spansLines: Bool = false,
            interpolation: String? = nil, prefixes: [String] = [], kind: Token.Kind = .string
        ) {
            self.open = open
            self.close = close ?? open
            self.escape = escape
            self.spansLines = spansLines
            self.interpolation = interpolation
            self.prefixes = prefixes
            self.kind = kind
        }
    }

    /// Shapes that need code of their own in the tokenizer.
    package struct Forms: OptionSet, Sendable {
        package let rawValue: UInt32
        package init(rawValue: UInt32) { self.rawValue = rawValue }

        /// `/…/` where no operand stands before it.
        package static let regex = Forms(rawValue: 1 << 0)
        /// `'a` is a lifetime unless a quote follows the one character.
        package static let lifetimes = Forms(rawValue: 1 << 1)
        /// Rust's `r#"…"#`, `br#"…"#`, `cr#"…"#` and the raw identifier `r#name`.
        package static let rustRaw = Forms(rawValue: 1 << 2)
        /// C++'s `R"delimiter(…)delimiter"` with the encoding prefixes.
        package static let cppRaw = Forms(rawValue: 1 << 3)
        /// Swift's `#"…"#`, `#"""…"""#` and `\#(…)`, besides the plain literals.
        package static let swiftStrings = Forms(rawValue: 1 << 4)
        /// C#'s `"""…"""` of three or more quotes with any number of `$` before it.
        package static let csharpRaw = Forms(rawValue: 1 << 5)
        /// `<<TAG` of shell and Ruby.
        package static let heredoc = Forms(rawValue: 1 << 6)
        /// `<<<TAG` of PHP.
        package static let phpHeredoc = Forms(rawValue: 1 << 7)
        /// Text outside `<?php … ?>` is no code.
        package static let phpTags = Forms(rawValue: 1 << 8)
        /// Ruby's `%w[…]`, `%q(…)` and the like, `?x`, `=begin … =end` and `__END__`.
        package static let ruby = Forms(rawValue: 1 << 9)
        /// `#` starts a comment only at the start of a word.
        package static let wordComments = Forms(rawValue: 1 << 10)
        /// A backslash before a line end joins two lines everywhere: no newline token is made.
        package static let splices = Forms(rawValue: 1 << 11)
        /// JSX: the text of elements is no code, what stands in braces is.
        package static let jsx = Forms(rawValue: 1 << 12)
        /// A backslash outside of literals takes the next byte with it.
        package static let escapes = Forms(rawValue: 1 << 13)
    }

    package var lineComments: [String] = []
    package var blockComments: [BlockComment] = []
    package var strings: [StringShape] = []
    /// ASCII bytes of identifiers besides letters, digits and `_`; bytes from 0x80 on always belong to identifiers.
    package var identifierExtras = ""
    /// Whether line ends yield tokens.
    package var newlines = false
    /// A line comment that starts so yields a token.
    package var keptComment: String?
    package var forms: Forms = []
    /// Words that the tokenizer recognises and numbers, at most 255.
    package var keywords: [String] = []

    package init() {}

    /// The keywords of an enum whose cases are named as the words and numbered from 1 in the order of declaration.
    /// - Parameter spelled: the words that cannot be names of cases.
    package static func words<Word: CaseIterable & RawRepresentable & Hashable>(
        _ type: Word.Type, spelled: [Word: String] = [:]
    ) -> [String] where Word.RawValue == UInt8 {
        type.allCases.map { spelled[$0] ?? String(describing: $0) }
    }
}
