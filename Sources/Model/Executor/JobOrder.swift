/// One attempt as a value: all that another machine needs to carry it out.
///
/// It names no path of the machine that wrote it, except those in `folders`, whose files travel with the order.
package struct JobOrder: Codable, Sendable, Equatable {
    /// Increased when a key changes its meaning, but not for new keys.
    package static let currentVersion = 1

    package var version = currentVersion
    /// Version of the program that wrote the order. Another one does not carry it out.
    package var program: String
    /// Names this attempt and no other. Only a result with the same token counts.
    package var token: String
    package var run: RunID
    /// Counted from 1 within the task.
    package var attempt: Int
    package var task: MigrationTask
    /// The worker and the limits of the attempt.
    package var rung: Rung
    /// The commit to start from.
    package var base: ObjectID
    /// The commit that the run's tasks were made from. Coverage is compared with it.
    package var runBase: ObjectID
    package var source: Source
    /// Name of the target repository, by which a machine keeps its objects and slots; usable as a file name.
    package var repository: String
    /// The rules: set-up, checks, guards, reviewers, sandbox. It has only the stage of the task.
    package var plan: Plan
    /// Variables that the plan passes on by name, with their values.
    package var environment: [String: String]
    /// Folders of the plan and of workers on the machine that wrote the order. The files of the first one are in
    /// `folders/0`, and so on. Commands that name such a folder are changed to name the copy.
    package var folders: [String]

    /// Where the base commit comes from.
    package enum Source: Codable, Sendable, Equatable {
        /// `base.bundle` in the folder of the order, or nothing where the machine has the commit already.
        case bundle
        /// A URL that Git can fetch from.
        case url(String)
        /// A Git directory on a file system that both machines share.
        case folder(String)
    }

    /// The reference in `base.bundle`.
    package var baseReference: String { Self.baseReference(base, plan: plan.name) }

    /// The reference that keeps a base in the target repository until the run ends.
    package static func baseReference(_ commit: ObjectID, plan: String) -> String {
        "\(BranchNames.held(ofPlan: plan))bases/\(commit.hex)"
    }

    /// The file in the folder of the order.
    package static let fileName = "order.json"

    package init(
        program: String, token: String, run: RunID, attempt: Int, task: MigrationTask, rung: Rung, base: ObjectID,
        runBase: ObjectID, source: Source, repository: String, plan: Plan, environment: [String: String] = [:]
    ) {
        self.program = program
        self.token = token
        self.run = run
        self.attempt = attempt
        self.task = task
        self.task.stage = 0
        self.rung = rung
        self.base = base
        self.runBase = runBase
        self.source = source
        self.repository = repository
        self.plan = plan.portable(for: task, on: rung)
        self.environment = environment
        folders = plan.sandbox.folders ?? []
    }

    /// Returns the order with other paths in place of `folders`.
    /// - Parameter copies: the paths of the copies, in the order of `folders`.
    package func moved(to copies: [String]) -> JobOrder {
        var result = self
        func change(_ text: String) -> String {
            zip(folders, copies).reduce(text) { text, folder in text.replacing(folder.0, with: folder.1) }
        }
        result.plan.changeCommands(change)
        result.rung.worker.run = change(rung.worker.run)
        result.rung.worker.resume = rung.worker.resume.map(change)
        result.plan.sandbox.folders = copies.isEmpty ? nil : copies
        result.folders = copies
        return result
    }
}

extension Plan {
    /// Returns what the attempt at one task needs of the plan.
    fileprivate func portable(for task: MigrationTask, on rung: Rung) -> Plan {
        var plan = self
        plan.stages = stages.indices.contains(task.stage) ? [stages[task.stage]] : []
        plan.stages.indices.forEach { plan.stages[$0].ladder = [rung] }
        plan.workers.ladder = [rung]
        plan.workers.maxParallel = 1
        plan.repository = ""
        plan.depends = []
        plan.checkpoints = []
        plan.notify = nil
        // The coordinator makes the commit, and signs it.
        plan.commit = nil
        return plan
    }

    /// The executors that its steps name, sorted.
    package var executors: [String] {
        Set((workers.ladder + stages.flatMap(\.ladder)).compactMap(\.executor)).sorted()
    }

    /// The entries that pass variables on by name, for one attempt.
    package func passedVariables(for task: MigrationTask, on rung: Rung) -> Set<String> {
        let stage = stages.indices.contains(task.stage) ? stages[task.stage] : nil
        let rules = [verify] + [stage?.verify].compactMap { $0 }
        let reviewers = (review?.reviewers ?? []) + rules.flatMap(\.doneReviewers)
        let entries =
            workers.environment + rung.worker.environment + rules.flatMap(\.environment)
            + reviewers.flatMap(\.worker.environment)
            + rules.flatMap { $0.done + $0.task + $0.holdout }.flatMap(\.environment)
            + (setup.steps + (stage?.setup.steps ?? [])).flatMap(\.environment)
        return Set(entries.filter { !$0.contains("=") })
    }
}
