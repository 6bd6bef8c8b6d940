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
    /// Paths; what lies there is read and written where that may block.
    let state: StateFolder
    let inbox: FactInbox
    let observer: any RunObserver
    let git: Blocking<RunRepository>
    let log: Blocking<EventStore>
    let jobs: JobServices
    let checks: RunChecks
    let slots: RunSlots
    let register: TaskRegister
    let router: MessageRouter
    let processID = ProcessInfo.processInfo.processIdentifier
    /// Path of this program, for workers that call it.
    static let program = Bundle.main.executablePath ?? ProcessInfo.processInfo.arguments[0]

    /// Opens what a run needs. Blocks.
    ///
    /// - Parameters:
    ///   - environment: of the program. The plan says which of it reaches workers and checks.
    ///   - inbox: is given the verdicts of checks, too.
    init(
        _ prepared: borrowing PreparedRun, environment: [String: String], inbox: FactInbox, observer: any RunObserver
    ) throws {
        let (plan, repository, state) = (prepared.plan, prepared.repository, prepared.state)
        run = prepared.run
        self.plan = plan
        self.state = state
        self.inbox = inbox
        self.observer = observer
        log = Blocking(prepared.store)
        let base = BaseEnvironment(coordinator: environment)
        // The state folder's path tells runs of one name in different repositories apart.
        let jobs = JobServices(
            runner: ProcessRunner(marker: "\(state.path):\(run)"), environment: base,
            sandbox: try SandboxPolicy(plan, repository, state, base))
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
        slots = RunSlots(plan, folder: "\(state.slots)/\(plan.name)", target: repository)
        let graph = BaseGraph(repository: repository, base: prepared.started.base, cachePath: state.graphCache)
        git = Blocking(try RunRepository(repository, run: run, plan: plan, graph: graph))
        register = TaskRegister(prepared.started.tasks)
        router = MessageRouter(
            run: run, plan: plan, register: register, inbox: inbox, jobsFolder: state.jobs,
            lessonsPath: state.lessons(of: plan.name), answersFolder: state.answers(to: plan.name))
    }

    /// Writes events into the log, all of them or none.
    func append(_ bodies: [LoggedEvent.Body]) async throws(StoreError) -> [LoggedEvent] {
        let run = run
        let events = try await log { (log) throws(StoreError) in try log.append(bodies, run: run, time: .now) }
        CrashPoint.stored.pass()
        return events
    }

    /// Absolute path of the folder for the full logs of landing checks, by the name of what is checked.
    func logFolder(_ name: String) -> String { "\(state.logs)/\(run)/\(name)" }

    /// The folder in which each attempt at a task has its job folder.
    func jobsFolder(of task: TaskID) -> String { "\(state.jobs)/\(run)/\(task)" }

    /// What prompts are made from.
    func prompts(_ git: RunRepository) -> PromptSource {
        let stages = checks.stages
        return PromptSource(
            run: run, plan: plan, repository: git.repository, graph: git.graph, jobsFolder: state.jobs,
            register: register, router: router
        ) { stages[$0].guards.inWords }
    }
}

/// How processes are started, and what they may see.
struct JobServices: Sendable {
    let runner: ProcessRunner
    let executor: any Executor
    let environment: BaseEnvironment
    let sandbox: SandboxPolicy

    init(runner: ProcessRunner, environment: BaseEnvironment, sandbox: SandboxPolicy) {
        self.runner = runner
        self.environment = environment
        self.sandbox = sandbox
        executor = LocalExecutor(runner: runner)
    }
}

/// The slots of a run.
struct RunSlots: Sendable {
    /// For workers, one for each that may run.
    let workers: SlotPool
    /// For landing checks; no worker has been in them.
    let landing: SlotPool
    /// For a worker's own requests for checks; none is made before the first request.
    let requests: SlotPool

    init(_ plan: Plan, folder: String, target: Repository) {
        let count = plan.workers.maxParallel
        let checkers = plan.landing.verifySlots ?? count
        workers = SlotPool(folder: folder, target: target, numbers: 0..<count)
        landing = SlotPool(folder: folder, target: target, numbers: count..<count + checkers)
        requests = SlotPool(folder: folder, target: target, numbers: count + checkers..<2 * count + checkers)
    }

    /// The first slot of the landing queue, which has the build output of what landed last; for checks outside of a run.
    static func firstLanding(_ plan: Plan, folder: String, target: Repository) -> SlotPool {
        let number = plan.workers.maxParallel
        return SlotPool(folder: folder, target: target, numbers: number..<number + 1)
    }
}
