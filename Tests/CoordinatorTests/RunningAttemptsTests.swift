import Model
import Testing

@testable import Coordinator

@Suite("Attempts under way")
struct RunningAttemptsTests {
    private let task = TaskID("a")
    private let attempts = RunningAttempts()

    private func work() -> Task<Fact?, Never> {
        Task {
            while !Task.isCancelled { await Task.yield() }
            return nil
        }
    }

    private func failure(_ text: String) -> Failure { Failure(kind: .interrupted, summary: text) }

    @Test func `an attempt is ended, and the first reason counts`() async {
        attempts.add(.init(task: task, number: 2))
        let work = work()
        attempts.set(work, for: task)
        attempts.end(.init(task: task, number: 2), failure("first"))
        attempts.end(.init(task: task, number: 2), failure("second"))
        _ = await work.value
        #expect(attempts.remove(task)?.summary == "first")
        #expect(attempts.remove(task) == nil)
    }

    @Test func `an attempt that was to end before it began ends at once`() async {
        attempts.add(.init(task: task, number: 1))
        attempts.end(.init(task: task, number: 1), failure("early"))
        let work = work()
        attempts.set(work, for: task)
        _ = await work.value
        #expect(attempts.remove(task)?.summary == "early")
    }

    @Test func `another attempt at the task is left alone`() {
        attempts.add(.init(task: task, number: 2))
        let work = work()
        attempts.set(work, for: task)
        attempts.end(.init(task: task, number: 1), failure("old"))
        #expect(!work.isCancelled)
        #expect(attempts.remove(task) == nil)
        work.cancel()
    }
}
