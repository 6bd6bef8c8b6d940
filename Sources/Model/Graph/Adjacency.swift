/// A directed graph over the numbers `0..<count`, with the targets of each node stored side by side.
package struct Adjacency: Sendable {
    private let starts: [Int]
    private let packed: [Int]

    /// - Parameters:
    ///   - count: number of nodes.
    ///   - edges: pairs of nodes. The targets of a node keep this order.
    package init(count: Int, edges: some Sequence<(from: Int, to: Int)>) {
        var sizes = [Int](repeating: 0, count: count + 1)
        for edge in edges { sizes[edge.from + 1] += 1 }
        for node in 0..<count { sizes[node + 1] += sizes[node] }
        var packed = [Int](repeating: 0, count: sizes[count])
        var next = sizes
        for edge in edges {
            packed[next[edge.from]] = edge.to
            next[edge.from] += 1
        }
        starts = sizes
        self.packed = packed
    }

    package var count: Int { starts.count - 1 }

    package func targets(of node: Int) -> ArraySlice<Int> { packed[starts[node]..<starts[node + 1]] }
}

extension RepositoryGraph {
    /// The dependencies between the files' indices.
    package var adjacency: Adjacency {
        Adjacency(count: files.count, edges: edges.lazy.map { (from: Int($0.from), to: Int($0.to)) })
    }
}
