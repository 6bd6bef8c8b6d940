import Model
import Testing

@testable import Scheduling

@Suite("Questions and tasks that come later")
struct BlockedTests {
    private let object = ObjectID(hex: String(repeating: "a", count: 40))

    private func scheduler(_ tasks: [MigrationTask]) throws -> Scheduler {
        let base = try #require(object)
        let plan = Plan(
            name: "demo", goal: "g", repository: "/r",
            workers: WorkerRules(ladder: [Rung(worker: Worker(name: "w", run: "true"), attempts: 1)]))
        var scheduler = Scheduler(.init(plan: plan, base: base, tip: base, tasks: tasks))
        _ = scheduler.handle(.coordinatorStarted(.init(processID: 1, tip: base)))
        return scheduler
    }

    private func task(_ id: String, _ needs: [String] = []) -> MigrationTask {
        MigrationTask(id: TaskID(id), title: id, files: [id], dependencies: needs.map { TaskID($0) })
    }

    private func message(_ id: Int, _ kind: Message.Kind, from: Message.Sender, thread: Int? = nil) -> Fact {
        .message(
            .init(
                Message(
                    id: id, kind: kind, sender: from, audience: .human, body: "?", thread: thread,
                    time: Timestamp(seconds: 0))))
    }

    private func blocked(_ id: String, _ attempt: Int) -> Fact {
        .attemptFailed(
            .init(
                task: TaskID(id), attempt: attempt, worker: "w", base: object,
                failure: Failure(kind: .blocked, summary: "question 1 had no answer"), checks: [], seconds: 1))
    }

    @Test func `a blocked task is set aside, and goes on when its question is answered; no attempt is counted`() throws
    {
        var scheduler = try scheduler([task("a"), task("b", ["a"])])
        _ = scheduler.handle(message(1, .question, from: .task(TaskID("a"))))
        let decisions = scheduler.handle(blocked("a", 1))
        #expect(
            decisions == [
                .fail(.init(task: TaskID("a"), reason: "question 1 had no answer")),
                .block(.init(task: TaskID("b"), cause: TaskID("a"))), .finish,
            ])
        #expect(scheduler.handle(message(2, .answer, from: .human, thread: 9)).isEmpty)
        let after = scheduler.handle(message(3, .answer, from: .human, thread: 1))
        // The coordinator has ended: the next one starts it.
        #expect(after == [.retry(.init(task: TaskID("a"), reason: "question 1 was answered"))])
        #expect(scheduler.counts[.waiting] == 1)
        #expect(
            scheduler.handle(.coordinatorStarted(.init(processID: 2, tip: scheduler.tip))) == [
                .start(.init(task: TaskID("a"), attempt: 2, rung: 0, reason: "attempt 2"))
            ])
        #expect(scheduler.handle(message(4, .answer, from: .human, thread: 1)).isEmpty)
    }

    @Test func `what another task holds too stays held`() throws {
        var scheduler = try scheduler([task("a"), task("b"), task("c", ["a", "b"]), task("d", ["c"])])
        for (number, id) in ["a", "b"].enumerated() {
            _ = scheduler.handle(message(number + 1, .question, from: .task(TaskID(id))))
            _ = scheduler.handle(blocked(id, 1))
        }
        let decisions = scheduler.handle(message(3, .answer, from: .human, thread: 1))
        #expect(decisions.contains(.block(.init(task: TaskID("c"), cause: TaskID("b")))))
        #expect(decisions.contains(.block(.init(task: TaskID("d"), cause: TaskID("b")))))
        #expect(scheduler.counts[.blocked] == 2)
    }

    @Test func `derived tasks start like any other, once each`() throws {
        var scheduler = try scheduler([task("a")])
        let added = Fact.tasksAdded(
            .init(tasks: [task("x", ["a"]), task("a"), task("y", ["x"])], cause: TaskID("a"), reason: "gone"))
        #expect(scheduler.handle(added).isEmpty)
        #expect(scheduler.handle(added).isEmpty)
        #expect(scheduler.counts.values.reduce(0, +) == 3)
        let base = try #require(object)
        let decisions = scheduler.handle(
            .foundDone(.init(task: TaskID("a"), attempt: 1, base: base, checks: [], seconds: 0)))
        #expect(
            decisions == [
                .start(.init(task: TaskID("x"), attempt: 1, rung: 0, reason: "every dependency is done"))
            ])
        #expect(scheduler.handle(.tasksAdded(.init(tasks: [task("z")], cause: TaskID("a"), reason: "gone"))).count == 1)
    }
}
