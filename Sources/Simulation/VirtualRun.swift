import DequeModule
import HeapModule
package import Model
import Scheduling

/// A run in virtual time: the real scheduler and landing queue, with random numbers in place of workers and checks.
package struct VirtualRun {
    /// The result of a simulated run.
    package struct Outcome: Sendable, Equatable {
        /// Seconds until nothing was left to do.
        package var seconds = 0.0
        /// Seconds until the last landing.
        package var lastLanding = 0.0
        package var landed = 0
        package var failed = 0
        package var workersStarted = 0
        /// Candidates and other commits whose checks started, whether or not they ended.
        package var verifies = 0
        /// Seconds of checks, over all slots.
        package var verifySeconds = 0.0
        /// Seconds of attempts, over all workers.
        package var workerSeconds = 0.0
        /// Seconds in which a worker was free or was kept waiting, over all workers, by what held it.
        package var idle: [Limit: Double] = [:]
        /// What an estimate of the rest is made from, in order of time.
        package var moments: [Moment] = []
    }

    /// What keeps a worker from work.
    package enum Limit: String, Sendable, CaseIterable {
        /// Tasks wait for tasks that have not landed.
        case dependencies
        /// Landing checks wait for a slot.
        case checks
        /// The coordinator has not come to it.
        case coordinator
        /// Fewer tasks than workers are left.
        case tasks
    }

    /// A change of what is left to do.
    package struct Moment: Sendable, Equatable {
        package enum Kind: Sendable, Equatable {
            case verified
            /// Tasks that landed on one verdict, and the seconds of its checks.
            case landed(Int, checkSeconds: Double)
            /// A task of which an attempt was not accepted; whether the task has failed.
            case rejected(isFinal: Bool)
        }

        /// Seconds since the start of the run.
        package var time: Double
        package var kind: Kind
    }

    private enum SimulatedEvent: Sendable {
        case attemptEnds(TaskID, Int)
        case gateReached(TaskID, Int)
        case checkEnds(Int)
        case probeEnds(Decision.Probe, seconds: Double)
        case landed(Fact.Landed)
        case waitOver(Fact.WaitOver)
    }

    private struct ScheduledEvent: Comparable, Sendable {
        let time: Double
        let number: Int
        let event: SimulatedEvent
        static func < (a: ScheduledEvent, b: ScheduledEvent) -> Bool { (a.time, a.number) < (b.time, b.number) }
        static func == (a: ScheduledEvent, b: ScheduledEvent) -> Bool { a.number == b.number }
    }

    private struct Candidate {
        let tasks: [TaskID]
        let after: Int?
        let base: ObjectID
        let commits: [Fact.Landed.Commit]
        var began: Double?
        var seconds = 0.0
    }

    private enum Work: Sendable {
        case candidate(Int)
        case probe(Decision.Probe)
    }

    private let odds: Odds
    private let indexOf: [TaskID: Int]
    /// Ends of stages, for which no worker is started.
    private let gates: Set<TaskID>
    private var scheduler: Scheduler
    private var schedule = Heap<ScheduledEvent>()
    private var scheduledCount = 0
    private var clock = 0.0
    private let workers: Int
    /// Attempts under way.
    private var working = 0
    /// When the coordinator has done what it was told so far.
    private var coordinatorFree = 0.0
    private var freeSlots: Int
    /// Checks that wait for a slot, in order. A candidate that was dissolved stays in it and is passed over.
    private var waitingChecks: Deque<Work> = []
    private var candidates: [Int: Candidate] = [:]
    /// The attempt of each task that is verified now.
    private var attemptOf: [TaskID: Int] = [:]
    /// The tip when the last attempt of each task started.
    private var baseOf: [TaskID: ObjectID] = [:]
    /// Tasks with a verified attempt that has neither landed nor been rejected.
    private var verified: Set<TaskID> = []
    private var objects = 1
    private var outcome = Outcome()

    /// A fixed landing policy: batches of one size in a chain of one length.
    package struct Fixed: Sendable {
        let batch: Int
        let window: Int

        package init(batch: Int, window: Int) {
            self.batch = batch
            self.window = window
        }
    }

    /// - Parameters:
    ///   - plan: its number of workers, ladders, landing rules and budgets are used.
    ///   - fixed: a landing policy in place of the plan's.
    package init(plan: Plan, tasks: [MigrationTask], odds: Odds, fixed: Fixed? = nil) {
        self.odds = odds
        var indexOf: [TaskID: Int] = [:]
        for (index, task) in tasks.enumerated() { indexOf[task.id] = index }
        self.indexOf = indexOf
        gates = Set(tasks.filter(\.isGate).map(\.id))
        workers = max(1, plan.workers.maxParallel)
        freeSlots = max(1, plan.landing.verifySlots ?? plan.workers.maxParallel)
        let tip = ObjectID.numbered(0)
        scheduler = Scheduler(
            Fact.RunStarted(plan: plan, base: tip, tip: tip, tasks: tasks),
            fixed: fixed.map { FixedPolicy(batch: $0.batch, window: $0.window) })
    }

    /// Runs to the end.
    package mutating func run() -> Outcome {
        tell(.coordinatorStarted(.init(processID: 1, tip: scheduler.tip)))
        while let next = schedule.popMin() {
            countIdle(for: next.time - clock)
            clock = next.time
            switch next.event {
            case .attemptEnds(let task, let attempt): endAttempt(task, attempt)
            case .gateReached(let task, let attempt):
                tell(.foundDone(.init(task: task, attempt: attempt, base: scheduler.tip, checks: [], seconds: 0)))
            case .checkEnds(let number): endCheck(number)
            case .probeEnds(let probe, let seconds): endProbe(probe, seconds)
            case .landed(let landed):
                outcome.landed += landed.commits.count
                outcome.lastLanding = clock
                let seconds = candidates[landed.candidate]?.seconds ?? 0
                note(.landed(landed.commits.count, checkSeconds: seconds))
                candidates[landed.candidate] = nil
                tell(.landed(landed))
            case .waitOver(let wait): tell(.waitOver(wait))
            }
        }
        outcome.seconds = clock
        return outcome
    }

    /// Counts the free workers of a time in which nothing happened.
    private mutating func countIdle(for seconds: Double) {
        let free = workers - working
        guard free > 0, seconds > 0 else { return }
        let limit: Limit =
            if coordinatorFree > clock {
                .coordinator
            } else if !waitingChecks.isEmpty {
                .checks
            } else if scheduler.counts[.waiting, default: 0] + scheduler.counts[.ready, default: 0] == 0 {
                .tasks
            } else { .dependencies }
        outcome.idle[limit, default: 0] += Double(free) * seconds
    }

    /// Returns how long a piece of the coordinator's work takes, with the wait for what it does before.
    private mutating func delayOfCoordinator() -> Double {
        coordinatorFree = max(clock, coordinatorFree) + odds.coordinatorSeconds / 2
        return coordinatorFree - clock
    }

    private mutating func note(_ kind: Moment.Kind) { outcome.moments.append(Moment(time: clock, kind: kind)) }

    private mutating func tell(_ fact: Fact) {
        for decision in scheduler.handle(fact) { carryOut(decision) }
    }

    private mutating func after(_ seconds: Double, _ event: SimulatedEvent) {
        scheduledCount += 1
        schedule.insert(ScheduledEvent(time: clock + seconds, number: scheduledCount, event: event))
    }

    private mutating func carryOut(_ decision: Decision) {
        switch decision {
        case .start(let start):
            let (task, attempt) = (start.task, start.attempt)
            if gates.contains(task) { return after(0, .gateReached(task, attempt)) }
            outcome.workersStarted += 1
            working += 1
            baseOf[task] = scheduler.tip
            let seconds = secondsOf(task, attempt)
            let delay = delayOfCoordinator()
            outcome.workerSeconds += seconds
            outcome.idle[.coordinator, default: 0] += delay
            after(delay + seconds, .attemptEnds(task, attempt))
        case .check(let check):
            begin(check)
            startChecks()
        case .probe(let probe):
            waitingChecks.append(.probe(probe))
            startChecks()
        case .dissolve(let dissolve): end(dissolve.candidate)
        case .land(let land):
            after(delayOfCoordinator(), .landed(.init(candidate: land.candidate, commits: land.commits)))
        case .retry(let retry):
            if verified.remove(retry.task) != nil { note(.rejected(isFinal: false)) }
            guard let seconds = retry.delay else { return }
            after(seconds, .waitOver(.retry(task: retry.task, attempt: attemptOf[retry.task] ?? 1)))
        case .fail(let fail):
            outcome.failed += 1
            if verified.remove(fail.task) != nil { note(.rejected(isFinal: true)) }
        default: break
        }
    }

    // MARK: Attempts

    private func secondsOf(_ task: TaskID, _ attempt: Int) -> Double {
        odds.worker.seconds(at: odds.number(.workerSeconds, indexOf[task] ?? 0, and: attempt))
    }

    private mutating func endAttempt(_ task: TaskID, _ attempt: Int) {
        let index = indexOf[task] ?? 0
        working -= 1
        attemptOf[task] = attempt
        if odds.number(.attempt, index, and: attempt) < odds.attemptFailures {
            // Chance never fails two tasks in the same way.
            let failure = Failure(kind: .taskCheck, summary: "chance", detail: "\(index).\(attempt)")
            return tell(
                .attemptFailed(
                    .init(
                        task: task, attempt: attempt, worker: "chance", base: baseOf[task], failure: failure,
                        checks: [], seconds: secondsOf(task, attempt))))
        }
        objects += 1
        verified.insert(task)
        note(.verified)
        tell(
            .attemptVerified(
                .init(
                    task: task, attempt: attempt, worker: "chance", commit: .numbered(objects),
                    base: baseOf[task] ?? scheduler.tip,
                    tree: .numbered(objects), changes: [ChangedPath(path: task.rawValue, added: 1, removed: 1)],
                    checks: [], seconds: secondsOf(task, attempt), reason: "")))
    }

    // MARK: Candidates

    private mutating func begin(_ check: Decision.Check) {
        let base = check.after.flatMap { candidates[$0]?.commits.last?.commit } ?? scheduler.tip
        let commits = check.tasks.map { task in
            objects += 1
            return Fact.Landed.Commit(task: task, commit: .numbered(objects))
        }
        candidates[check.candidate] = Candidate(tasks: check.tasks, after: check.after, base: base, commits: commits)
        waitingChecks.append(.candidate(check.candidate))
    }

    private mutating func startChecks() {
        while freeSlots > 0, !waitingChecks.isEmpty {
            let work = waitingChecks.removeFirst()
            if case .candidate(let number) = work, candidates[number] == nil { continue }
            freeSlots -= 1
            outcome.verifies += 1
            let draw = odds.number(.verifySeconds, outcome.verifies)
            let seconds = odds.verify.seconds(at: draw)
            switch work {
            case .candidate(let number):
                candidates[number]?.began = clock
                candidates[number]?.seconds = seconds
                after(seconds, .checkEnds(number))
            case .probe(let probe): after(seconds, .probeEnds(probe, seconds: seconds))
            }
        }
    }

    private mutating func endProbe(_ probe: Decision.Probe, _ seconds: Double) {
        outcome.verifySeconds += seconds
        freeSlots += 1
        let isRed =
            probe.subject == .own && isBad(probe.task)
            || odds.number(.flake, outcome.verifies, and: -probe.attempt) < odds.flakes
        let failure = isRed ? Failure(kind: .landingCheck, summary: "chance") : nil
        tell(.probed(.init(probe, outcome: isRed ? .failed : .passed, failure: failure, seconds: seconds)))
        startChecks()
    }

    /// Ends a candidate and frees its slot if its checks have started.
    private mutating func end(_ number: Int) {
        guard let candidate = candidates.removeValue(forKey: number) else { return }
        if let began = candidate.began {
            outcome.verifySeconds += clock - began
            freeSlots += 1
        }
        startChecks()
    }

    private mutating func endCheck(_ number: Int) {
        guard let candidate = candidates[number], let began = candidate.began else { return }
        outcome.verifySeconds += clock - began
        freeSlots += 1
        candidates[number]?.began = nil
        let seconds = clock - began
        if isBad(number) || odds.number(.flake, outcome.verifies, and: number) < odds.flakes {
            candidates[number] = nil
            let culprit = candidate.tasks.count == 1 ? candidate.tasks[0] : nil
            tell(
                .candidateFailed(
                    .init(
                        candidate: number, tip: candidate.base, task: culprit,
                        failure: Failure(kind: .landingCheck, summary: "chance"), checks: [], seconds: seconds)))
        } else {
            tell(
                .candidatePassed(
                    .init(
                        candidate: number, tip: candidate.base, commits: candidate.commits,
                        tree: candidate.commits.last?.commit ?? candidate.base, checks: [], seconds: seconds)))
        }
        startChecks()
    }

    private func isBad(_ task: TaskID) -> Bool {
        odds.number(.landing, indexOf[task] ?? 0, and: attemptOf[task] ?? 1) < odds.landingFailures
    }

    /// Whether a task of the candidate, or of one that it is built on, is bad.
    private func isBad(_ number: Int) -> Bool {
        var next: Int? = number
        while let current = next, let candidate = candidates[current] {
            if candidate.tasks.contains(where: isBad) { return true }
            next = candidate.after
        }
        return false
    }
}

extension ObjectID {
    /// A made-up name of an object.
    static func numbered(_ number: Int) -> ObjectID {
        let digits = String(number, radix: 16)
        let hex = String(repeating: "0", count: 40 - digits.count) + digits
        guard let id = ObjectID(hex: hex) else { preconditionFailure("\(hex) has 40 digits") }
        return id
    }
}
