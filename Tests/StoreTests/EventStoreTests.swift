import Model
import Store
import Testing

@Suite("Appending to the log")
struct EventStoreTests {
    let scratch: Scratch
    let store: EventStore
    let run = RunID("demo-1")

    init() throws {
        scratch = try Scratch()
        store = try EventStore(path: scratch.store)
    }

    @Test func `events come back as they were written, numbered without gaps over all runs`() throws {
        let first = try store.append(
            [.runStarted([sampleTask("a"), sampleTask("b", needs: ["a"])]), .start("a")], run: run,
            time: Timestamp(seconds: 1_700_000_000.25))
        let other = RunID("demo-2")
        try store.append([.runStarted([sampleTask("a")])], run: other, time: Timestamp(seconds: 5))
        let second = try store.append([.verified("a"), .check(1, ["a"])], run: run, time: Timestamp(seconds: 7))

        #expect(first.map(\.sequence) == [1, 2])
        #expect(second.map(\.sequence) == [4, 5])
        #expect(try store.read { view in try view.events(of: run) } == first + second)
    }

    @Test func `the tables follow the events`() throws {
        try store.append(
            [.runStarted([sampleTask("a"), sampleTask("b", needs: ["a"])])], run: run, time: Timestamp(seconds: 1))
        #expect(try states() == ["a": .ready, "b": .waiting])
        try store.append([.start("a"), .verified("a")], run: run, time: Timestamp(seconds: 2))
        #expect(try states() == ["a": .verified, "b": .waiting])
        try store.append([.check(1, ["a"]), .landed(1, ["a"])], run: run, time: Timestamp(seconds: 3))
        #expect(try states() == ["a": .landed, "b": .ready])
        let task = try #require(try store.read { view in try view.task(TaskID("a"), of: run) })
        #expect(task.commit == (try object(1010)))
        #expect(task.landingOrder == 1)
        #expect(task.ended == Timestamp(seconds: 3))
    }

    @Test func `an event that does not fit is refused, and nothing of its transaction is kept`() throws {
        try store.append([.runStarted([sampleTask("a")])], run: run, time: Timestamp(seconds: 1))
        #expect(
            throws: StoreError.illegalTransition(
                run: run, task: TaskID("a"), from: .ready, to: .landing, event: "check")
        ) {
            try store.append(
                [.decision(.wait(.init(task: TaskID("a"), reason: "no slot"))), .check(1, ["a"])], run: run,
                time: Timestamp(seconds: 2))
        }
        #expect(try store.read { view in try view.events(of: run) }.count == 1)
        #expect(try store.read { view in try view.reasons(of: run) }.isEmpty)
        #expect(throws: StoreError.unknownSubject(run: run, subject: "task z", event: "start")) {
            try store.append([.start("z")], run: run, time: Timestamp(seconds: 2))
        }
    }

    private func states() throws -> [String: TaskState] {
        let tasks = try store.read { view in try view.tasks(of: run) }
        return Dictionary(uniqueKeysWithValues: tasks.map { ($0.id.rawValue, $0.state) })
    }
}
