import Foundation
import Git
import Model

/// An in-memory rebase of a branch's commits onto another base.
struct CommitTransplant {
    struct Conflict: Error {
        /// The commit that conflicts with the new base.
        let commit: CommitRecord
        let paths: [String]
    }

    struct Step: Sendable {
        let old: CommitRecord
        let commit: ObjectID
        let tree: ObjectID

        /// The task that the commit belongs to; nil for a commit that no run made.
        var task: TaskID? { old.trailer(CommitMessage.Trailer.task).map { TaskID($0) } }
    }

    let repository: Repository

    /// Rebases the commits.
    /// - Parameters:
    ///   - fork: the commit before the first one.
    ///   - tip: the last commit.
    ///   - base: the new base.
    /// - Returns: one step for each commit, in order, with the original message and author. Commits whose change the
    ///   new base already contains are left out.
    /// - Throws: `Conflict`, `GitError`.
    func make(from fork: ObjectID, to tip: ObjectID, onto base: ObjectID) throws -> [Step] {
        var steps: [Step] = []
        var parent = base
        var tree = try repository.treeOf(base)
        for record in try repository.commits(from: fork, to: tip) {
            let before = try record.parents.first.map { try repository.treeOf($0) } ?? tree
            switch try repository.merge(ancestor: before, ours: tree, theirs: record.tree) {
            case .conflicts(let paths): throw Conflict(commit: record, paths: paths)
            case .clean(let merged):
                if merged == tree { continue }
                tree = merged
            }
            parent = try repository.commit(
                tree: tree, parents: [parent], message: Self.message(of: record, tree: tree), author: record.author,
                committer: repository.signatureNow())
            steps.append(Step(old: record, commit: parent, tree: tree))
        }
        return steps
    }

    /// Returns the original message, with the new tree in `Verified-Tree`. A commit whose own tree was not checked names
    /// none.
    private static func message(of record: CommitRecord, tree: ObjectID) -> String {
        let trailers = record.trailers.compactMap { trailer -> String? in
            guard trailer.key == CommitMessage.Trailer.tree else { return "\(trailer.key): \(trailer.value)" }
            return ObjectID(hex: trailer.value) == nil ? nil : "\(trailer.key): \(tree.hex)"
        }
        return [record.subject, record.body, trailers.joined(separator: "\n")]
            .filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }
}

extension Repository {
    /// Returns the configured identity of the user, with the current time.
    func signatureNow() throws(GitError) -> Signature {
        let identity = try configIdentity() ?? ("orchestrate", "orchestrate@localhost")
        return Signature(
            name: identity.name, email: identity.email, seconds: Int64(Date().timeIntervalSince1970),
            offsetMinutes: TimeZone.current.secondsFromGMT() / 60)
    }
}
