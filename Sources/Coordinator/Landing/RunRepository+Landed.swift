import Git
import Model

extension RunRepository {
    /// Maximum number of commits that a failure lists.
    private static let mostCommits = 20
    /// Maximum characters of each commit's reason.
    private static let mostReason = 300

    /// Describes the commits that landed between two tips, for a worker that repeats its task on top of them.
    /// - Parameter paths: only commits that change one of these paths; nil for all commits.
    func landed(from base: ObjectID, to tip: ObjectID, touching paths: [String]?) throws(GitError) -> String {
        var lines: [String] = []
        // If the run has followed its base, the old base of an attempt is not an ancestor of the tip.
        guard let base = try repository.mergeBase(base, tip) else { return "" }
        for commit in try repository.commits(from: base, to: tip).suffix(paths == nil ? Self.mostCommits : Int.max) {
            guard let parent = commit.parents.first else { continue }
            let touched = try repository.diff(
                from: repository.treeOf(parent), to: commit.tree, paths: paths, counting: false
            ).map(\.path)
            if touched.isEmpty { continue }
            let names = touched.prefix(Self.mostCommits).joined(separator: ", ")
            lines.append("\(commit.id.short) \(commit.subject) (\(names))")
            let reason = CommitMessage.reason(in: commit.body, goal: plan.goal)
            if !reason.isEmpty { lines.append("  \(reason.prefix(Self.mostReason))") }
        }
        return lines.suffix(2 * Self.mostCommits).joined(separator: "\n")
    }
}
