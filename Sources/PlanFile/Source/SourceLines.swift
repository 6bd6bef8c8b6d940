/// The lines of a file as the YAML parser counts them.
struct SourceLines: Sendable {
    private let lines: [[Unicode.Scalar]]
    /// Offset in the file's scalars of each line.
    private let starts: [Int]

    init(_ text: String) {
        var lines: [[Unicode.Scalar]] = [[]]
        var starts = [0]
        var previous: Unicode.Scalar = " "
        for (index, scalar) in text.unicodeScalars.enumerated() {
            switch scalar {
            case "\n" where previous == "\r": starts[starts.count - 1] = index + 1
            // YAML 1.1 (section 4.2) also counts NEL, LS and PS as line breaks.
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
                lines.append([])
                starts.append(index + 1)
            default: lines[lines.count - 1].append(scalar)
            }
            previous = scalar
        }
        self.lines = lines
        self.starts = starts
    }

    /// The character at a place, or nil at the end of a line and outside the file.
    subscript(place: Place) -> Unicode.Scalar? {
        guard lines.indices.contains(place.line - 1), lines[place.line - 1].indices.contains(place.column - 1)
        else { return nil }
        return lines[place.line - 1][place.column - 1]
    }

    /// Returns the index of a place in the file's Unicode scalars; past the end for a place outside the file.
    func index(of place: Place) -> Int {
        guard starts.indices.contains(place.line - 1) else { return .max }
        return starts[place.line - 1] + place.column - 1
    }

    /// Returns the place of a character inside a scalar, or of the scalar if escapes or folding hide the character.
    func place(in node: SourceNode, offset: Int) -> Place {
        guard case .scalar(let scalar) = node.content else { return node.place }
        let text = Array(scalar.text.unicodeScalars)
        switch scalar.style {
        case .folded: return node.place
        case .plain, .quoted:
            let start = Place(line: node.place.line, column: node.place.column + (scalar.style == .quoted ? 1 : 0))
            let rest = rest(of: start)
            guard offset <= rest.count, text.prefix(offset) == rest.prefix(offset) else { return node.place }
            return Place(line: start.line, column: start.column + offset)
        case .literal:
            let before = text.prefix(offset)
            let row = before.count { $0 == "\n" }
            let column = before.reversed().prefix { $0 != "\n" }.count
            let wanted = text.dropFirst(offset - column).prefix { $0 != "\n" }
            let line = node.place.line + 1 + row
            guard lines.indices.contains(line - 1) else { return node.place }
            let indent = lines[line - 1].count - wanted.count
            guard indent >= 0, lines[line - 1].dropFirst(indent).elementsEqual(wanted) else { return node.place }
            return Place(line: line, column: indent + column + 1)
        }
    }

    private func rest(of place: Place) -> ArraySlice<Unicode.Scalar> {
        guard lines.indices.contains(place.line - 1) else { return [] }
        return lines[place.line - 1].dropFirst(place.column - 1)
    }
}
