package import Model

/// The result of merging two trees.
package enum MergeResult: Sendable, Equatable {
    /// The merged tree; its objects are in the repository.
    case clean(ObjectID)
    /// The paths with conflicting changes, sorted. The rest of the merge must not be used.
    case conflicts([String])
}

extension Repository {
    /// Merges two trees with a common ancestor, with the result of `git merge` (`ort`, default settings).
    ///
    /// If the two sides changed different paths and no rename can be involved, the paths are combined in memory and only
    /// directories that differ are read. Everything else, such as a file that both changed, goes to `git merge-tree`:
    /// `ort` merges by histogram diff, libgit2 only has Myers' diff, and the two sometimes disagree.
    ///
    /// - Parameters:
    ///   - ancestor: the tree from which both sides started.
    ///   - ours: its `.gitattributes` decide how content is merged (`merge=union`, `-merge`).
    package func merge(ancestor: ObjectID, ours: ObjectID, theirs: ObjectID) throws(GitError) -> MergeResult {
        if ours == theirs || theirs == ancestor { return .clean(ours) }
        if ours == ancestor { return .clean(theirs) }
        let change = try withObjects { (objects) throws(GitError) in
            let change = TwoSidedChange(
                ours: try TreeComparison.differences(from: RawID(ancestor), to: RawID(ours), in: objects),
                theirs: try TreeComparison.differences(from: RawID(ancestor), to: RawID(theirs), in: objects))
            return change
        }
        if change.isIndependent {
            let edits = change.theirs.map { TreeEditor.Edit(path: $0.path, entry: $0.new) }
            return try withObjects { (objects) throws(GitError) in
                .clean(try TreeEditor.apply(edits, to: RawID(ours), in: objects).objectID)
            }
        }
        return try mergeByCommandLine(ancestor: ancestor, ours: ours, theirs: theirs, change: change)
    }
}

/// The paths that each side of a merge changed.
struct TwoSidedChange: Sendable {
    var ours: [TreeDifference]
    var theirs: [TreeDifference]

    /// Whether combining the changed paths gives the result of a merge.
    ///
    /// Git looks for renames if one side both deleted and added files. A rename matters if the other side touched a deleted
    /// path (the change follows the rename) or added any file (its directory may have been renamed).
    var isIndependent: Bool {
        var ourPaths: [RawPath: TreeDifference] = [:]
        for difference in ours { ourPaths[difference.path] = difference }
        for difference in theirs {
            guard let other = ourPaths[difference.path] else { continue }
            if other.new != difference.new { return false }
        }
        if Self.renames(ours, matterTo: theirs) || Self.renames(theirs, matterTo: ours) { return false }
        return !Self.collide(ours, theirs) && !Self.collide(theirs, ours)
    }

    /// Every directory above a changed path, including the root.
    var directories: Set<RawPath> {
        var found: Set<RawPath> = [[]]
        for difference in ours + theirs {
            var directory = difference.path.parent
            while !directory.isEmpty, found.insert(directory).inserted { directory = directory.parent }
        }
        return found
    }

    private static func renames(_ side: [TreeDifference], matterTo other: [TreeDifference]) -> Bool {
        let deleted = Set(side.filter { $0.new == nil }.map(\.path))
        guard !deleted.isEmpty, side.contains(where: { $0.old == nil }) else { return false }
        return other.contains { $0.old == nil || deleted.contains($0.path) }
    }

    /// Whether one side added a file where the other has a directory.
    private static func collide(_ files: [TreeDifference], _ others: [TreeDifference]) -> Bool {
        let added = Set(files.filter { $0.old == nil && $0.new != nil }.map(\.path))
        if added.isEmpty { return false }
        return others.contains { difference in
            guard difference.new != nil else { return false }
            var directory = difference.path.parent
            while !directory.isEmpty {
                if added.contains(directory) { return true }
                directory = directory.parent
            }
            return false
        }
    }
}
