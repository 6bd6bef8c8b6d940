/// The rules that cut the source of one language into tokens.
///
/// The lists describe most languages. `forms` enables the few shapes that no list describes.
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
            /// A backslash escapes the next byte.
            case backslash
            /// A doubled closing quote is a quote of the text.
            case doubled
        }

        package var open: String
        package var close: String
        package var escape: Escape
        /// Whether the literal may span lines. If not, a newline ends it even without a closing quote.
        package var spansLines: Bool
        /// The opening of code inside the literal (`${`, `\(`, `#{`). The matching bracket closes it.
        package var interpolation: String?
        /// Identifiers that may be directly before the opening quote as part of the literal. `*` is any identifier.
        package var prefixes: [String]
        /// The kind of token for the literal.
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

    /// Shapes that need special code in the tokenizer.
    package struct Forms: OptionSet, Sendable {
        package let rawValue: UInt32
        package init(rawValue: UInt32) { self.rawValue = rawValue }

        /// `/…/` without an operand before it.
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
        /// Text outside `<?php … ?>` is not code.
        package static let phpTags = Forms(rawValue: 1 << 8)
        /// Ruby's `%w[…]`, `%q(…)` and the like, `?x`, `=begin … =end` and `__END__`.
        package static let ruby = Forms(rawValue: 1 << 9)
        /// `#` starts a comment only at the start of a word.
        package static let wordComments = Forms(rawValue: 1 << 10)
        /// A backslash before a line end joins two lines everywhere, without a newline token.
        package static let splices = Forms(rawValue: 1 << 11)
        /// JSX: the text of elements is not code, but the contents of braces are.
        package static let jsx = Forms(rawValue: 1 << 12)
        /// A backslash outside of literals escapes the next byte.
        package static let escapes = Forms(rawValue: 1 << 13)
    }

    package var lineComments: [String] = []
    package var blockComments: [BlockComment] = []
    package var strings: [StringShape] = []
    /// ASCII bytes of identifiers besides letters, digits and `_`; bytes from 0x80 on always belong to identifiers.
    package var identifierExtras = ""
    /// Whether line ends yield tokens.
    package var newlines = false
    /// A line comment that starts with this text yields a token.
    package var keptComment: String?
    package var forms: Forms = []
    /// Words that the tokenizer recognises and numbers. At most 255.
    package var keywords: [String] = []

    package init() {}

    /// The keywords of an enum whose cases have the names of the words and are numbered from 1 in declaration order.
    /// - Parameter spelled: words whose cases have other names.
    package static func words<Word: CaseIterable & RawRepresentable & Hashable>(
        _ type: Word.Type, spelled: [Word: String] = [:]
    ) -> [String] where Word.RawValue == UInt8 {
        type.allCases.map { spelled[$0] ?? String(describing: $0) }
    }
}
