/// Builds a tree from another by setting and deleting paths. Reads and writes only the directories above those paths.
enum TreeEditor {
    /// The change of one path; a nil `entry` deletes it.
    struct Edit {
        var path: RawPath
        var entry: TreeDifference.Side?
    }

    /// - Parameters:
    ///   - base: nil for the empty tree.
    ///   - edits: each path once. Deleting a path that does not exist does nothing. Setting a file replaces a directory at
    ///     its path, and the other way round. A directory without files is removed.
    static func apply(
        _ edits: [Edit], to base: RawID?, in objects: borrowing ObjectDatabase
    ) throws(GitError) -> RawID {
        for edit in edits where edit.entry != nil { try PathSafety.check(edit.path) }
        // Deletions first: replacing directory `a` by file `a` deletes `a/b` and sets `a`.
        let ordered = edits.filter { $0.entry == nil } + edits.filter { $0.entry != nil }
        if let tree = try apply(ordered.map { ($0.path[...], $0.entry) }, to: base, in: objects) { return tree }
        return try RawTree.write([], to: objects)
    }

    /// Returns nil if the tree would be empty.
    private static func apply(
        _ edits: [(path: ArraySlice<UInt8>, entry: TreeDifference.Side?)], to base: RawID?,
        in objects: borrowing ObjectDatabase
    ) throws(GitError) -> RawID? {
        let before = if let base { try RawTree.entries(of: base, in: objects) } else { [RawEntry]() }
        var entries: [[UInt8]: RawEntry] = [:]
        for entry in before { entries[entry.name] = entry }
        var below: [[UInt8]: [(path: ArraySlice<UInt8>, entry: TreeDifference.Side?)]] = [:]
        var order: [[UInt8]] = []
        for edit in edits {
            guard let slash = edit.path.firstIndex(of: RawPath.slash) else {
                let name = Array(edit.path)
                if let entry = edit.entry {
                    entries[name] = RawEntry(mode: entry.mode.rawValue, name: name, id: entry.id)
                } else if entries[name]?.isDirectory == false {
                    entries[name] = nil
                }
                continue
            }
            let name = Array(edit.path[..<slash])
            if below[name] == nil { order.append(name) }
            below[name, default: []].append((edit.path[(slash + 1)...], edit.entry))
        }
        for name in order {
            let old = entries[name]
            let inner = below[name] ?? []
            // Deletions below a path that is not a directory have nothing to delete.
            if old?.isDirectory != true, inner.allSatisfy({ $0.entry == nil }) { continue }
            let subtree = try apply(inner, to: old?.isDirectory == true ? old?.id : nil, in: objects)
            entries[name] = subtree.map { RawEntry(mode: RawEntry.directoryMode, name: name, id: $0) }
        }
        if entries.isEmpty { return nil }
        return try RawTree.write(Array(entries.values), to: objects)
    }
}
