import Foundation
import Git
import Jobs
import Model
import Store
import Verification

/// The services that all work of one run shares.
final class RunContext: Sendable {
    let run: RunID
    let plan: Plan
    /// Paths of the state folder. Its files are read and written on threads that may block.
    let state: StateFolder
    let inbox: FactInbox
    let observer: any RunObserver
    let git: Blocking<RunRepository>
    let log: Blocking<EventStore>
    let jobs: JobServices
    let checks: RunChecks
    let slots: RunSlots
    let register: TaskRegister
    let testCounts = TestCountMemory()
    let cacheGate = CacheGate()
    let coverage = CoverageMemory()
    /// The commit that the run's tasks were made from.
    let base: ObjectID
    let router: MessageRouter
    let processID = ProcessInfo.processInfo.processIdentifier
    /// Path of this program, for workers that call it.
    static let program = Bundle.main.executablePath ?? ProcessInfo.processInfo.arguments[0]

    /// Opens everything that a run needs. Blocks.
    ///
    /// - Parameters:
    ///   - environment: the program's environment. The plan selects the variables that workers and checks see.
    ///   - inbox: receives the verdicts of checks, too.
    init(
        _ prepared: borrowing PreparedRun, environment: [String: String], inbox: FactInbox, observer: any RunObserver
    ) throws {
        let (plan, repository, state) = (prepared.plan, prepared.repository, prepared.state)
        run = prepared.run
        base = prepared.started.base
        self.plan = plan
        self.state = state
        self.inbox = inbox
        self.observer = PhaseFiles(observer, folder: "\(prepared.state.jobs)/\(prepared.run)")
        log = Blocking(prepared.store)
        let ownEnvironment = SlotSetup.environment(BaseEnvironment(coordinator: environment), of: plan, in: state)
        // The state folder's path distinguishes runs of the same name in different repositories.
        let jobs = JobServices(
            runner: ProcessRunner(marker: "\(state.path):\(run)"), environment: ownEnvironment,
            sandbox: try SandboxPolicy(plan, of: repository, state: state, environment: ownEnvironment),
            redaction: ownEnvironment.redaction(of: plan, slots: "\(state.slots)/\(plan.name)"))
        self.jobs = jobs
        let (run, answersKnown) = (prepared.run, prepared.answersKnown)
        let cache = try prepared.store.read { view in
            try CheckSetup.cache(view, plan: plan.name, run: run, answers: answersKnown) { verdicts, rates in
                inbox.putSoon(.checked(.init(verdicts: verdicts)))
                for rate in rates { inbox.putSoon(.flaky(rate)) }
            }
        }
        let setup = CheckSetup(
            services: jobs, cache: cache, known: Baseline.known(in: prepared.events, of: plan))
        checks = try RunChecks(plan, setup)
        slots = RunSlots(
            plan, folder: "\(state.slots)/\(plan.name)", target: repository,
            setup: try SlotSetup(plan, of: repository, state: state, environment: ownEnvironment))
        let graph = BaseGraph(repository: repository, base: prepared.started.base, cachePath: state.graphCache)
        git = Blocking(try RunRepository(repository, run: run, plan: plan, graph: graph))
        register = TaskRegister(prepared.started.tasks)
        router = MessageRouter(
            run: run, plan: plan, register: register, inbox: inbox, jobsFolder: state.jobs,
            lessonsPath: state.lessons(of: plan.name), answersFolder: state.answers(to: plan.name),
            redaction: jobs.redaction)
    }

    /// Appends events to the log, all of them or none.
    func append(_ bodies: [LoggedEvent.Body]) async throws(StoreError) -> [LoggedEvent] {
        let run = run
        let events = try await log { (log) throws(StoreError) in try log.append(bodies, run: run, time: .now) }
        CrashPoint.stored.pass()
        return events
    }

    /// Returns the absolute path of the folder for the full logs of landing checks, by the name of the checked
    /// candidate or commit.
    func logFolder(_ name: String) -> String { "\(state.logs)/\(run)/\(name)" }

    /// Returns the absolute path of the folder with the job folders of a task's attempts.
    func jobsFolder(of task: TaskID) -> String { "\(state.jobs)/\(run)/\(task)" }

    /// Returns the builder of prompts.
    func prompts(_ git: RunRepository) -> PromptSource {
        let stages = checks.stages
        return PromptSource(
            run: run, plan: plan, repository: git.repository, graph: git.graph, jobsFolder: state.jobs,
            register: register, router: router, requestNotes: RequestNotes(state, plan: plan.name)
        ) { stages[$0].guards.inWords }
    }
}

/// The services that start processes and limit what they see.
struct JobServices: Sendable {
    let runner: ProcessRunner
    let executor: any Executor
    let environment: BaseEnvironment
    let sandbox: SandboxPolicy
    /// The secret values of all workers and checks.
    let redaction: Redaction

    init(
        runner: ProcessRunner, environment: BaseEnvironment, sandbox: SandboxPolicy, redaction: Redaction = .none
    ) {
        self.redaction = redaction
        self.runner = runner
        self.environment = environment
        self.sandbox = sandbox
        executor = LocalExecutor(runner: runner)
    }
}

/// The slots of a run.
struct RunSlots: Sendable {
    /// Slots for workers, one for each that may run at once.
    let workers: SlotPool
    /// Slots for landing checks. No worker runs in them.
    let landing: SlotPool
    /// Slots for checks that workers request, created on first use.
    let requests: SlotPool
    /// nil for slots that have nothing beside a commit.
    let setup: SlotSetup?

    init(_ plan: Plan, folder: String, target: Repository, setup: SlotSetup? = nil) {
        self.setup = setup
        let count = plan.workers.slotCount
        let checkers = plan.verifySlotCount
        workers = SlotPool(folder: folder, target: target, numbers: 0..<plan.workers.maxParallel, setup: setup)
        landing = SlotPool(folder: folder, target: target, numbers: count..<count + checkers, setup: setup)
        requests = SlotPool(
            folder: folder, target: target, numbers: count + checkers..<count + checkers + plan.workers.maxParallel,
            setup: setup)
    }

    /// Removes the changes of workers, refused ones too. Called when nothing runs any more.
    func clear(at commit: ObjectID) async {
        await workers.clear(at: commit)
        await requests.clear(at: commit)
    }

    /// Returns the first landing slot, for checks outside of a run.
    static func firstLanding(_ plan: Plan, folder: String, target: Repository, setup: SlotSetup? = nil) -> SlotPool {
        let number = plan.workers.slotCount
        return SlotPool(folder: folder, target: target, numbers: number..<number + 1, setup: setup)
    }
}
