/// A title with rows below it; empty without rows.
enum Section {
    /// Rows of a long list that are shown; `--json` has all of them.
    static let listed = 20

    static func lines(
        _ title: String, _ layout: Layout, rows: [[TextTable.Cell]], limit: Int = .max
    ) -> [String] {
        guard !rows.isEmpty else { return [] }
        var table = TextTable(rows: Array(rows.prefix(limit)))
        if rows.count > limit { table.add(.init("and \(rows.count - limit) more", .faint)) }
        return ["", layout.style.paint(title, .heading)] + table.lines(layout)
    }
}

extension Layout {
    /// An indented sentence in as many lines as it needs; none for an empty text. What a person has to type must not be
    /// cut off.
    func wrapped(_ text: String) -> [String] {
        guard !text.isEmpty else { return [] }
        return TextTable(rows: [[TextTable.Cell(text)]]).lines(self)
    }

    /// Cuts a line without escape sequences to the width; painted lines must be cut before they are painted.
    func fit(_ line: String) -> String {
        guard let width, !line.contains("\u{1B}") else { return line }
        return TextWidth.fit(line, width)
    }
}
