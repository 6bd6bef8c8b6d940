extension Grid {
    /// The bytes that change a terminal from one frame to this one, inside one synchronised update; empty for equal frames.
    ///
    /// - Parameters:
    ///   - old: what the terminal shows; nil or another size for a terminal that is to be cleared first.
    ///   - isColored: whether to use colours. Bold, reverse and underline are used anyway.
    package func update(from old: Grid?, isColored: Bool) -> [UInt8] {
        let known = old.flatMap { $0.width == width && $0.height == height ? $0 : nil }
        guard known != self else { return [] }
        var writer = FrameWriter(isColored: isColored)
        // The cursor would otherwise be seen to jump.
        writer.escape("[?25l")
        if known == nil { writer.escape("[0m\u{1B}[2J") }
        for row in 0..<height {
            let cells = cells[row * width..<(row + 1) * width]
            let before = known.map { $0.cells[row * width..<(row + 1) * width] }
            if let before, before == cells { continue }
            write(Array(cells), over: before.map(Array.init), row: row, to: &writer)
        }
        writer.use(CellStyle())
        if let cursor { writer.escape("[\(cursor.row + 1);\(cursor.column + 1)H\u{1B}[?25h") }
        // Synchronised output, DEC private mode 2026: terminals that do not know it ignore it.
        return Array("\u{1B}[?2026h".utf8) + writer.bytes + Array("\u{1B}[?2026l".utf8)
    }

    /// Unchanged cells between two changes that are written again, because that is shorter than to move the cursor.
    private static let bridge = 6

    private func write(_ cells: [Cell], over before: [Cell]?, row: Int, to writer: inout FrameWriter) {
        let before = before ?? Array(repeating: Cell(), count: width)
        var end = width
        while end > 0, cells[end - 1] == Cell() { end -= 1 }
        var column = 0
        var cursor: Int?
        while column < end {
            guard cells[column] != before[column] || isHalfChanged(cells, before, column) else {
                column += 1
                continue
            }
            let start = cells[column].width == 0 ? column - 1 : column
            if let place = cursor, start - place <= Self.bridge, start >= place {
                for cell in cells[place..<start] { writer.put(cell) }
            } else {
                writer.escape("[\(row + 1);\(start + 1)H")
            }
            writer.put(cells[start])
            column = start + max(1, cells[start].width)
            // Terminals do not agree on the width of all characters, so the next one gets a place of its own.
            cursor = cells[start].text.isASCII ? column : nil
        }
        if before[end...].contains(where: { $0 != Cell() }) {
            writer.use(CellStyle())
            writer.escape("[\(row + 1);\(end + 1)H\u{1B}[K")
        }
    }

    /// Whether a cell whose own content is the same has to be written again with the right half that has changed.
    private func isHalfChanged(_ cells: [Cell], _ before: [Cell], _ column: Int) -> Bool {
        guard cells[column].width == 2, column + 1 < cells.count else { return false }
        return cells[column + 1] != before[column + 1]
    }
}

/// Bytes for a terminal, with the style that it has at the moment.
private struct FrameWriter {
    var bytes: [UInt8] = []
    let isColored: Bool
    private var style = CellStyle()

    init(isColored: Bool) { self.isColored = isColored }

    mutating func escape(_ sequence: String) { bytes += Array("\u{1B}\(sequence)".utf8) }

    mutating func put(_ cell: Grid.Cell) {
        guard cell.width > 0 else { return }
        use(cell.style)
        bytes += Array(String(cell.text).utf8)
    }

    mutating func use(_ next: CellStyle) {
        guard next != style else { return }
        if next.link != style.link { escape("]8;;\(Self.address(next.link))\u{1B}\\") }
        let codes = codes(next)
        if codes != self.codes(style) { escape("[0\(codes)m") }
        style = next
    }

    private func codes(_ style: CellStyle) -> String {
        var codes = ""
        if style.isBold { codes += ";1" }
        if style.isUnderlined { codes += ";4" }
        if style.isReversed { codes += ";7" }
        if isColored, let role = style.role { codes += ";\(Style.code(role))" }
        return codes
    }

    /// An address that ends no escape sequence; empty for none.
    private static func address(_ link: String?) -> String {
        guard let link, link.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return "" }
        return link
    }
}
