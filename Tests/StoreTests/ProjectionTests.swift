import Model
import Store
import Testing

@Suite("Tables computed from the log")
struct ProjectionTests {
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `they say what the scheduler says, and computing them again gives the same`(seed: UInt64) throws {
        let scratch = try Scratch()
        let store = try EventStore(path: scratch.store)
        let run = RunID("demo-1")
        let log = try RandomRun(seed: seed)
        for (number, transaction) in log.transactions.enumerated() {
            try store.append(transaction.bodies, run: run, time: Timestamp(seconds: Double(number)))
            let tasks = try store.read { view in try view.tasks(of: run) }
            #expect(Dictionary(uniqueKeysWithValues: tasks.map { ($0.id, $0.state) }) == transaction.states)
        }
        let before = try store.read { view in try Tables(view, run) }
        try store.rebuild()
        let after = try store.read { view in try Tables(view, run) }
        #expect(before == after)
        #expect(before.run.state == .finished)
    }

    @Test func `a log that is not legal keeps the old tables`() throws {
        let scratch = try Scratch()
        let store = try EventStore(path: scratch.store)
        let run = RunID("demo-1")
        try store.append(
            [.runStarted([sampleTask("a")]), .start("a"), .verified("a")], run: run, time: Timestamp(seconds: 1))
        let before = try store.read { view in try Tables(view, run) }
        try sqlite(scratch.store, "DELETE FROM events WHERE kind = 'start'")
        #expect(throws: StoreError.self) { try store.rebuild() }
        #expect(try store.read { view in try Tables(view, run) } == before)
    }

    @Test func `what is done after the attempt is over changes nothing but the reasons`() throws {
        let scratch = try Scratch()
        let store = try EventStore(path: scratch.store)
        let run = RunID("demo-1")
        try store.append(
            [
                .runStarted([sampleTask("a")]), .start("a"), .failed("a"),
                .decision(.retry(.init(task: TaskID("a"), reason: "compiles failed"))), .start("a", attempt: 2),
            ], run: run, time: Timestamp(seconds: 1))
        try store.append([.verified("a", attempt: 1)], run: run, time: Timestamp(seconds: 2))
        let task = try #require(try store.read { view in try view.task(TaskID("a"), of: run) })
        #expect(task.state == .running)
        let attempts = try store.read { view in try view.attempts(at: TaskID("a"), of: run) }
        #expect(attempts.map(\.state) == [.failed, .running])
        let reasons = try store.read { view in try view.reasons(of: run, task: TaskID("a")) }
        #expect(reasons.last?.text == "attempt 1 is no longer running: its result is refused")
    }

    @Test func `a task that is taken up again frees what it held`() throws {
        let scratch = try Scratch()
        let store = try EventStore(path: scratch.store)
        let run = RunID("demo-1")
        let a = TaskID("a")
        let b = TaskID("b")
        try store.append(
            [
                .runStarted([sampleTask("a"), sampleTask("b", needs: ["a"])]), .start("a"), .failed("a"),
                .decision(.fail(.init(task: a, reason: "compiles failed"))),
                .decision(.block(.init(task: b, cause: a))),
            ], run: run, time: Timestamp(seconds: 1))
        let held = try #require(try store.read { view in try view.task(b, of: run) })
        #expect(held.state == .blocked)
        #expect(held.cause == a)
        try store.append([.decision(.retry(.init(task: a, reason: "asked to")))], run: run, time: Timestamp(seconds: 2))
        let freed = try #require(try store.read { view in try view.task(b, of: run) })
        #expect(freed.state == .waiting)
        #expect(freed.cause == nil)
    }
}

/// All that the tables say of a run.
struct Tables: Equatable {
    let run: RunRecord
    let tasks: [TaskRecord]
    let dependencies: [TaskID: [TaskID]]
    let attempts: [[AttemptRecord]]
    let candidates: [CandidateRecord]
    let reasons: [ReasonRecord]
    let messages: [MessageRecord]
    let verdicts: [VerdictRecord]
    let rates: [FlakeRate]
    let wholes: [WholeCheckRecord]

    init(_ view: StoreView, _ id: RunID) throws {
        run = try view.run(id)
        tasks = try view.tasks(of: id)
        dependencies = try view.dependencies(in: id)
        attempts = try tasks.map { try view.attempts(at: $0.id, of: id) }
        candidates = try view.candidates(of: id)
        reasons = try view.reasons(of: id)
        messages = try view.messages(of: id)
        verdicts = try view.verdicts(limit: 1_000)
        rates = try view.flakeRates(of: "demo")
        wholes = try WholeCheckRecord.Kind.allCases.compactMap { try view.wholeCheck($0, of: id) }
    }
}
