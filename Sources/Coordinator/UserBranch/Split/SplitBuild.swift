import Git
import Model

/// The commits of branches that landed changes are divided into, made in memory.
///
/// Equal input gives equal commits, so a repeated division changes no branch. Its calls block.
struct SplitBuild {
    struct Branch: Sendable {
        var part: Int
        var commit: ObjectID
        var tree: ObjectID
        /// Its own commits with the originals, the first one first; empty if the base has all changes.
        var steps: [CommitTransplant.Step]
    }

    let repository: Repository
    let plan: Plan
    let pieces: [SplitPiece]
    /// Commits of an earlier division, which are used again where they are equal. A signature may differ every time.
    let known: [Known: ObjectID]

    struct Known: Hashable, Sendable {
        var parent: ObjectID
        var tree: ObjectID
        var message: String
    }

    /// Makes the branches of a division on a base, in an order in which each comes after the one below it.
    /// - Throws: `CommitTransplant.Conflict`, `GitError`.
    func make(_ cut: BranchCut, on base: ObjectID) throws -> [Branch] {
        var made: [Int: Branch] = [:]
        let baseTree = try repository.treeOf(base)
        return try cut.order.map { part -> Branch in
            let below = cut.parts[part].parent.flatMap { made[$0] }
            var branch = Branch(part: part, commit: below?.commit ?? base, tree: below?.tree ?? baseTree, steps: [])
            let own = cut.parts[part].pieces
            for position in own { try add(pieces[position], to: &branch, isLast: position == own.last) }
            made[part] = branch
            return branch
        }
    }

    private func add(_ piece: SplitPiece, to branch: inout Branch, isLast: Bool) throws {
        let before = try piece.commit.parents.first.map { try repository.treeOf($0) } ?? branch.tree
        var after = piece.commit.tree
        if piece.isPartial {
            let changes = try repository.diff(from: before, to: after, paths: piece.paths, counting: false)
            after = try repository.tree(
                base: before,
                applying: changes.map { change in
                    guard let mode = change.newMode, let id = change.newID else { return (change.path, nil) }
                    return (change.path, (mode, id))
                })
        }
        switch try repository.merge(ancestor: before, ours: branch.tree, theirs: after) {
        case .conflicts(let paths): throw CommitTransplant.Conflict(commit: piece.commit, paths: paths)
        case .clean(let merged):
            if merged == branch.tree { return }
            branch.tree = merged
        }
        branch.commit = try commit(piece, tree: branch.tree, parent: branch.commit, isLast: isLast)
        branch.steps.append(.init(old: piece.commit, commit: branch.commit, tree: branch.tree, isChecked: isLast))
    }

    private func commit(
        _ piece: SplitPiece, tree: ObjectID, parent: ObjectID, isLast: Bool
    ) throws -> ObjectID {
        // Only the tree of the last commit of a branch is checked.
        let message = CommitTransplant.message(of: piece.commit, tree: isLast ? tree : nil)
        if let known = known[Known(parent: parent, tree: tree, message: message)] { return known }
        var committer = try repository.signatureNow()
        committer.seconds = piece.commit.committer.seconds
        committer.offsetMinutes = piece.commit.committer.offsetMinutes
        return try repository.commit(
            tree: tree, parents: [parent], message: message, author: piece.commit.author, committer: committer,
            isSigned: plan.commit?.isSigned ?? false)
    }
}
