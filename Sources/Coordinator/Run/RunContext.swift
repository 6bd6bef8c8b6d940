import Foundation
import Git
import Jobs
import Model
import Store
import Verification

/// What all the work of one run shares.
final class RunContext: Sendable {
    let run: RunID
    let plan: Plan
    let repository: Repository
    let state: StateFolder
    let store: EventStore
    let runner: ProcessRunner
    let executor: any Executor
    private let stages: [StageContext]
    let environment: BaseEnvironment
    let sandbox: SandboxPolicy
    let checkSetup: CheckSetup
    let workerSlots: SlotPool
    let landingSlots: SlotPool
    /// Where a worker's own requests for checks are carried out; none is made before the first.
    let requestSlots: SlotPool
    let graph: BaseGraph
    let desk: MessageDesk
    let identity: (name: String, email: String)
    let processID = ProcessInfo.processInfo.processIdentifier
    /// Path of this program, for workers that call it.
    static let program = Bundle.main.executablePath ?? ProcessInfo.processInfo.arguments[0]

    /// - Parameters:
    ///   - known: failures of the base, which do not count.
    ///   - answersKnown: whether a verdict answers for a check.
    ///   - record: is given verdicts to write down.
    init(
        run: RunID, started: Fact.RunStarted, repository: Repository, state: StateFolder, store: EventStore,
        inbox: FactInbox, environment: [String: String], known: KnownFailures, answersKnown: Bool,
        record: @escaping @Sendable ([Verdict], [FlakeRate]) -> Void
    ) throws {
        let plan = started.plan
        self.run = run
        self.plan = plan
        self.repository = repository
        self.state = state
        self.store = store
        self.environment = BaseEnvironment(coordinator: environment)
        // The state folder's path tells runs of one name in different repositories apart.
        runner = ProcessRunner(marker: "\(state.path):\(run)")
        executor = LocalExecutor(runner: runner)
        let cache = try store.read { view in
            try CheckSetup.cache(view, plan: plan.name, run: run, answers: answersKnown, record: record)
        }
        sandbox = try SandboxPolicy(plan, repository, state, self.environment)
        let setup = CheckSetup(
            runner: runner, environment: self.environment, sandbox: sandbox, cache: cache, known: known)
        checkSetup = setup
        stages = try plan.stages.map { stage in
            StageContext(stage: stage, guards: try GuardList(stage), checks: setup.checks(stage.verify))
        }
        let slots = "\(state.slots)/\(plan.name)"
        let workers = plan.workers.maxParallel
        workerSlots = SlotPool(folder: slots, target: repository, numbers: 0..<workers)
        let checkers = plan.landing.verifySlots ?? workers
        landingSlots = SlotPool(folder: slots, target: repository, numbers: workers..<workers + checkers)
        requestSlots = SlotPool(
            folder: slots, target: repository, numbers: workers + checkers..<2 * workers + checkers)
        graph = BaseGraph(repository: repository, base: started.base, cachePath: state.graphCache)
        desk = MessageDesk(
            run: run, plan: plan, tasks: started.tasks, inbox: inbox, jobsFolder: state.jobs,
            lessonsPath: state.lessons(of: plan.name), answersFolder: state.answers(to: plan.name))
        identity = try repository.configIdentity() ?? ("orchestrate", "orchestrate@localhost")
    }

    /// What the tasks of one stage share.
    struct StageContext: Sendable {
        let stage: Stage
        let guards: GuardList
        let checks: CheckRunner
    }

    /// Checks that were seen to be red and green on one tree, in any run of the plan.
    var flakyRates: [FlakeRate] { checkSetup.cache.flakyRates }

    func stage(of task: MigrationTask) -> StageContext { stages[task.stage] }

    /// What prompts are made from.
    var prompts: PromptSource {
        let stages = stages
        return PromptSource(
            run: run, plan: plan, repository: repository, jobsFolder: state.jobs, desk: desk, graph: graph
        ) { stages[$0].guards.inWords }
    }

    func append(_ bodies: [LoggedEvent.Body]) async throws(StoreError) -> [LoggedEvent] {
        let store = store
        let run = run
        let events = try await blocking { () throws(StoreError) in try store.append(bodies, run: run, time: .now) }
        CrashPoint.stored.pass()
        return events
    }

    /// Where checks run; their full logs go to `logs`.
    ///
    /// - Parameter subject: what is in the slot; nil as long as nobody knows.
    func place(
        _ slot: Slot, job: JobPlace, logs: String, subject: CheckRunner.Subject? = nil
    ) -> CheckRunner.Place {
        CheckRunner.Place(checkout: slot.treePath, logs: logs, job: job, subject: subject)
    }

    /// The tree of a commit with some files changed.
    func tree(of commit: ObjectID, with changes: [FileChange]) throws(GitError) -> ObjectID {
        try repository.tree(
            base: repository.treeOf(commit),
            applying: changes.map { change in
                guard let mode = change.newMode, let id = change.newID else { return (change.path, nil) }
                return (change.path, (mode, id))
            })
    }

    /// A folder for the full logs of a candidate's landing checks.
    func logFolder(candidate: Int) throws -> String { try logFolder("\(candidate)") }

    func logFolder(_ name: String) throws -> String {
        let folder = "\(state.logs)/\(run)/\(name)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    /// Makes a commit of a task; nothing points at it yet.
    /// - Parameter checked: the tree that the landing checks are to judge; nil for the commit's own.
    func commit(
        _ verified: Fact.AttemptVerified, of task: MigrationTask, tree: ObjectID, checked: ObjectID? = nil,
        parent: ObjectID
    ) throws(GitError) -> ObjectID {
        let message = CommitMessage(
            plan: plan, stage: stage(of: task).stage, run: run, task: task, verified: verified, tree: tree,
            checked: checked ?? tree)
        let signature = Signature(
            name: identity.name, email: identity.email, seconds: Int64(Date().timeIntervalSince1970),
            offsetMinutes: TimeZone.current.secondsFromGMT() / 60)
        return try repository.commit(
            tree: tree, parents: [parent], message: message.text, author: signature, committer: signature)
    }

    func taskBranch(_ task: TaskID) -> String { "refs/heads/orchestrate-task/\(plan.name)/\(task)" }

    /// Points a task's branch at a commit, wherever it pointed before: it is ours alone.
    func moveTaskBranch(_ task: TaskID, to commit: ObjectID) throws(GitError) {
        let branch = taskBranch(task)
        let old = try repository.value(of: branch)
        if old != commit {
            try repository.compareAndSwap(reference: branch, from: old, to: commit, reason: "orchestrate: \(run)")
            CrashPoint.moved.pass()
        }
    }
}
