extension RepositoryGraph {
    /// Why one file depends on another: the edges of a shortest chain, each with its line and kind.
    /// - Returns: nil if there is no such chain; no edges if the files are the same.
    package func chain(from start: FileIndex, to goal: FileIndex) -> [Edge]? {
        guard let path = adjacency.shortestPath(from: Int(start), to: Int(goal)) else { return nil }
        return zip(path, path.dropFirst()).compactMap { from, to in edge(from: FileIndex(from), to: FileIndex(to)) }
    }

    /// The edge between two files, if there is one.
    package func edge(from: FileIndex, to: FileIndex) -> Edge? {
        let all = edges(from: from)
        var low = all.startIndex
        var high = all.endIndex
        while low < high {
            let middle = (low + high) / 2
            if all[middle].to < to { low = middle + 1 } else { high = middle }
        }
        return low < all.endIndex && all[low].to == to ? all[low] : nil
    }

    /// The files that depend on any of these, directly or through others, these themselves left out; ascending.
    /// - Parameter limit: edges that may lie between.
    package func dependents(of files: some Sequence<FileIndex>, limit: Int = .max) -> [FileIndex] {
        let distances = adjacency.reversed.distances(from: files.map { Int($0) }, limit: limit)
        return self.files.indices.filter { (distances[$0] ?? 0) > 0 }.map { FileIndex($0) }
    }

    /// The test files among these and the files that depend on them: what to run when these change; ascending.
    package func tests(reaching files: some Sequence<FileIndex>) -> [FileIndex] {
        let distances = adjacency.reversed.distances(from: files.map { Int($0) })
        return self.files.indices.filter { distances[$0] != nil && self.files[$0].traits.contains(.test) }
            .map { FileIndex($0) }
    }
}
