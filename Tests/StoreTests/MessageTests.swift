import Model
import Store
import Testing

@Suite("Messages in the store")
struct MessageTests {
    private let run = RunID("demo-1")

    private func store(_ scratch: Scratch, _ messages: [Fact.Posted]) throws -> EventStore {
        let store = try EventStore(path: scratch.store)
        try store.append(
            [.runStarted([sampleTask("a"), sampleTask("b")])] + messages.map { .fact(.message($0)) }, run: run,
            time: Timestamp(seconds: 1))
        return store
    }

    private func message(
        _ id: Int, _ body: String, kind: Message.Kind = .lesson, from: Message.Sender = .task(TaskID("a")),
        to: Message.Audience = .everyone, files: [String] = [], thread: Int? = nil
    ) -> Message {
        Message(
            id: id, kind: kind, sender: from, audience: to, body: body, files: files, thread: thread,
            time: Timestamp(seconds: Double(id)))
    }

    private static let audiences: [Message.Audience] = [
        .everyone, .dependents, .dependentsOf(TaskID("a")), .task(TaskID("b")), .human,
    ]
    private static let senders: [Message.Sender] = [.task(TaskID("a")), .coordinator, .human]

    @Test(arguments: audiences, senders)
    func `what was taken in is read back the same`(audience: Message.Audience, sender: Message.Sender) throws {
        let scratch = try Scratch()
        let sent = message(1, "it's \"so\"\n", kind: .warning, from: sender, to: audience, files: ["x y.py"])
        let origin = Fact.Posted.Origin(task: TaskID("a"), attempt: 3, file: "1.json")
        let store = try store(scratch, [.init(sent, origin: origin, wait: 2.5)])
        let found = try #require(try store.read { view in try view.message(1, of: run) })
        #expect(found.message == sent)
        #expect(found.attempt == 3)
        #expect(found.wait == 2.5)
        #expect(!found.isAnswered)
    }

    @Test(arguments: [
        ("alpha", [1, 2]), ("alpha beta", [2]), ("ALPHA", [1, 2]), ("gam", [3]), ("src/c.py", [3]),
        ("alpha OR gamma", []), ("\"", []), ("*", []), ("NEAR(alpha", []), ("", []), ("alpha\u{0}", [1, 2]),
    ])
    func `words find the messages that hold them all, and no character is special`(words: String, expected: [Int])
        throws
    {
        let scratch = try Scratch()
        let store = try store(
            scratch,
            [
                .init(message(1, "alpha came first")), .init(message(2, "alpha, then beta")),
                .init(message(3, "gamma", files: ["src/c.py"])),
            ])
        let found = try store.read { view in try view.messages(of: run, matching: words, limit: 10) }
        #expect(Set(found.map(\.message.id)) == Set(expected))
    }

    @Test func `a question is open until its thread has an answer`() throws {
        let scratch = try Scratch()
        let store = try store(
            scratch,
            [
                .init(message(1, "which?", kind: .question, to: .human), wait: 60),
                .init(message(2, "and this?", kind: .question, to: .human)),
                .init(message(3, "the first", kind: .answer, from: .human, to: .task(TaskID("a")), thread: 1)),
            ])
        #expect(try store.read { view in try view.openQuestions(of: run).map(\.message.id) } == [2])
        #expect(try store.read { view in try view.thread(1, of: run).map(\.message.id) } == [1, 3])
        #expect(try store.read { view in try view.message(1, of: run)?.isAnswered } == true)
    }

    @Test func `whom a message was given to is kept once for each attempt`() throws {
        let scratch = try Scratch()
        let store = try store(scratch, [.init(message(1, "x")), .init(message(2, "y"))])
        let task = TaskID("b")
        let given: [LoggedEvent.Body] = [
            .fact(.messagesGiven(.init(task: task, attempt: 1, messages: [1, 2], way: .prompt))),
            .fact(.messagesGiven(.init(task: task, attempt: 1, messages: [2], way: .inbox))),
            .fact(.messagesGiven(.init(task: task, attempt: 2, messages: [2], way: .inbox))),
        ]
        try store.append(given, run: run, time: Timestamp(seconds: 9))
        let messages = try store.read { view in try view.messages(of: run) }
        #expect(messages.map { $0.deliveries.map(\.attempt) } == [[1], [1, 2]])
        #expect(messages[1].deliveries.map(\.way) == [.prompt, .inbox])
    }

    @Test func `a message given that was never taken in is refused`() throws {
        let scratch = try Scratch()
        let store = try store(scratch, [])
        #expect(throws: StoreError.self) {
            try store.append(
                [.fact(.messagesGiven(.init(task: TaskID("a"), attempt: 1, messages: [7], way: .inbox)))], run: run,
                time: Timestamp(seconds: 2))
        }
    }

    @Test func `the index is made again with the other tables`() throws {
        let scratch = try Scratch()
        let store = try store(scratch, [.init(message(1, "alpha"))])
        try store.rebuild()
        #expect(try store.read { view in try view.messages(of: run, matching: "alpha", limit: 5).count } == 1)
    }
}
