/// A title with rows under it; nothing where there are no rows.
enum Section {
    /// Rows of a list that nobody reads to its end; `--json` has them all.
    static let listed = 20

    static func lines(
        _ title: String, _ layout: Layout, _ rows: [[TextTable.Cell]], limit: Int = .max
    ) -> [String] {
        guard !rows.isEmpty else { return [] }
        var table = TextTable(rows: Array(rows.prefix(limit)))
        if rows.count > limit { table.add(.init("and \(rows.count - limit) more", .faint)) }
        return ["", layout.style.paint(title, .heading)] + table.lines(layout)
    }
}

extension Layout {
    /// Cuts a line that holds no escape sequences; painted lines are cut before they are painted.
    func fit(_ line: String) -> String {
        guard let width, !line.contains("\u{1B}") else { return line }
        return TextWidth.fit(line, width)
    }
}
