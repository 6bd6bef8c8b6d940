import Foundation
import Jobs
import Model
import Prompts
import Store
import Synchronization
import TestSupport
import Testing

@testable import Coordinator

@Suite("The router of messages")
struct MessageRouterTests {
    private let fixture: RunFixture
    private var router: MessageRouter { fixture.context.router }
    /// needs nothing
    private let low = TaskID("low.txt")
    /// needs low
    private let high = TaskID("high.txt")
    /// neither
    private let other = TaskID("other.txt")

    init() throws {
        fixture = try RunFixture(
            files: ["low.txt": "", "high.txt": "", "other.txt": ""],
            tasks: [("low.txt", []), ("high.txt", ["low.txt"]), ("other.txt", [])]
        ) { $0.context.share = .messages }
    }

    private final class Seen: Sendable {
        let checks = Mutex<[String]>([])
        let blocked = Mutex(0)
        let splits = Mutex(0)
    }

    /// A job at work, with its mail carried.
    private func open(_ task: TaskID, attempt: Int = 1, seen: Seen = Seen()) throws -> JobFolder {
        let id = Attempt.ID(task: task, number: attempt)
        let listed = try #require(fixture.context.register[task])
        let job = try JobFolder.create(
            at: router.folder(of: id).path,
            description: JobDescription(
                run: RunID("p-1"), task: listed, rules: [], base: fixture.base, attempt: attempt, worker: "w",
                limits: Worker.Limits()),
            prompt: "")
        router.open(
            job, for: id,
            hooks: .init(
                blocked: { seen.blocked.withLock { $0 += 1 } },
                check: { name in seen.checks.withLock { $0.append(name) } },
                split: { seen.splits.withLock { $0 += 1 } }))
        return job
    }

    private func send(_ name: String, _ json: String, from job: JobFolder) throws {
        try json.write(toFile: "\(job.outbox)/\(name)", atomically: true, encoding: .utf8)
    }

    private func inbox(_ job: JobFolder) throws -> [[String: Any]] {
        try FileManager.default.contentsOfDirectory(atPath: job.inbox).sorted().map { name in
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(job.inbox)/\(name)"))
            return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        }
    }

    /// Sweeps, stores the messages that came in, and delivers them.
    @discardableResult
    private func carry() -> [Message] {
        router.sweep()
        let facts = fixture.inbox.takeRest()
        for fact in facts { router.remember(fact) }
        router.deliver(LoggedEvent.log(facts.map { .fact($0) }))
        return facts.compactMap { if case .message(let posted) = $0 { posted.message } else { nil } }
    }

    @Test func `a lesson is numbered, stamped, delivered and moved away`() throws {
        let (sender, reader) = (try open(low), try open(other))
        try send("1.json", #"{"kind": "lesson", "to": "everyone", "body": "use X"}"#, from: sender)
        let message = try #require(carry().first)
        #expect(message.id == 1)
        #expect(message.sender == .task(low))
        #expect(message.audience == .everyone)
        #expect(try inbox(reader).map { $0["body"] as? String } == ["use X"])
        #expect(try inbox(sender).isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(sender.outbox)/taken") == ["1.json"])
        guard case .messagesGiven(let given)? = fixture.inbox.takeRest().first else {
            Issue.record("not given"); return
        }
        #expect(given.task == other && given.messages == [1] && given.way == .inbox)
    }

    @Test func `numbers follow on those of the log`() throws {
        router.remember(
            .message(
                .init(Message(id: 7, kind: .lesson, sender: .human, audience: .everyone, body: "old", time: .now))))
        try send("1.json", #"{"kind": "lesson", "to": "everyone", "body": "new"}"#, from: try open(low))
        #expect(carry().map(\.id) == [8])
    }

    @Test func `a file is taken in once, also by the next coordinator`() throws {
        let job = try open(low)
        try send("1.json", #"{"kind": "lesson", "to": "everyone", "body": "x"}"#, from: job)
        router.sweep()
        router.sweep()
        let facts = fixture.inbox.takeRest()
        #expect(facts.count == 1)
        // The next coordinator has the fact, and finds the file where it was.
        let next = MessageRouter(
            run: RunID("p-1"), plan: fixture.plan, register: fixture.context.register, inbox: fixture.inbox,
            jobsFolder: fixture.state.jobs, lessonsPath: "/nowhere", answersFolder: "/nowhere")
        for fact in facts { next.remember(fact) }
        next.takeUp(.init(task: low, number: 1))
        #expect(fixture.inbox.takeRest() == [])
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(job.outbox)/taken") == ["1.json"])
    }

    @Test func `mail of an attempt whose end the log does not tell is taken in`() throws {
        let job = try open(low)
        _ = router.close(.init(task: low, number: 1))
        try send("1.json", #"{"kind": "lesson", "to": "everyone", "body": "late"}"#, from: job)
        let start = LoggedEvent.Body.decision(.start(.init(task: low, attempt: 1, rung: 0, reason: "")))
        let end = LoggedEvent.Body.fact(
            .attemptFailed(
                .init(
                    task: low, attempt: 1, worker: "w", base: nil, failure: Failure(kind: .noChange, summary: ""),
                    checks: [], seconds: 1)))
        router.takeUp(after: LoggedEvent.log([start, end]))
        #expect(fixture.inbox.takeRest() == [])
        router.takeUp(after: LoggedEvent.log([start]))
        #expect(fixture.inbox.takeRest().count == 1)
    }

    @Test func `dependents get what is for dependents, others do not`() throws {
        let (sender, dependent, stranger) = (try open(low), try open(high), try open(other))
        try send("1.json", #"{"kind": "warning", "to": "dependents", "body": "x"}"#, from: sender)
        carry()
        #expect(try inbox(dependent).count == 1)
        #expect(try inbox(stranger).isEmpty)
    }

    @Test func `a task is addressed by its name and by one of its files`() throws {
        let (sender, reader) = (try open(low), try open(high))
        try send("1.json", #"{"kind": "lesson", "to": "high.txt", "body": "x"}"#, from: sender)
        try send("2.json", #"{"kind": "lesson", "to": "nobody", "body": "y"}"#, from: sender)
        #expect(carry().map(\.audience) == [.task(high)])
        #expect(try inbox(reader).count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(sender.outbox)/refused") == ["2.json"])
    }

    @Test func `the person hears of refused mail once, when the job is over`() throws {
        let job = try open(low)
        for name in ["1.json", "2.json"] {
            try send(name, #"{"kind": "lesson", "to": "nobody", "body": "y"}"#, from: job)
        }
        #expect(carry() == [])
        #expect(router.close(.init(task: low, number: 1)) == nil)
        let warnings = carry()
        #expect(warnings.map(\.kind) == [.warning])
        #expect(warnings.first?.audience == .human)
        #expect(warnings.first?.body == "attempt 1 at low.txt: unknown recipient (2 times)")
    }

    @Test func `a question is answered by a task that it was asked of`() throws {
        let (asker, other) = (try open(low), try open(high))
        try send(
            "q.json", #"{"kind": "question", "to": "high.txt", "body": "which?", "wait_seconds": 600}"#, from: asker)
        let question = try #require(carry().first)
        #expect(router.isWaited(by: .init(task: low, number: 1)))
        #expect(!router.isWaited(by: .init(task: high, number: 1)))
        try send(
            "a.json", #"{"kind": "answer", "to": "low.txt", "body": "this", "thread": \#(question.id)}"#, from: other)
        let answer = try #require(carry().first)
        #expect(answer.kind == .answer && answer.thread == question.id)
        #expect(!router.isWaited(by: .init(task: low, number: 1)))
        let mail = try #require(try inbox(asker).first)
        #expect(mail["ref"] as? String == "q.json")
    }

    @Test func `a question to a task that has ended is answered at once`() throws {
        let asker = try open(low)
        let question = #"{"kind": "question", "to": "other.txt", "body": "which?", "wait_seconds": 600}"#
        fixture.context.register.remember(
            .landed(.init(candidate: 1, commits: [.init(task: other, commit: fixture.base)])))
        try send("q.json", question, from: asker)
        router.sweep()
        let messages = carry()
        #expect(messages.map(\.kind) == [.question, .answer])
        #expect(
            messages.last?.body
                == "Nobody can answer question 1: task other.txt has landed. Ask the person in charge instead.")
        #expect(!router.isWaited(by: .init(task: low, number: 1)))
        #expect(try inbox(asker).map { $0["ref"] as? String } == ["q.json"])
    }

    /// The ways in which a task can end, each with the answer that the asker gets.
    private static let endings: [(decision: Decision, words: String)] = [
        (.fail(.init(task: TaskID("other.txt"), reason: "no attempts left")), "has failed"),
        (.skip(.init(task: TaskID("other.txt"), reason: "a person gave it up")), "was skipped"),
        (.block(.init(task: TaskID("other.txt"), cause: TaskID("high.txt"))), "is blocked by high.txt"),
    ]

    @Test(arguments: 0..<3)
    func `a question to a task that was given up is answered at once, and again after its retry`(_ way: Int) throws {
        let (decision, words) = Self.endings[way]
        let register = fixture.context.register
        func ask(_ name: String) throws -> [String] {
            let body = #"{"kind": "question", "to": "other.txt", "body": "\#(name)", "wait_seconds": 600}"#
            try send("\(name).json", body, from: asker)
            return (carry() + carry()).filter { $0.kind == .answer }.map(\.body)
        }
        let asker = try open(low)
        register.remember(decision)
        let told = try ask("first")
        #expect(told.count == 1 && told[0].contains("task other.txt \(words). Ask the person"), "\(told)")
        #expect(!router.isWaited(by: .init(task: low, number: 1)))

        // A retry, of the task that blocks it too, lets it answer again.
        let cause = way == 2 ? high : other
        register.remember(Decision.retry(.init(task: cause, reason: "a person asked")))
        #expect(try ask("second") == [])
        #expect(router.isWaited(by: .init(task: low, number: 1)))
    }

    @Test func `a task that ends while it is asked is answered for`() throws {
        let asker = try open(low)
        try send(
            "q.json", #"{"kind": "question", "to": "other.txt", "body": "which?", "wait_seconds": 600}"#, from: asker)
        #expect(carry().map(\.kind) == [.question])
        fixture.context.register.remember(Decision.fail(.init(task: other, reason: "no attempts left")))
        #expect(carry().map(\.kind) == [.answer])
        // A retry may answer again.
        fixture.context.register.remember(Decision.retry(.init(task: other, reason: "a person asked")))
        try send(
            "r.json", #"{"kind": "question", "to": "other.txt", "body": "and now?", "wait_seconds": 600}"#, from: asker)
        #expect(carry().map(\.kind) == [.question])
        #expect(carry() == [])
    }

    @Test func `a task that starts only after the asker has landed is answered for, unless it runs`() throws {
        let question = #"{"kind": "question", "to": "high.txt", "body": "which?", "wait_seconds": 600}"#
        try send("q.json", question, from: try open(low))
        router.sweep()
        #expect(carry().last?.body.contains("high.txt starts only after your task has landed") == true)
    }

    @Test func `an answer to what nobody asked its sender is refused`() throws {
        let (asker, stranger) = (try open(low), try open(other))
        try send("q.json", #"{"kind": "question", "to": "high.txt", "body": "which?"}"#, from: asker)
        let question = try #require(carry().first)
        try send(
            "a.json", #"{"kind": "answer", "to": "low.txt", "body": "this", "thread": \#(question.id)}"#, from: stranger
        )
        #expect(carry() == [])
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(stranger.outbox)/refused") == ["a.json"])
    }

    @Test func `a question that an interrupted attempt has asked is not asked again`() throws {
        let question = #"{"kind": "question", "to": "human", "body": "which?", "wait_seconds": 600}"#
        try send("q.json", question, from: try open(low))
        let asked = try #require(carry().first)
        _ = router.close(.init(task: low, number: 1))
        let again = try open(low, attempt: 2)
        try send("r.json", question, from: again)
        #expect(carry() == [])
        #expect(router.isWaited(by: .init(task: low, number: 2)))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(again.outbox)/taken") == ["r.json"])
        try WrittenAnswer(question: asked.id, text: "this").put(into: fixture.state.answers(to: fixture.plan.name))
        router.takeAnswers()
        carry()
        #expect(!router.isWaited(by: .init(task: low, number: 2)))
        #expect(try inbox(again).map { $0["ref"] as? String } == ["r.json"])
        // A third attempt has the answer at once.
        _ = router.close(.init(task: low, number: 2))
        let third = try open(low, attempt: 3)
        try send("s.json", question, from: third)
        #expect(carry() == [])
        #expect(try inbox(third).map { $0["ref"] as? String } == ["s.json"])
    }

    @Test func `a question without an answer ends the job and is named`() throws {
        let seen = Seen()
        let job = try open(low, seen: seen)
        try send("q.json", #"{"kind": "question", "to": "human", "body": "which?", "wait_seconds": 0.01}"#, from: job)
        carry()
        while seen.blocked.withLock({ $0 }) == 0 { router.sweep() }
        #expect(router.close(.init(task: low, number: 1))?.body == "which?")
    }

    @Test func `a person's answer reaches the asker and its file is moved away`() throws {
        let job = try open(low)
        try send("q.json", #"{"kind": "question", "to": "human", "body": "which?"}"#, from: job)
        let question = try #require(carry().first)
        let folder = fixture.state.answers(to: "p")
        try WrittenAnswer(question: question.id, text: "that").put(into: folder)
        try WrittenAnswer(question: 99, text: "lost").put(into: folder)
        #expect(WrittenAnswer.questions(answeredIn: folder) == [question.id, 99])
        router.takeAnswers()
        let answer = try #require(carry().first)
        #expect(answer.body == "that" && answer.sender == .human && answer.audience == .task(low))
        router.takeAnswers()
        #expect(carry() == [])
        #expect(try inbox(job).map { $0["body"] as? String } == ["that"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/taken").count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/refused").count == 1)
    }

    @Test func `a request for checks is passed on once and answered into the inbox`() throws {
        let seen = Seen()
        let job = try open(low, seen: seen)
        try send("check-1.json", "{}", from: job)
        router.sweep()
        router.sweep()
        #expect(seen.checks.withLock { $0 } == ["check-1.json"])
        #expect(router.isWaited(by: .init(task: low, number: 1)))
        router.answerCheck("check-1.json", of: .init(task: low, number: 1), passed: false, text: "red")
        #expect(!router.isWaited(by: .init(task: low, number: 1)))
        let mail = try #require(try inbox(job).first)
        #expect(mail["passed"] as? Bool == false && mail["body"] as? String == "red")
        #expect(mail["ref"] as? String == "check-1.json")
    }

    @Test func `a proposal to split is handed on once, and its answer ends the job if it is accepted`() throws {
        let seen = Seen()
        let (job, id) = (try open(low, seen: seen), Attempt.ID(task: low, number: 1))
        try send("split-1.json", #"{"parts": [{"files": ["low.txt"]}]}"#, from: job)
        router.sweep()
        router.sweep()
        #expect(router.isWaited(by: id))
        let facts = fixture.inbox.takeRest()
        let proposal = SplitProposal(parts: [.init(files: ["low.txt"])])
        #expect(
            facts == [
                .splitProposed(.init(task: low, attempt: 1, request: "split-1.json", proposal: proposal))
            ])
        router.answerSplit(.init(task: low, attempt: 1, request: "split-1.json", problems: ["no", "never"]))
        #expect(try inbox(job).map { $0["body"] as? String } == ["refused:\n- no\n- never"])
        #expect(!router.isWaited(by: id) && seen.splits.withLock { $0 } == 0)
        let part = MigrationTask(id: TaskID("low.1"), title: "", files: ["low.txt"])
        router.answerSplit(.init(task: low, attempt: 1, request: "split-2.json", parts: [part]))
        #expect(try inbox(job).last?["passed"] as? Bool == true)
        #expect(seen.splits.withLock { $0 } == 1)
    }

    @Test func `what is no proposal, and one of a job that has ended, change nothing`() throws {
        let job = try open(low)
        try send("split-1.json", #"{"files": []}"#, from: job)
        router.sweep()
        #expect(
            try inbox(job).map { $0["body"] as? String } == [
                "refused:\n- unknown key 'files'; the keys are parts, collate"
            ])
        try send("split-2.json", #"{"parts": [{"files": ["low.txt"]}]}"#, from: job)
        _ = router.close(.init(task: low, number: 1))
        #expect(fixture.inbox.takeRest() == [])
    }

    @Test func `a job whose task was split is ended if it does not end by itself`() async {
        let (ends, continuation) = AsyncStream<Void>.makeStream()
        let late = SplitEnd(seconds: 0) { continuation.yield() }
        #expect(!late.end())
        late.begin()
        late.begin()
        for await _ in ends { break }
        #expect(late.end())
        let end = SplitEnd(seconds: 60) { Issue.record("it had ended by itself") }
        end.begin()
        #expect(end.end())
    }

    @Test func `a search finds messages that are for the task and hold all words`() throws {
        let (low, high) = (try open(low), try open(high))
        try send("1.json", #"{"kind": "lesson", "to": "everyone", "body": "Alpha beta"}"#, from: high)
        try send("2.json", #"{"kind": "lesson", "to": "other.txt", "body": "alpha beta secret"}"#, from: high)
        try send("3.json", #"{"kind": "lesson", "to": "everyone", "body": "alpha"}"#, from: high)
        carry()
        for file in try FileManager.default.contentsOfDirectory(atPath: low.inbox) {
            try FileManager.default.removeItem(atPath: "\(low.inbox)/\(file)")
        }
        try send("search-1.txt", "ALPHA beta", from: low)
        router.sweep()
        let body = try #require(try inbox(low).first?["body"] as? String)
        #expect(body.contains("[1] lesson from high.txt") && body.contains("Alpha beta"))
        #expect(!body.contains("secret") && !body.contains("[3]"))
    }

    @Test func `the coordinator says the same thing to the same people once`() throws {
        func say(_ body: String, to audience: Message.Audience) -> Fact? {
            router.compose(.warning, from: .coordinator, to: audience, body: body)
        }
        let first = try #require(say("x", to: .human))
        router.remember(first)
        #expect(say("x", to: .human) == nil)
        #expect(say("x", to: .everyone) != nil)
        #expect(say("y", to: .human) != nil)
        #expect(router.compose(.warning, from: .human, to: .human, body: "x") != nil)
    }

    @Test func `messages between tasks stay apart where the plan shares nothing`() throws {
        let fixture = try RunFixture(files: ["a.txt": "", "b.txt": ""], tasks: [("a.txt", []), ("b.txt", ["a.txt"])])
        let router = fixture.context.router
        func concerns(_ sender: Message.Sender, _ audience: Message.Audience) -> Bool {
            router.concerns(
                Message(id: 1, kind: .lesson, sender: sender, audience: audience, body: "", time: .now), TaskID("b.txt")
            )
        }
        #expect(!concerns(.task(TaskID("a.txt")), .everyone))
        #expect(!concerns(.task(TaskID("a.txt")), .dependents))
        #expect(!concerns(.coordinator, .dependentsOf(TaskID("a.txt"))))
        #expect(concerns(.human, .everyone))
        #expect(concerns(.task(TaskID("a.txt")), .task(TaskID("b.txt"))))
        #expect(!concerns(.task(TaskID("a.txt")), .human))
    }

    @Test func `a prompt gets messages of others, with what makes them matter`() throws {
        let sender = try open(low)
        try send(
            "1.json", #"{"kind": "lesson", "to": "high.txt", "body": "direct", "files": ["high.txt"]}"#, from: sender)
        try send("2.json", #"{"kind": "lesson", "to": "everyone", "body": "general"}"#, from: sender)
        carry()
        let reader = try #require(fixture.context.register[high])
        let ranked = router.rankedMessages(for: reader)
        #expect(Set(ranked.map(\.message.body)) == ["direct", "general"])
        let direct = try #require(ranked.first { $0.message.body == "direct" })
        #expect(direct.isDirect && direct.sharesFile && direct.distance == 1)
        let general = try #require(ranked.first { $0.message.body == "general" })
        #expect(!general.isDirect && !general.sharesFile)
        // Not one's own.
        #expect(router.rankedMessages(for: try #require(fixture.context.register[low])).isEmpty)
    }

    @Test func `stored mail is looked up by its readers, the latest first`() {
        var mail = StoredMail()
        func add(_ id: Int, _ sender: Message.Sender, _ audience: Message.Audience, thread: Int? = nil) {
            mail.add(
                Message(
                    id: id, kind: thread == nil ? .lesson : .answer, sender: sender, audience: audience, body: "\(id)",
                    thread: thread, time: .now))
        }
        add(1, .task(low), .everyone)
        add(2, .human, .everyone)
        add(3, .task(low), .dependents)
        add(4, .coordinator, .dependentsOf(other))
        add(5, .task(other), .task(high))
        add(6, .task(other), .human)
        add(7, .task(other), .everyone, thread: 3)
        func ids(_ task: TaskID, fromPeers: Bool = true, needs: Set<TaskID> = [], limit: Int = 10) -> [Int] {
            mail.messages(to: task, fromPeers: fromPeers, orDependentsOf: needs, limit: limit).map(\.id)
        }
        #expect(ids(high, needs: [low]) == [7, 5, 3, 2, 1])
        #expect(ids(high, needs: [low], limit: 2) == [7, 5])
        #expect(ids(high, fromPeers: false) == [5, 2])
        #expect(ids(other, fromPeers: false, needs: [low, other, high]) == [4, 3, 2])
        // An answer is for the asker, whoever else it was sent to.
        #expect(ids(low, fromPeers: false) == [7, 2])
        #expect(mail.count == 7 && mail[3]?.body == "3")
    }
}
