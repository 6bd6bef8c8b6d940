/// One token of a source file, 16 bytes; its text lies in the file's own bytes.
package struct Token: Sendable, Equatable {
    package enum Kind: UInt8, Sendable {
        /// The token before the first and after the last one.
        case none
        /// The end of a line, for languages whose rules ask for it.
        case newline
        case identifier
        case number
        case string
        /// The text after an interpolation inside a string literal, up to the next one or the closing quote.
        case stringRest
        case character
        case regex
        /// Any other byte. An operator of several bytes is several tokens.
        case punctuation
        /// A comment that starts with `LexicalRules.keptComment`. Other comments yield no token.
        case comment
    }

    package var start: UInt32
    package var end: UInt32
    /// The line of the first byte, counted from 1.
    package var line: UInt32
    package var kind: Kind
    /// The first byte of punctuation and literals; the place in `LexicalRules.keywords`, counted from 1, for an
    /// identifier that is a keyword, and 0 for any other identifier.
    package var byte: UInt8
    /// Bytes between `start` and the contents of a literal: prefix and opening quote.
    package var head: UInt8
    /// Bytes between the contents of a literal and `end`. 0 if the literal is unterminated or continues as
    /// `stringRest`.
    package var tail: UInt8

    package static let none = Token(start: 0, end: 0, line: 0, kind: .none, byte: 0, head: 0, tail: 0)
}
