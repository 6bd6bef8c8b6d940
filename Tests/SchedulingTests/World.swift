import Model
import TestSupport

@testable import Scheduling

/// A made-up repository around a scheduler: it carries decisions out in an order drawn from a seed and keeps a log.
struct World {
    enum Fate: Sendable {
        case works, alwaysFails, alreadyDone
        /// Fails so the first times, then works.
        case failing(Failure, times: Int)
        /// Fails in another way each time.
        case alwaysOtherwise
    }

    var scheduler: Scheduler
    let tasks: [TaskID: MigrationTask]
    var random: SeededGenerator
    /// Decisions are carried out in their order, and not in one drawn from the seed: four workers come to their end side
    /// by side, and from then on workers last.
    var isInOrder = false
    var fate: [TaskID: Fate] = [:]
    /// Tasks that change one shared file, so that any two of them collide.
    var shared: Set<TaskID> = []
    var pending: [Decision] = []
    var facts: [Fact] = []
    var decisions: [Decision] = []
    var landedOrder: [TaskID] = []
    var green: Set<TaskID> = []
    /// Those of them that have landed, and which ones each work was done on top of.
    var sharedLanded: [String] = []
    var sharedBelow: [TaskID: [String]] = [:]
    var landedCandidates: Set<Int> = []
    /// Tasks whose first candidates do not pass, twice each.
    var redOnce: Set<TaskID> = []
    private var redTimes: [TaskID: Int] = [:]
    var startsOf: [TaskID: Int] = [:]
    var mostRunning = 0
    var nextID = 1
    /// Virtual seconds, and what is to be waited for until when.
    var now = 0.0
    var waits: [(over: Fact.WaitOver, at: Double)] = []
    var attempt: [TaskID: Int] = [:]
    /// What an attempt uses.
    var usage: Usage?
    var rungs: [TaskID: [Int]] = [:]
    var startTimes: [TaskID: [Double]] = [:]
    /// One in so many workers of tasks with several files splits its task; 0 for none.
    var splitting = 0
    /// Attempts that are to end before they come to anything.
    var ended: [TaskID: Failure] = [:]

    init(
        _ tasks: [MigrationTask], maxParallel: Int, attempts: [Int] = [2], conflictAttempts: Int = 50, seed: UInt64,
        _ change: (inout Plan) -> Void = { _ in }
    ) {
        var started = Self.started(tasks, maxParallel: maxParallel, attempts: attempts, conflicts: conflictAttempts)
        change(&started.plan)
        scheduler = Scheduler(started)
        self.tasks = Dictionary(uniqueKeysWithValues: tasks.map { ($0.id, $0) })
        random = SeededGenerator(seed: seed)
        facts = [.runStarted(started)]
    }

    static func started(
        _ tasks: [MigrationTask], maxParallel: Int, attempts: [Int], conflicts: Int
    ) -> Fact.RunStarted {
        let ladder = attempts.map { Rung(worker: Worker(name: "w", run: "true"), attempts: $0) }
        let workers = WorkerRules(maxParallel: maxParallel, ladder: ladder, conflictAttempts: conflicts)
        let plan = Plan(name: "p", goal: "g", repository: "/r", workers: workers)
        return Fact.RunStarted(plan: plan, base: id(0), tip: id(0), tasks: tasks)
    }

    static func id(_ number: Int) -> ObjectID {
        let digits = String(number, radix: 16)
        guard let id = ObjectID(hex: String(repeating: "0", count: 40 - digits.count) + digits) else {
            preconditionFailure("\(digits) is hexadecimal")
        }
        return id
    }

    mutating func tell(_ fact: Fact) {
        facts.append(fact)
        let new = scheduler.handle(fact)
        decisions += new
        pending += new
        for decision in new { note(decision) }
        mostRunning = max(mostRunning, scheduler.running)
    }

    mutating func start() { tell(.coordinatorStarted(.init(processID: 1, tip: scheduler.tip))) }

    private mutating func note(_ decision: Decision) {
        switch decision {
        case .start(let start):
            attempt[start.task] = start.attempt
            rungs[start.task, default: []].append(start.rung)
            startTimes[start.task, default: []].append(now)
        case .retry(let retry):
            guard let seconds = retry.delay else { return }
            waits.append((.retry(task: retry.task, attempt: attempt[retry.task] ?? 0), now + seconds))
        case .cooldown(let cooldown):
            waits.append(
                (.cooldown(provider: cooldown.provider, number: cooldown.number), now + cooldown.seconds))
        case .pauseLanding(let pause): waits.append((.landing(number: pause.number), now + pause.seconds))
        case .end(let end): ended[end.task] = end.failure
        default: break
        }
    }

    mutating func say(_ command: Control.Command) {
        tell(.control(Control(id: "c\(facts.count)", command: command)))
    }

    /// The answer to what was said last.
    var answer: (isAccepted: Bool, text: String)? {
        for case .answer(let answer) in decisions.reversed() { return (answer.isAccepted, answer.text) }
        return nil
    }

    mutating func run() { while step() {} }

    /// Carries out one open decision, picked at random; where there is none, time goes on to the end of the next wait.
    /// False when nothing is left.
    mutating func step() -> Bool {
        pending.removeAll(where: \.isWord)
        guard !pending.isEmpty else {
            guard let next = waits.indices.min(by: { waits[$0].at < waits[$1].at }) else { return false }
            let wait = waits.remove(at: next)
            now = max(now, wait.at)
            tell(.waitOver(wait.over))
            return true
        }
        let decision = pending.remove(at: isInOrder ? first : Int.random(in: 0..<pending.count, using: &random))
        switch decision {
        case .start(let start): work(start.task, start.attempt, after: start.after)
        case .check(let check): self.check(check.candidate, check.tasks[0])
        case .probe(let probe):
            // Its own commit and every tip are good: what is red is so together.
            tell(.probed(.init(probe, outcome: .passed, seconds: 1)))
        case .land(let land):
            let (candidate, commits) = (land.candidate, land.commits)
            for commit in commits {
                if shared.contains(commit.task) { sharedLanded.append(name(commit.task)) }
                landedOrder.append(commit.task)
                green.insert(commit.task)
            }
            landedCandidates.insert(candidate)
            tell(.landed(.init(candidate: candidate, commits: commits)))
        default: break
        }
        return true
    }

    /// A task's work, as opposed to that of an earlier attempt.
    private func name(_ task: TaskID) -> String { "\(task) \(attempt[task] ?? 0)" }

    /// The shared file as it would be with candidates of the chain landed.
    private func shared(with ahead: some Sequence<LandingQueue.Candidate>) -> [String] {
        sharedLanded
            + ahead.flatMap(\.tasks).map { scheduler.entries[$0].task.id }.filter(shared.contains).map(name)
    }

    private var first: Int {
        let begins = startsOf.count < 4
        return pending.firstIndex { if case .start = $0 { begins } else { !begins } } ?? 0
    }

    private mutating func work(_ task: TaskID, _ attempt: Int, after before: Int?) {
        startsOf[task, default: 0] += 1
        let base = scheduler.tip
        var below: [LandingQueue.Candidate] = []
        if let before, !landedCandidates.contains(before) {
            guard let position = scheduler.queue.position(of: before) else {
                ended[task] = nil
                return tell(
                    .attemptFailed(
                        .init(
                            task: task, attempt: attempt, worker: "", base: base,
                            failure: Failure(kind: .interrupted, summary: "no base"), checks: [], seconds: 0)))
            }
            below = Array(scheduler.queue.chain[...position])
        }
        now += 1
        tell(.workerStarted(.init(task: task, attempt: attempt, worker: "w", slot: 0, base: base)))
        if let usage { tell(.usage(.init(task: task, attempt: attempt, usage: usage))) }
        if splitting > 0, Int.random(in: 0..<splitting, using: &random) == 0, splitAtRandom(task, attempt) { return }
        var fate = fate[task] ?? .works
        if let failure = ended.removeValue(forKey: task) { fate = .failing(failure, times: .max) }
        if case .failing(let failure, let times) = fate, startsOf[task] ?? 0 <= times {
            return tell(
                .attemptFailed(
                    .init(
                        task: task, attempt: attempt, worker: "w", base: base, failure: failure, checks: [],
                        seconds: 1)))
        }
        switch fate {
        case .alwaysOtherwise:
            tell(
                .attemptFailed(
                    .init(
                        task: task, attempt: attempt, worker: "w", base: base,
                        failure: Failure(kind: .taskCheck, summary: "red", detail: "\(attempt)"), checks: [], seconds: 1
                    )))
        case .alwaysFails:
            tell(
                .attemptFailed(
                    .init(
                        task: task, attempt: attempt, worker: "w", base: base,
                        failure: Failure(kind: .taskCheck, summary: "red"), checks: [], seconds: 1)))
        case .alreadyDone:
            green.insert(task)
            tell(.foundDone(.init(task: task, attempt: attempt, base: base, checks: [], seconds: 1)))
        case .works, .failing:
            nextID += 1
            sharedBelow[task] = shared(with: below)
            let paths = shared.contains(task) ? ["shared", task.rawValue] : [task.rawValue]
            tell(
                .attemptVerified(
                    .init(
                        task: task, attempt: attempt, worker: "w", commit: Self.id(nextID), base: base,
                        tree: Self.id(nextID), changes: paths.map { .init(path: $0, added: 1, removed: 0) },
                        checks: [], seconds: 1, reason: "")))
        }
    }

    /// Lets the worker of a running task propose a split.
    mutating func split(_ task: TaskID, _ proposal: SplitProposal) {
        tell(
            .splitProposed(
                .init(task: task, attempt: attempt[task] ?? 0, request: "split-\(facts.count)", proposal: proposal)))
    }

    /// Ends the attempt of a task that was split. Its start is carried out by that.
    mutating func endSplit(_ task: TaskID) {
        pending.removeAll { if case .start(let start) = $0 { start.task == task } else { false } }
        tell(.attemptSplit(.init(task: task, attempt: attempt[task] ?? 0, worker: "w", base: nil, seconds: 1)))
    }

    /// - Returns: whether the task was split, so that its attempt has ended.
    private mutating func splitAtRandom(_ task: TaskID, _ attempt: Int) -> Bool {
        guard let files = scheduler.indexOf[task].map({ scheduler.entries[$0].task.files }), files.count > 1 else {
            return false
        }
        var parts = (0..<min(3, files.count)).map { SplitProposal.Part(files: [files[$0]]) }
        if files.count > 3 { parts[0].files.append(files[3]) }
        if Bool.random(using: &random) { parts[parts.count - 1].after = ["1"] }
        if files.count < 4 { parts.removeLast() }
        split(task, SplitProposal(parts: parts))
        guard scheduler.hasSplit(task, attempt: attempt) else { return false }
        ended[task] = nil
        tell(.attemptSplit(.init(task: task, attempt: attempt, worker: "w", base: scheduler.tip, seconds: 1)))
        return true
    }

    private mutating func check(_ candidate: Int, _ task: TaskID) {
        let ahead = scheduler.queue.chain.prefix { $0.number != candidate }
        if redOnce.contains(task), redTimes[task, default: 0] < 2 {
            redTimes[task, default: 0] += 1
            let failure = Failure(kind: .landingCheck, summary: "red")
            return tell(
                .candidateFailed(
                    .init(
                        candidate: candidate, tip: scheduler.tip, task: task, failure: failure, checks: [], seconds: 1))
            )
        }
        if shared.contains(task), sharedBelow[task] != shared(with: ahead) {
            let failure = Failure(kind: .conflict, summary: "collides", places: ["shared"])
            tell(
                .candidateFailed(
                    .init(
                        candidate: candidate, tip: scheduler.tip, task: task, failure: failure, checks: [], seconds: 1))
            )
        } else {
            nextID += 1
            let commit = Fact.Landed.Commit(task: task, commit: Self.id(nextID))
            tell(
                .candidatePassed(
                    .init(
                        candidate: candidate, tip: scheduler.tip, commits: [commit], tree: scheduler.tip, checks: [],
                        seconds: 1)))
        }
    }

    var hasFinished: Bool { decisions.contains(.finish) }

    func state(_ task: TaskID) -> TaskState? { scheduler.indexOf[task].map { scheduler.entries[$0].state } }
}

extension Decision {
    /// Nothing is to be carried out for it.
    fileprivate var isWord: Bool {
        switch self {
        case .start, .check, .probe, .land: false
        default: true
        }
    }
}

/// Tasks `t0`… where each depends on some with a smaller number.
func randomTasks(_ count: Int, density: Double, seed: UInt64) -> [MigrationTask] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { number in
        let wanted = number == 0 ? 0 : Int.random(in: 0...Int(density * 2), using: &random)
        let dependencies = Set((0..<wanted).map { _ in TaskID("t\(Int.random(in: 0..<number, using: &random))") })
        return MigrationTask(
            id: TaskID("t\(number)"), title: "t\(number)", files: ["f\(number)"], dependencies: dependencies.sorted(),
            figures: .init(lines: Int.random(in: 1...900, using: &random)))
    }
}
