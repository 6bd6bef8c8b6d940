/// Rows whose columns stand under each other.
struct TextTable {
    struct Cell {
        var text: String
        var role: Style.Role?

        init(_ text: String, _ role: Style.Role? = nil) {
            self.text = TextWidth.safe(text)
            self.role = role
        }
    }

    var rows: [[Cell]] = []
    var indent = 2
    private static let gap = 2

    mutating func add(_ cells: Cell...) { rows.append(cells) }

    /// The lines of the table. Where the width does not do, a line is cut at its end: what matters stands first.
    func lines(_ layout: Layout) -> [String] {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                // The last cell of a row is not padded, so that it must not widen a column of other rows.
                if column < row.count - 1 { widths[column] = max(widths[column], TextWidth.of(cell.text)) }
            }
        }
        return rows.map { line($0, widths, layout) }
    }

    private func line(_ row: [Cell], _ widths: [Int], _ layout: Layout) -> String {
        var room = layout.width.map { $0 - indent } ?? .max
        var line = String(repeating: " ", count: indent)
        for (column, cell) in row.enumerated() where room > 0 {
            let isLast = column == row.count - 1
            let text = TextWidth.fit(cell.text, room)
            line += cell.role.map { layout.style.paint(text, $0) } ?? text
            let used = isLast ? TextWidth.of(text) : max(widths[column], TextWidth.of(text)) + Self.gap
            if !isLast, used < room {
                line += String(repeating: " ", count: used - TextWidth.of(text))
            }
            room -= used
        }
        return line
    }
}
