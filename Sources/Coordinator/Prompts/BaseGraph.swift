import Git
import Model
import Synchronization

/// The dependency graph of the run's base, built on first use.
///
/// Most runs need the graph only to create their tasks, and never build it again.
final class BaseGraph: Sendable {
    private struct Built: Sendable {
        var graph: RepositoryGraph
        /// The direct dependents of each file.
        var users: [[RepositoryGraph.FileIndex]]
    }

    private let built = Mutex<Built?>(nil)
    private let load: @Sendable () throws -> RepositoryGraph

    init(repository: Repository, base: ObjectID, cachePath: String) {
        load = { try RepositoryGraph.load(from: repository, commit: base, cachePath: cachePath) }
    }

    /// - Parameter graph: the graph, which is built already.
    init(_ graph: RepositoryGraph) { load = { graph } }

    /// Returns the graph. Blocks while it is built.
    func value() throws -> RepositoryGraph { try all().graph }

    /// Returns the direct dependents of a file.
    func users(of file: RepositoryGraph.FileIndex) throws -> [RepositoryGraph.FileIndex] {
        try all().users[Int(file)]
    }

    private func all() throws -> Built {
        try built.withLock { built in
            if let built { return built }
            let graph = try load()
            var users = [[RepositoryGraph.FileIndex]](repeating: [], count: graph.files.count)
            for edge in graph.edges { users[Int(edge.to)].append(edge.from) }
            let new = Built(graph: graph, users: users)
            built = new
            return new
        }
    }
}
