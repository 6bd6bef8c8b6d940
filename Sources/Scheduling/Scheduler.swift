package import Model

/// Decides what a run does next, from nothing but the facts it is told.
///
/// Pure: no clock, no input or output, no order that depends on hashing. The same facts in the same order give the
/// same decisions, which is what resuming, replaying and simulating rest on. Every change of a task's state goes
/// through `move(_:to:)`.
package struct Scheduler: Sendable {
    typealias Index = Int

    var entries: [Entry]
    var indexOf: [TaskID: Index]
    /// By stage.
    let ladders: [[Step]]
    let maxParallel: Int
    let conflictAttempts: Int
    let approval: Approval?
    var ready = ReadyQueue()
    var queue = LandingQueue()
    var policy: any LandingPolicy
    var statistics = LandingStatistics()
    /// Candidates that may be checked at the same time.
    let verifySlots: Int
    /// Most tasks in a candidate.
    let maxBatch: Int
    /// Tasks that collided and have not landed since, by the paths on which they did.
    var contests: [String: [Index]] = [:]
    /// Verified tasks by the one that they wait behind.
    var parked: [Index: [Index]] = [:]
    var crowding = Crowding()
    var landingPause = LandingPause()
    var following = Following.no
    /// A base that was told of while another one is being followed.
    var nextBase: ObjectID?
    var running = 0
    var unsettled: Int
    /// Workers that may run now: halved by each collision, raised by each landing, so that tasks which all change
    /// the same lines do not burn attempts on bases that are stale before they end (additive increase,
    /// multiplicative decrease, as in TCP).
    var width: Double
    var providers: [String: Provider] = [:]
    var spending = Spending()
    var watch: CheckpointWatch
    /// Faults of the machine in a row, over all tasks.
    var faultsInRow = 0
    var drain: Drain?
    var hold: Hold?
    var isAttended = true
    /// Nobody is there to carry decisions out: before a coordinator has started, and once it has ended.
    var isStopped = true
    /// How far the check of the whole branch has come, where the plan has one.
    var end = End.open
    private let checksEnd: Bool
    /// Names of the checks that judge candidates.
    private let landingChecks: Set<String>

    enum End: Sendable, Equatable {
        case open
        case asked
        case checked(ObjectID)
    }

    var nextPlace = 0
    /// The tasks that have asked, by the question's number.
    var askers: [Int: Index] = [:]
    var lastUrgency = 0
    /// Where the integration branch is.
    package internal(set) var tip: ObjectID
    /// How many tasks are in each state.
    package internal(set) var counts: [TaskState: Int]

    /// Why nothing new is started for the rest of this coordinator's life.
    enum Drain: Sendable, Equatable {
        case asked(String)
        case spent(Spending.Key)
    }

    /// Why nothing new is started until a person says so.
    enum Hold: Sendable, Equatable {
        /// Over once the run is taken up again: who types `resume` wants it to go on.
        case paused(String)
        case checkpoint(String)
    }

    /// - Parameter started: the first fact of the run; dependencies on tasks that it does not hold are ignored.
    package init(_ started: Fact.RunStarted) {
        let plan = started.plan
        ladders = plan.stages.map { stage in stage.ladder.map(Step.init) }
        maxParallel = max(1, plan.workers.maxParallel)
        conflictAttempts = plan.workers.conflictAttempts
        approval = plan.workers.approve
        width = Double(maxParallel)
        verifySlots = max(1, plan.landing.verifySlots ?? maxParallel)
        maxBatch = plan.landing.everyCommit ? 1 : max(1, plan.landing.maxBatch)
        policy = plan.landing.makePolicy(slots: verifySlots)
        tip = started.tip
        landingChecks = Set(started.plan.stages.flatMap { $0.verify.landing.map(\.name) })
        checksEnd = !started.plan.verify.final.isEmpty
        entries = started.tasks.map { Entry(task: $0) }
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
        rankByCriticalPath()
        for index in entries.indices where entries[index].missing == 0 { makeReady(index) }
        for commit in started.landedBefore {
            guard let index = indexOf[commit.task] else { continue }
            settleBefore(index)
        }
    }

    /// Takes in what happened.
    /// - Returns: what is to be done now, in order. A decision is to be stored before it is carried out.
    package mutating func handle(_ fact: Fact) -> [Decision] {
        var decisions: [Decision] = []
        switch fact {
        case .runStarted: break
        case .coordinatorStarted(let started): takeUp(started, &decisions)
        case .coordinatorStopped, .coordinatorLost: isStopped = true
        case .draining(let reason): startDraining(.asked(reason))
        case .workerStarted(let started): workerStarted(started)
        case .foundDone(let found): foundDone(found, &decisions)
        case .attemptVerified(let verified): attemptVerified(verified, &decisions)
        case .attemptFailed(let failed): attemptFailed(failed, &decisions)
        case .candidatePassed(let passed): candidatePassed(passed, &decisions)
        case .candidateFailed(let failed): candidateFailed(failed, &decisions)
        case .landed(let landed): self.landed(landed, &decisions)
        case .tipMoved(let found): tipMoved(found)
        case .base(let change): baseChanged(change, &decisions)
        case .usage(let told): usage(told, &decisions)
        case .waitOver(let over): waitOver(over)
        case .control(let control): self.control(control, &decisions)
        case .limitsChanged(let change): limitsChanged(change)
        case .diskUsed(let bytes): spending.disk = bytes
        case .message(let posted): hear(posted, &decisions)
        case .messagesGiven: break
        case .tasksAdded(let added): add(added.tasks, &decisions)
        case .checked, .baselineChecked: break
        case .flaky(let rate): if landingChecks.contains(rate.check) { statistics.begin(with: rate) }
        case .finalChecked(let checked): end = .checked(checked.commit)
        }
        if !isStopped { advance(&decisions) }
        return decisions
    }

    /// Starts what may start, lands what may land, and says so when nothing is left.
    private mutating func advance(_ decisions: inout [Decision]) {
        followBase(&decisions)
        if following == .no, !landingPause.isOn { chooseCandidates(&decisions) }
        reachCheckpoint(&decisions)
        startWorkers(&decisions)
        guard running == 0, queue.isIdle, following == .no, !isStopped else { return }
        if unsettled > 0 {
            guard let reason = reasonToSuspend else { return }
            isStopped = true
            return decisions.append(.suspend(reason: reason))
        }
        // A run that was drained was asked to do no more.
        if checksEnd, drain == nil, end != .checked(tip) {
            if end != .asked { decisions.append(.checkFinal) }
            end = .asked
            return
        }
        isStopped = true
        decisions.append(.finish)
    }

    private mutating func startWorkers(_ decisions: inout [Decision]) {
        while !startsNothing, mayStartMore, let index = popReady() {
            if let obstacle = obstacle(toStarting: index) {
                enqueue(index)
                if case .spent(let key) = obstacle { startDraining(key, &decisions) }
                return
            }
            move(index, to: .running)
            entries[index].attempts += 1
            entries[index].current = Current(provider: provider(of: index))
            providers[entries[index].current.provider, default: Provider()].running += 1
            if !entries[index].task.isGate { spending.workersAwaited += 1 }
            entries[index].begunOn = crowding.isCrowded ? queue.chain.last?.number : nil
            let entry = entries[index]
            decisions.append(
                .start(
                    task: entry.task.id, attempt: entry.attempts, rung: entry.rung, reason: startReason(entry),
                    order: entry.order, after: entry.begunOn))
            // The words hold for all that follow, the worker for one attempt.
            entries[index].order = entry.order?.note.map { RetryRequest(note: $0) }
        }
    }

    /// Whether nothing new is started, whoever is free.
    var startsNothing: Bool { drain != nil || hold != nil }

    /// Where tasks get in each other's way each starts on what the one before it has left.
    private var mayStartMore: Bool {
        if crowding.isCrowded { return running == 0 && queue.isOnlyChain && (queue.chain.isEmpty || mayBeginOnChain) }
        return running < min(maxParallel, max(1, Int(width)))
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
        if entry.order != nil { return "attempt \(entry.attempts), as a person asked for" }
        if !entry.contested.isEmpty {
            return "done again after a collision" + (entry.begunOn.map { ", on candidate \($0)" } ?? " on the new tip")
        }
        if let begunOn = entry.begunOn {
            return "on candidate \(begunOn), which has not landed yet: nearly all tasks change the same lines"
        }
        if entry.attempts > 1 { return "attempt \(entry.attempts)" }
        return entry.task.dependencies.isEmpty ? "depends on no other task" : "all it depends on is green"
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
    }

    private mutating func leave(_ index: Index) {
        running -= 1
        providers[entries[index].current.provider]?.running -= 1
        if !entries[index].task.isGate, !entries[index].current.hasWorker { spending.workersAwaited -= 1 }
    }

    private mutating func count(_ index: Index, _ next: TaskState) {
        counts[entries[index].state, default: 0] -= 1
        counts[next, default: 0] += 1
        entries[index].state = next
    }

    /// - Parameter delayed: it starts only after a wait.
    mutating func makeReady(_ index: Index, delayed: Bool = false) {
        move(index, to: .ready)
        entries[index].isDelayed = delayed
        if !delayed { enqueue(index) }
    }

    /// Puts a ready task into the queue; an entry that it has there already becomes void.
    mutating func enqueue(_ index: Index) {
        entries[index].ticket += 1
        let entry = entries[index]
        ready.insert(
            ReadyTask(
                index: index, ticket: entry.ticket, urgency: entry.urgency,
                redo: entry.contested.isEmpty ? nil : entry.place,
                priority: entry.priority),
            provider: provider(of: index))
    }

    /// A task that landed in an earlier run of the plan.
    private mutating func settleBefore(_ index: Index) {
        guard !entries[index].state.isSettled else { return }
        // What it depends on may not have landed: the branch says that it has, and the branch is believed.
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
