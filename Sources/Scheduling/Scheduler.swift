import HeapModule
package import Model

/// Decides what a run does next, from nothing but the facts it is told.
///
/// Pure: no clock, no input or output, no order that depends on hashing. The same facts in the same order give the
/// same decisions, which is what resuming, replaying and simulating rest on. Every change of a task's state goes
/// through `move(_:to:)`.
package struct Scheduler: Sendable {
    typealias Index = Int

    /// What the scheduler knows of one task.
    struct Entry: Sendable {
        let task: MigrationTask
        var state: TaskState = .waiting
        /// Dependencies that are not green yet.
        var missing = 0
        var dependents: [Index] = []
        /// Weight of the longest chain of dependents that this task opens, itself included.
        var priority = 0.0
        /// Attempts started so far, whatever became of them.
        var attempts = 0
        var rung = 0
        /// Attempts on this rung that say something about the work.
        var failuresOnRung = 0
        var infrastructureFaults = 0
        var collisions = 0
        /// Position in the order of landing, kept when the task has to be done again.
        var place: Int?
        /// Paths that collided with what landed, while the task is done again because of it.
        var contested: Set<String> = []
        var verified: Fact.AttemptVerified?
        /// Its present work has failed on this evidence, and is to be checked once more.
        var doubted: LandingStatistics.Evidence?
        /// The task it was last said to wait behind in the landing queue.
        var waitsBehind: Index?
        /// It was set aside because a question of its worker had no answer.
        var isBlocked = false
        /// The task that was set aside and holds this one.
        var heldBy: Index?
    }

    var entries: [Entry]
    var indexOf: [TaskID: Index]
    /// Attempts on each rung of the ladder, by stage.
    let ladders: [[Int]]
    let maxParallel: Int
    let conflictAttempts: Int
    var ready = Heap<ReadyTask>()
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
    var following = Following.no
    /// A base that was told of while another one is being followed.
    var nextBase: ObjectID?
    var running = 0
    var unsettled: Int
    /// Workers that may run now: halved by each collision, raised by each landing, so that tasks which all change
    /// the same lines do not burn attempts on bases that are stale before they end (additive increase,
    /// multiplicative decrease, as in TCP).
    var width: Double
    var drainReason: String?
    var isStopped = true
    var hasFinished = false
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
    /// Where the integration branch is.
    package internal(set) var tip: ObjectID
    /// How many tasks are in each state.
    package internal(set) var counts: [TaskState: Int]

    /// Infrastructure faults of one task, or reruns of one candidate, after which the task is set aside.
    static let faultLimit = 3

    /// - Parameter started: the first fact of the run; dependencies on tasks that it does not hold are ignored.
    package init(_ started: Fact.RunStarted) {
        ladders = started.plan.stages.map { stage in stage.ladder.map(\.attempts) }
        maxParallel = max(1, started.plan.workers.maxParallel)
        conflictAttempts = started.plan.workers.conflictAttempts
        width = Double(maxParallel)
        let landing = started.plan.landing
        verifySlots = max(1, landing.verifySlots ?? maxParallel)
        maxBatch = landing.everyCommit ? 1 : max(1, landing.maxBatch)
        policy = landing.makePolicy(slots: verifySlots)
        tip = started.tip
        landingChecks = Set(started.plan.stages.flatMap { $0.verify.landing.map(\.name) })
        checksEnd = !started.plan.verify.final.isEmpty
        entries = started.tasks.map { Entry(task: $0) }
        counts = [.waiting: started.tasks.count]
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
        case .coordinatorStarted(let started): takeUp(tip: started.tip)
        case .coordinatorStopped, .coordinatorLost: isStopped = true
        case .draining(let reason):
            drainReason = reason
            endAllRedos()
        case .workerStarted: break
        case .foundDone(let found): foundDone(found)
        case .attemptVerified(let verified): attemptVerified(verified)
        case .attemptFailed(let failed): attemptFailed(failed, &decisions)
        case .candidatePassed(let passed): candidatePassed(passed, &decisions)
        case .candidateFailed(let failed): candidateFailed(failed, &decisions)
        case .landed(let landed): self.landed(landed, &decisions)
        case .tipMoved(let found): tipMoved(found)
        case .base(let change): baseChanged(change, &decisions)
        case .usage, .waitOver, .control, .limitsChanged, .diskUsed: break
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
        if following == .no { chooseCandidates(&decisions) }
        if drainReason == nil { startWorkers(&decisions) }
        let idle = running == 0 && queue.isIdle && following == .no
        guard idle, !hasFinished, unsettled == 0 || drainReason != nil else { return }
        // A run that was drained is not at its end: what is left to do may well mend what would be red.
        if checksEnd, drainReason == nil, end != .checked(tip) {
            if end != .asked { decisions.append(.checkFinal) }
            end = .asked
            return
        }
        hasFinished = true
        decisions.append(.finish)
    }

    private mutating func startWorkers(_ decisions: inout [Decision]) {
        while mayStartMore, let next = ready.popMax() {
            let index = next.index
            guard entries[index].state == .ready else { continue }
            move(index, to: .running)
            entries[index].attempts += 1
            let entry = entries[index]
            decisions.append(
                .start(task: entry.task.id, attempt: entry.attempts, rung: entry.rung, reason: startReason(entry)))
        }
    }

    /// Where tasks get in each other's way each starts on what the one before it has left.
    private var mayStartMore: Bool {
        if crowding.isCrowded { return running == 0 && queue.isIdle }
        return running < min(maxParallel, max(1, Int(width)))
    }

    private func startReason(_ entry: Entry) -> String {
        if !entry.contested.isEmpty { return "done again on the new tip after a collision" }
        if entry.attempts > 1 { return "attempt \(entry.attempts)" }
        return entry.task.dependencies.isEmpty ? "depends on no other task" : "all it depends on is green"
    }

    /// The one place where a task changes its state.
    mutating func move(_ index: Index, to next: TaskState) {
        let old = entries[index].state
        assert(old.canBecome(next), "\(entries[index].task.id): \(old) cannot become \(next)")
        if old == .running { running -= 1 }
        if next == .running { running += 1 }
        if !old.isSettled && next.isSettled { unsettled -= 1 }
        if old.isSettled && !next.isSettled { unsettled += 1 }
        count(index, next)
    }

    private mutating func count(_ index: Index, _ next: TaskState) {
        counts[entries[index].state, default: 0] -= 1
        counts[next, default: 0] += 1
        entries[index].state = next
    }

    mutating func makeReady(_ index: Index) {
        move(index, to: .ready)
        ready.insert(
            ReadyTask(
                index: index, isRedo: !entries[index].contested.isEmpty, priority: entries[index].priority))
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

/// A task that may start, ordered by what should start first.
struct ReadyTask: Comparable, Sendable {
    let index: Int
    let isRedo: Bool
    let priority: Double

    /// A task that collided goes first, since others wait for it; then the longest chain; then the plan's order.
    static func < (a: ReadyTask, b: ReadyTask) -> Bool {
        if a.isRedo != b.isRedo { return b.isRedo }
        if a.priority != b.priority { return a.priority < b.priority }
        return a.index > b.index
    }
}
