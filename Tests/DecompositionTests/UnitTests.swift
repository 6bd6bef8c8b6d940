import Model
import Testing

@testable import Decomposition

@Suite struct UnitTests {
    private func files(_ paths: [String: String?]) -> RepositoryGraph {
        RepositoryGraph(
            files: paths.map { .init(path: $0.key, language: $0.value, lines: 10, bytes: 100) }, edges: [])
    }

    @Test func `a link or a submodule in scope is no task`() throws {
        let files: [RepositoryGraph.File] = ["a", "b", "link", "module"].map { path in
            .init(path: path, language: nil, lines: 1, bytes: 1, traits: path.count > 1 ? .symbolicLink : [])
        }
        let edges: [RepositoryGraph.Edge] = [
            .init(from: 0, to: 2, kind: .import, line: 1), .init(from: 2, to: 1, kind: .import, line: 1),
        ]
        #expect(
            try decompose(RepositoryGraph(files: files, edges: edges)).tasks.map(\.id.rawValue).sorted() == ["a", "b"])
    }

    private let rules: [String: PackageRule] = [
        "python": .chain(of: ["__init__.py", "__init__.pyi"]), "rust": .nearest(["Cargo.toml"]),
        "typescript": .nearest(["package.json"]), "swift": .below(["Sources", "Tests"]),
        "csharp": .nearest(["*.csproj"]), "go": .ownFolder,
    ]

    @Test func `each language finds packages by its own rule`() {
        let python = "python"
        let graph = files([
            "py/top/__init__.py": python, "py/top/sub/__init__.py": python, "py/top/sub/a.py": python,
            "py/top/loose/b.py": python, "py/c.py": python, "crate/Cargo.toml": nil, "crate/src/x/y.rs": "rust",
            "web/package.json": nil, "web/src/a/b.ts": "typescript", "Sources/Core/In/a.swift": "swift",
            "Tests/CoreTests/t.swift": "swift", "go/pkg/a.go": "go", "lone.rs": "rust", "net/App.csproj": nil,
            "net/In/a.cs": "csharp",
        ])
        var roots = PackageRoots(of: graph, rules: rules)
        func root(_ path: String) -> String? { graph.index(of: path).map { roots.root(of: Int($0)) } }
        #expect(root("py/top/sub/a.py") == "py/top")
        #expect(root("py/top/loose/b.py") == "py/top/loose")
        #expect(root("py/c.py") == "py")
        #expect(root("crate/src/x/y.rs") == "crate")
        #expect(root("web/src/a/b.ts") == "web")
        #expect(root("Sources/Core/In/a.swift") == "Sources/Core")
        #expect(root("Tests/CoreTests/t.swift") == "Tests/CoreTests")
        #expect(root("go/pkg/a.go") == "go/pkg")
        #expect(root("lone.rs") == "")
        #expect(root("net/In/a.cs") == "net")
    }

    @Test func `a package is one task across its folders`() throws {
        let graph = files([
            "p/__init__.py": "python", "p/a.py": "python", "p/q/__init__.py": "python", "p/q/b.py": "python",
            "other.py": "python",
        ])
        let list = try decompose(graph, DecomposeRules(unit: .package), packages: rules)
        #expect(list.tasks.map(\.files.count).sorted() == [1, 4])
    }

    /// Two groups of connected files in one folder, with one edge between them.
    @Test func `a cluster is what hangs together`() throws {
        let text = """
            m/a: m/b m/c
            n/b: m/c
            m/b: m/c n/b
            m/c
            m/x: n/y n/z m/a
            n/y: n/z
            n/z
            """
        let list = try decompose(graph(text), DecomposeRules(unit: .cluster, maxFiles: 4))
        #expect(list.tasks.map(\.files) == [["m/a", "m/b", "m/c", "n/b"], ["m/x", "n/y", "n/z"]])
    }

    @Test func `tokens are a quarter of the bytes`() throws {
        // Files of 100 bytes are 25 tokens each.
        let four = graph("a\nb\nc\nd")
        #expect(try decompose(four, DecomposeRules(maxFiles: 9, maxTokens: 50)).tasks.map(\.files.count) == [2, 2])
        #expect(try decompose(four, DecomposeRules(maxFiles: 9, maxTokens: 49)).tasks.count == 4)
        let ring = graph("a: b\nb: c\nc: a")
        #expect(try decompose(ring, DecomposeRules(maxTokens: 75)).tasks.count == 1)
        #expect(try decompose(ring, DecomposeRules(maxTokens: 74)).cutCycles.count == 1)
    }

    /// A file that depends on another folder may still join an earlier task of its folder, if it comes after its
    /// dependencies.
    @Test func `a file joins an earlier task of its folder`() throws {
        let list = try decompose(graph("d/a: e/x\ne/x: d/b\nd/b\nd/c: d/b"), DecomposeRules(unit: .directory))
        #expect(list.tasks.map(\.files) == [["d/b", "d/c"], ["e/x"], ["d/a"]])
    }
}
