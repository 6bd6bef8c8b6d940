import Model
import TestSupport
import Testing

@testable import Scheduling

/// A legal log, drawn from a seed: the real scheduler decides, and chance says what becomes of its decisions.
struct RandomRun {
    struct Transaction {
        var bodies: [LoggedEvent.Body]
        /// Where the scheduler has the tasks after it.
        var states: [TaskID: TaskState]
    }

    private(set) var transactions: [Transaction] = []
    private var random: SeededGenerator
    /// None needs nearly as many.
    private static let mostSteps = 10_000
    private let started: Fact.RunStarted
    private var scheduler: Scheduler
    private var open: [Decision] = []
    /// What is to be waited for, and the attempts that a wait is told by.
    private var waits: [Fact.WaitOver] = []
    private var attempts: [TaskID: Int] = [:]
    private var batch: [LoggedEvent.Body] = []
    private var facts: [Fact] = []
    private var objects = 1
    private var hasFinished = false
    private var questions: [Int] = []
    private var messageCount = 0
    private var derivedCount = 0
    private var rejections = 0
    private var commands = 0

    init(seed: UInt64, tasks count: Int = 12) throws {
        var random = SeededGenerator(seed: seed)
        var tasks: [MigrationTask] = []
        for number in 0..<count {
            let needs = tasks.filter { _ in Int.random(in: 0..<5, using: &random) == 0 }
            var task = sampleTask("t\(number)", needs: needs.map(\.id.rawValue) + ["t\(number)", "elsewhere"])
            task.files += ["\(number)-a.py", "\(number)-b.py", "\(number)-c.py"]
            tasks.append(task)
        }
        var plan = samplePlan()
        plan.workers.ladder[0].attempts = 2
        plan.workers.split = SplitRules(most: 3, depth: 2, mostInRun: 8)
        if Bool.random(using: &random) { plan.verify.final = [Check(name: "whole", run: "true")] }
        let before = Bool.random(using: &random) ? [Fact.Landed.Commit(task: TaskID("t0"), commit: try object(7))] : []
        started = Fact.RunStarted(
            plan: plan, base: try object(1), tip: try object(1), tasks: tasks, landedBefore: before)
        scheduler = Scheduler(started)
        self.random = random
        batch.append(.fact(.runStarted(started)))
        tell(.baselineChecked(try whole()))
        try startCoordinator()
        var steps = 0
        while !hasFinished {
            try step()
            steps += 1
            guard steps < Self.mostSteps else {
                Issue.record("seed \(seed): the run does not end")
                break
            }
        }
        commit()
    }

    private mutating func step() throws {
        switch Int.random(in: 0..<60, using: &random) {
        case 0: try crash()
        case 1: try stop()
        case 2: try moveTip()
        case 3 where !facts.contains(.draining(reason: "budget")): tell(.draining(reason: "budget"))
        case 4: tell(.message(nextMessage(.lesson, from: .coordinator, to: .dependentsOf(TaskID("t0")))))
        case 5 where !questions.isEmpty:
            let question = questions.remove(at: Int.random(in: 0..<questions.count, using: &random))
            tell(.message(nextMessage(.answer, from: .human, to: .everyone, thread: question)))
        case 6 where derivedCount < 5:
            derivedCount += 1
            let task = sampleTask("d\(derivedCount)", needs: ["t1", "d\(derivedCount - 1)"])
            tell(.tasksAdded(.init(tasks: [task], cause: TaskID("t1"), reason: "a name is gone")))
        case 7: tell(.checked(.init(verdicts: [try verdict(), try verdict()])))
        case 9 where rejections < 4 && !isFinishing: reject()
        case 10 where commands < 4 && !isFinishing: steer()
        case 8: tell(.flaky(FlakeRate(check: "tests", runs: 9, flakes: 2)))
        default: try carryOutOne()
        }
        if Int.random(in: 0..<3, using: &random) == 0 { commit() }
    }

    /// Whether the run is over unless a coordinator takes it up again.
    private var isFinishing: Bool { open.contains(.finish) }

    private mutating func carryOutOne() throws {
        guard !open.isEmpty else {
            if let wait = waits.popLast() { return tell(.waitOver(wait)) }
            return try startCoordinator()
        }
        let decision = open.remove(at: Int.random(in: 0..<open.count, using: &random))
        switch decision {
        case .start(let start): try work(start.task, start.attempt)
        case .check(let check): try self.check(check.candidate, check.tasks)
        case .land(let land): tell(.landed(.init(candidate: land.candidate, commits: land.commits)))
        case .checkFinal: tell(.finalChecked(try whole()))
        case .finish: hasFinished = true
        default: break
        }
    }

    /// A person rejects up to two commits and comments on another; some of that is refused.
    private mutating func reject() {
        let landed = scheduler.entries.filter { $0.state == .landed }.map(\.task.id)
        guard !landed.isEmpty else { return }
        rejections += 1
        let tasks = Set((0..<2).compactMap { _ in landed.randomElement(using: &random) }).sorted()
        let kinds: [ReviewDecision.Kind] = [.comment, .approve, .reject]
        for (number, kind) in kinds.enumerated() {
            let decision = ReviewDecision(kind: kind, tasks: tasks, text: "it's wrong", person: "A <a@b>")
            tell(.control(Control(id: "review \(rejections) \(number)", command: .review(decision))))
        }
    }

    /// One of a few keys, so that some are told twice.
    private mutating func verdict() throws -> Verdict {
        let red = Bool.random(using: &random)
        return Verdict(
            key: "key \(Int.random(in: 0..<4, using: &random))", tree: try object(3), isClean: red,
            runs: Int.random(in: 1...3, using: &random),
            result: CheckResult(
                name: "tests", command: "make", outcome: red ? .failed : .passed, status: red ? 1 : 0, seconds: 2,
                digest: red ? "it's red" : "", failedTests: red ? ["a \"b\""] : [], testsRun: red ? 3 : nil,
                testGap: red ? "cut" : nil, flakes: red ? 0 : 1))
    }

    private func whole() throws -> Fact.WholeChecked {
        Fact.WholeChecked(commit: scheduler.tip, tree: try object(3), checks: [passed("whole")], seconds: 1.5)
    }

    private mutating func nextMessage(
        _ kind: Message.Kind, from sender: Message.Sender, to audience: Message.Audience, thread: Int? = nil
    ) -> Fact.Posted {
        messageCount += 1
        return Fact.Posted(
            Message(
                id: messageCount, kind: kind, sender: sender, audience: audience, body: "it's \"\(messageCount)\"",
                files: ["a b.py"], thread: thread, time: Timestamp(seconds: 3)),
            wait: kind == .question ? 60 : nil)
    }

    private mutating func work(_ task: TaskID, _ attempt: Int) throws {
        let base = scheduler.tip
        if Int.random(in: 0..<6, using: &random) == 0 {
            tell(.message(nextMessage(.question, from: .task(task), to: .human)))
            questions.append(messageCount)
            tell(.messagesGiven(.init(task: task, attempt: attempt, messages: [messageCount, 1], way: .prompt)))
        }
        if Int.random(in: 0..<8, using: &random) == 0 {
            return tell(.foundDone(.init(task: task, attempt: attempt, base: base, checks: [passed()], seconds: 0.1)))
        }
        tell(.workerStarted(.init(task: task, attempt: attempt, worker: "codemod", slot: attempt, base: base)))
        if Int.random(in: 0..<5, using: &random) == 0, split(task, attempt) { return }
        if Int.random(in: 0..<3, using: &random) == 0 {
            let kind = Failure.Kind.allCases.randomElement(using: &random) ?? .taskCheck
            let failure = Failure(kind: kind, summary: "\(kind.rawValue) failed", detail: "…", places: ["a b:1"])
            return tell(
                .attemptFailed(
                    .init(
                        task: task, attempt: attempt, worker: "codemod", base: base, failure: failure,
                        checks: [passed()], seconds: 1)))
        }
        let verified = Fact.AttemptVerified(
            task: task, attempt: attempt, worker: "codemod", commit: try next(), base: base, tree: try next(),
            changes: [ChangedPath(path: "\(task).py", added: 1, removed: 2)], checks: [passed()], seconds: 2,
            reason: "'quoted' – and UTF-8")
        tell(.attemptVerified(verified))
        // A lost worker may come back with a result that is no longer asked for.
        if Int.random(in: 0..<6, using: &random) == 0 { tell(.attemptVerified(verified)) }
    }

    /// Proposes to split a task; some proposals are refused.
    /// - Returns: whether the attempt has ended with it. Sometimes a coordinator is killed before that.
    private mutating func split(_ task: TaskID, _ attempt: Int) -> Bool {
        guard let files = scheduler.indexOf[task].map({ scheduler.entries[$0].task.files }), files.count > 1 else {
            return false
        }
        var parts = files.dropFirst().map { SplitProposal.Part(files: [$0]) }
        if parts.count > 1 { parts[1].after = ["1"] }
        if parts.count > 1 { parts[0].files.append(files[0]) }
        tell(
            .splitProposed(
                .init(
                    task: task, attempt: attempt, request: "split-\(facts.count)",
                    proposal: SplitProposal(parts: parts))))
        guard scheduler.hasSplit(task, attempt: attempt) else { return false }
        if Int.random(in: 0..<3, using: &random) > 0 {
            tell(
                .attemptSplit(
                    .init(task: task, attempt: attempt, worker: "codemod", base: scheduler.tip, seconds: 1)))
        }
        return true
    }

    /// A person skips a task, or has one tried again; some of that is refused.
    private mutating func steer() {
        guard let task = scheduler.entries.randomElement(using: &random)?.task.id else { return }
        commands += 1
        let isSkip = Int.random(in: 0..<3, using: &random) == 0
        tell(
            .control(
                Control(
                    id: "steer \(facts.count)",
                    command: isSkip ? .skip(task: task) : .retry(task: task, request: nil))))
    }

    private mutating func check(_ candidate: Int, _ tasks: [TaskID]) throws {
        let kinds: [Failure.Kind] = [.conflict, .redTogether, .landingCheck, .infrastructure]
        if Int.random(in: 0..<3, using: &random) == 0, let kind = kinds.randomElement(using: &random) {
            return tell(
                .candidateFailed(
                    .init(
                        candidate: candidate, tip: scheduler.tip, task: tasks.first,
                        failure: Failure(kind: kind, summary: "red", places: ["x.py"]), checks: [passed()], seconds: 3))
            )
        }
        let commits = try tasks.map { Fact.Landed.Commit(task: $0, commit: try next()) }
        tell(
            .candidatePassed(
                .init(
                    candidate: candidate, tip: scheduler.tip, commits: commits, tree: try next(), checks: [passed()],
                    seconds: 3)))
    }

    /// What has been decided is in the log, and nothing of it has been carried out to its end.
    private mutating func crash() throws {
        commit()
        scheduler = Scheduler(started)
        for fact in facts { _ = scheduler.handle(fact) }
        try startCoordinator()
    }

    private mutating func stop() throws {
        tell(.coordinatorStopped(reason: "asked to"))
        try startCoordinator()
    }

    /// The candidate is no more: it does not land, and what its checks give comes too late.
    private mutating func moveTip() throws {
        open.removeAll { decision in
            switch decision {
            case .land: true
            default: false
            }
        }
        tell(.tipMoved(found: try next()))
    }

    private mutating func startCoordinator() throws {
        open = []
        tell(.coordinatorStarted(.init(processID: 42, tip: scheduler.tip)))
    }

    private mutating func tell(_ fact: Fact) {
        facts.append(fact)
        let decisions = scheduler.handle(fact)
        open += decisions
        for decision in decisions {
            switch decision {
            case .start(let start): attempts[start.task] = start.attempt
            case .retry(let retry):
                guard retry.delay != nil else { continue }
                waits.append(.retry(task: retry.task, attempt: attempts[retry.task] ?? 0))
            case .cooldown(let cooldown):
                waits.append(.cooldown(provider: cooldown.provider, number: cooldown.number))
            case .pauseLanding(let pause): waits.append(.landing(number: pause.number))
            default: break
            }
        }
        batch.append(.fact(fact))
        batch += decisions.map { .decision($0) }
    }

    private mutating func commit() {
        guard !batch.isEmpty else { return }
        let states = Dictionary(uniqueKeysWithValues: scheduler.entries.map { ($0.task.id, $0.state) })
        transactions.append(Transaction(bodies: batch, states: states))
        batch = []
    }

    private mutating func next() throws -> ObjectID {
        objects += 1
        return try object(objects)
    }
}
