import Foundation
import Model
import Testing

@testable import DependencyGraph

@Suite("Facts are kept from one build to the next")
struct FactsCacheTests {
    private let directory: URL
    private let path: String
    private let files: [String: String] = {
        var files = ["p/__init__.py": ""]
        for number in 0..<60 { files["p/m\(number).py"] = "import p.m\(number / 2)\n# \(number)\n" }
        return files
    }()

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("facts-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        path = directory.appendingPathComponent("graph.facts").path
    }

    private func build(
        _ files: [String: String], path: String? = nil
    ) throws -> (graph: RepositoryGraph, figures: GraphBuilder.Figures) {
        let source = MemorySource(texts: files)
        return try GraphBuilder(cachePath: path ?? self.path, workers: 2).buildWithFigures(source.entries, from: source)
    }

    private func remove() { try? FileManager.default.removeItem(at: directory) }

    @Test func `the second build reads only changed files`() throws {
        defer { remove() }
        let first = try build(files)
        #expect(first.figures.read == 61)
        let second = try build(files)
        #expect(second.figures.read == 0)
        #expect(second.figures.cached == 61)
        #expect(second.graph == first.graph)

        var changed = files
        changed["p/m7.py"] = "import p.m50\n"
        let third = try build(changed)
        #expect(third.figures.read == 1)
        #expect(third.graph == (try build(changed, path: path + "-other")).graph)
        #expect(try build(changed).figures.read == 0)
    }

    @Test func `a file that is moved is not read again, but one that changes its language is`() throws {
        defer { remove() }
        _ = try build(["a.py": "import b\n", "b.py": ""])
        #expect(try build(["c.py": "import b\n", "b.py": ""]).figures.read == 0)
        #expect(try build(["a.js": "import b\n", "b.py": ""]).figures.read == 1)
    }

    @Test func `a cut or damaged cache gives the same graph and is repaired`() throws {
        defer { remove() }
        let expected = try build(files).graph
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        for place in stride(from: 0, to: whole.count, by: max(1, whole.count / 40)) {
            try whole.prefix(place).write(to: URL(fileURLWithPath: path))
            #expect(try build(files).graph == expected)
            #expect(try build(files).figures.read == 0, "cut at \(place)")

            var damaged = whole
            damaged[place] ^= 0x55
            try damaged.write(to: URL(fileURLWithPath: path))
            #expect(try build(files).graph == expected)
            #expect(try build(files).figures.read == 0, "damaged at \(place)")
        }
    }

    @Test func `a foreign file in its place is replaced, a directory is left alone`() throws {
        defer { remove() }
        try Data("something else".utf8).write(to: URL(fileURLWithPath: path))
        #expect(try build(files).figures.read == 61)
        #expect(try build(files).figures.read == 0)
        #expect(try build(files, path: directory.path).figures.read == 61)
        #expect(try build(files, path: "/nowhere/at/all/graph.facts").figures.read == 61)
    }

    @Test(arguments: [true, false])
    func `two writers that read the cache at the same time both keep their records`(_ exists: Bool) throws {
        defer { remove() }
        if exists { _ = try build(["a.py": "import b\n"]) }
        let scanner = FileScanner()
        let arena = Arena()
        func record(_ number: Int) throws -> FactsCache.Record {
            let blob = try #require(ObjectID(hex: String(repeating: "0", count: 39) + "\(number)"))
            return FactsCache.Record(key: .init(blob: blob, scanner: 1), facts: scanner.scanNothing(into: arena))
        }
        let one = FactsCache(path: path)
        let two = FactsCache(path: path)
        one.append([try record(1)], live: one.useful)
        two.append([try record(2)], live: two.useful)
        let three = FactsCache(path: path)
        #expect(three.find(try record(1).key) != nil)
        #expect(three.find(try record(2).key) != nil)
        #expect(three.find(try record(3).key) == nil)
        #expect(try build(["a.py": "import b\n"]).figures.read == (exists ? 0 : 1))
    }
}
