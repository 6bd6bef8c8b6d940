import Model
import Scheduling
import Testing

@testable import Coordinator

@Suite("The fold of a log")
struct RunFoldTests {
    private let commit: ObjectID
    private let started: Fact.RunStarted

    init() throws {
        let commit = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
        self.commit = commit
        let ladder = ["one", "two"].map { Rung(worker: Worker(name: $0, run: "true"), attempts: 1) }
        let plan = Plan(
            name: "p", goal: "", repository: "/", workers: WorkerRules(maxParallel: 2, ladder: ladder))
        started = .init(
            plan: plan, base: commit, tip: commit,
            tasks: ["a", "b"].map { MigrationTask(id: TaskID($0), title: $0, files: [$0]) })
    }

    private func failed(_ task: String, attempt: Int, _ kind: Failure.Kind = .doneCheck) -> Fact {
        .attemptFailed(
            .init(
                task: TaskID(task), attempt: attempt, worker: "one", base: commit,
                failure: Failure(kind: kind, summary: "no \(attempt)"), checks: [], seconds: 1))
    }

    /// The log that a coordinator would write on these facts.
    private func log(_ facts: [Fact]) -> [LoggedEvent] {
        var fold = RunFold(started)
        var bodies: [LoggedEvent.Body] = [.fact(.runStarted(started))]
        for fact in facts { bodies += [.fact(fact)] + fold.take(fact).map { .decision($0) } }
        return LoggedEvent.log(bodies)
    }

    private var begun: Fact { .coordinatorStarted(.init(processID: 1, tip: commit)) }

    @Test func `folding a log gives what folding its facts one by one gave`() throws {
        let facts = [begun, failed("a", attempt: 1)]
        var fold = RunFold(started)
        for fact in facts { fold.take(fact) }
        let again = try #require(RunFold(log(facts)))
        #expect(again.scheduler.counts == fold.scheduler.counts)
        #expect(again.memory.failures[TaskID("a")]?.map(\.summary) == ["no 1"])
        #expect(again.memory.attempts == [TaskID("a"): 1])
        #expect(RunFold(Array(log(facts).dropFirst())) == nil)
    }

    @Test func `the next attempt is the one that the scheduler would start`() throws {
        var fold = RunFold(started)
        fold.take(begun)
        #expect(fold.scheduler.nextAttempt(at: TaskID("a"))?.rung == 0)
        fold.take(failed("a", attempt: 1))
        let next = try #require(fold.scheduler.nextAttempt(at: TaskID("a")))
        #expect(next.rung == 1)
        let attempt = Attempt(
            started.tasks[0], next, ladder: started.plan.stages[0].ladder, base: commit, in: fold)
        #expect(attempt.worker.name == "two")
        #expect(attempt.failures.map(\.summary) == ["no 1"])
        #expect(fold.scheduler.nextAttempt(at: TaskID("none")) == nil)
    }

    @Test func `a replay finds nothing in a log of this program, and what differs in another`() throws {
        let log = log([begun, failed("a", attempt: 1)])
        let replay = try #require(RunReplay(log))
        #expect(replay.difference == nil)
        #expect(replay.facts == 3)
        #expect(replay.decisions == log.count - 3)
        var other = log
        let last = try #require(other.lastIndex { if case .decision = $0.body { true } else { false } })
        other.remove(at: last)
        let difference = try #require(RunReplay(other)?.difference)
        #expect(difference.contains("then: no further decision"))
        #expect(difference.contains("event \(log[last - 1].sequence)") || difference.contains("event "))
        #expect(RunReplay(Array(log.dropFirst())) == nil)
    }

    // MARK: Memory

    @Test func `failures are kept until the task lands; an interruption is not one`() {
        var memory = RunMemory()
        memory.remember(failed("a", attempt: 1))
        memory.remember(failed("a", attempt: 2, .interrupted))
        memory.remember(failed("a", attempt: 3))
        #expect(memory.failures[TaskID("a")]?.map(\.summary) == ["no 1", "no 3"])
        #expect(memory.attempts[TaskID("a")] == 3)
        memory.remember(.landed(.init(candidate: 1, commits: [.init(task: TaskID("a"), commit: commit)])))
        #expect(memory.failures[TaskID("a")] == nil)
    }
}
