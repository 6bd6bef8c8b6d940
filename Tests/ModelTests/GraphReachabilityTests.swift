import Model
import Testing

@Suite("What reaches what in a graph of files")
struct GraphReachabilityTests {
    /// app.py → a.py → b.py → c.py → a.py, b.py → base.py, test_app.py → app.py, lone.py
    private let graph = RepositoryGraph(
        files: ["a.py", "app.py", "b.py", "base.py", "c.py", "lone.py", "test_app.py"].map {
            .init(path: $0, language: "python", lines: 1, bytes: 1, traits: $0.hasPrefix("test") ? .test : [])
        },
        edges: [
            .init(from: 1, to: 0, kind: .import, line: 4), .init(from: 0, to: 2, kind: .import, line: 2),
            .init(from: 2, to: 4, kind: .weak, line: 7), .init(from: 4, to: 0, kind: .import, line: 1),
            .init(from: 2, to: 3, kind: .typeOnly, line: 9), .init(from: 6, to: 1, kind: .import, line: 3),
        ])

    @Test func `a chain is a shortest one and carries its lines`() throws {
        let chain = try #require(graph.chain(from: 6, to: 3))
        #expect(
            chain.map { [Int($0.from), Int($0.to), Int($0.line)] } == [[6, 1, 3], [1, 0, 4], [0, 2, 2], [2, 3, 9]])
        #expect(graph.chain(from: 3, to: 6) == nil)
        #expect(graph.chain(from: 5, to: 5) == [])
    }

    @Test func `dependents are found to any distance or to a limit`() {
        #expect(graph.dependents(of: [3]) == [0, 1, 2, 4, 6])
        #expect(graph.dependents(of: [3], limit: 2) == [0, 2])
        #expect(graph.dependents(of: [5, 6]) == [])
    }

    @Test func `tests that reach a file are those to run`() {
        #expect(graph.tests(reaching: [4]) == [6])
        #expect(graph.tests(reaching: [6]) == [6])
        #expect(graph.tests(reaching: [5]) == [])
    }

    @Test func `cycles, waves, the deepest chain and hubs`() {
        let shape = graph.shape(hubs: 2)
        #expect(shape.cycles == [[0, 2, 4]])
        #expect(shape.waves == [[3, 5], [0, 2, 4], [1], [6]])
        #expect(shape.deepestChain == [6, 1, 2, 3])
        #expect(shape.hubs.map(\.file) == [0, 1])
        #expect(shape.hubs.map(\.dependents) == [2, 1])
    }

    @Test func `files and edges come out sorted whatever their order`() {
        let files = graph.files.reversed().map { $0 }
        let last = RepositoryGraph.FileIndex(files.count - 1)
        let edges = graph.edges.reversed().map { edge in
            RepositoryGraph.Edge(from: last - edge.from, to: last - edge.to, kind: edge.kind, line: edge.line)
        }
        #expect(RepositoryGraph(files: files, edges: edges) == graph)
    }

    @Test func `a graph without files has an empty shape`() {
        let shape = RepositoryGraph(files: [], edges: []).shape()
        #expect(shape.waves.isEmpty && shape.cycles.isEmpty && shape.deepestChain.isEmpty && shape.hubs.isEmpty)
    }
}
