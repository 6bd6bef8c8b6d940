extension Adjacency {
    /// The same nodes with every edge reversed. Targets ascend.
    package var reversed: Adjacency {
        Adjacency(
            count: count,
            edges: (0..<count).lazy.flatMap { from in targets(of: from).lazy.map { (from: $0, to: from) } })
    }

    /// Returns the number of edges from the nearest source to each node; nil without a path.
    ///
    /// - Parameter limit: nodes that are further away get nil.
    package func distances(from sources: some Sequence<Int>, limit: Int = .max) -> [Int?] {
        var distances = [Int?](repeating: nil, count: count)
        var queue: [Int] = []
        for source in sources where distances[source] == nil {
            distances[source] = 0
            queue.append(source)
        }
        var next = 0
        while next < queue.count {
            let node = queue[next]
            next += 1
            guard let distance = distances[node], distance < limit else { continue }
            for target in targets(of: node) where distances[target] == nil {
                distances[target] = distance + 1
                queue.append(target)
            }
        }
        return distances
    }

    /// Returns a path with the fewest edges, including both ends. Of several it is the one whose nodes come first.
    ///
    /// - Returns: nil without a path; the node alone if start and goal are the same.
    package func shortestPath(from start: Int, to goal: Int) -> [Int]? {
        var before = [Int](repeating: -1, count: count)
        before[start] = start
        var queue = [start]
        var next = 0
        while next < queue.count, before[goal] == -1 {
            let node = queue[next]
            next += 1
            for target in targets(of: node) where before[target] == -1 {
                before[target] = node
                queue.append(target)
            }
        }
        guard before[goal] != -1 else { return nil }
        var path = [goal]
        while let last = path.last, last != start { path.append(before[last]) }
        return path.reversed()
    }
}
