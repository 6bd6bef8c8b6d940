package import Model

/// The dependency graph of a commit, with the tasks of a plan or a run and their states.
package struct GraphReport: Sendable {
    package let graph: RepositoryGraph
    package let commit: ObjectID
    /// The name of the repository.
    package let name: String
    package let tasks: GraphTasks?
    /// The task of each file, by its place in `tasks`; nil for a file without a task.
    let taskOf: [Int?]

    package init(graph: RepositoryGraph, commit: ObjectID, name: String, tasks: GraphTasks?) {
        self.graph = graph
        self.commit = commit
        self.name = name
        self.tasks = tasks
        taskOf = tasks?.places(in: graph) ?? [Int?](repeating: nil, count: graph.files.count)
    }

    /// The report in a format, as UTF-8 with a newline at the end.
    ///
    /// Equal graphs and tasks give equal bytes.
    package func render(_ format: GraphFormat, _ layout: Layout) -> [UInt8] {
        switch format {
        case .text: Array(text(layout).utf8)
        case .json: GraphDocument(self).json()
        case .dot: Array(dot().utf8)
        case .mermaid: Array(mermaid().utf8)
        case .html: GraphPage(self).html()
        }
    }

    /// The task of a file, or nil.
    func task(of file: Int) -> GraphTasks.Entry? { taskOf[file].flatMap { tasks?.entries[$0] } }
}

/// The formats of a graph.
package enum GraphFormat: String, Sendable, CaseIterable {
    case text
    case json
    case dot
    case mermaid
    case html
}

extension RepositoryGraph {
    /// The graph with the same files, and with edges of these kinds only.
    package func keeping(_ kinds: Set<EdgeKind>) -> RepositoryGraph {
        RepositoryGraph(files: files, edges: edges.filter { kinds.contains($0.kind) })
    }
}
