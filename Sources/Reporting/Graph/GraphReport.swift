package import Model

/// The dependency graph of a commit, ready to be shown; with a plan or a run its files bear tasks and their states.
package struct GraphReport: Sendable {
    package let graph: RepositoryGraph
    package let commit: ObjectID
    /// What people call the repository.
    package let name: String
    package let tasks: GraphTasks?
    /// The task of each file, by its place in `tasks`; nil for a file that no task is about.
    let taskOf: [Int?]

    package init(graph: RepositoryGraph, commit: ObjectID, name: String, tasks: GraphTasks?) {
        self.graph = graph
        self.commit = commit
        self.name = name
        self.tasks = tasks
        taskOf = tasks?.places(in: graph) ?? [Int?](repeating: nil, count: graph.files.count)
    }

    /// The report in one of its forms, as bytes of UTF-8 with a newline at the end.
    ///
    /// Equal graphs and tasks give equal bytes in every form.
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

/// The forms that a graph can be had in.
package enum GraphFormat: String, Sendable, CaseIterable {
    case text
    case json
    case dot
    case mermaid
    case html
}

extension RepositoryGraph {
    /// The same files with edges of these kinds only.
    package func keeping(_ kinds: Set<EdgeKind>) -> RepositoryGraph {
        RepositoryGraph(files: files, edges: edges.filter { kinds.contains($0.kind) })
    }
}
