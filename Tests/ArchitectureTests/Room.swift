import Testing

/// One row of the table in `docs/architecture.md`.
struct DocumentedTarget: Equatable {
    var name: String
    var targets: Set<String>
    var packages: Set<String>

    /// The rows, from the top down.
    static func table() throws -> [DocumentedTarget] {
        let lines = try Project.text("docs/architecture.md").split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.hasPrefix("<!-- arrows:") })
        let end = try #require(lines[start...].firstIndex { $0.hasPrefix("<!-- end") })
        return lines[start..<end].filter { $0.hasPrefix("| `") }.map { row in
            let cells = row.split(separator: "|").map(names)
            return DocumentedTarget(name: cells[0].first ?? "", targets: Set(cells[1]), packages: Set(cells[2]))
        }
    }

    /// The names between backquotes.
    private static func names(_ cell: Substring) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
}
