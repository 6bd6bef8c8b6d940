/// Text from outside: of a worker, a model, a check, a repository, a file or an argument.
///
/// Before it is stored, shown, or put into a prompt or a commit message, such text passes here. Then it can neither move
/// the cursor, change colours, reverse the direction of writing, nor begin a line that its reader does not see begin.
package enum OutsideText {
    /// The text in lines that end with a newline, without escape sequences and control characters.
    ///
    /// - Parameter keepsColours: whether to keep the sequences that only change colours, in a text that has its own.
    package static func lines(_ text: String, keepsColours: Bool = false) -> String {
        guard !isPlain(text) else { return text }
        var reader = Reader(text, keepsColours: keepsColours)
        return reader.read()
    }

    /// The text on one line; line breaks and tabs become spaces.
    package static func line(_ text: String) -> String {
        String(String.UnicodeScalarView(lines(text).unicodeScalars.map { $0 == "\n" || $0 == "\t" ? " " : $0 }))
    }

    /// JSON in which every such character is written as `\uXXXX`, which leaves its values as they are.
    package static func json(_ text: String) -> String {
        guard !isPlain(text) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\n" || scalar == "\t" || !isRefused(scalar) {
                result.append(scalar)
            } else {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result.append(
                        contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
                }
            }
        }
        return String(result)
    }

    /// Most text is plain, and this is fast.
    private static func isPlain(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { isPlain($0) }
    }

    /// Whether text that is given as UTF-8 consists of printable ASCII characters, tabs and newlines. Then `lines` and `json`
    /// return it as it is.
    package static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        // Without an exit from the inner loop, many bytes are looked at in one step.
        var start = 0
        while start < bytes.count {
            let stop = min(bytes.count, start + 4096)
            var isPlain = true
            for place in start..<stop {
                let byte = bytes[place]
                isPlain = isPlain && (byte &- 0x20 < 0x5F || byte == 0x0A || byte == 0x09)
            }
            guard isPlain else { return false }
            start = stop
        }
        return true
    }

    /// Whether a character is a control, a line break of its own, or one without a shape. Joiners shape emoji and
    /// letters.
    private static func isRefused(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format: scalar != "\u{200C}" && scalar != "\u{200D}"
        default: false
        }
    }

    private struct Reader {
        private let scalars: [Unicode.Scalar]
        private let keepsColours: Bool
        private var place = 0
        private var result = String.UnicodeScalarView()

        init(_ text: String, keepsColours: Bool) {
            scalars = Array(text.unicodeScalars)
            self.keepsColours = keepsColours
        }

        mutating func read() -> String {
            while place < scalars.count {
                let scalar = scalars[place]
                place += 1
                switch scalar {
                case "\n", "\t": result.append(scalar)
                case "\r":
                    if place == scalars.count || scalars[place] != "\n" { result.append("\n") }
                case "\u{0B}", "\u{0C}", "\u{85}", "\u{2028}", "\u{2029}": result.append("\n")
                case "\u{1B}": skipSequence()
                case "\u{9B}": skipControlSequence(from: place - 1)
                case "\u{90}", "\u{98}", "\u{9D}", "\u{9E}", "\u{9F}": skipString()
                default: if !OutsideText.isRefused(scalar) { result.append(scalar) }
                }
            }
            return String(result)
        }

        /// Skips what follows an escape character (ECMA-48, 5.3).
        private mutating func skipSequence() {
            guard place < scalars.count else { return }
            let start = place - 1
            switch scalars[place] {
            case "[":
                place += 1
                skipControlSequence(from: start)
            case "]", "P", "X", "^", "_":
                place += 1
                skipString()
            default:
                while place < scalars.count, ("\u{20}"..."\u{2F}").contains(scalars[place]) { place += 1 }
                if place < scalars.count, ("\u{30}"..."\u{7E}").contains(scalars[place]) { place += 1 }
            }
        }

        private mutating func skipControlSequence(from start: Int) {
            while place < scalars.count, ("\u{20}"..."\u{3F}").contains(scalars[place]) { place += 1 }
            guard place < scalars.count, ("\u{40}"..."\u{7E}").contains(scalars[place]) else { return }
            place += 1
            guard keepsColours, scalars[start] == "\u{1B}", scalars[place - 1] == "m" else { return }
            let sequence = scalars[start..<place]
            if sequence.dropFirst(2).dropLast().allSatisfy({ $0 == ";" || ("0"..."9").contains($0) }) {
                result.append(contentsOf: sequence)
            }
        }

        /// Skips a string of commands up to its end, or to the end of the line, so that nothing else is lost.
        private mutating func skipString() {
            while place < scalars.count, scalars[place] != "\n", scalars[place] != "\r" {
                place += 1
                if ["\u{07}", "\u{9C}"].contains(scalars[place - 1]) { return }
                if scalars[place - 1] == "\\", scalars[place - 2] == "\u{1B}" { return }
            }
        }
    }
}
