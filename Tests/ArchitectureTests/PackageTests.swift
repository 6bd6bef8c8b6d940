import Testing

/// `Package.swift` declares what is imported, and nothing else.
@Suite struct PackageTests {
    @Test func `a target depends on exactly what it imports`() throws {
        let targets = try PackageTarget.all()
        #expect(targets.count > 40)
        let products = Set(targets.flatMap(\.dependencies))
        // A program that a test starts has to be built before the test, and cannot be imported.
        let programs = Set(targets.filter { $0.kind == "executableTarget" }.map(\.name))
        for target in targets where target.kind != "systemLibrary" {
            // A script in a literal of a test imports modules of other languages.
            let imports = try target.imports().intersection(products)
            #expect(imports == target.dependencies.subtracting(programs), "dependencies of \(target.name)")
        }
    }

    @Test func `a target of Sources depends on exactly what the table of targets allows`() throws {
        let targets = try PackageTarget.all().filter { $0.folder.hasPrefix("Sources/") }
        let table = try DocumentedTarget.table()
        #expect(Set(targets.map(\.name)) == Set(table.map(\.name)))
        for row in table {
            let target = targets.first { $0.name == row.name }
            #expect(target?.dependencies == row.targets.union(row.packages), "dependencies of \(row.name)")
        }
    }

    @Test func `every kind of declaration is read`() throws {
        let text = """
            let package = Package(name: "x", dependencies: [.package(url: "https://a.b/c", from: "1.0.0")], targets: [
                .target(name: "A"),
                .executableTarget(name: "b-tool", dependencies: ["A"], path: "Tools/b", swiftSettings: strict),
                .testTarget(
                    name: "ATests",
                    dependencies: [
                        "A", .product(name: "P", package: "c"),
                        "b-tool",
                    ], exclude: ["Fixtures"]),
                .systemLibrary(name: "CZ", path: "Sources/CZ", providers: [.apt(["zlib1g-dev"])]),
            ])
            """
        #expect(
            PackageTarget.parse(text) == [
                PackageTarget(kind: "target", name: "A", folder: "Sources/A", dependencies: []),
                PackageTarget(kind: "executableTarget", name: "b-tool", folder: "Tools/b", dependencies: ["A"]),
                PackageTarget(
                    kind: "testTarget", name: "ATests", folder: "Tests/ATests", dependencies: ["A", "P", "b-tool"]),
                PackageTarget(kind: "systemLibrary", name: "CZ", folder: "Sources/CZ", dependencies: []),
            ])
    }
}
