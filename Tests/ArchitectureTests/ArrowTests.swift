import Testing

/// `docs/architecture.md` says who may import whom; the sources do exactly that.
@Suite struct ArrowTests {
    /// One row of the table.
    struct Room: Equatable {
        var name: String
        var rooms: Set<String>
        var packages: Set<String>
    }

    /// Modules that come with the system or the toolchain.
    private static let system: Set<String> = [
        "Darwin", "Dispatch", "Foundation", "Glibc", "Musl", "Synchronization", "System",
    ]

    /// Rooms that decide and do nothing: not even the time of day gets in.
    private static let pure: Set<String> = ["Decomposition", "Model", "Scheduling"]

    private static func table() throws -> [Room] {
        let lines = try Project.text("docs/architecture.md").split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.hasPrefix("<!-- arrows:") })
        let end = try #require(lines[start...].firstIndex { $0.hasPrefix("<!-- end") })
        return lines[start..<end].filter { $0.hasPrefix("| `") }.map { row in
            let cells = row.split(separator: "|").map(names)
            return Room(name: cells[0].first ?? "", rooms: Set(cells[1]), packages: Set(cells[2]))
        }
    }

    /// What stands between backquotes.
    private static func names(_ cell: Substring) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    private static func imports(of room: String) throws -> Set<String> {
        var found: Set<String> = []
        for file in try Project.files(below: "Sources/\(room)", suffix: ".swift") {
            for line in try Project.text(file).split(separator: "\n") {
                let words = line.split(separator: " ")
                guard let at = words.firstIndex(of: "import"), at + 1 < words.count,
                    words[..<at].allSatisfy({ ["package", "public", "internal", "@preconcurrency"].contains($0) })
                else { continue }
                // `import struct A.B` names the module second.
                let kinds = ["class", "enum", "func", "protocol", "struct", "typealias", "var"]
                let name = kinds.contains(String(words[at + 1])) ? words[at + 2] : words[at + 1]
                found.insert(String(name.prefix { $0 != "." }))
            }
        }
        return found
    }

    @Test func everyRoomHasItsRow() throws {
        #expect(Set(try Self.table().map(\.name)) == Set(try Project.names(in: "Sources")))
    }

    @Test func arrowsAreThoseOfTheTable() throws {
        let rooms = Set(try Project.names(in: "Sources"))
        for row in try Self.table() {
            let imports = try Self.imports(of: row.name)
            #expect(imports.intersection(rooms) == row.rooms, "arrows of \(row.name)")
            #expect(imports.subtracting(rooms).subtracting(Self.system) == row.packages, "packages of \(row.name)")
        }
    }

    @Test func arrowsOnlyGoDown() throws {
        var above: Set<String> = []
        for row in try Self.table() {
            above.insert(row.name)
            #expect(row.rooms.isDisjoint(with: above), "\(row.name) imports a room that stands above it")
        }
    }

    @Test func roomsThatDecideKnowNoSystem() throws {
        for room in Self.pure { #expect(try Self.imports(of: room).isDisjoint(with: Self.system), "\(room)") }
    }
}
