/// One piece of work as a value: all that another machine needs to carry it out.
///
/// It names no path of the machine that wrote it, except those in `folders`, whose files travel with the order.
package struct JobOrder: Codable, Sendable, Equatable {
    /// Increased when a key changes its meaning, but not for new keys.
    package static let currentVersion = 2

    package var version = currentVersion
    /// Version of the program that wrote the order. Another one does not carry it out.
    package var program: String
    /// Names this order and no other. Only a result with the same token counts.
    package var token: String
    package var run: RunID
    package var work: Work
    /// The commit to start from.
    package var base: ObjectID
    /// The commit that the run's tasks were made from. Coverage is compared with it.
    package var runBase: ObjectID
    package var source: Source
    /// Name of the target repository, by which a machine keeps its objects and slots; usable as a file name.
    package var repository: String
    /// The rules: set-up, checks, guards, reviewers, sandbox. It has only the stage of the work.
    package var plan: Plan
    /// Variables that the plan passes on by name, with their values.
    package var environment: [String: String]
    /// Folders of the plan and of workers on the machine that wrote the order. The files of the first one are in
    /// `folders/0`, and so on. Commands that name such a folder are changed to name the copy.
    package var folders: [String]
    /// What became of the task's parts; nil unless it was split.
    package var lastTurn: LastTurn?

    /// What is to be done.
    package enum Work: Codable, Sendable, Equatable {
        case attempt(AttemptOrder)
        case checks(CheckOrder)
    }

    /// One attempt at a task.
    package struct AttemptOrder: Codable, Sendable, Equatable {
        package var task: MigrationTask
        /// Counted from 1 within the task.
        package var number: Int
        /// The worker and the limits of the attempt.
        package var rung: Rung

        package init(task: MigrationTask, number: Int, rung: Rung) {
            self.task = task
            // The plan of the order has one stage.
            self.task.stage = 0
            self.number = number
            self.rung = rung
        }
    }

    /// Checks of the whole tree of the base.
    package struct CheckOrder: Codable, Sendable, Equatable {
        package var checks: [Check]
        /// The task that the checks are about; nil for none.
        package var task: TaskID?
        /// Whether to run the checks that follow a failed one.
        package var keepGoing: Bool
        /// The results on the run's base whose failures do not count.
        package var known: [CheckResult]

        package init(checks: [Check], task: TaskID?, keepGoing: Bool, known: [CheckResult]) {
            self.checks = checks
            self.task = task
            self.keepGoing = keepGoing
            self.known = known
        }

        /// The name of the folder of the logs, beside those of tasks.
        package static let folder = "checks"
    }

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

    /// Begins the references of this order in a machine's repository, where other orders run at the same time, even
    /// for the same task. They are gone once the order is.
    package var references: String { Self.references(token: token) }

    private static func references(token: String) -> String { "refs/orchestrate-job/\(token)/" }

    /// The reference in the bundle of a result.
    package static func resultReference(token: String) -> String { "\(references(token: token))work" }

    /// The file in the folder of the order.
    package static let fileName = "order.json"

    /// - Parameter plan: of the run, with all its stages.
    package init(
        program: String, token: String, run: RunID, attempt: Int, task: MigrationTask, rung: Rung, base: ObjectID,
        runBase: ObjectID, source: Source, repository: String, plan: Plan, environment: [String: String] = [:]
    ) {
        self.init(
            program: program, token: token, run: run,
            work: .attempt(AttemptOrder(task: task, number: attempt, rung: rung)), base: base, runBase: runBase,
            source: source, repository: repository, plan: plan.portable(for: task, on: rung),
            environment: environment)
    }

    /// - Parameters:
    ///   - plan: of the run.
    ///   - variables: environment entries of every check.
    ///   - setup: of the slot.
    package init(
        checking checks: CheckOrder, program: String, token: String, run: RunID, base: ObjectID, runBase: ObjectID,
        source: Source, repository: String, plan: Plan, variables: [String], setup: SetupRules
    ) {
        var plan = plan.portable
        plan.stages = []
        plan.workers.ladder = []
        plan.verify = VerifyRules(environment: variables)
        plan.setup = setup
        self.init(
            program: program, token: token, run: run, work: .checks(checks), base: base, runBase: runBase,
            source: source, repository: repository, plan: plan, environment: [:])
    }

    private init(
        program: String, token: String, run: RunID, work: Work, base: ObjectID, runBase: ObjectID, source: Source,
        repository: String, plan: Plan, environment: [String: String]
    ) {
        self.program = program
        self.token = token
        self.run = run
        self.work = work
        self.base = base
        self.runBase = runBase
        self.source = source
        self.repository = repository
        self.plan = plan
        self.environment = environment
        folders = plan.sandbox.folders ?? []
    }

    /// The attempt; nil for other work.
    package var attempt: AttemptOrder? { if case .attempt(let attempt) = work { attempt } else { nil } }

    /// Name of the folder, below `jobs`, with the files that the work leaves for people.
    package var folder: String { attempt.map { "\($0.task.id)" } ?? CheckOrder.folder }

    /// Seconds that worker or checks may take, without the set-up.
    package var seconds: Double {
        switch work {
        case .attempt(let attempt): attempt.rung.worker.limits.timeout
        case .checks(let order): order.checks.reduce(0) { $0 + $1.timeout * Double($1.retries + 1) }
        }
    }

    /// Returns the order with other paths in place of `folders`.
    /// - Parameter copies: the paths of the copies, in the order of `folders`.
    package func moved(to copies: [String]) -> JobOrder {
        var result = self
        func change(_ text: String) -> String {
            zip(folders, copies).reduce(text) { text, folder in text.replacing(folder.0, with: folder.1) }
        }
        result.plan.changeCommands(change)
        switch work {
        case .attempt(var attempt):
            attempt.rung.worker.run = change(attempt.rung.worker.run)
            attempt.rung.worker.resume = attempt.rung.worker.resume.map(change)
            result.work = .attempt(attempt)
        case .checks(var order):
            order.checks.indices.forEach { order.checks[$0].run = change(order.checks[$0].run) }
            result.work = .checks(order)
        }
        result.plan.sandbox.folders = copies.isEmpty ? nil : copies
        result.folders = copies
        return result
    }
}

extension Plan {
    /// Returns what the attempt at one task needs of the plan.
    fileprivate func portable(for task: MigrationTask, on rung: Rung) -> Plan {
        var plan = portable
        plan.stages = stages.indices.contains(task.stage) ? [stages[task.stage]] : []
        plan.stages.indices.forEach { plan.stages[$0].ladder = [rung] }
        plan.workers.ladder = [rung]
        return plan
    }

    /// The plan without what only the coordinator uses.
    fileprivate var portable: Plan {
        var plan = self
        plan.workers.maxParallel = 1
        plan.repository = ""
        plan.depends = []
        plan.checkpoints = []
        plan.notify = nil
        // The coordinator makes the commit, and signs it.
        plan.commit = nil
        return plan
    }

    /// The executors that its steps and checks name, sorted.
    package var executors: [String] {
        let steps = (workers.ladder + stages.flatMap(\.ladder)).compactMap(\.executor)
        let checks = verify.baseline + verify.landing + verify.final + stages.flatMap(\.verify.landing)
        return Set(steps + checks.compactMap(\.executor)).sorted()
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

extension JobOrder {
    /// The entries that pass variables on by name, for checks; none for an attempt.
    package var variablesOfChecks: Set<String> {
        guard case .checks(let order) = work else { return [] }
        let entries =
            plan.verify.environment + order.checks.flatMap(\.environment) + plan.setup.steps.flatMap(\.environment)
        return Set(entries.filter { !$0.contains("=") })
    }
}
