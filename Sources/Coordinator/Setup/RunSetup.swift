package import Decomposition
import DependencyGraph
package import Executors
import Foundation
package import Git
import Jobs
package import Model
package import Store

/// The setup of a run from a plan: a new run, or the unfinished one of the same plan.
package struct RunSetup: Sendable {
    package let repository: Repository
    package let state: StateFolder
    package let plan: Plan
    let environment: BaseEnvironment
    private let answersKnown: Bool
    let executors: ExecutorSet
    private let preparation = Preparation()

    /// - Parameters:
    ///   - environment: the program's environment, for the path of the state folder and git's configuration.
    ///   - answersKnown: whether a known verdict on the same tree replaces a check.
    ///   - executors: those of the user's configuration, for checks that name one.
    /// - Throws: `GitError` or `StoreError` if the repository or the state folder cannot be used.
    package init(
        plan: Plan, environment: [String: String], answersKnown: Bool = true, executors: ExecutorSet = .none
    ) throws {
        self.plan = plan
        self.executors = executors
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
        /// Where the integration branch would begin.
        package var tip: ObjectID
        /// The commit on which the landed tasks were made; nil unless the base has moved since.
        package var earlierBase: ObjectID?
        /// What the scope has and no task changes, one line for each kind.
        package var leftOut: [String] = []
    }

    private var preflight: Preflight {
        Preflight(
            plan: plan, repository: repository, checkouts: CheckoutUse(plan, of: repository, environment: environment))
    }

    /// Looks at what would go wrong in the repository, without starting anything. `faults` looks at the plan's own parts.
    ///
    /// - Returns: why a run would not work, each with a hint, and what a person should know.
    package func inspect() throws -> (problems: [String], notes: [String]) {
        let problems = try preflight.problems()
        let advice = PlanAdvice(plan: plan, repository: repository, state: state, environment: environment)
        return (problems, try preflight.notes() + ((try? advice.notes()) ?? []))
    }

    /// - Throws: `cannotStart`.
    private func refuseProblems() throws {
        let problems = try preflight.problems()
        if !problems.isEmpty { throw CoordinatorError.cannotStart(problems) }
    }

    /// Stops the work of `prepare`, if it is running. `prepare` then throws `CancellationError`.
    package func stop() { preparation.stop() }

    /// Returns what the plan would do now, without starting or writing anything.
    package func outlook() async throws -> Outlook {
        // Only a run creates the state folder. Without it, there is no cache.
        let isMade = FileManager.default.fileExists(atPath: state.path)
        return try await outlook(from: try startingPoint(), cachePath: isMade ? state.graphCache : nil)
    }

    /// - Parameter setup: of the slots; nil outside of a run.
    private func outlook(
        from start: StartingPoint, cachePath: String?, setup: SlotSetup? = nil
    ) async throws -> Outlook {
        let base = start.base
        try PromptSource.checkTemplates(of: plan)
        // What cannot be fetched is reported where it is needed.
        try? repository.fetchMissing(in: base)
        let commands = ListCommands(plan: plan, repository: repository, state: state, environment: environment)
        let listed = try await commands.run(at: base, setup)
        let graph = try RepositoryGraph.load(from: repository, commit: base, cachePath: cachePath)
        let list = try Decomposer(plan, packages: LanguageRegistry.packageRules).tasks(of: graph, listed: listed)
        guard !list.tasks.isEmpty else { throw CoordinatorError.emptyScope(plan: plan.name, base: plan.base) }
        let undecodable = try repository.files(inTree: repository.treeOf(base)).undecodable
        return Outlook(
            base: base, graph: graph, list: list, tip: start.tip, earlierBase: start.earlierBase,
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
        let answers = PreparationAnswers(
            ControlSpool(state, plan: plan.name), earlier: earlierCommands, stop: preparation.stop)
        do {
            let prepared = try await prepare(lock, earlierCommands)
            await answers.end()
            return prepared
        } catch {
            await answers.end()
            throw error
        }
    }

    private func prepare(_ lock: consuming RunLock, _ earlierCommands: Set<String>) async throws -> PreparedRun {
        // What a coordinator that was killed in its preparation, or a `land`, has left running.
        for name in ["baseline", "land"] {
            _ = await ProcessRunner(marker: "\(state.path):\(plan.name)-\(name)").sweep()
        }
        let store = try EventStore(path: state.store)
        if let last = try store.read({ try $0.latestRun(plan: plan.name) }), last.state != .finished {
            if last.plan.isSameWork(as: plan) {
                return try takeUp(last, store, lock, earlierCommands, notes: try movedBaseNotes(last))
            }
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
        _ = repository.removeStaleLocks(onBranches: [plan.integration, BranchNames.tasks(ofPlan: plan.name)])
        // Left by a coordinator that was killed. They only keep objects from being collected.
        try? repository.deleteReferences(below: BranchNames.held(ofPlan: plan.name), reason: "no attempt is running")
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
        if last.plan != last.plan.taking(limitsOf: plan) {
            changes.append(
                .limitsChanged(
                    .init(
                        budget: plan.budget, checkpoints: plan.checkpoints, landing: plan.landing,
                        guidance: plan.guidance == last.plan.guidance ? nil : plan.guidance)))
            notes.append(
                "the run continues with the plan's current budget, checkpoints, landing rules, playbook and examples")
        }
        return PreparedRun(
            run: last.id, started: started, plan: started.plan.taking(limitsOf: plan), changes: changes, events: events,
            repository: repository,
            state: state, store: store, lock: lock, earlierCommands: earlierCommands,
            isResumed: true, notes: notes, answersKnown: answersKnown)
    }

    private func begin(
        _ store: EventStore, _ lock: consuming RunLock, _ earlierCommands: Set<String>,
        notes: [String]
    ) async throws -> PreparedRun {
        var notes = try notes + preflight.notes()
        let start = try startingPoint()
        if let conflict = start.conflict { throw conflict }
        try? repository.fetchMissing(in: start.tip)
        if let obstacle = try repository.obstacles(in: start.tip, limit: 1).first {
            throw obstacle.error(repository: repository.location)
        }
        let run = try store.nextRun(plan: plan.name)
        let earlier = try store.read { try $0.latestRun(plan: plan.name) }
        let isFree = earlier.map { $0.state == .finished } ?? true
        let (slots, outlook, setupNotes) = try await prepareSlots(for: run, from: start, isFree: isFree)
        notes += outlook.leftOut + setupNotes
        let moved = try await preparation.run { () -> String? in try await checkMoved(start, store) }
        if let moved { notes.append(moved) }
        let checked = try await checkBase(
            .init(outlook: outlook, landed: Set(start.landed.map(\.task))), slots, for: run, store)
        notes += checked.notes
        if start.branch != start.tip {
            try CommitTransplant(repository: repository, plan: plan).keepNotes(start.moved)
            _ = try integration.move(from: start.branch, to: start.tip, reason: "start \(plan.name)")
            if start.earlierBase != nil {
                try repository.moveTaskBranches(start.landed, of: plan.name, reason: "\(run)")
            }
        }
        let ids = Set(outlook.list.tasks.map(\.id))
        let landed = start.landed.filter { ids.contains($0.task) }
        if !landed.isEmpty {
            notes.append(
                "\(Count.text(landed.count, "task")) landed in earlier runs and \(landed.count == 1 ? "is" : "are") not "
                    + "done again")
        }
        var ordered = plan.orderingLadders(by: plan.workers.order == .auto ? workerRecords() : [])
        ordered.plan = try MachineFit(cores: ProcessInfo.processInfo.activeProcessorCount).fitting(
            ordered.plan, after: checked.facts, in: store)
        notes = [Self.parallelNote(ordered.plan, written: plan)] + notes + ordered.notes
        let started = Fact.RunStarted(
            plan: ordered.plan, base: start.base, tip: start.tip, tasks: outlook.list.tasks, landedBefore: landed,
            branch: plan.base == "HEAD" ? repository.currentBranch : nil)
        let events = try store.append(
            ([.runStarted(started)] + checked.facts + carriedMessages(store)).map { .fact($0) }, run: run, time: .now)
        CrashPoint.stored.pass()
        return PreparedRun(
            run: run, started: started, plan: ordered.plan, changes: [], events: events, repository: repository,
            state: state, store: store, lock: lock, earlierCommands: earlierCommands,
            isResumed: false, notes: notes, answersKnown: answersKnown)
    }

    /// Makes the set-up of the slots, and the tasks, which a command may list in such a slot.
    /// - Throws: `missingPrograms` if a program that every task needs is not there.
    private func prepareSlots(
        for run: RunID, from start: StartingPoint, isFree: Bool
    ) async throws -> (SlotSetup, Outlook, notes: [String]) {
        let slots = try await preparation.run { () -> SlotSetup in
            let setup = try await blocking {
                try SlotSetup(
                    self.plan, of: self.repository, state: self.state, environment: self.environment, beginning: run)
            }
            return setup
        }
        // The first worker's slot is made beside the graph.
        async let first: Void = makeFirstSlot(at: start.tip, isFree: isFree)
        // A plan without tasks is refused before its set-up runs.
        let outlook = try await preparation.run { () -> Outlook in
            try await self.outlook(from: start, cachePath: state.graphCache, setup: slots)
        }
        let notes = try await preparation.run { () -> [String] in try await slots.prepare(at: start.tip) }
        let programs = NeededPrograms(plan: plan, repository: repository, state: state, environment: environment)
        let missing = try await preparation.run { try await programs.missing(at: start.tip, slots) }
        if !missing.isEmpty { throw CoordinatorError.missingPrograms(missing) }
        await first
        return (slots, outlook, notes)
    }

    /// Does nothing if a set-up will put more into the slots than a commit, or if attempts run elsewhere.
    /// - Parameter isFree: whether no worker of an earlier run can still be in the slot.
    private func makeFirstSlot(at commit: ObjectID, isFree: Bool) async {
        let isHere = (plan.workers.ladder + plan.stages.flatMap(\.ladder)).allSatisfy { $0.executor == nil }
        guard isFree, isHere, plan.setup.isEmpty, plan.stages.allSatisfy(\.setup.isEmpty) else { return }
        await RunSlots.makeFirst(in: "\(state.slots)/\(plan.name)", target: repository, at: commit)
    }

    /// The first line of a run: how many workers and checks run side by side, why, and what changes that.
    private static func parallelNote(_ plan: Plan, written: Plan) -> String {
        let keys =
            (written.workers.isParallelOpen == true ? ["workers.max_parallel"] : [])
            + (written.landing.verifySlots == nil ? ["landing.verify_slots"] : [])
        let hint = keys.isEmpty ? "" : "; \(keys.joined(separator: " and ")) change\(keys.count == 1 ? "s" : "") that"
        return plan.parallelWords + hint
    }

    /// Runs `verify.baseline` on the base, and the landing checks on the base with the files in scope broken.
    private func checkBase(
        _ subject: LandingProbe.Subject, _ slots: SlotSetup, for run: RunID, _ store: EventStore
    ) async throws -> LandingProbe.Findings {
        let work = Baseline(
            plan: plan, repository: repository, state: state,
            environment: SlotSetup.environment(environment, of: plan, in: state), answersKnown: answersKnown,
            setup: slots, executors: executors)
        let baseline = try await preparation.run { try await work.check(subject.outlook.base, for: run, store) }
        let probe = LandingProbe(
            plan: plan, repository: repository, state: state, environment: environment, answersKnown: answersKnown,
            executors: executors)
        var known = subject
        known.verdicts = baseline.flatMap { fact -> [Verdict] in
            if case .checked(let checked) = fact { return checked.verdicts }
            return []
        }
        let tried = known
        var findings = try await preparation.run { try await probe.check(tried, for: run, store) }
        findings.facts = baseline + findings.facts
        findings.notes = Baseline.notes(in: baseline) + findings.notes
        return findings
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

    var integration: IntegrationBranch { IntegrationBranch(name: plan.integration, repository: repository) }

    func refuseBranchInUse() throws {
        if plan.base == plan.integration || plan.base == "refs/heads/\(plan.integration)" {
            throw CoordinatorError.integrationIsBase(branch: plan.integration)
        }
        try integration.refuseCheckout()
    }
}
