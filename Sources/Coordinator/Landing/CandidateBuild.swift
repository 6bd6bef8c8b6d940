import Git
import Model

/// A build of a candidate: it merges verified tasks onto a tip in memory, first their trees, then their commits.
///
/// Its calls block.
struct CandidateBuild {
    let git: RunRepository
    let register: TaskRegister
    let observer: any RunObserver

    struct Conflict: Error {
        let task: TaskID
        let failure: Failure
    }

    struct Result: Sendable {
        /// The commits in order, each on top of the one before it. A task whose change is in the tree before it has none.
        var commits: [Fact.Landed.Commit]
        /// The tree of the last commit, or of the tip if there is no commit. This tree is checked.
        var tree: ObjectID
    }

    /// Builds the commits of a candidate.
    /// - Throws: `Conflict` if a task changes the same lines as work before it; `GitError`.
    func make(_ verified: [Fact.AttemptVerified], on tip: ObjectID) throws -> Result {
        if let only = verified.first, verified.count == 1, only.base == tip {
            // Nothing has landed since, so the commit of the task's branch is the one to land.
            return Result(commits: [.init(task: only.task, commit: only.commit)], tree: only.tree)
        }
        var tree = try git.repository.treeOf(tip)
        var trees: [ObjectID] = []
        for (position, attempt) in verified.enumerated() {
            observer.entered(.merging, task: attempt.task)
            tree =
                position == 0 && attempt.base == tip
                ? attempt.tree : try merge(attempt, onto: tree, tip: tip, before: verified.prefix(position))
            trees.append(tree)
        }
        var parent = tip
        var before = try git.repository.treeOf(tip)
        var commits: [Fact.Landed.Commit] = []
        for (attempt, own) in zip(verified, trees) where own != before {
            guard let task = register[attempt.task] else { continue }
            let checked = CommitMessage.CheckedTree(
                tree: tree, task: verified[verified.count - 1].task, count: verified.count)
            parent = try git.commit(attempt, of: task, tree: own, checked: checked, parent: parent)
            commits.append(.init(task: attempt.task, commit: parent))
            before = own
        }
        return Result(commits: commits, tree: tree)
    }

    private func merge(
        _ attempt: Fact.AttemptVerified, onto tree: ObjectID, tip: ObjectID,
        before: ArraySlice<Fact.AttemptVerified>
    ) throws -> ObjectID {
        let ancestor = try git.repository.treeOf(attempt.base)
        switch try git.repository.merge(ancestor: ancestor, ours: tree, theirs: attempt.tree) {
        case .clean(let merged): return merged
        case .conflicts(let paths):
            var others = [try git.landed(from: attempt.base, to: tip, touching: paths)]
            for other in before where other.changes.contains(where: { paths.contains($0.path) }) {
                others.append("\(other.task), in the same candidate\(other.reason.isEmpty ? "" : ": \(other.reason)")")
            }
            throw Conflict(
                task: attempt.task,
                failure: Failure(
                    kind: .conflict,
                    summary: "conflicts with work that landed meanwhile, in \(paths.joined(separator: ", "))",
                    detail: others.filter { !$0.isEmpty }.joined(separator: "\n"), places: paths))
        }
    }
}
