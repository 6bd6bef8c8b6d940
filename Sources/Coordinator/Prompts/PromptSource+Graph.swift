import Foundation
import Jobs
import Model
import Synchronization

/// `graph.json` of a job folder: the dependencies and dependents of the task's files.
package struct JobGraph: Codable, Sendable, Equatable {
    package struct Link: Codable, Sendable, Equatable {
        package var path: String
        package var kind: String
        package var line: Int
        /// The task that owns the file; nil for none.
        package var task: String?
    }

    package struct File: Codable, Sendable, Equatable {
        package var path: String
        package var dependsOn: [Link]
        package var dependents: [Link]
    }

    package var version = 1
    package var files: [File]
}

extension PromptSource {
    private static let mostLinks = 100

    /// Writes `graph.json` for the worker.
    func writeGraph(of task: MigrationTask, into job: JobFolder) throws(JobsError) {
        let base = self.graph
        guard let graph = try? base.value() else { return }
        let files = task.files.prefix(Self.mostLinks).compactMap { path -> JobGraph.File? in
            guard let file = graph.index(of: path) else { return nil }
            let uses = graph.edges(from: file).prefix(Self.mostLinks).map { link(graph, $0, to: $0.to) }
            let users = ((try? base.users(of: file)) ?? []).prefix(Self.mostLinks).compactMap { from in
                graph.edge(from: from, to: file).map { link(graph, $0, to: from) }
            }
            return .init(path: path, dependsOn: uses, dependents: users)
        }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(JobGraph(files: files)) else { return }
        try UntrustedFile.create(job.graph, Array(bytes))
    }

    private func link(
        _ graph: RepositoryGraph, _ edge: RepositoryGraph.Edge, to file: RepositoryGraph.FileIndex
    ) -> JobGraph.Link {
        let path = graph.files[Int(file)].path
        return .init(path: path, kind: edge.kind.word, line: Int(edge.line), task: register.owner(of: path)?.rawValue)
    }
}
