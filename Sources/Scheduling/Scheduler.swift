package import Model

/// A state machine that decides what a run does next. Facts go in, decisions come out.
///
/// Pure: no clock, no input or output, no order that depends on hashing. The same facts in the same order give the
/// same decisions; resume, replay and simulation rely on that. Every change of a task's state goes through
/// `move(_:to:)`.
package struct Scheduler: Sendable {
    typealias Index = Int

    var entries: [Entry]
    var indexOf: [TaskID: Index]
    /// By stage.
    let ladders: [[Step]]
    let maxParallel: Int
    /// Tasks in line to land above which no worker is started.
    let landingBacklog: Int
    /// Whether a candidate may land without that all of its landing checks ran whole.
    let landsInPart: Bool
    let conflictAttempts: Int
    let approval: Approval?
    var ready = ReadyQueue()
    var queue = LandingQueue()
    var policy: any LandingPolicy
    var statistics = LandingStatistics()
    /// Candidates that may be checked at the same time.
    private(set) var verifySlots = 1
    /// The largest number of tasks in a candidate.
    private(set) var maxBatch = 1
    /// Tasks that collided and have not landed since, by the paths of the collision.
    var collidedTasks: [String: [Index]] = [:]
    /// Verified tasks, by the task that has to land before them.
    var parked: [Index: [Index]] = [:]
    var collisionDetector = CollisionDetector()
    var landingCooldown = LandingCooldown()
    var following = Following.no
    /// A newer base that was reported while another one is being followed.
    var nextBase: ObjectID?
    /// Whether candidates are formed before the next base is followed.
    var owesCandidate = false
    var running = 0
    /// The running tasks that were started on a candidate.
    private(set) var begunOnChain: Set<Index> = []
    /// The ends of stages, which are no work.
    var gates: [Index]
    var unsettled: Int
    /// The number of workers that may run now. A collision halves it and a landing raises it, so that tasks which all
    /// change the same lines do not waste attempts on stale bases (additive increase, multiplicative decrease, as in TCP).
    var width: Double
    var providers: [String: Provider] = [:]
    var spending = Spending()
    var watch: CheckpointWatch
    var tipVerdict = TipVerdict.unknown
    /// Tasks that were rejected since the last landing.
    var rejectionsInRow = 0
    /// Candidates that failed on the tip since its verdict was asked for.
    var failuresOnTip = 0
    /// The tip was red and may have been repaired since: known verdicts do not answer until something lands.
    var distrustsRed = false
    /// Faults of the machine in a row, over all tasks.
    var faultsInRow = 0
    var drain: Drain?
    var pauseReason: PauseReason?
    var sameFailures = SameFailures()
    var classRetries: [ClassRetry] = []
    var isAttended = true
    /// No coordinator is there to carry out decisions: before the first one starts, and after one has ended.
    var isStopped = true
    /// The state of the check of the whole branch, if the plan has one.
    var end = End.open
    /// Decisions for the fact that is being handled; empty between two facts.
    private var outbox: [Decision] = []
    private let checksEnd: Bool
    /// nil if workers may not split their tasks.
    let splitRules: SplitRules?
    /// Names of the checks that judge candidates.
    private let landingChecks: Set<String>

    enum End: Sendable, Equatable {
        case open
        case asked
        case checked(ObjectID)
    }

    var nextPlace = 0
    /// The tasks that asked a question, by the number of the question.
    var askers: [Int: Index] = [:]
    var lastUrgency = 0
    /// The commit that the integration branch points at.
    package internal(set) var tip: ObjectID
    /// How many tasks are in each state.
    package internal(set) var counts: [TaskState: Int]

    /// Why nothing new is started while this coordinator runs.
    enum Drain: Sendable, Equatable {
        /// A person has stopped the run, or the machine fails too often. Verified tasks stay in the landing queue.
        case asked(String)
        /// A cap of the budget is reached. Verified tasks land.
        case spent(Spending.Key)
    }

    /// Why nothing new is started until a person continues the run.
    enum PauseReason: Sendable, Equatable {
        /// Ends when a coordinator takes up the run: a person who types `resume` wants it to continue.
        case paused(String)
        case checkpoint(String)
        /// The tip fails its own landing checks. Ends like `paused`, or when something lands.
        case redTip(String)
        /// The first tasks failed in the same way. Ends like `paused`, or when something lands.
        case sameFailure(String)
    }

    /// - Parameters:
    ///   - started: the first fact of the run. Dependencies on unknown tasks are ignored.
    ///   - fixed: a landing policy in place of the plan's.
    package init(_ started: Fact.RunStarted, fixed: FixedPolicy? = nil) {
        let plan = started.plan
        ladders = plan.stages.map { stage in stage.ladder.map(Step.init) }
        maxParallel = max(1, plan.workers.maxParallel)
        landingBacklog = plan.landingBacklog
        landsInPart = plan.stages.contains { $0.verify.landing.contains { $0.affected != nil } }
        conflictAttempts = plan.workers.conflictAttempts
        approval = plan.workers.approve
        splitRules = plan.workers.split
        width = Double(maxParallel)
        policy = plan.landing.makePolicy(slots: 1)
        tip = started.tip
        landingChecks = Set(started.plan.stages.flatMap { $0.verify.landing.map(\.name) })
        checksEnd = !started.plan.verify.final.isEmpty
        entries = started.tasks.map { Entry(task: $0) }
        gates = started.tasks.indices.filter { started.tasks[$0].isGate }
        counts = [.waiting: started.tasks.count]
        watch = CheckpointWatch(plan.checkpoints, stages: plan.stages.map(\.name))
        spending.budget = plan.budget
        var indexOf: [TaskID: Index] = [:]
        for (index, task) in started.tasks.enumerated() { indexOf[task.id] = index }
        self.indexOf = indexOf
        unsettled = entries.count
        for (index, task) in started.tasks.enumerated() {
            for dependency in task.dependencies {
                guard let cause = indexOf[dependency], cause != index else { continue }
                entries[cause].dependents.append(index)
                entries[index].missing += 1
            }
        }
        take(plan.landing)
        if let fixed { policy = fixed }
        rankByCriticalPath()
        for index in entries.indices where entries[index].missing == 0 { makeReady(index) }
        for commit in started.landedBefore {
            guard let index = indexOf[commit.task] else { continue }
            settleBefore(index)
        }
    }

    /// Sets how verified tasks land from now on. Candidates under way stay as they are.
    mutating func take(_ landing: LandingRules) {
        verifySlots = max(1, landing.verifySlots ?? maxParallel)
        maxBatch = landing.everyCommit ? 1 : max(1, landing.maxBatch)
        policy = landing.makePolicy(slots: verifySlots)
    }

    /// Handles one fact.
    /// - Returns: the decisions in order. Store a decision before you carry it out.
    package mutating func handle(_ fact: Fact) -> [Decision] {
        switch fact {
        case .runStarted: break
        case .coordinatorStarted(let started): takeUp(started)
        case .coordinatorStopped, .coordinatorLost: isStopped = true
        case .draining(let reason): timeIsUp(reason)
        case .workerStarted(let started): workerStarted(started)
        case .reviewStarted, .workerHeld: break
        case .foundDone(let found): foundDone(found)
        case .attemptVerified(let verified): attemptVerified(verified)
        case .attemptFailed(let failed): attemptFailed(failed)
        case .splitProposed(let proposed): splitProposed(proposed)
        case .attemptSplit(let split): attemptSplit(split)
        case .candidatePassed(let passed): candidatePassed(passed)
        case .candidateFailed(let failed): candidateFailed(failed)
        case .probed(let probed): self.probed(probed)
        case .landed(let landed): self.landed(landed)
        case .tipMoved(let found): tipMoved(found)
        case .base(let change): baseChanged(change)
        case .usage(let told): usage(told)
        case .waitOver(let over): waitOver(over)
        case .control(let control): self.control(control)
        case .limitsChanged(let change): limitsChanged(change)
        case .diskUsed(let bytes): spending.disk = bytes
        case .workersTimed(let seconds): workersTimed(seconds)
        case .message(let posted): hear(posted)
        case .messagesGiven: break
        case .tasksAdded(let added): add(added.tasks)
        case .checked, .baselineChecked, .filesProbed: break
        case .flaky(let rate): if landingChecks.contains(rate.check) { statistics.begin(with: rate) }
        case .finalChecked(let checked): end = .checked(checked.commit)
        }
        if !isStopped { advance() }
        defer { outbox = [] }
        return outbox
    }

    /// Adds a decision for the fact that is being handled.
    mutating func emit(_ decision: Decision) { outbox.append(decision) }

    /// Puts a decision before all others for the fact that is being handled.
    mutating func emitFirst(_ decision: Decision) { outbox.insert(decision, at: 0) }

    /// Starts workers and candidates, and ends the run when nothing is left.
    private mutating func advance() {
        continueClassRetries()
        followBase()
        if following == .no, !landingCooldown.isOn, !isAskedToEnd, !isPausedOnRedTip, !isTipAwaited {
            chooseCandidates()
        }
        pauseOnRedTip()
        pauseOnSameFailure()
        reachCheckpoint()
        startWorkers()
        guard running == 0, isLandingOver, following == .no, !isStopped else { return }
        if unsettled > 0 {
            guard let reason = reasonToSuspend else { return }
            isStopped = true
            return emit(.suspend(reason: reason))
        }
        // A run that drains starts nothing more, and no check of the whole branch either.
        if checksEnd, drain == nil, end != .checked(tip) {
            if end != .asked { emit(.checkFinal) }
            end = .asked
            return
        }
        isStopped = true
        emit(.finish)
    }

    /// Whether a person has stopped the run, or the machine fails: no attempt and no candidate is begun.
    var isAskedToEnd: Bool { if case .asked = drain { true } else { false } }

    /// Whether nothing is landing, and nothing will in the life of this coordinator.
    private var isLandingOver: Bool {
        queue.isIdle || isStuckOnRedTip || (isAskedToEnd && queue.chain.isEmpty && queue.probes.isEmpty)
    }

    private mutating func startWorkers() {
        while !startsNothing, mayStartMore, let index = popReady() {
            if let obstacle = obstacle(toStarting: index) {
                enqueue(index)
                if case .spent(let key) = obstacle { startDraining(key) }
                return
            }
            move(index, to: .running)
            entries[index].attempts += 1
            entries[index].current = RunningAttempt(provider: provider(of: index))
            providers[entries[index].current.provider, default: Provider()].running += 1
            if !entries[index].task.isGate { spending.workersAwaited += 1 }
            entries[index].begunOn = collisionDetector.nearlyAllCollide ? queue.chain.last?.number : nil
            let entry = entries[index]
            if entry.begunOn != nil { begunOnChain.insert(index) }
            emit(
                .start(
                    .init(
                        task: entry.task.id, attempt: entry.attempts, rung: entry.rung, reason: startReason(entry),
                        request: entry.request, after: entry.begunOn)))
            // The note stays for all further attempts, the worker is for one attempt.
            entries[index].request = entry.request?.note.map { RetryRequest(note: $0) }
        }
    }

    private var isPausedOnRedTip: Bool { if case .redTip = pauseReason { true } else { false } }

    /// Whether no attempt is started, even if a worker is free.
    var startsNothing: Bool { drain != nil || pauseReason != nil }

    /// Where nearly all tasks collide, each starts on the result of the one before it.
    private var mayStartMore: Bool {
        if collisionDetector.nearlyAllCollide {
            return running == 0 && queue.isOnlyChain && (queue.chain.isEmpty || mayBeginOnChain)
        }
        return running < min(maxParallel, max(1, Int(width))) && queue.lineCount < landingBacklog
    }

    /// Takes the task to start next out of the ready queue.
    private mutating func popReady() -> Index? {
        let providers = providers
        while let next = ready.popFirst(isOpen: { providers[$0]?.isOpen ?? true }) {
            let entry = entries[next.index]
            if entry.state == .ready, entry.ticket == next.ticket, !entry.isDelayed { return next.index }
        }
        return nil
    }

    private func startReason(_ entry: Entry) -> String {
        if let words = lastTurnWords(entry) { return words }
        if entry.request != nil { return "attempt \(entry.attempts), as a person asked for" }
        if !entry.collidedPaths.isEmpty {
            return "done again after a collision" + (entry.begunOn.map { ", on candidate \($0)" } ?? " on the new tip")
        }
        if let begunOn = entry.begunOn {
            return "on candidate \(begunOn), which has not landed yet: nearly all tasks change the same lines"
        }
        if entry.awaitsReview { return "attempt \(entry.attempts), which asks only the reviewers: its work is kept" }
        if entry.attempts > 1 { return "attempt \(entry.attempts)" }
        return entry.task.dependencies.isEmpty ? "depends on no other task" : "every dependency is done"
    }

    /// The one place where a task changes its state.
    mutating func move(_ index: Index, to next: TaskState) {
        let old = entries[index].state
        assert(old.canBecome(next), "\(entries[index].task.id): \(old) cannot become \(next)")
        if old == .running { leave(index) }
        if next == .running { running += 1 }
        if !old.isSettled && next.isSettled { unsettled -= 1 }
        if old.isSettled && !next.isSettled { unsettled += 1 }
        watch.moved(from: old, to: next)
        count(index, next)
        if old.isSettled != next.isSettled { tellParent(of: index) }
    }

    private mutating func leave(_ index: Index) {
        running -= 1
        begunOnChain.remove(index)
        providers[entries[index].current.provider]?.running -= 1
        if !entries[index].task.isGate, !entries[index].current.hasWorker { spending.workersAwaited -= 1 }
    }

    private mutating func count(_ index: Index, _ next: TaskState) {
        counts[entries[index].state, default: 0] -= 1
        counts[next, default: 0] += 1
        entries[index].state = next
    }

    /// - Parameter delayed: whether it may start only after a wait.
    mutating func makeReady(_ index: Index, delayed: Bool = false) {
        move(index, to: .ready)
        entries[index].isDelayed = delayed
        if !delayed { enqueue(index) }
    }

    /// Puts a ready task into the queue. An older entry of the task becomes invalid.
    mutating func enqueue(_ index: Index) {
        entries[index].ticket += 1
        let entry = entries[index]
        ready.insert(
            ReadyTask(
                index: index, ticket: entry.ticket, urgency: entry.urgency,
                redo: entry.collidedPaths.isEmpty ? nil : entry.place,
                priority: entry.priority),
            provider: provider(of: index))
    }

    /// Settles a task that landed in an earlier run of the plan.
    private mutating func settleBefore(_ index: Index) {
        guard !entries[index].state.isSettled else { return }
        // Its dependencies need not have landed: its commit is on the branch, and that decides.
        unsettled -= 1
        count(index, .landed)
        releaseDependents(of: index)
    }

    mutating func releaseDependents(of index: Index) {
        for dependent in entries[index].dependents {
            entries[dependent].missing -= 1
            if entries[dependent].missing == 0, entries[dependent].state == .waiting { makeReady(dependent) }
        }
    }
}
