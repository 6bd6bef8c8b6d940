import Model
import Testing

@testable import Coordinator

/// Logs in which the machine's clock was set back between two events.
@Suite("A clock that is set back") struct ClockTests {
    private func log(_ events: [(Double, LoggedEvent.Body)]) -> [LoggedEvent] {
        events.enumerated().map { number, event in
            LoggedEvent(
                sequence: Int64(number + 1), run: RunID("p-1"), time: Timestamp(seconds: event.0), body: event.1)
        }
    }

    private static let task = TaskID("t")
    private static let word = LoggedEvent.Body.fact(.diskUsed(bytes: 1))

    private func started() throws -> LoggedEvent.Body {
        let tip = try #require(ObjectID(hex: String(repeating: "0", count: 40)))
        return .fact(.coordinatorStarted(.init(processID: 1, tip: tip)))
    }

    @Test func `takes from the time that a run has worked no more than the moment of the jump`() throws {
        let events = log([
            (1000, try started()), (1010, Self.word), (400, Self.word), (430, Self.word),
            (440, .decision(.pause(reason: ""))),
            (2000, .decision(.proceed(reason: ""))), (2005, .fact(.coordinatorStopped(reason: ""))),
        ])
        #expect(ActiveTime.activeSeconds(of: events) == 10 + 30 + 10 + 5)
        let watch = ActiveTime(events)
        #expect(watch.spent >= 55)
    }

    @Test func `counts nothing between two coordinators, one of which was killed`() throws {
        let events = log([
            (1000, try started()), (1010, Self.word), (9000, .fact(.coordinatorLost(processID: 1))),
            (100, try started()), (103, Self.word),
        ])
        #expect(ActiveTime.activeSeconds(of: events) == 13)
    }

    @Test func `the time of two workers adds up, and that of a killed coordinator ends with its last event`() throws {
        let base = try #require(ObjectID(hex: String(repeating: "0", count: 40)))
        func begun(_ task: String) -> LoggedEvent.Body {
            .fact(.workerStarted(.init(task: TaskID(task), attempt: 1, worker: "w", slot: 0, base: base)))
        }
        let failed = Fact.AttemptFailed(
            task: TaskID("a"), attempt: 1, worker: "w", base: base,
            failure: Failure(kind: .noChange, summary: ""), checks: [], seconds: 1, usage: nil)
        let events = log([
            (1000, try started()), (1000, begun("a")), (1010, begun("b")), (1020, .fact(.attemptFailed(failed))),
            (1025, Self.word), (9000, .fact(.coordinatorLost(processID: 1))), (9001, try started()),
            (9002, begun("a")), (9005, .fact(.coordinatorStopped(reason: ""))), (9999, Self.word),
        ])
        #expect(WorkerTime.seconds(of: events) == 20 + 15 + 3)
    }

    @Test func `makes no wait longer than it was, and none shorter than nothing`() {
        let events = log([
            (1000, .decision(.start(.init(task: Self.task, attempt: 1, rung: 0, reason: "")))),
            (1001, .decision(.retry(.init(task: Self.task, reason: "", delay: 8)))),
            (1001, .decision(.cooldown(.init(provider: "w", number: 1, seconds: 60, reason: "")))),
        ])
        let waits = OpenWaits(events)
        #expect(waits.remaining(at: Timestamp(seconds: 10)).map(\.seconds) == [8, 60])
        #expect(waits.remaining(at: Timestamp(seconds: 1005)).map(\.seconds) == [4, 56])
        #expect(waits.remaining(at: Timestamp(seconds: 99_999)).map(\.seconds) == [0, 0])
    }
}
