package import Decomposition
import DependencyGraph
import Foundation
package import Git
import Jobs
package import Model
package import Store

/// The setup of a run from a plan: a new run, or the unfinished one of the same plan.
package struct RunSetup {
    package let repository: Repository
    package let state: StateFolder
    package let plan: Plan
    private let environment: BaseEnvironment
    private let answersKnown: Bool
    private let preparation = Preparation()

    /// - Parameters:
    ///   - environment: the program's environment, for the path of the state folder and git's configuration.
    ///   - answersKnown: whether a known verdict on the same tree replaces a check.
    /// - Throws: `GitError` or `StoreError` if the repository or the state folder cannot be used.
    package init(plan: Plan, environment: [String: String], answersKnown: Bool = true) throws {
        self.plan = plan
        self.answersKnown = answersKnown
        self.environment = BaseEnvironment(coordinator: environment)
        repository = try Repository(at: plan.repository, environment: environment)
        state = try StateFolder(commonGitDirectory: repository.commonDirectory, environment: environment)
        try StatePlace.check(state: state.path, home: environment["HOME"], of: repository)
    }

    /// A preview of a plan: its base, graph and tasks.
    package struct Outlook: Sendable {
        package var base: ObjectID
        package var graph: RepositoryGraph
        package var list: TaskList
        /// What the scope has and no task changes, one line for each kind.
        package var leftOut: [String] = []
    }

    private var preflight: Preflight {
        Preflight(
            plan: plan, repository: repository, checkouts: CheckoutUse(plan, of: repository, environment: environment))
    }

    /// Looks at what would go wrong, without starting anything.
    ///
    /// - Returns: why a run would not work, each with a hint, and what a person should know.
    package func inspect() throws -> (problems: [String], notes: [String]) {
        var problems = try preflight.problems()
        do {
            _ = try startingPoint()
        } catch let error as CoordinatorError {
            problems.append(error.description)
        }
        return (problems, try preflight.notes())
    }

    /// - Throws: `cannotStart`.
    private func refuseProblems() throws {
        let problems = try preflight.problems()
        if !problems.isEmpty { throw CoordinatorError.cannotStart(problems) }
    }

    /// Stops the checks of the base, if any are running. `prepare` then throws `CancellationError`.
    package func stop() { preparation.stop() }

    /// Returns what the plan would do now, without starting or writing anything.
    package func outlook() async throws -> Outlook {
        let base = try startingPoint().base
        // Only a run creates the state folder. Without it, there is no cache.
        let isMade = FileManager.default.fileExists(atPath: state.path)
        return try await outlook(at: base, cachePath: isMade ? state.graphCache : nil)
    }

    private func outlook(at base: ObjectID, cachePath: String?) async throws -> Outlook {
        try PromptSource.checkTemplates(of: plan)
        // What cannot be fetched is reported where it is needed.
        try? repository.fetchMissing(in: base)
        let listed = try await ListCommands(
            plan: plan, repository: repository, state: state, environment: environment
        ).run(at: base)
        let graph = try RepositoryGraph.load(from: repository, commit: base, cachePath: cachePath)
        let list = try Decomposer(plan, packages: LanguageRegistry.packageRules).tasks(of: graph, listed: listed)
        guard !list.tasks.isEmpty else { throw CoordinatorError.emptyScope(plan: plan.name, base: plan.base) }
        let undecodable = try repository.files(inTree: repository.treeOf(base)).undecodable
        return Outlook(
            base: base, graph: graph, list: list,
            leftOut: preflight.leftOut(graph, undecodable: undecodable))
    }

    /// Takes the lock and prepares a run of the plan: the unfinished one if the plan has not changed, else a new one
    /// that keeps the landed work of earlier runs.
    package func prepare() async throws -> PreparedRun {
        try requireSandbox(of: plan)
        try refuseProblems()
        try state.make()
        let earlierCommands = earlierCommands
        let lock = try takeLock()
        let store = try EventStore(path: state.store)
        if let last = try store.read({ try $0.latestRun(plan: plan.name) }), last.state != .finished {
            if last.plan.isSameWork(as: plan) { return try takeUp(last, store, lock, earlierCommands, notes: []) }
            return try await begin(
                store, lock, earlierCommands,
                notes: ["the plan has changed since \(last.id); its landed tasks are kept"])
        }
        return try await begin(store, lock, earlierCommands, notes: [])
    }

    /// Prepares the plan's unfinished run with the logged plan, but with the current budget and checkpoints of `plan`.
    ///
    /// A finished run is prepared if a person wants tasks retried or has answered a question of a failed task.
    /// - Throws: `nothingToResume`, and the errors of `prepare`.
    package func prepareToResume() throws -> PreparedRun {
        try state.make()
        let earlierCommands = earlierCommands
        let lock = try takeLock()
        let store = try EventStore(path: state.store)
        guard let last = try store.read({ try $0.latestRun(plan: plan.name) }),
            try Self.canGoOn(last, in: state, StoreReader(path: state.store))
        else {
            throw CoordinatorError.nothingToResume(
                plan: plan.name, hint: "start one with 'orchestrate migrate --plan FILE'")
        }
        return try takeUp(last, store, lock, earlierCommands, notes: [])
    }

    /// Returns whether `resume` has something to do: the run is unfinished, a person wants tasks retried, or a person
    /// has answered a question of a failed task.
    package static func canGoOn(_ run: RunRecord, in state: StateFolder, _ reader: StoreReader) throws -> Bool {
        if run.state != .finished || !ControlSpool(state, plan: run.plan.name).pending().isEmpty { return true }
        if try reader.read({ try $0.counts(of: run.id) }).contains(where: { !$0.key.isSettled && $0.value > 0 }) {
            return true
        }
        let answered = WrittenAnswer.questions(answeredIn: state.answers(to: run.plan.name))
        return try reader.read { view in
            try answered.contains { question in
                guard case .task(let asker)? = try view.message(question, of: run.id)?.message.sender else {
                    return false
                }
                return try view.task(asker, of: run.id)?.state == .failed
            }
        }
    }

    /// Ids of the commands in the spool. Read before the lock is taken, they were meant for another coordinator.
    private var earlierCommands: Set<String> { Set(ControlSpool(state, plan: plan.name).pending().map(\.id)) }

    /// Takes the plan's lock, and removes the Git lock files that a killed coordinator has left.
    private func takeLock() throws(StoreError) -> RunLock {
        let lock = try RunLock(folder: state.path, plan: plan.name)
        if lock.staleOwner != nil {
            _ = repository.removeStaleLocks(onBranches: [plan.integration, BranchNames.tasks(ofPlan: plan.name)])
        }
        return lock
    }

    /// Throws if the plan needs a sandbox and the machine has none.
    private func requireSandbox(of plan: Plan) throws(JobsError) {
        if plan.sandbox.mode == .on { try SandboxSupport.require() }
    }

    private func takeUp(
        _ last: RunRecord, _ store: EventStore, _ lock: consuming RunLock, _ earlierCommands: Set<String>,
        notes: [String]
    ) throws -> PreparedRun {
        let events = try store.read { try $0.events(of: last.id) }
        guard case .fact(.runStarted(let started)) = events.first?.body else {
            throw StoreError.unreadable(
                path: state.store, place: "run \(last.id)", detail: "its first event is missing")
        }
        try requireSandbox(of: started.plan)
        var notes = notes
        var changes: [Fact] = []
        if last.plan.budget != plan.budget || last.plan.checkpoints != plan.checkpoints {
            changes.append(.limitsChanged(.init(budget: plan.budget, checkpoints: plan.checkpoints)))
            notes.append("the run continues with the plan's current budget and checkpoints")
        }
        var current = started.plan
        current.budget = plan.budget
        current.checkpoints = plan.checkpoints
        return PreparedRun(
            run: last.id, started: started, plan: current, changes: changes, events: events, repository: repository,
            state: state, store: store, lock: lock, earlierCommands: earlierCommands,
            isResumed: true, notes: notes, answersKnown: answersKnown)
    }

    private func begin(
        _ store: EventStore, _ lock: consuming RunLock, _ earlierCommands: Set<String>,
        notes: [String]
    ) async throws -> PreparedRun {
        var notes = try notes + preflight.notes()
        let start = try startingPoint()
        try? repository.fetchMissing(in: start.tip)
        if let obstacle = try repository.obstacles(in: start.tip, limit: 1).first {
            throw obstacle.error(repository: repository.location)
        }
        let outlook = try await outlook(at: start.base, cachePath: state.graphCache)
        notes += outlook.leftOut
        let run = try store.nextRun(plan: plan.name)
        let work = Baseline(
            plan: plan, repository: repository, state: state, environment: environment, answersKnown: answersKnown)
        let baseline = try await preparation.run { try await work.check(start.base, for: run, store) }
        notes += Baseline.notes(in: baseline)
        if start.branch != start.tip {
            _ = try integration.move(from: start.branch, to: start.tip, reason: "start \(plan.name)")
        }
        let ids = Set(outlook.list.tasks.map(\.id))
        let landed = start.landed.filter { ids.contains($0.task) }
        if !landed.isEmpty {
            notes.append(
                "\(Count.text(landed.count, "task")) landed in earlier runs and \(landed.count == 1 ? "is" : "are") not "
                    + "done again")
        }
        let ordered = plan.orderingLadders(by: plan.workers.order == .auto ? workerRecords() : [])
        notes += ordered.notes
        let started = Fact.RunStarted(
            plan: ordered.plan, base: start.base, tip: start.tip, tasks: outlook.list.tasks, landedBefore: landed)
        let events = try store.append(
            ([.runStarted(started)] + baseline + carriedMessages(store)).map { .fact($0) }, run: run, time: .now)
        CrashPoint.stored.pass()
        return PreparedRun(
            run: run, started: started, plan: ordered.plan, changes: [], events: events, repository: repository,
            state: state, store: store, lock: lock, earlierCommands: earlierCommands,
            isResumed: false, notes: notes, answersKnown: answersKnown)
    }

    /// Maximum number of messages that are carried over to the next run.
    private static let mostCarried = 1000

    /// Returns the lessons, questions and answers of the plan's last run. They keep their numbers, so that an answer
    /// matches its question.
    private func carriedMessages(_ store: EventStore) throws(StoreError) -> [Fact] {
        guard let last = try store.read({ try $0.latestRun(plan: plan.name) }) else { return [] }
        let messages = try store.read { try $0.messages(of: last.id) }.map(\.message)
        let carried = messages.filter { message in
            switch message.kind {
            case .question, .answer: true
            case .interfaceChange: false
            case .lesson, .warning, .decision: plan.context.share != .none && message.sender != .coordinator
            }
        }
        return carried.suffix(Self.mostCarried).map { .message(.init($0)) }
    }

    /// Returns the records of all runs on this machine. A store that cannot be read, such as one of an older version,
    /// is left out.
    private func workerRecords() -> [WorkerRecord] {
        WorkerRecord.merged(
            state.allStores.flatMap { path in
                (try? StoreReader(path: path).read { try $0.workerRecords() }) ?? []
            })
    }

    /// The start of a run: its base, the integration branch, and the work that earlier runs have landed.
    struct StartingPoint {
        /// The commit for the graph and the tasks.
        var base: ObjectID
        /// The current tip of the integration branch; nil if there is no branch.
        var branch: ObjectID?
        /// The tip that the integration branch starts the run with.
        var tip: ObjectID
        var landed: [Fact.Landed.Commit]
    }

    private var integration: IntegrationBranch { IntegrationBranch(name: plan.integration, repository: repository) }

    func startingPoint() throws -> StartingPoint {
        let base = try repository.resolve(plan.base)
        try refuseBranchInUse()
        guard let branch = try repository.branchTip(plan.integration) else {
            return StartingPoint(base: base, branch: nil, tip: base, landed: [])
        }
        try refuseForeign(branch, base: base)
        // The branch has been merged into the base, so the next run starts from the base.
        if try repository.isAncestor(branch, of: base) {
            return StartingPoint(base: base, branch: branch, tip: base, landed: [])
        }
        guard let fork = try repository.mergeBase(branch, base) else {
            throw CoordinatorError.integrationUnrelated(branch: plan.integration, base: plan.base)
        }
        let landed = try repository.commits(from: fork, to: branch).compactMap { commit in
            commit.trailer(CommitMessage.Trailer.task).map { Fact.Landed.Commit(task: TaskID($0), commit: commit.id) }
        }
        return StartingPoint(base: fork, branch: branch, tip: branch, landed: landed)
    }

    /// - Throws: `integrationIsForeign` for a branch that the user made, unless the plan says to extend it.
    private func refuseForeign(_ branch: ObjectID, base: ObjectID) throws {
        guard !plan.integrationRules.extendsBranch,
            plan.integration != "\(BranchNames.integrations)/\(plan.name)", try !wasUsed(plan.integration)
        else { return }
        // Without the store, such as after a move to another machine, the commits tell.
        if let fork = try repository.mergeBase(branch, base), fork != branch,
            try repository.commits(from: fork, to: branch).allSatisfy({ commit in
                commit.trailer(CommitMessage.Trailer.task) != nil
            })
        {
            return
        }
        throw CoordinatorError.integrationIsForeign(branch: plan.integration, tip: branch)
    }

    /// Whether a run of the plan has landed on a branch before.
    private func wasUsed(_ branch: String) throws -> Bool {
        guard FileManager.default.fileExists(atPath: state.store) else { return false }
        return try StoreReader(path: state.store).read { try $0.runs() }.contains { run in
            run.plan.name == plan.name && run.plan.integration == branch
        }
    }

    private func refuseBranchInUse() throws {
        if plan.base == plan.integration || plan.base == "refs/heads/\(plan.integration)" {
            throw CoordinatorError.integrationIsBase(branch: plan.integration)
        }
        try integration.refuseCheckout()
    }
}
