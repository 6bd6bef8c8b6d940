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
        /// Whether the landing checks judge this tree.
        var isChecked = true

        /// The task that the commit belongs to; nil for a commit that no run made.
        var task: TaskID? { old.trailer(CommitMessage.Trailer.task).map { TaskID($0) } }
    }

    let repository: Repository
    /// Whether git signs the new commits.
    var isSigned = false

    init(repository: Repository, plan: Plan) {
        self.repository = repository
        isSigned = plan.commit?.isSigned ?? false
    }

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
                committer: repository.signatureNow(), isSigned: isSigned)
            steps.append(Step(old: record, commit: parent, tree: tree))
        }
        return steps
    }

    /// Gives the new commits the notes of the original ones. Call it before a branch is moved to them.
    func keepNotes(_ steps: [Step]) throws {
        var notes: [(commit: ObjectID, text: String)] = []
        for step in steps where !step.old.noteTrailers.isEmpty {
            guard let text = try repository.note(of: step.old.id) else { continue }
            notes.append((step.commit, Self.note(text, tree: step.isChecked ? step.tree : nil)))
        }
        try repository.setNotes(notes)
    }

    /// Returns the original note, with the new tree in `Verified-Tree`.
    private static func note(_ text: String, tree: ObjectID?) -> String {
        let key = "\(CommitMessage.Trailer.tree): "
        return text.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line -> String? in
            guard line.hasPrefix(key) else { return String(line) }
            guard let tree, ObjectID(hex: String(line.dropFirst(key.count))) != nil else { return nil }
            return "\(key)\(tree.hex)"
        }.joined(separator: "\n")
    }

    /// Returns the original message, with the new tree in `Verified-Tree`. A commit whose own tree was not checked names
    /// none.
    /// - Parameter tree: nil if the checks do not judge the new tree.
    static func message(of record: CommitRecord, tree: ObjectID?) -> String {
        let trailers = record.trailers.compactMap { trailer -> String? in
            guard trailer.key == CommitMessage.Trailer.tree else { return "\(trailer.key): \(trailer.value)" }
            guard let tree, ObjectID(hex: trailer.value) != nil else { return nil }
            return "\(trailer.key): \(tree.hex)"
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
