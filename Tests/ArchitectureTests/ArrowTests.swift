import Testing

/// The sources import exactly what the table in `docs/architecture.md` allows.
@Suite struct ArrowTests {
    /// Modules that come with the system or the toolchain.
    private static let system: Set<String> = [
        "Darwin", "Dispatch", "Foundation", "Glibc", "Musl", "Synchronization", "System",
    ]

    /// Rooms without input or output: not even the time of day.
    private static let pure: Set<String> = ["Decomposition", "Model", "Scheduling"]

    @Test func everyRoomHasItsRow() throws {
        #expect(Set(try Room.table().map(\.name)) == Set(try Project.names(in: "Sources")))
    }

    @Test func arrowsAreThoseOfTheTable() throws {
        let rooms = Set(try Project.names(in: "Sources"))
        for row in try Room.table() {
            let imports = try Project.imports(below: "Sources/\(row.name)")
            #expect(imports.intersection(rooms) == row.rooms, "arrows of \(row.name)")
            #expect(imports.subtracting(rooms).subtracting(Self.system) == row.packages, "packages of \(row.name)")
        }
    }

    @Test func arrowsOnlyGoDown() throws {
        var above: Set<String> = []
        for row in try Room.table() {
            above.insert(row.name)
            #expect(row.rooms.isDisjoint(with: above), "\(row.name) imports a room that stands above it")
        }
    }

    @Test func roomsThatDecideKnowNoSystem() throws {
        for room in Self.pure {
            #expect(try Project.imports(below: "Sources/\(room)").isDisjoint(with: Self.system), "\(room)")
        }
    }
}
