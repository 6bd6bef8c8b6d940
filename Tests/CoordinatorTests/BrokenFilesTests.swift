import Git
import Model
import TestSupport
import Testing

@testable import Coordinator

@Suite struct BrokenFilesTests {
    private func graph(_ files: [(String, String?, RepositoryGraph.Traits)]) -> RepositoryGraph {
        RepositoryGraph(
            files: files.map { .init(path: $0.0, language: $0.1, lines: 1, bytes: 1, traits: $0.2) }, edges: [])
    }

    private func broken(
        _ files: [(String, String?, RepositoryGraph.Traits)], commands: [String] = []
    ) -> BrokenFiles {
        BrokenFiles(among: Set(files.map(\.0)), of: graph(files), commands: commands)
    }

    @Test func `sources that only other code loads are broken first`() {
        let files = broken(
            [
                ("conftest.py", "python", []), ("package.json", "json", []), ("src/a.py", "python", []),
                ("src/gen.py", "python", .generated), ("tests/test_a.py", "python", .test),
                ("vite.config.ts", "typescript", []),
                ("run.py", "python", []), ("README.md", nil, []), ("link.py", "python", .symbolicLink),
            ], commands: ["python3 run.py"])
        #expect(files.paths == ["src/a.py"])
        #expect(files.isCertain)
    }

    @Test func `a scope of tests has its tests broken`() {
        let files = broken([("conftest.py", "python", []), ("tests/test_a.py", "python", .test)])
        #expect(files.paths == ["conftest.py", "tests/test_a.py"])
    }

    @Test func `a scope without sources has its files emptied, which proves nothing`() {
        let files = broken([("a.md", nil, []), ("b.html", "html", [])])
        #expect(files.paths == ["a.md", "b.html"])
        #expect(!files.isCertain)
    }

    @Test func `halves have every file once`() {
        let files = broken((0..<5).map { ("\($0).py", "python", []) })
        #expect(files.halves.map(\.paths) == [["2.py", "3.py", "4.py"], ["0.py", "1.py"]])
        #expect(files.halves[1].halves[1].halves.isEmpty)
    }

    @Test func `the commit differs from its base in the broken files only`() throws {
        let scratch = try ScratchRepository()
        try scratch.commit(["a.py": "x = 1\n", "b.php": "<?php\n", "c.txt": "text\n", "d.py": "y = 2\n"])
        let repository = try Repository(at: scratch.path, environment: scratch.environment)
        let base = try repository.resolve("HEAD")
        let all: [(String, String?, RepositoryGraph.Traits)] = [("a.py", "python", []), ("b.php", "php", [])]
        let commit = try broken(all).commit(on: base, in: repository)
        #expect(try scratch.git("diff", "--name-only", base.hex, commit.hex) == "a.py\nb.php")
        #expect(try scratch.git("show", "\(commit.hex):b.php").hasPrefix("<?php {[("))
        let emptied = try broken([("c.txt", nil, [])]).commit(on: base, in: repository)
        #expect(try scratch.git("show", "\(emptied.hex):c.txt").isEmpty)
        #expect(try scratch.git("for-each-ref").split(separator: "\n").count == 1)
    }
}
