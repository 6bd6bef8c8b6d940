import Testing

/// The sources import exactly what the table in `docs/architecture.md` allows.
@Suite struct ArrowTests {
    /// Modules that come with the system or the toolchain.
    private static let system: Set<String> = [
        "Darwin", "Dispatch", "Foundation", "Glibc", "Musl", "Synchronization", "System",
    ]

    /// Rooms without input or output: not even the time of day.
    private static let pure: Set<String> = ["Decomposition", "Model", "Review", "Scheduling"]

    @Test func `every room has its row`() throws {
        #expect(Set(try DocumentedTarget.table().map(\.name)) == Set(try Project.names(in: "Sources")))
    }

    @Test func `arrows are those of the table`() throws {
        let targets = Set(try Project.names(in: "Sources"))
        for row in try DocumentedTarget.table() {
            let imports = try Project.imports(below: "Sources/\(row.name)")
            #expect(imports.intersection(targets) == row.targets, "arrows of \(row.name)")
            #expect(imports.subtracting(targets).subtracting(Self.system) == row.packages, "packages of \(row.name)")
        }
    }

    @Test func `arrows only go down`() throws {
        var above: Set<String> = []
        for row in try DocumentedTarget.table() {
            above.insert(row.name)
            #expect(row.targets.isDisjoint(with: above), "\(row.name) imports a target that stands above it")
        }
    }

    @Test func `rooms that decide know no system`() throws {
        for target in Self.pure {
            #expect(try Project.imports(below: "Sources/\(target)").isDisjoint(with: Self.system), "\(target)")
        }
    }
}
