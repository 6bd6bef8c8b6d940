import Foundation
import Git
import Jobs
import Model

/// The target repository, with the operations that a run needs.
///
/// Its calls block, so async code uses it through `RunContext.git`.
struct RunRepository: Sendable {
    let repository: Repository
    let run: RunID
    let plan: Plan
    let graph: BaseGraph
    private let identity: (name: String, email: String)
    /// Begins the references of the only job that this value serves; nil in the target repository itself.
    private let jobReferences: String?

    /// - Parameter order: the order of a job on this machine, which shares the repository with other jobs, even with
    ///   other attempts at its task. nil in the target repository itself.
    init(
        _ repository: Repository, run: RunID, plan: Plan, graph: BaseGraph, order: JobOrder? = nil
    ) throws(GitError) {
        jobReferences = order?.references
        self.repository = repository
        self.run = run
        self.plan = plan
        self.graph = graph
        identity = try repository.configIdentity() ?? ("orchestrate", "orchestrate@localhost")
    }

    var integration: IntegrationBranch { IntegrationBranch(name: plan.integration, repository: repository) }

    /// Returns the tree of a commit with some files changed.
    func tree(of commit: ObjectID, with changes: [FileChange]) throws(GitError) -> ObjectID {
        try repository.tree(
            base: repository.treeOf(commit),
            applying: changes.map { change in
                guard let mode = change.newMode, let id = change.newID else { return (change.path, nil) }
                return (change.path, (mode, id))
            })
    }

    /// Creates a commit of a task. No ref points at it yet.
    /// - Parameter checked: the tree that the landing checks judge; nil for the commit's own.
    func commit(
        _ verified: Fact.AttemptVerified, of task: MigrationTask, tree: ObjectID,
        checked: CommitMessage.CheckedTree? = nil,
        parent: ObjectID
    ) throws(GitError) -> ObjectID {
        let message = message(verified, of: task, tree: tree, checked: checked)
        let committer = Signature(
            name: identity.name, email: identity.email, seconds: Int64(Date().timeIntervalSince1970),
            offsetMinutes: TimeZone.current.secondsFromGMT() / 60)
        var author = committer
        if let other = message.author { (author.name, author.email) = other }
        return try repository.commit(
            tree: tree, parents: [parent], message: message.text, author: author, committer: committer,
            isSigned: plan.commit?.isSigned ?? false)
    }

    private func message(
        _ verified: Fact.AttemptVerified, of task: MigrationTask, tree: ObjectID, checked: CommitMessage.CheckedTree?
    ) -> CommitMessage {
        CommitMessage(
            plan: plan, stage: plan.stages[task.stage], run: run, task: task, verified: verified, tree: tree,
            checked: checked ?? .init(tree: tree, task: task.id, count: 1),
            committer: "\(identity.name) <\(identity.email)>")
    }

    /// Stores the notes of commits that are about to land; nothing if the plan keeps all in the messages.
    ///
    /// They come before the branch is moved, so that no commit on it ever lacks its note.
    func keepNotes(
        of commits: [Fact.Landed.Commit], _ verified: [TaskID: Fact.AttemptVerified], register: TaskRegister
    ) throws(GitError) {
        guard plan.commit?.usesNotes == true, let last = commits.last else { return }
        let checked = CommitMessage.CheckedTree(
            tree: try repository.treeOf(last.commit), task: last.task, count: commits.count)
        var notes: [(commit: ObjectID, text: String)] = []
        for commit in commits {
            guard let task = register[commit.task], let attempt = verified[commit.task] else { continue }
            let tree = try repository.treeOf(commit.commit)
            let message = message(attempt, of: task, tree: tree, checked: checked)
            if let note = message.note { notes.append((commit.commit, note)) }
        }
        try repository.setNotes(notes)
    }

    /// Creates a commit without a ref, to move a slot to it.
    func temporaryCommit(tree: ObjectID, parent: ObjectID, message: String) throws(GitError) -> ObjectID {
        let signature = Signature(name: "orchestrate", email: "orchestrate@localhost", seconds: 0, offsetMinutes: 0)
        return try repository.commit(
            tree: tree, parents: [parent], message: message, author: signature, committer: signature)
    }

    /// What a commit that no branch has yet belongs to.
    enum Work: Sendable {
        case attempt(TaskID)
        case candidate(Int)
        /// The commit at the end of a job, until it is in the bundle of the result.
        case result

        fileprivate var name: String {
            switch self {
            case .attempt(let task): "attempts/\(task.rawValue)"
            case .candidate(let number): "candidates/\(number)"
            case .result: "result"
            }
        }
    }

    /// Keeps a commit that no branch has yet from `git gc`, in place of the commit that was kept for the work before.
    func hold(_ commit: ObjectID, for work: Work) throws(GitError) { try setHeld(commit, for: work) }

    /// Ends `hold`. The next coordinator does it for a coordinator that was killed.
    func release(_ work: Work) throws(GitError) { try setHeld(nil, for: work) }

    /// Ends `hold` for all work, once nothing runs any more.
    func releaseAll() throws(GitError) {
        try repository.deleteReferences(below: heldReferences, reason: "\(run)")
    }

    private var heldReferences: String { jobReferences ?? BranchNames.held(ofPlan: plan.name) }

    private func setHeld(_ commit: ObjectID?, for work: Work) throws(GitError) {
        let reference = heldReferences + work.name
        let old = try repository.value(of: reference)
        if old != commit {
            try repository.compareAndSwap(reference: reference, from: old, to: commit, reason: "\(run)")
        }
    }

    /// Points a task's branch at a commit, wherever it pointed before. Only the run uses this branch. A job holds the
    /// commit instead.
    func moveTaskBranch(_ task: TaskID, to commit: ObjectID) throws(GitError) {
        if jobReferences != nil { return try hold(commit, for: .result) }
        try moveTaskBranches([.init(task: task, commit: commit)])
    }

    /// Points the branches of tasks at their commits on the integration branch.
    func moveTaskBranches(_ commits: [Fact.Landed.Commit]) throws(GitError) {
        try repository.moveTaskBranches(commits, of: plan.name, reason: "\(run)")
    }
}
