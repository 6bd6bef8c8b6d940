package import Model

/// Edges in the order of discovery. `RepositoryGraph` sorts and merges them.
package struct EdgeList: Sendable {
    package private(set) var edges: [RepositoryGraph.Edge] = []

    package init() {}

    /// Adds an edge. An edge from a file to itself is dropped.
    /// - Parameters:
    ///   - line: line in `from`, counted from 1.
    ///   - references: the number of places in `from` that cause it.
    package mutating func add(
        from: RepositoryGraph.FileIndex, to: RepositoryGraph.FileIndex, kind: RepositoryGraph.EdgeKind, line: UInt32,
        references: UInt32 = 1
    ) {
        guard from != to else { return }
        edges.append(
            RepositoryGraph.Edge(
                from: from, to: to, kind: kind, line: Int32(clamping: line), references: Int32(clamping: references)))
    }

    mutating func append(_ other: EdgeList) { edges.append(contentsOf: other.edges) }
}
