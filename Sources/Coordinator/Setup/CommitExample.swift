import Git
import Model

extension RunSetup {
    /// Returns the message and the note of a made-up task's commit, in the form of the plan; nil for the standard form.
    ///
    /// - Throws: `GitError` if the configuration cannot be read.
    package func exampleOfCommit() throws -> (message: String, author: String, note: String?)? {
        guard let form = plan.commit, let stage = plan.stages.last else { return nil }
        let tree = try repository.treeOf(try repository.resolve(plan.base))
        let identity = try repository.configIdentity() ?? ("orchestrate", "orchestrate@localhost")
        let committer = "\(identity.name) <\(identity.email)>"
        let task = MigrationTask(id: TaskID("src-example.py"), title: "src/example.py", files: ["src/example.py"])
        let checks = (stage.verify.done + stage.verify.task).map {
            CheckResult(name: $0.name, command: "", outcome: .passed, status: 0, seconds: 1, digest: "")
        }
        let verified = Fact.AttemptVerified(
            task: task.id, attempt: 1, worker: stage.ladder.first?.worker.name ?? "worker", commit: tree, base: tree,
            tree: tree, changes: [ChangedPath(path: "src/example.py", added: 4, removed: 6)], checks: checks,
            seconds: 1,
            reason: "The reason that the worker gives for its change.")
        let message = CommitMessage(
            plan: plan, stage: stage, run: RunID("\(plan.name)-1"), task: task, verified: verified, tree: tree,
            checked: .init(tree: tree, task: task.id, count: 1), committer: committer)
        let author = message.author.map { "\($0.name) <\($0.email)>" } ?? committer
        return (message.text, author, form.usesNotes ? message.note : nil)
    }
}
