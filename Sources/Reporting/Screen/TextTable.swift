/// Rows with aligned columns.
struct TextTable {
    struct Cell {
        var text: String
        var role: Style.Role?

        init(_ text: String, _ role: Style.Role? = nil) {
            self.text = TextWidth.safe(text)
            self.role = role
        }
    }

    /// How a last column that does not fit is shown.
    enum Overflow {
        case cut
        /// In several lines, where there is room for a few words.
        case wrap
    }

    var rows: [[Cell]] = []
    var indent = 2
    var overflow = Overflow.wrap
    private static let gap = 2
    private static let leastWrapped = 20

    mutating func add(_ cells: Cell...) { rows.append(cells) }

    /// The lines of the table. Where the width is too small, the last columns are cut first.
    func lines(_ layout: Layout) -> [String] {
        let rows = rows.map { row in Array(row.prefix((row.lastIndex { !$0.text.isEmpty } ?? -1) + 1)) }
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                // The last cell of a row is not padded, so it must not widen that column for other rows.
                if column < row.count - 1 { widths[column] = max(widths[column], TextWidth.of(cell.text)) }
            }
        }
        return rows.flatMap { lines(of: $0, widths: widths, layout) }
    }

    private func lines(of row: [Cell], widths: [Int], _ layout: Layout) -> [String] {
        var room = layout.width.map { $0 - indent } ?? .max
        var line = String(repeating: " ", count: indent)
        for (column, cell) in row.dropLast().enumerated() where room > 0 {
            let text = TextWidth.fit(cell.text, room)
            let used = max(widths[column], TextWidth.of(text)) + Self.gap
            line += layout.style.paint(text, cell.role)
            if used < room { line += String(repeating: " ", count: used - TextWidth.of(text)) }
            room -= used
        }
        guard let last = row.last, room > 0 else { return [line] }
        let pieces =
            overflow == .wrap && room >= Self.leastWrapped
            ? TextWidth.wrap(last.text, room) : [TextWidth.fit(last.text, room)]
        let margin = String(repeating: " ", count: layout.width.map { $0 - room } ?? 0)
        return pieces.enumerated().map { index, piece in
            (index == 0 ? line : margin) + layout.style.paint(piece, last.role)
        }
    }
}
