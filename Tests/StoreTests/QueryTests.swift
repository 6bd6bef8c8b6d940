import Model
import Testing

@testable import Store

@Suite struct QueryTests {
    private let run = RunID("demo-1")
    private let scratch: Scratch
    private let store: EventStore

    init() throws {
        scratch = try Scratch()
        store = try EventStore(path: scratch.store)
    }

    private func append(_ seconds: Double, _ bodies: [LoggedEvent.Body], run: RunID? = nil) throws {
        try store.append(bodies, run: run ?? self.run, time: Timestamp(seconds: seconds))
    }

    @Test func `runs come latest first, and the latest of a plan by its number`() throws {
        let other = samplePlan("other")
        try append(3, [.runStarted([], plan: other)], run: RunID("other-1"))
        try append(5, [.runStarted([])], run: RunID("demo-1"))
        try append(4, [.runStarted([])], run: RunID("demo-2"))
        try store.read { view throws in
            #expect(try view.runs().map(\.id.rawValue) == ["demo-1", "demo-2", "other-1"])
            #expect(try view.latestRun()?.id.rawValue == "demo-1")
            #expect(try view.latestRun(plan: "demo")?.id.rawValue == "demo-2")
            #expect(try view.latestRun(plan: "none") == nil)
        }
        #expect(throws: StoreError.unknownRun(RunID("demo-9"))) { try store.read { try $0.run(RunID("demo-9")) } }
        #expect(try store.nextRun(plan: "demo") == RunID("demo-3"))
        #expect(try store.nextRun(plan: "new") == RunID("new-1"))
    }

    @Test func `the ends of stages are not counted as tasks`() throws {
        var gate = sampleTask("gate")
        gate.files = []
        try append(1, [.runStarted([sampleTask("one"), gate, sampleTask("two")])])
        #expect(try store.read { try $0.counts(of: run) }.values.reduce(0, +) == 2)
    }

    @Test func `names of files are read as they were written, whatever is in them`() throws {
        let names: [[String]] = [
            ["a.py"], ["a.py", "b.py"], ["a\"b.py"], ["a\",\"b.py"], ["back\\slash.py", ","], ["", "]"],
            ["ü/\u{1}\n.py"], [","],
        ]
        let tasks = names.enumerated().map { number, files in
            var task = sampleTask("t\(number)")
            task.files = files
            return task
        }
        try append(1, [.runStarted(tasks)])
        #expect(try store.read { try $0.tasks(of: run) }.map(\.files) == names)
    }

    @Test func `a task is found by its name or its only file, else similar names are offered`() throws {
        var shared = sampleTask("two")
        shared.files = ["one.py", "own.py"]
        try append(1, [.runStarted([sampleTask("one"), shared, sampleTask("other")])])
        func find(_ name: String) throws -> TaskID { try store.read { try $0.task(named: name, of: run) }.id }
        #expect(try find("two") == TaskID("two"))
        #expect(try find("own.py") == TaskID("two"))
        #expect(
            throws: StoreError.unknownTask(TaskID("one.py"), run: run, similar: [TaskID("one"), TaskID("two")])
        ) { try find("one.py") }
        #expect(
            throws: StoreError.unknownTask(TaskID("o"), run: run, similar: ["one", "two", "other"].map { TaskID($0) })
        ) { try find("o") }
    }

    @Test func `a task is found by its number and by the start of its name, if only one begins so`() throws {
        var numbered = sampleTask("3")
        numbered.files = ["three.py"]
        try append(1, [.runStarted([sampleTask("app-base"), sampleTask("app-bare"), numbered, sampleTask("web")])])
        func find(_ name: String) throws -> String {
            try store.read { try $0.task(named: name, of: run) }.id.rawValue
        }
        #expect(try find("1") == "app-base")
        #expect(try find("4") == "web")
        #expect(try find("w") == "web")
        #expect(try find("app-bas") == "app-base")
        // A name comes before a number.
        #expect(try find("3") == "3")
        #expect(throws: StoreError.unknownTask(TaskID("9"), run: run, similar: [])) { try find("9") }
        #expect(
            throws: StoreError.unknownTask(
                TaskID("app-ba"), run: run, similar: [TaskID("app-base"), TaskID("app-bare")])
        ) { try find("app-ba") }
        #expect(throws: StoreError.self) { try find("") }
    }

    @Test func `tasks are chosen by state and counted by state`() throws {
        try append(1, [.runStarted([sampleTask("a"), sampleTask("b", needs: ["a"]), sampleTask("c")]), .start("c")])
        try store.read { view throws in
            #expect(try view.tasks(of: run, in: [.ready, .running]).map(\.id.rawValue) == ["a", "c"])
            #expect(try view.tasks(of: run, in: []).isEmpty)
            #expect(try view.counts(of: run) == [.ready: 1, .waiting: 1, .running: 1])
            #expect(try view.dependencies(in: run) == [TaskID("b"): [TaskID("a")]])
            #expect(try view.task(TaskID("z"), of: run) == nil)
        }
    }

    @Test func `the longest open chain leaves out what is settled`() throws {
        let tasks = [
            sampleTask("a"), sampleTask("b", needs: ["a"]), sampleTask("c", needs: ["b"]), sampleTask("d"),
        ]
        try append(1, [.runStarted(tasks)])
        func length() throws -> Int { try store.read { try $0.longestOpenChain(of: run) } }
        #expect(try length() == 3)
        try append(2, [.start("a"), try .verified("a"), .check(1, ["a"]), try .landed(1, ["a"])])
        #expect(try length() == 2)
        try append(
            3,
            ["b", "c", "d"].map { .decision(.skip(.init(task: TaskID($0), reason: "skipped"))) })
        #expect(try length() == 0)
    }

    @Test func `durations of verified attempts and landed candidates come latest first, up to a limit`() throws {
        try append(1, [.runStarted(["a", "b", "c"].map { sampleTask($0) })])
        for (number, id) in ["a", "b", "c"].enumerated() {
            let task = TaskID(id)
            try append(
                Double(number + 2),
                [
                    .start(id),
                    .fact(
                        .attemptVerified(
                            .init(
                                task: task, attempt: 1, worker: "w", commit: try object(9), base: try object(1),
                                tree: try object(8), changes: [], checks: [], seconds: Double(10 + number), reason: ""))
                    ),
                    .check(number + 1, [id]),
                    .fact(
                        .candidatePassed(
                            .init(
                                candidate: number + 1, tip: try object(1), commits: [], tree: try object(8), checks: [],
                                seconds: Double(20 + number)))),
                ] + (id == "c" ? [] : [try .landed(number + 1, [id])]))
        }
        try store.read { view throws in
            #expect(try view.verifiedSeconds(of: run, limit: 9) == [12, 11, 10])
            #expect(try view.verifiedSeconds(of: run, limit: 2) == [12, 11])
            #expect(try view.landings(of: run, limit: 9).map(\.seconds) == [21, 20])
            #expect(try view.landings(of: run, limit: 1).map(\.seconds) == [21])
        }
    }

    @Test func `attempts of a run are chosen by state, each with its own checks`() throws {
        try append(1, [.runStarted(["a", "b"].map { sampleTask($0) })])
        try append(2, [.start("b"), .start("a")])
        try append(3, [try .verified("a"), try .verified("b")])
        let found = try store.read { try $0.attempts(of: run, in: .verified) }
        #expect(found.map(\.task.rawValue) == ["a", "b"])
        #expect(found.map(\.checks) == [[passed("compiles")], [passed("compiles")]])
        #expect(try store.read { try $0.attempts(of: run, in: .running) }.isEmpty)
    }

    @Test func `the events of a task are its own and those of its candidates`() throws {
        try append(
            1, [.runStarted(["a", "b"].map { sampleTask($0) }), .start("a"), .start("b"), try .verified("a")])
        try append(2, [.check(1, ["a"]), try .landed(1, ["a"])])
        let events = try store.read { try $0.events(of: run, task: TaskID("a")) }
        #expect(events.map(\.sequence) == [2, 4, 5, 6])
        #expect(try store.read { try $0.events(of: run) }.map(\.sequence) == [1, 2, 3, 4, 5, 6])
        #expect(try store.read { try $0.events(of: RunID("demo-2")) }.isEmpty)
    }

    @Test func `every event is read back as it was written, in the order it was written`() throws {
        let count = 4500
        let bodies: [LoggedEvent.Body] = (0..<count).map { .fact(.diskUsed(bytes: $0)) }
        try append(1, [.runStarted([])])
        try append(2, bodies)
        let events = try store.read { try $0.events(of: run) }
        #expect(events.dropFirst().map(\.body) == bodies)
        #expect(events.map(\.sequence) == (1...Int64(count + 1)).map { $0 })
    }

    @Test func `messages are chosen by kind and by sender`() throws {
        func message(_ id: Int, _ kind: Message.Kind, _ sender: Message.Sender) -> LoggedEvent.Body {
            .fact(
                .message(
                    .init(
                        Message(
                            id: id, kind: kind, sender: sender, audience: .everyone, body: "x",
                            time: Timestamp(seconds: 1)))))
        }
        try append(
            1,
            [
                .runStarted([sampleTask("a")]), message(1, .lesson, .task(TaskID("a"))), message(2, .lesson, .human),
                message(3, .warning, .task(TaskID("a"))),
            ])
        func ids(_ kind: Message.Kind?, _ task: TaskID?) throws -> [Int] {
            try store.read { try $0.messages(of: run, kind: kind, from: task) }.map(\.message.id)
        }
        #expect(try ids(nil, nil) == [1, 2, 3])
        #expect(try ids(.lesson, nil) == [1, 2])
        #expect(try ids(nil, TaskID("a")) == [1, 3])
        #expect(try ids(.lesson, TaskID("a")) == [1])
    }

    @Test func `a worker's record counts what it verified and what of that landed`() throws {
        func failed(_ task: String, _ attempt: Int, _ kind: Failure.Kind) -> LoggedEvent.Body {
            .fact(
                .attemptFailed(
                    .init(
                        task: TaskID(task), attempt: attempt, worker: "codemod", base: nil,
                        failure: Failure(kind: kind, summary: "x"), checks: [], seconds: 1,
                        usage: Usage(inputTokens: 5))))
        }
        func again(_ task: String) -> LoggedEvent.Body { .decision(.retry(.init(task: TaskID(task), reason: "again"))) }
        try append(1, [.runStarted(["a", "b"].map { sampleTask($0) })])
        try append(
            2,
            [
                .start("a"), failed("a", 1, .taskCheck), again("a"), .start("a", attempt: 2),
                failed("a", 2, .infrastructure), again("a"), .start("a", attempt: 3), try .verified("a", attempt: 3),
                .check(1, ["a"]), try .landed(1, ["a"]), .start("b"), try .verified("b"),
            ])
        let record = try #require(try store.read { try $0.workerRecords() }.first)
        #expect(record.worker == "codemod" && record.attempts == 3 && record.verified == 2 && record.landed == 1)
        #expect(record.seconds == 7)
        #expect(record.usage?.inputTokens == 10)
    }

    @Test func `requests and the time of workers are counted, until the last event of a killed coordinator too`() throws
    {
        func began(_ task: String, _ attempt: Int = 1) throws -> LoggedEvent.Body {
            .fact(
                .workerStarted(
                    .init(task: TaskID(task), attempt: attempt, worker: "agent", slot: 0, base: try object(1))))
        }
        func asked(_ task: String, _ requests: Int?, _ attempt: Int = 1) -> LoggedEvent.Body {
            .fact(.usage(.init(task: TaskID(task), attempt: attempt, usage: nil, requests: requests)))
        }
        func effort(now: Double? = nil) throws -> RunEffort {
            try store.read { try $0.effort(of: run, now: now.map { Timestamp(seconds: $0) }) }
        }
        try append(1, [.runStarted(["a", "b", "c"].map { sampleTask($0) }), .start("a"), .start("b")])
        #expect(try effort() == RunEffort(requests: 0, workerTime: 0))
        // The set-up of a slot is not a worker's time.
        try append(10, [try began("a"), asked("a", 1)])
        try append(12, [asked("a", 2), asked("a", nil), try began("b"), asked("b", 1)])
        #expect(try effort(now: 14) == RunEffort(requests: 4, workerTime: 4 + 2))
        try append(20, [try .verified("a")])
        #expect(try effort(now: 21) == RunEffort(requests: 4, workerTime: 10 + 9))
        // The coordinator is killed at 20; the next one writes at 500.
        #expect(try effort() == RunEffort(requests: 4, workerTime: 10 + 8))
        try append(500, [.fact(.coordinatorLost(processID: 1))])
        try append(501, [.fact(.coordinatorStarted(.init(processID: 2, tip: try object(1))))])
        #expect(try effort(now: 600) == RunEffort(requests: 4, workerTime: 18))
        try append(600, [.start("b", attempt: 2), try began("b", 2), asked("b", 1, 2)])
        try append(603, [.fact(.coordinatorStopped(reason: "asked"))])
        #expect(try effort() == RunEffort(requests: 5, workerTime: 21))
        #expect(try store.read { try $0.attempts(at: TaskID("a"), of: run) }.map(\.requests) == [3])
        let record = try #require(try store.read { try $0.workerRecords() }.first { $0.worker == "agent" })
        #expect(record.requests == 2)
        try store.rebuild()
        #expect(try effort() == RunEffort(requests: 5, workerTime: 21))
    }

    @Test func `a verdict counts its runs, and its flakes only once it has passed and failed`() throws {
        func checked(_ outcome: CheckResult.Outcome, runs: Int) throws -> LoggedEvent.Body {
            .fact(
                .checked(
                    .init(verdicts: [
                        Verdict(
                            key: "k", tree: try object(3), isClean: true, runs: runs,
                            result: CheckResult(name: "tests", command: "make", outcome: outcome, status: 0, seconds: 1)
                        )
                    ])))
        }
        try append(1, [.runStarted([]), try checked(.failed, runs: 2)])
        func record() throws -> VerdictRecord? { try store.read { try $0.verdicts(limit: 1) }.first }
        func rate() throws -> FlakeRate? { try store.read { try $0.flakeRates(of: "demo") }.first }
        #expect(try record()?.passes == 0)
        #expect(try record()?.failures == 2)
        #expect(try rate() == FlakeRate(check: "tests", runs: 2, flakes: 0))
        try append(2, [try checked(.passed, runs: 3)])
        #expect(try record()?.passes == 1)
        #expect(try record()?.failures == 4)
        #expect(try rate() == FlakeRate(check: "tests", runs: 5, flakes: 4))
        #expect(try store.read { try $0.flakeRates(of: "other") }.isEmpty)
    }

    @Test func `projections that disagree with the log are named`() throws {
        try append(1, [.runStarted([sampleTask("a")])])
        #expect(try store.faults().isEmpty)
        #expect(try store.strayProjections().isEmpty)
        try sqlite(scratch.store, "UPDATE tasks SET attempts = 9")
        #expect(try store.strayProjections() == ["tasks"])
        #expect(try store.read { try $0.task(TaskID("a"), of: run) }?.attempts == 9)
        try store.rebuild()
        #expect(try store.strayProjections().isEmpty)
    }

    @Test(arguments: [
        ("runs", "tip", "'none' is no object id"), ("runs", "state", "'none' is unknown"),
        ("tasks", "state", "'none' is unknown"),
    ])
    func `a value that cannot be read is an error that names its place`(
        _ table: String, _ column: String, _ detail: String
    )
        throws
    {
        try append(1, [.runStarted([sampleTask("a")])])
        try sqlite(scratch.store, "UPDATE \(table) SET \(column) = 'none'")
        let expected = StoreError.unreadable(path: scratch.store, place: "\(table).\(column)", detail: detail)
        #expect(throws: expected) {
            try store.read { view throws in
                _ = try view.run(run)
                _ = try view.counts(of: run)
            }
        }
    }
}
