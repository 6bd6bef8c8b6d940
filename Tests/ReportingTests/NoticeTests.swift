import Foundation
import Model
import Testing

@testable import Reporting

/// What people are told of a run, and how often.
struct NoticeTests {
    private let run = RunID("demo-1")

    private func read(_ bodies: [LoggedEvent.Body], budget: Budget = Budget()) -> [Notice] {
        var reader = NoticeReader(run: run, budget: budget)
        return bodies.enumerated().flatMap { index, body in
            reader.take(
                LoggedEvent(
                    sequence: Int64(index + 1), run: run, time: Timestamp(seconds: 1000 + Double(index)), body: body))
        }
    }

    private func usage(_ usd: Double, attempt: Int = 1) -> LoggedEvent.Body {
        .fact(.usage(.init(task: TaskID("a"), attempt: attempt, usage: Usage(outputTokens: 10, usd: usd))))
    }

    @Test func `a pause, a stop and the end are told`() {
        let told = read([.decision(.pause(reason: "look")), .decision(.suspend(reason: "spent")), .decision(.finish)])
        #expect(told.map(\.event) == [.paused, .paused, .finished])
        #expect(told[0].text == "demo-1 is paused: look")
    }

    @Test func `an approval and work that cannot be done need a person`() {
        let task = TaskID("a")
        let failure = Failure(kind: .cannotBeDone, summary: "no such API")
        let told = read([
            .decision(.wait(.init(task: task, reason: Approval.reason(toHold: task)))),
            .decision(.wait(.init(task: task, reason: "behind b"))),
            .fact(
                .attemptFailed(
                    .init(task: task, attempt: 1, worker: "w", base: nil, failure: failure, checks: [], seconds: 1))),
        ])
        #expect(told.map(\.event) == [.needsYou, .needsYou])
        #expect(told[1].text == "demo-1: a: no such API")
    }

    @Test func `four fifths of a budget are told once`() {
        let told = read([usage(3), usage(7.9), usage(8), usage(9), usage(1, attempt: 2)], budget: Budget(usd: 10))
        #expect(told == [Notice(event: .budget, text: "demo-1 has used 80 % of budget.usd")])
        #expect(read([usage(100)]).isEmpty)
        #expect(read([usage(0)], budget: Budget(usd: 0)).isEmpty)
    }

    @Test func `each limit of a budget is told by its own key`() {
        let task = TaskID("a")
        let told = read(
            [
                .fact(.usage(.init(task: task, attempt: 1, usage: nil, requests: 3))),
                .fact(.usage(.init(task: task, attempt: 1, usage: nil, requests: 5))),
                .fact(.workersTimed(seconds: 79)), .fact(.workersTimed(seconds: 81)),
            ], budget: Budget(requests: 10, workerTime: 100))
        #expect(
            told.map(\.text)
                == ["demo-1 has used 80 % of budget.requests", "demo-1 has used 81 % of budget.worker_time"])
    }

    @Test func `at most one message is sent in a minute, and nothing is lost`() {
        var queue = NoticeQueue()
        #expect(queue.take(at: 0).isEmpty)
        #expect(queue.due == nil)
        let notes = (0..<5).map { Notice(event: .needsYou, text: "\($0)") }
        queue.add(notes[0])
        #expect(queue.take(at: 10) == [notes[0]])
        queue.add(notes[1])
        queue.add(notes[2])
        #expect(queue.due == 70)
        #expect(queue.take(at: 69.9).isEmpty)
        #expect(queue.take(at: 70) == [notes[1], notes[2]])
        queue.add(notes[3])
        #expect(queue.take(at: 129).isEmpty)
        #expect(queue.take(at: 500) == [notes[3]])
    }

    @Test func `a message has its events and a text for chat systems`() throws {
        let notes = [
            Notice(event: .paused, text: "one\u{1B}[31m\ntwo"), Notice(event: .finished, text: "three"),
        ]
        let text = try NoticeQueue.message(notes, run: run, plan: "demo")
        #expect(
            text
                == #"{"events":[{"event":"paused","text":"one two"},{"event":"finished","text":"three"}],"plan":"demo","#
                + #""run":"demo-1","text":"one two\nthree","version":1}"# + "\n")
        let many = try NoticeQueue.message(Array(repeating: notes[1], count: 30), run: run, plan: "demo")
        #expect(many.contains("and 10 more"))
    }
}
