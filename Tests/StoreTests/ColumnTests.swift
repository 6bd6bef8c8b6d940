import Model
import Testing

@testable import Store

/// Every column of the projections, read back after the events that write it.
@Suite struct ColumnTests {
    private let run = RunID("demo-7")
    private let a = TaskID("a")
    private let b = TaskID("b")
    private let scratch: Scratch
    private let store: EventStore

    init() throws {
        scratch = try Scratch()
        store = try EventStore(path: scratch.store)
        try append(1, .runStarted([sampleTask("a"), sampleTask("b", needs: ["a"]), sampleTask("c")]))
    }

    private func id(_ number: Int) -> ObjectID? { try? object(number) }

    private func append(_ seconds: Double, _ bodies: LoggedEvent.Body...) throws {
        try store.append(bodies, run: run, time: Timestamp(seconds: seconds))
    }

    private func view<T>(_ body: (StoreView) throws -> T) throws -> T { try store.read(body) }

    private func task(_ id: TaskID) throws -> TaskRecord { try #require(try view { try $0.task(id, of: run) }) }

    private func record() throws -> RunRecord { try view { try $0.run(run) } }

    private func attempt(_ id: TaskID, _ number: Int = 1) throws -> AttemptRecord {
        try #require(try view { try $0.attempts(at: id, of: run) }.first { $0.number == number })
    }

    private func candidate(_ number: Int) throws -> CandidateRecord {
        try #require(try view { try $0.candidates(of: run) }.first { $0.number == number })
    }

    private func reasons(_ id: TaskID? = nil) throws -> [String] {
        try view { try $0.reasons(of: run, task: id) }.map(\.text)
    }

    private func passed(_ candidate: Int, _ tasks: [TaskID]) throws -> LoggedEvent.Body {
        .fact(
            .candidatePassed(
                .init(
                    candidate: candidate, tip: try object(1),
                    commits: try tasks.enumerated().map { .init(task: $0.element, commit: try object(70 + $0.offset)) },
                    tree: try object(60), checks: [StoreTests.passed("landing")], seconds: 4)))
    }

    private func failed(_ candidate: Int, _ culprit: TaskID?) throws -> LoggedEvent.Body {
        .fact(
            .candidateFailed(
                .init(
                    candidate: candidate, tip: try object(2), task: culprit,
                    failure: Failure(kind: .redTogether, summary: "red", detail: "line 1", places: ["x.py:3"]),
                    checks: [StoreTests.passed("landing")], seconds: 6)))
    }

    private func coordinatorStarted() throws -> LoggedEvent.Body {
        .fact(.coordinatorStarted(.init(processID: 77, tip: try object(9))))
    }

    // MARK: Runs

    @Test func `a run begins with its plan, base, tip and start`() throws {
        let run = try record()
        #expect(run.plan == samplePlan())
        #expect(run.base == id(1) && run.tip == id(1))
        #expect(run.state == .running && run.reason.isEmpty && run.waits.isEmpty)
        #expect(run.started == Timestamp(seconds: 1) && run.ended == nil && run.owner == nil)
    }

    @Test func `a coordinator becomes the owner, sets the tip and clears what was said before`() throws {
        try append(2, .decision(.pause(reason: "a checkpoint")), .decision(.drain(reason: "no money")))
        #expect(try record().waits == "a checkpoint")
        #expect(try record().reason == "no money")
        try append(3, try coordinatorStarted())
        let run = try record()
        #expect(run.owner == 77 && run.tip == id(9) && run.state == .running)
        #expect(run.waits.isEmpty && run.reason.isEmpty && run.ended == nil)
    }

    @Test func `a run that was stopped has a reason and an end and no owner`() throws {
        try append(2, try coordinatorStarted())
        try append(3, .fact(.coordinatorStopped(reason: "by a signal")))
        let run = try record()
        #expect(run.state == .stopped && run.reason == "by a signal")
        #expect(run.ended == Timestamp(seconds: 3) && run.owner == nil)
        #expect(try reasons().last == "by a signal")
    }

    @Test func `a suspended run is stopped with the reason`() throws {
        try append(2, .decision(.suspend(reason: "nobody is there")))
        #expect(try record().state == .stopped)
        #expect(try record().reason == "nobody is there")
        #expect(try record().ended == Timestamp(seconds: 2))
    }

    @Test func `a finished run keeps the reason it was drained for`() throws {
        try append(2, .fact(.draining(reason: "the budget")), .decision(.finish))
        let run = try record()
        #expect(run.state == .finished && run.reason == "the budget" && run.ended == Timestamp(seconds: 2))
    }

    @Test func `what ends a pause clears the reason to wait`() throws {
        try append(2, .decision(.pause(reason: "a checkpoint")))
        try append(3, .decision(.proceed(reason: "continued")))
        #expect(try record().waits.isEmpty)
        #expect(try reasons().suffix(2) == ["a checkpoint", "continued"])
    }

    @Test func `changed limits are in the stored plan`() throws {
        try append(
            2, .fact(.limitsChanged(.init(budget: Budget(workers: 9), checkpoints: [Checkpoint(after: .tasks(4))]))))
        #expect(try record().plan.budget == Budget(workers: 9))
        #expect(try record().plan.checkpoints == [Checkpoint(after: .tasks(4))])
        #expect(try record().plan.goal == samplePlan().goal)
    }

    @Test func `a base that is followed moves base, tip and the commits of landed tasks`() throws {
        try append(2, .start("a"), try .verified("a"), .check(1, ["a"]), try passed(1, [a]), try .landed(1, ["a"]))
        let moved = Fact.Rebased(
            base: try object(31), from: try object(1), tip: try object(32),
            commits: [.init(task: a, commit: try object(33))])
        try append(3, .fact(.base(.followed(moved))))
        #expect(try record().base == id(31))
        #expect(try record().tip == id(32))
        #expect(try task(a).commit == id(33))
    }

    @Test func `a tip that somebody moved is kept, and what was on its way goes back`() throws {
        try append(2, .start("a"), try .verified("a"), .check(1, ["a"]))
        try append(3, .fact(.tipMoved(found: try object(44))))
        #expect(try record().tip == id(44))
        #expect(try task(a).state == .verified)
        #expect(try candidate(1).state == .interrupted)
        #expect(try candidate(1).ended == Timestamp(seconds: 3))
    }

    // MARK: Tasks

    @Test func `a task begins with its place, figures and first state`() throws {
        let tasks = try view { try $0.tasks(of: run) }
        #expect(tasks.map(\.id.rawValue) == ["a", "b", "c"])
        #expect(tasks.map(\.position) == [0, 1, 2])
        #expect(tasks.map(\.state) == [.ready, .waiting, .ready])
        #expect(tasks[1].title == "Migrate b" && tasks[1].files == ["b.py"])
        #expect(tasks[1].figures == MigrationTask.Figures(lines: 10, fanIn: 1, fanOut: 1))
        #expect(tasks.allSatisfy { $0.attempts == 0 && $0.reason.isEmpty && $0.since == Timestamp(seconds: 1) })
        #expect(tasks.allSatisfy { $0.commit == nil && $0.landingOrder == nil && $0.started == nil && $0.ended == nil })
    }

    @Test func `a task that landed before the run has its commit, a reason, an end and no landing order`() throws {
        let other = RunID("demo-8")
        let plan = samplePlan()
        let before = Fact.Landed.Commit(task: a, commit: try object(5))
        let started = Fact.RunStarted(
            plan: plan, base: try object(1), tip: try object(5),
            tasks: [sampleTask("a"), sampleTask("b", needs: ["a"])], landedBefore: [before])
        try store.append([.fact(.runStarted(started))], run: other, time: Timestamp(seconds: 9))
        let tasks = try view { try $0.tasks(of: other) }
        #expect(tasks.map(\.state) == [.landed, .ready])
        #expect(tasks[0].commit == id(5) && tasks[0].landingOrder == nil)
        #expect(tasks[0].reason == "landed in an earlier run" && tasks[0].ended == Timestamp(seconds: 9))
        #expect(try view { try $0.landedCount(of: other) } == 0)
    }

    @Test func `attempts are counted and the first start is kept`() throws {
        try append(2, .start("a"))
        try append(3, .failed("a"), .decision(.retry(.init(task: a, reason: "compiles failed", delay: 2.5))))
        #expect(try task(a).state == .ready)
        #expect(try task(a).reason == "compiles failed; again in 2.5 s")
        try append(4, .start("a", attempt: 2))
        let found = try task(a)
        #expect(found.attempts == 2 && found.started == Timestamp(seconds: 2) && found.since == Timestamp(seconds: 4))
        #expect(found.reason.isEmpty && found.ended == nil)
    }

    @Test func `the tasks of a batch are numbered one after the other in the order of the branch`() throws {
        try append(2, .start("a"), try .verified("a"), .check(1, ["a"]), try passed(1, [a]), try .landed(1, ["a"]))
        try append(3, .start("b"), try .verified("b"), .start("c"), try .verified("c"))
        try append(4, .check(2, ["c", "b"]), try passed(2, [TaskID("c"), b]), try .landed(2, ["c", "b"]))
        let tasks = try view { try $0.tasks(of: run) }
        #expect(tasks.map(\.landingOrder) == [1, 3, 2])
        #expect(tasks.map(\.commit) == [id(1010), id(1021), id(1020)])
        #expect(try record().tip == id(1021))
        #expect(try view { try $0.landedCount(of: run) } == 3)
        #expect(try candidate(2).state == .landed)
    }

    @Test func `a landing makes the dependents ready at that moment`() throws {
        try append(2, .start("a"), try .verified("a"), .check(1, ["a"]), try passed(1, [a]))
        #expect(try task(b).state == .waiting)
        try append(5, try .landed(1, ["a"]))
        #expect(try task(b).state == .ready)
        #expect(try task(b).since == Timestamp(seconds: 5))
        #expect(try task(a).ended == Timestamp(seconds: 5))
    }

    @Test func `a task that was done already has its checks, an end and a reason, and frees its dependents`() throws {
        try append(2, .start("a"))
        try append(
            3,
            .fact(
                .foundDone(
                    .init(
                        task: a, attempt: 1, base: try object(8), checks: [StoreTests.passed("done")], seconds: 0.5,
                        usage: Usage(inputTokens: 4)))))
        #expect(try task(a).state == .alreadyDone)
        #expect(try task(a).reason == "its 'done' checks passed before any worker was started")
        #expect(try task(b).state == .ready)
        let found = try attempt(a)
        #expect(found.state == .alreadyDone && found.base == id(8) && found.seconds == 0.5)
        #expect(found.ended == Timestamp(seconds: 3) && found.checks == [StoreTests.passed("done")])
        #expect(found.usage?.inputTokens == 4)
    }

    @Test func `a skipped task blocks its dependents, and a retry frees them`() throws {
        try append(
            2, .decision(.skip(.init(task: a, reason: "skipped by a person"))),
            .decision(.block(.init(task: b, cause: a))))
        #expect(try task(a).state == .skipped)
        #expect(try task(a).reason == "skipped by a person")
        #expect(try task(a).ended == Timestamp(seconds: 2))
        #expect(try task(b).state == .blocked)
        #expect(try task(b).cause == a)
        #expect(try task(b).reason == "a, which it depends on, was skipped")
        try append(3, .decision(.retry(.init(task: a, reason: "asked for"))))
        #expect(try task(a).state == .ready)
        #expect(try task(a).ended == nil)
        #expect(try task(b).state == .waiting)
        #expect(try task(b).cause == nil)
        #expect(try task(b).ended == nil)
    }

    @Test func `a failed task says why, and what it blocks says by whom`() throws {
        try append(
            2, .start("a"), .failed("a"), .decision(.fail(.init(task: a, reason: "compiles failed"))),
            .decision(.block(.init(task: b, cause: a))))
        #expect(try task(a).state == .failed)
        #expect(try task(a).reason == "compiles failed")
        #expect(try task(b).reason == "a, which it depends on, failed")
        #expect(try view { try $0.counts(of: run) } == [.failed: 1, .blocked: 1, .ready: 1])
    }

    @Test func `derived tasks come after the others with a reason, a cause and their open dependencies`() throws {
        try append(2, .start("a"), try .verified("a"), .check(1, ["a"]), try passed(1, [a]), try .landed(1, ["a"]))
        try append(
            3,
            .fact(
                .tasksAdded(
                    .init(
                        tasks: [sampleTask("x", needs: ["a", "b", "gone"]), sampleTask("y", needs: ["a"])], cause: a,
                        reason: "a name is gone"))))
        let x = try task(TaskID("x"))
        #expect(x.position == 3 && x.state == .waiting && x.reason == "a name is gone" && x.cause == a)
        #expect(try task(TaskID("y")).state == .ready)
        #expect(try task(TaskID("y")).position == 4)
        #expect(try view { try $0.dependencies(of: TaskID("x"), in: run) }.map(\.id) == [a, b])
        #expect(try view { try $0.dependents(of: a, in: run) }.map(\.id.rawValue) == ["b", "x", "y"])
    }

    // MARK: Attempts

    @Test func `an attempt has the rung, the cause, and then its worker, slot and base`() throws {
        try append(2, .decision(.start(.init(task: a, attempt: 1, rung: 2, reason: "first in line"))))
        #expect(try attempt(a).rung == 2)
        #expect(try attempt(a).cause == "first in line")
        #expect(try attempt(a).state == .running)
        #expect(try attempt(a).started == Timestamp(seconds: 2))
        try append(
            3, .fact(.workerStarted(.init(task: a, attempt: 1, worker: "codemod", slot: 5, base: try object(6)))))
        let found = try attempt(a)
        #expect(found.worker == "codemod" && found.slot == 5 && found.base == id(6))
    }

    @Test func `a verified attempt has all that is known of its commit`() throws {
        try append(2, .start("a"))
        try append(4, try .verified("a"))
        let found = try attempt(a)
        #expect(found.state == .verified && found.worker == "codemod" && found.base == id(1))
        #expect(found.commit == id(101) && found.tree == id(200))
        #expect(found.changes == [ChangedPath(path: "a.py", added: 2, removed: 1)])
        #expect(found.checks == [StoreTests.passed("compiles")])
        #expect(found.seconds == 2.5 && found.reason == "a is gone" && found.ended == Timestamp(seconds: 4))
        #expect(found.failure == nil && found.usage == nil)
    }

    @Test func `a failed attempt has its failure, and keeps what a nameless report does not tell`() throws {
        try append(
            2, .start("a"),
            .fact(.workerStarted(.init(task: a, attempt: 1, worker: "codemod", slot: 0, base: try object(6)))))
        let failure = Failure(kind: .taskCheck, summary: "red", detail: "line 3", places: ["a.py:3", "b.py"])
        try append(
            3,
            .fact(
                .attemptFailed(
                    .init(
                        task: a, attempt: 1, worker: "", base: nil, failure: failure,
                        checks: [StoreTests.passed("x")], seconds: 1.5,
                        usage: Usage(inputTokens: 1, cachedTokens: 2, outputTokens: 3, usd: 0.5)))))
        let found = try attempt(a)
        #expect(found.state == .failed && found.failure == failure && found.seconds == 1.5)
        #expect(found.worker == "codemod" && found.base == id(6) && found.ended == Timestamp(seconds: 3))
        #expect(found.usage == Usage(inputTokens: 1, cachedTokens: 2, outputTokens: 3, usd: 0.5))
        #expect(found.checks == [StoreTests.passed("x")])
        #expect(try task(a).state == .running)
        #expect(try reasons(a).last == "red")
    }

    @Test func `an interrupted attempt is no failed one`() throws {
        try append(2, .start("a"))
        try append(
            3,
            .fact(
                .attemptFailed(
                    .init(
                        task: a, attempt: 1, worker: "w", base: nil,
                        failure: Failure(kind: .interrupted, summary: "ended"), checks: [], seconds: 1))))
        #expect(try attempt(a).state == .interrupted)
    }

    @Test func `a lost coordinator leaves interrupted attempts and ready tasks`() throws {
        try append(2, .start("a"), .start("c"), try .verified("c"), .check(1, ["c"]))
        try append(6, try coordinatorStarted())
        #expect(try task(a).state == .ready)
        #expect(try task(a).reason == "the coordinator ended before the attempt did")
        #expect(try task(TaskID("c")).state == .verified)
        let found = try attempt(a)
        #expect(found.state == .interrupted && found.ended == Timestamp(seconds: 6))
        #expect(found.failure?.kind == .interrupted)
        #expect(try candidate(1).state == .interrupted)
    }

    @Test func `usage that is told while it runs replaces what was told before`() throws {
        try append(2, .start("a"), .start("c"))
        for input in [10, 30] {
            try append(
                3,
                .fact(
                    .usage(
                        .init(
                            task: a, attempt: 1,
                            usage: Usage(inputTokens: input, cachedTokens: 5, outputTokens: 7, usd: 0.25)))))
        }
        try append(4, .fact(.usage(.init(task: TaskID("c"), attempt: 1, usage: Usage(inputTokens: 1)))))
        #expect(try attempt(a).usage == Usage(inputTokens: 30, cachedTokens: 5, outputTokens: 7, usd: 0.25))
        #expect(
            try view { try $0.usage(of: run) }
                == Usage(inputTokens: 31, cachedTokens: 5, outputTokens: 7, usd: 0.25))
    }

    // MARK: Candidates

    @Test func `a candidate that passed has its tip, tree, commits and checks`() throws {
        try append(2, .start("a"), try .verified("a"), .start("c"), try .verified("c"), .check(1, ["c", "a"]))
        #expect(try candidate(1).state == .checking)
        #expect(try candidate(1).cause == "first in the queue")
        #expect(try candidate(1).started == Timestamp(seconds: 2))
        #expect(try candidate(1).commits.isEmpty)
        #expect(try task(a).state == .landing)
        try append(3, try passed(1, [TaskID("c"), a]))
        let found = try candidate(1)
        #expect(found.state == .passed && found.tip == id(1) && found.tree == id(60))
        #expect(found.tasks.map(\.rawValue) == ["c", "a"])
        #expect(found.commits.map(Optional.some) == [id(70), id(71)])
        #expect(found.checks == [StoreTests.passed("landing")])
        #expect(found.seconds == 4 && found.ended == Timestamp(seconds: 3) && found.failure == nil)
    }

    @Test func `a candidate that failed has its failure and culprit, and its tasks wait again`() throws {
        try append(2, .start("a"), try .verified("a"), .start("c"), try .verified("c"), .check(1, ["a", "c"]))
        try append(3, try failed(1, a))
        let found = try candidate(1)
        #expect(found.state == .failed && found.culprit == a && found.tip == id(2))
        #expect(
            found.failure == Failure(kind: .redTogether, summary: "red", detail: "line 1", places: ["x.py:3"]))
        #expect(found.seconds == 6 && found.ended == Timestamp(seconds: 3))
        #expect(found.checks == [StoreTests.passed("landing")])
        #expect(try task(a).state == .verified)
        #expect(try task(TaskID("c")).state == .verified)
        #expect(try reasons(a).last == "red")
    }

    @Test func `a dissolved candidate is interrupted, and its tasks say why`() throws {
        try append(2, .start("a"), try .verified("a"), .check(1, ["a"]))
        try append(4, .decision(.dissolve(.init(candidate: 1, reason: "the one below failed"))))
        #expect(try candidate(1).state == .interrupted)
        #expect(try candidate(1).ended == Timestamp(seconds: 4))
        #expect(try task(a).state == .verified)
        #expect(try task(a).reason == "the one below failed")
    }

    @Test func `a result of a candidate that is no more changes nothing`() throws {
        try append(2, .start("a"), try .verified("a"), .check(1, ["a"]))
        try append(3, .decision(.dissolve(.init(candidate: 1, reason: "gone"))))
        try append(4, try passed(1, [a]))
        #expect(try candidate(1).state == .interrupted)
        #expect(try candidate(1).tree == nil)
        #expect(try reasons().last == "candidate 1 is no longer running: its result is refused")
    }

    @Test func `candidates are found by state, with the tasks of each in order`() throws {
        try append(2, .start("a"), try .verified("a"), .start("c"), try .verified("c"))
        try append(3, .check(1, ["a"]), try failed(1, nil), .check(2, ["c", "a"]))
        let checking = try view { try $0.candidates(of: run, in: .checking) }
        #expect(checking.map(\.number) == [2])
        #expect(checking.map { $0.tasks.map(\.rawValue) } == [["c", "a"]])
        #expect(try view { try $0.candidates(of: run, in: .failed) }.map { $0.tasks } == [[a]])
        #expect(try view { try $0.candidates(of: run, with: TaskID("c")) }.map(\.number) == [2])
        #expect(try view { try $0.candidates(of: run, with: a) }.map(\.number) == [1, 2])
        #expect(try view { try $0.candidates(of: RunID("demo-1"), in: .checking) }.isEmpty)
    }

    // MARK: Waits

    @Test func `a cooldown is kept until its end, and a newer one replaces it`() throws {
        func cooldowns() throws -> [CooldownRecord] { try view { try $0.cooldowns(of: run) } }
        try append(10, .decision(.cooldown(.init(provider: "p", number: 1, seconds: 5, reason: "429"))))
        try append(11, .decision(.cooldown(.init(provider: "o", number: 1, seconds: 60, reason: "529"))))
        #expect(
            try cooldowns() == [
                CooldownRecord(provider: "o", until: Timestamp(seconds: 71), reason: "529"),
                CooldownRecord(provider: "p", until: Timestamp(seconds: 15), reason: "429"),
            ])
        #expect(try reasons().first == "429; no worker of 'p' is started for 5.0 s")
        try append(12, .decision(.cooldown(.init(provider: "p", number: 2, seconds: 9, reason: "again"))))
        try append(13, .fact(.waitOver(.cooldown(provider: "p", number: 1))))
        #expect(try cooldowns().last?.until == Timestamp(seconds: 21))
        try append(14, .fact(.waitOver(.cooldown(provider: "p", number: 2))))
        #expect(try cooldowns().map(\.provider) == ["o"])
    }

    @Test func `what holds the landing up, ends an attempt or answers a person is a reason`() throws {
        try append(2, .start("a"))
        try append(
            3, .decision(.pauseLanding(.init(number: 1, seconds: 12.4, reason: "no disk"))),
            .decision(.end(.init(task: a, attempt: 1, failure: Failure(kind: .budget, summary: "too dear")))),
            .decision(.answer(.init(command: "c", isAccepted: true, text: "yes"))),
            .decision(.wait(.init(task: TaskID("c"), reason: "behind a"))))
        let reasons = try view { try $0.reasons(of: run) }
        #expect(
            reasons.map(\.text) == [
                "ready", "no disk; no candidate is checked for 12 s", "too dear", "yes", "behind a",
            ])
        #expect(reasons.map(\.task) == [a, nil, a, nil, TaskID("c")])
        #expect(reasons.map(\.kind) == ["start", "pause-landing", "end", "answer", "wait"])
        #expect(reasons.map(\.sequence) == [2, 3, 4, 5, 6])
        #expect(try task(TaskID("c")).reason == "behind a")
    }
}
