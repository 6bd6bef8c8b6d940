/// The strongly connected components of a graph. Each is one node or one cycle, and there is no cycle between them.
///
/// Source: Tarjan, Depth-first search and linear graph algorithms, 1972. It is iterative, so that a long chain cannot
/// exhaust the stack.
package struct Condensation: Sendable {
    /// Members of each component, ascending. A component comes after its dependencies.
    package private(set) var components: [[Int]] = []
    /// The component of each node.
    package private(set) var component: [Int]

    package init(_ graph: Adjacency) {
        let count = graph.count
        component = [Int](repeating: -1, count: count)
        var order = [Int](repeating: -1, count: count)
        var low = [Int](repeating: 0, count: count)
        var open: [Int] = []
        var path: [(node: Int, rest: ArraySlice<Int>)] = []
        var visited = 0

        func visit(_ node: Int) {
            order[node] = visited
            low[node] = visited
            visited += 1
            open.append(node)
            path.append((node, graph.targets(of: node)))
        }

        for root in 0..<count where order[root] == -1 {
            visit(root)
            while let top = path.indices.last {
                let node = path[top].node
                switch path[top].rest.popFirst() {
                case let target? where order[target] == -1: visit(target)
                case let target? where component[target] == -1: low[node] = min(low[node], order[target])
                case .some: break
                case nil:
                    path.removeLast()
                    if let parent = path.last?.node { low[parent] = min(low[parent], low[node]) }
                    if low[node] == order[node] { close(at: node, &open) }
                }
            }
        }
    }

    private mutating func close(at root: Int, _ open: inout [Int]) {
        var members: [Int] = []
        while let node = open.popLast() {
            component[node] = components.count
            members.append(node)
            if node == root { break }
        }
        components.append(members.sorted())
    }

    /// Returns the number of components on the longest path down from each one, including itself.
    package func depths(in graph: Adjacency) -> [Int] {
        var depths = [Int](repeating: 1, count: components.count)
        for (index, members) in components.enumerated() {
            for member in members {
                for target in graph.targets(of: member) where component[target] != index {
                    depths[index] = max(depths[index], depths[component[target]] + 1)
                }
            }
        }
        return depths
    }
}
