import Model

/// The width of text on a terminal, and text that is safe to show there.
///
/// Reports contain what workers wrote. Control characters are taken out, so that such text can neither move the cursor
/// nor forge a line.
enum TextWidth {
    /// Columns of the text.
    static func of(_ text: String) -> Int { text.reduce(0) { $0 + columns($1) } }

    /// One line without control characters.
    static func safe(_ text: String) -> String { OutsideText.line(text) }

    /// The text, cut to the width with `…` where it is longer.
    static func fit(_ text: String, _ width: Int) -> String {
        guard of(text) > width else { return text }
        guard width > 0 else { return "" }
        return head(text, width - 1) + "…"
    }

    /// The text in lines of at most the width, broken between words where possible. A line has at least one character,
    /// however narrow the screen is.
    static func wrap(_ text: String, _ width: Int) -> [String] {
        let width = max(1, width)
        guard of(text) > width else { return [text] }
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            var rest = String(word)
            if !line.isEmpty, of(line) + 1 + of(rest) <= width {
                line += " \(rest)"
                continue
            }
            if !line.isEmpty { lines.append(line) }
            while of(rest) > width {
                let count = max(1, head(rest, width).count)
                lines.append(String(rest.prefix(count)))
                rest.removeFirst(count)
            }
            line = rest
        }
        return lines + [line]
    }

    /// The beginning of the text that fits.
    private static func head(_ text: String, _ width: Int) -> String {
        var used = 0
        return String(
            text.prefix {
                used += columns($0)
                return used <= width
            })
    }

    /// The text, padded with blanks to the width.
    static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - of(text)))
    }

    private static func columns(_ character: Character) -> Int { CharacterWidth.of(character) }
}
