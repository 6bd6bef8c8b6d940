import Decomposition
import DependencyGraph
import Foundation
import Model

/// Cuts the cycles of a real source tree and counts the dependencies that the order no longer respects.
struct CycleBenchmark {
    let folder: String

    func run() throws {
        let source = DirectorySource(root: folder)
        let graph = try GraphBuilder().build(try source.entries(), from: source)
        let largest = graph.shape().cycles.first?.count ?? 0
        print("\(folder): \(graph.files.count) files, \(graph.edges.count) edges, largest cycle \(largest)")
        try report(graph, "limit 25", DecomposeRules(maxCycle: 25))
        try report(graph, "split", DecomposeRules(cycles: .split))
    }

    private func report(_ graph: RepositoryGraph, _ name: String, _ rules: DecomposeRules) throws {
        let plan = Plan(name: "p", goal: "g", repository: "/", decompose: rules, workers: WorkerRules(ladder: []))
        var list = TaskList()
        let time = try ContinuousClock().measure { list = try Decomposer(plan, packages: [:]).tasks(of: graph) }
        let kinds = RepositoryGraph.EdgeKind.allCases.map { kind in
            "\(list.ignoredEdges.count { $0.kind == kind }) \(kind.word)"
        }
        let strong = list.ignoredEdges.count { $0.kind > .typeOnly }
        print(
            "  \(name): \(strong) strong edges ignored (\(kinds.joined(separator: ", "))); "
                + "\(list.cutCycles.count) cycles cut into \(list.cutCycles.reduce(0) { $0 + $1.pieces }) pieces; "
                + "\(list.waves.count) waves; \(time)")
    }
}
