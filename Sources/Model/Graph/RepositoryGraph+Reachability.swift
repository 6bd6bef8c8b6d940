extension RepositoryGraph {
    /// Returns the edges of a shortest chain of dependencies from one file to another.
    ///
    /// - Returns: nil without a chain; no edges if the files are the same.
    package func chain(from start: FileIndex, to goal: FileIndex) -> [Edge]? {
        guard let path = adjacency.shortestPath(from: Int(start), to: Int(goal)) else { return nil }
        return zip(path, path.dropFirst()).compactMap { from, to in edge(from: FileIndex(from), to: FileIndex(to)) }
    }

    /// Returns the edge between two files, or nil.
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

    /// Returns the other files that depend on any of these, directly or through others, ascending.
    ///
    /// - Parameter limit: maximum number of edges in between.
    package func dependents(of files: some Sequence<FileIndex>, limit: Int = .max) -> [FileIndex] {
        let distances = adjacency.reversed.distances(from: files.map { Int($0) }, limit: limit)
        return self.files.indices.filter { (distances[$0] ?? 0) > 0 }.map { FileIndex($0) }
    }

    /// Returns the test files among these and their dependents, ascending: the tests to run when these change.
    package func tests(reaching files: some Sequence<FileIndex>) -> [FileIndex] {
        let distances = adjacency.reversed.distances(from: files.map { Int($0) })
        return self.files.indices.filter { distances[$0] != nil && self.files[$0].traits.contains(.test) }
            .map { FileIndex($0) }
    }
}
