package import Git
package import Model

/// The tree of a branch without the changes of some landed commits, merged in memory.
///
/// Its calls block.
package struct RevertBuild {
    /// A landed commit with its task.
    package struct Landed: Sendable, Equatable {
        package var task: TaskID
        package var commit: ObjectID

        package init(task: TaskID, commit: ObjectID) {
            self.task = task
            self.commit = commit
        }
    }

    package enum Result: Sendable, Equatable {
        case clean(tree: ObjectID)
        /// Later landings changed the same lines.
        case conflicts(paths: [String], with: [TaskID])
    }

    private let repository: Repository
    /// All landed commits, in the order of the branch.
    private let landed: [Landed]

    /// - Parameter landed: all landed commits, in the order of the branch.
    package init(_ repository: Repository, landed: [Landed]) {
        self.repository = repository
        self.landed = landed
    }

    /// Takes the changes of tasks out of a tree, the last one first.
    /// - Parameter tip: the commit to start from.
    package func make(_ tasks: Set<TaskID>, from tip: ObjectID) throws(GitError) -> Result {
        var tree = try repository.treeOf(tip)
        for (place, landing) in landed.enumerated().reversed() where tasks.contains(landing.task) {
            let record = try repository.commit(landing.commit)
            guard let parent = record.parents.first else { continue }
            let merged = try repository.merge(
                ancestor: record.tree, ours: tree, theirs: repository.treeOf(parent))
            switch merged {
            case .clean(let next): tree = next
            case .conflicts(let paths):
                var others: [TaskID] = []
                for later in landed[(place + 1)...] where !tasks.contains(later.task) {
                    if try changes(later.commit, paths) { others.append(later.task) }
                }
                return .conflicts(paths: paths, with: others)
            }
        }
        return .clean(tree: tree)
    }

    /// The tasks that have to be reverted with some others; nil if the conflict is with no landed task.
    package func together(_ tasks: Set<TaskID>, from tip: ObjectID) throws(GitError) -> Set<TaskID>? {
        var all = tasks
        while true {
            switch try make(all, from: tip) {
            case .clean: return all
            case .conflicts(_, let others):
                if others.isEmpty { return nil }
                all.formUnion(others)
            }
        }
    }

    private func changes(_ commit: ObjectID, _ paths: [String]) throws(GitError) -> Bool {
        let record = try repository.commit(commit)
        guard let parent = record.parents.first else { return false }
        return try !repository.diff(
            from: repository.treeOf(parent), to: record.tree, paths: paths, counting: false
        ).isEmpty
    }
}
