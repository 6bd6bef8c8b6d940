/// A path that differs between two trees.
struct TreeDifference: Sendable {
    struct Side: Equatable, Sendable {
        var mode: FileMode
        var id: RawID
    }

    var path: RawPath
    /// nil if the tree has no file at the path.
    var old: Side?
    var new: Side?
}

/// Finds the paths that differ between two trees, reading only subtrees that differ.
enum TreeComparison {
    /// - Parameters:
    ///   - old: nil for the empty tree, so that every path of the other is reported.
    ///   - visit: called in the order of the trees' entries. A directory that became a file gives a call for the file and
    ///     one for each file that was below it.
    static func walk(
        from old: RawID?, to new: RawID?, in objects: borrowing ObjectDatabase, below directory: RawPath = [],
        _ visit: (TreeDifference) throws(GitError) -> Void
    ) throws(GitError) {
        if old == new { return }
        let before = if let old { try RawTree.entries(of: old, in: objects) } else { [RawEntry]() }
        let after = if let new { try RawTree.entries(of: new, in: objects) } else { [RawEntry]() }
        var i = 0
        var j = 0
        while i < before.count || j < after.count {
            let takeOld = j == after.count || i < before.count && !RawEntry.inTreeOrder(after[j], before[i])
            let takeNew = i == before.count || j < after.count && !RawEntry.inTreeOrder(before[i], after[j])
            let a = takeOld ? before[i] : nil
            let b = takeNew ? after[j] : nil
            if takeOld { i += 1 }
            if takeNew { j += 1 }
            if let a, let b, a.id == b.id, a.mode == b.mode { continue }
            guard let name = a?.name ?? b?.name else { continue }
            let path = directory.appending(name)
            // A file and a directory of one name sort apart, so they never meet as `a` and `b`.
            let oldTree = a.flatMap { $0.isDirectory ? $0.id : nil }
            let newTree = b.flatMap { $0.isDirectory ? $0.id : nil }
            if oldTree != nil || newTree != nil {
                try walk(from: oldTree, to: newTree, in: objects, below: path, visit)
            }
            let oldFile = a.flatMap { entry in
                entry.fileMode.map { TreeDifference.Side(mode: $0, id: entry.id) }
            }
            let newFile = b.flatMap { entry in
                entry.fileMode.map { TreeDifference.Side(mode: $0, id: entry.id) }
            }
            if oldFile != newFile { try visit(TreeDifference(path: path, old: oldFile, new: newFile)) }
        }
    }

    static func differences(
        from old: RawID?, to new: RawID?, in objects: borrowing ObjectDatabase
    ) throws(GitError) -> [TreeDifference] {
        var found: [TreeDifference] = []
        try walk(from: old, to: new, in: objects) { difference in found.append(difference) }
        return found
    }
}
