import Executors
import Foundation
import Git
import Jobs
import Model
import Store
import Verification

/// The services that all work of one run shares.
final class RunContext: Sendable {
    /// What attempts need. The rest belongs to the coordinator alone.
    let work: WorkContext
    /// Paths of the state folder. Its files are read and written on threads that may block.
    let state: StateFolder
    let log: Blocking<EventStore>
    let register: TaskRegister
    let testCounts = TestCountMemory()
    let router: MessageRouter
    let executors: ExecutorSet
    let processID = ProcessInfo.processInfo.processIdentifier

    var run: RunID { work.run }
    var plan: Plan { work.plan }
    var inbox: FactInbox { work.inbox }
    var observer: any RunObserver { work.observer }
    var git: Blocking<RunRepository> { work.git }
    var jobs: JobServices { work.jobs }
    var checks: RunChecks { work.checks }
    var slots: RunSlots { work.slots }
    /// The commit that the run's tasks were made from.
    var base: ObjectID { work.base }

    /// Opens everything that a run needs. Blocks.
    ///
    /// - Parameters:
    ///   - environment: the program's environment. The plan selects the variables that workers and checks see.
    ///   - inbox: receives the verdicts of checks, too.
    ///   - executors: those of the user's configuration.
    init(
        _ prepared: borrowing PreparedRun, environment: [String: String], inbox: FactInbox, observer: any RunObserver,
        executors: ExecutorSet = .none
    ) throws {
        self.executors = executors
        let (plan, repository, state) = (prepared.plan, prepared.repository, prepared.state)
        self.state = state
        log = Blocking(prepared.store)
        let jobs = try Self.services(for: prepared, environment: environment)
        let (run, answersKnown) = (prepared.run, prepared.answersKnown)
        let cache = try prepared.store.read { view in
            try CheckSetup.cache(view, plan: plan.name, run: run, answers: answersKnown) { verdicts, rates in
                inbox.putSoon(.checked(.init(verdicts: verdicts)))
                for rate in rates { inbox.putSoon(.flaky(rate)) }
            }
        }
        let setup = CheckSetup(
            services: jobs, cache: cache, known: Baseline.known(in: prepared.events, of: plan),
            elsewhere: RemoteChecks(
                executors: executors, plan: plan, repository: repository, state: state, services: jobs,
                runBase: prepared.started.base))
        let checks = try RunChecks(plan, setup)
        let slots = RunSlots(
            plan, folder: "\(state.slots)/\(plan.name)", target: repository,
            setup: try SlotSetup(plan, of: repository, state: state, environment: jobs.environment))
        let graph = BaseGraph(repository: repository, base: prepared.started.base, cachePath: state.graphCache)
        let git = Blocking(try RunRepository(repository, run: run, plan: plan, graph: graph))
        let register = TaskRegister(prepared.started.tasks)
        let router = MessageRouter(
            run: run, plan: plan, register: register, inbox: inbox, jobsFolder: state.jobs,
            lessonsPath: state.lessons(of: plan.name), answersFolder: state.answers(to: plan.name),
            redaction: jobs.redaction)
        (self.register, self.router) = (register, router)
        work = WorkContext(
            run: run, plan: plan, base: prepared.started.base, inbox: inbox,
            observer: PhaseFiles(observer, folder: "\(state.jobs)/\(run)"), git: git, jobs: jobs, checks: checks,
            slots: slots, mail: router, jobsFolder: "\(state.jobs)/\(run)",
            prompts: JobPreparation(jobsFolder: "\(state.jobs)/\(run)", git: git, inbox: inbox) { git in
                PromptSource(
                    run: run, plan: plan, repository: git.repository, graph: git.graph, jobsFolder: state.jobs,
                    register: register, router: router, requestNotes: RequestNotes(state, plan: plan.name)
                ) { checks.stages[$0].guards.inWords }
            })
    }

    private static func services(
        for prepared: borrowing PreparedRun, environment: [String: String]
    ) throws -> JobServices {
        let (plan, state) = (prepared.plan, prepared.state)
        let own = SlotSetup.environment(BaseEnvironment(coordinator: environment), of: plan, in: state)
        return JobServices(
            // The state folder's path distinguishes runs of the same name in different repositories.
            runner: ProcessRunner(marker: "\(state.path):\(prepared.run)"), environment: own,
            sandbox: try SandboxPolicy(plan, of: prepared.repository, state: state, environment: own),
            redaction: own.redaction(of: plan, slots: "\(state.slots)/\(plan.name)"))
    }

    /// Names the target repository on other machines.
    var repositoryName: String { state.repositoryName }

    /// The jobs on each executor that the plan names.
    var runningJobs: [RunningJobs] {
        plan.executors.compactMap { executors.jobs(on: $0, runner: jobs.runner) }
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
}

/// The services that start processes and limit what they see.
struct JobServices: Sendable {
    let runner: ProcessRunner
    let worker: JobRunner
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
        worker = JobRunner(runner: runner)
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

    /// Creates the slots of one order.
    /// - Parameter numbers: of the order's place; it decides which ports the slots have.
    init(numbers place: Int, _ plan: Plan, folder: String, target: Repository, setup: SlotSetup) {
        self.setup = setup
        workers = SlotPool(folder: folder, target: target, numbers: place..<place + 1, setup: setup)
        let second = place + JobPlaceLease.most
        requests = SlotPool(folder: folder, target: target, numbers: second..<second + 1, setup: setup)
        landing = requests
    }

    /// Removes the changes of workers, refused ones too. Called when nothing runs any more.
    func clear(at commit: ObjectID) async {
        await workers.clear(at: commit)
        await requests.clear(at: commit)
    }

    /// Makes the checkout of the first worker's slot, before anything runs in it. An error comes up again when a worker gets
    /// the slot, and a later look at it finds whatever has changed since.
    static func makeFirst(in folder: String, target: Repository, at commit: ObjectID) async {
        try? await blocking { () throws(GitError) in
            _ = try Slot(at: "\(folder)/0", target: target).move(to: commit)
        }
    }

    /// Returns the first landing slot, for checks outside of a run.
    static func firstLanding(_ plan: Plan, folder: String, target: Repository, setup: SlotSetup? = nil) -> SlotPool {
        let number = plan.workers.slotCount
        return SlotPool(folder: folder, target: target, numbers: number..<number + 1, setup: setup)
    }
}
