import Model
import Testing

@Suite struct GraphStructureTests {
    private func adjacency(_ count: Int, _ edges: [(Int, Int)]) -> Adjacency {
        Adjacency(count: count, edges: edges.map { (from: $0.0, to: $0.1) })
    }

    @Test func `targets keep the order in which they are given`() {
        let graph = adjacency(4, [(2, 3), (0, 3), (2, 1), (0, 1), (2, 0)])
        #expect(graph.count == 4)
        #expect((0..<4).map { Array(graph.targets(of: $0)) } == [[3, 1], [], [3, 1, 0], []])
    }

    @Test func `reversed targets ascend`() {
        let graph = adjacency(3, [(2, 0), (1, 0), (0, 2)]).reversed
        #expect((0..<3).map { Array(graph.targets(of: $0)) } == [[1, 2], [], [0]])
    }

    @Test func `distances come from the nearest source, up to the limit`() {
        let graph = adjacency(6, [(0, 1), (1, 2), (2, 3), (4, 3)])
        #expect(graph.distances(from: [0]) == [0, 1, 2, 3, nil, nil])
        #expect(graph.distances(from: [0, 4, 4]) == [0, 1, 2, 1, 0, nil])
        #expect(graph.distances(from: [0], limit: 2) == [0, 1, 2, nil, nil, nil])
        #expect(graph.distances(from: [0], limit: 0) == [0, nil, nil, nil, nil, nil])
    }

    @Test func `of several shortest paths the first in the lists is taken`() {
        let graph = adjacency(5, [(0, 2), (0, 1), (1, 3), (2, 3), (3, 4), (0, 3)].filter { $0 != (0, 3) })
        #expect(graph.shortestPath(from: 0, to: 4) == [0, 2, 3, 4])
        #expect(graph.shortestPath(from: 4, to: 0) == nil)
        #expect(graph.shortestPath(from: 1, to: 1) == [1])
    }

    @Test func `a component comes after its dependencies, with its members ascending`() {
        // 4 → {1, 3, 0} → 2, and 5 alone.
        let graph = adjacency(6, [(4, 3), (3, 1), (1, 0), (0, 3), (1, 2)])
        let condensation = Condensation(graph)
        #expect(condensation.components.filter { $0.count > 1 } == [[0, 1, 3]])
        #expect(Set(condensation.components.map { $0 }) == [[2], [0, 1, 3], [4], [5]])
        for node in 0..<6 {
            #expect(condensation.components[condensation.component[node]].contains(node))
            for target in graph.targets(of: node) {
                #expect(condensation.component[target] <= condensation.component[node])
            }
        }
        let depths = condensation.depths(in: graph)
        #expect([2, 0, 4, 5].map { depths[condensation.component[$0]] } == [1, 2, 3, 1])
    }

    @Test func `two cycles that share no node stay apart`() {
        let condensation = Condensation(adjacency(4, [(0, 1), (1, 0), (1, 2), (2, 3), (3, 2)]))
        #expect(condensation.components == [[2, 3], [0, 1]])
    }

    private typealias Edge = RepositoryGraph.Edge

    private func graph(_ names: [String], _ edges: [Edge]) -> RepositoryGraph {
        RepositoryGraph(files: names.map { .init(path: $0, language: nil, lines: 1, bytes: 1) }, edges: edges)
    }

    @Test func `edges between two files become one`() {
        let graph = graph(
            ["a", "b"],
            [
                Edge(from: 0, to: 1, kind: .typeOnly, line: 9, references: 2),
                Edge(from: 0, to: 1, kind: .import, line: 11, references: 3),
                Edge(from: 0, to: 1, kind: .weak, line: 4), Edge(from: 1, to: 1, kind: .import, line: 1),
            ])
        #expect(graph.edges == [Edge(from: 0, to: 1, kind: .import, line: 4, references: 6)])
    }

    @Test func `kinds of edges are ordered by strength`() {
        let kinds: [RepositoryGraph.EdgeKind] = [.import, .weak, .reexport, .name, .typeOnly]
        #expect(kinds.sorted().map(\.word) == ["weak", "type-only", "name", "re-export", "import"])
    }

    @Test func `files and edges are found by path and by ends`() {
        let graph = graph(
            ["c", "a", "b"], [Edge(from: 0, to: 1, kind: .name, line: 1), Edge(from: 0, to: 2, kind: .name, line: 2)])
        #expect(["a", "b", "c"].map { graph.index(of: $0) } == [0, 1, 2])
        #expect(graph.index(of: "") == nil && graph.index(of: "bb") == nil && graph.index(of: "d") == nil)
        #expect(graph.edges(from: 2).map(\.to) == [0, 1] && graph.edges(from: 0).isEmpty)
        #expect(graph.edge(from: 2, to: 1)?.line == 2 && graph.edge(from: 2, to: 0)?.line == 1)
        #expect(graph.edge(from: 2, to: 2) == nil && graph.edge(from: 0, to: 2) == nil)
    }

    @Test func `cycles are listed by size and hubs by dependents, then by path`() {
        let edges = [(0, 1), (1, 0), (2, 3), (3, 4), (4, 2), (5, 6), (6, 5), (0, 3), (5, 3), (6, 1)].map {
            Edge(from: Int32($0.0), to: Int32($0.1), kind: .import, line: 1)
        }
        let shape = graph(["a", "b", "c", "d", "e", "f", "g"], edges).shape()
        #expect(shape.cycles == [[2, 3, 4], [0, 1], [5, 6]])
        #expect(shape.hubs.map(\.file) == [3, 1, 0, 2, 4, 5, 6])
        #expect(shape.hubs.map(\.dependents) == [3, 2, 1, 1, 1, 1, 1])
        #expect(graph(["a", "b"], [Edge(from: 0, to: 1, kind: .import, line: 1)]).shape(hubs: 0).hubs.isEmpty)
    }

    @Test func `a rule that adds exactly the maximum is accepted`() throws {
        let names = (0..<1000).map { "a\($0)" } + (0..<100).map { "b\($0)" }
        let rule = DependsRule(from: "a*", to: "b*")
        #expect(try graph(names, []).applying([rule]).edges.count == RepositoryGraph.maximumAddedEdges)
        #expect(throws: DependsRuleError.self) { try graph(names + ["b100"], []).applying([rule]) }
    }

    @Test func `a removed dependency has its own direction`() throws {
        let both = graph(
            ["a", "b"], [Edge(from: 0, to: 1, kind: .name, line: 1), Edge(from: 1, to: 0, kind: .name, line: 2)])
        let rest = try both.applying([DependsRule(from: "a", to: "b", remove: true)])
        #expect(rest.edges.map(\.line) == [2])
    }
}
