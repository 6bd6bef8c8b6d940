package import Model

/// Edges in the order in which they are found; `RepositoryGraph` sorts and merges them.
package struct EdgeList: Sendable {
    package private(set) var edges: [RepositoryGraph.Edge] = []

    package init() {}

    /// Adds an edge; one from a file to itself is dropped.
    /// - Parameters:
    ///   - line: line in `from`, counted from 1.
    ///   - references: how many places in `from` cause it.
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
