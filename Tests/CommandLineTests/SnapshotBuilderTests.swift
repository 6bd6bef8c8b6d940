import Model
import Reporting
import Testing

@testable import CommandLine

struct SnapshotBuilderTests {
    private let tasks = SampleEvents.tasks([("a", []), ("b", ["a"]), ("c", ["b"]), ("d", [])])

    private func builder(_ bodies: LoggedEvent.Body...) -> SnapshotBuilder {
        var builder = SnapshotBuilder(SampleEvents.run, tasks: tasks, started: SampleEvents.start)
        for (index, body) in bodies.enumerated() { builder.take(SampleEvents.event(body, after: Double(index))) }
        return builder
    }

    private func current(_ builder: SnapshotBuilder, after seconds: Double = 100) -> RunSnapshot {
        var builder = builder
        return builder.current(at: SampleEvents.start + seconds)
    }

    @Test func `an attempt is shown from its start to its end`() throws {
        var live = builder(SampleEvents.start("a", 2))
        #expect(
            current(live).activities == [
                .init(task: TaskID("a"), attempt: 2, worker: "slot", phase: .preparing, since: SampleEvents.start)
            ])
        live.take(SampleEvents.event(try SampleEvents.working("a"), after: 5))
        live.enter(.working, task: TaskID("a"), at: SampleEvents.start + 6)
        let activity = try #require(current(live).activities.first)
        #expect(activity.worker == "sed" && activity.phase == .working && activity.since == SampleEvents.start)
        live.take(SampleEvents.event(try SampleEvents.verified("a"), after: 7))
        #expect(current(live).activities.isEmpty)
    }

    @Test func `the attempt that started first comes first`() {
        let live = builder(SampleEvents.start("d"), SampleEvents.start("a"), SampleEvents.start("b"))
        #expect(current(live).activities.map(\.task.rawValue) == ["d", "a", "b"])
    }

    @Test(arguments: [RunPhase.preparing, .lookingFirst, .working, .judging, .checking, .committing])
    func `steps of an attempt are shown at the attempt`(phase: RunPhase) {
        var live = builder(SampleEvents.start("a"), check("d"))
        live.enter(phase, task: TaskID("a"), at: SampleEvents.start)
        #expect(current(live).activities.first?.phase == phase)
        #expect(current(live).landing.first?.phase == .merging)
    }

    @Test(arguments: [RunPhase.merging, .checkingCandidate])
    func `steps of a candidate are shown at the candidate`(phase: RunPhase) {
        var live = builder(SampleEvents.start("a"), check("d"))
        live.enter(phase, task: TaskID("d"), at: SampleEvents.start)
        #expect(
            current(live).landing == [
                .init(candidate: 1, tasks: [TaskID("d")], phase: phase, since: SampleEvents.start + 1)
            ])
        #expect(current(live).activities.first?.phase == .preparing)
    }

    @Test func `a candidate keeps its phase while the next one is built`() {
        var live = builder(check("a"), check("d", 2))
        live.enter(.checkingCandidate, task: TaskID("a"), at: SampleEvents.start)
        live.enter(.merging, task: TaskID("d"), at: SampleEvents.start)
        #expect(current(live).landing.map(\.phase) == [.checkingCandidate, .merging])
        live.take(SampleEvents.event(.decision(.dissolve(.init(candidate: 1, reason: "")))))
        #expect(current(live).landing.map(\.candidate) == [2])
    }

    private func wait(_ reason: String) -> LoggedEvent.Body {
        .decision(.wait(.init(task: TaskID("a"), reason: reason)))
    }

    @Test func `a task that waits for approval is shown until it is approved or done again`() {
        let awaited = wait(Approval.reason(toHold: TaskID("a")))
        #expect(current(builder(awaited)).approvals == [TaskID("a")])
        #expect(current(builder(wait("another task is ahead"))).approvals.isEmpty)
        let ends: [LoggedEvent.Body] = [
            wait("approved; it waits for its turn to land"), check("a"),
            .decision(.retry(.init(task: TaskID("a"), reason: "asked"))),
            .decision(.skip(.init(task: TaskID("a"), reason: "asked"))),
        ]
        for end in ends { #expect(current(builder(awaited, end)).approvals.isEmpty, "\(end)") }
    }

    @Test func `a question to the person is shown until it is answered`() {
        func message(_ id: Int, _ kind: Message.Kind, _ audience: Message.Audience, thread: Int) -> LoggedEvent.Body {
            .fact(
                .message(
                    .init(
                        Message(
                            id: id, kind: kind, sender: .task(TaskID("a")), audience: audience, body: "why?",
                            thread: thread, time: SampleEvents.start))))
        }
        let question = message(1, .question, .human, thread: 1)
        #expect(current(builder(question)).questions.map(\.id) == [1])
        #expect(current(builder(message(1, .question, .everyone, thread: 1))).questions.isEmpty)
        #expect(current(builder(question, message(2, .answer, .task(TaskID("a")), thread: 1))).questions.isEmpty)
        #expect(current(builder(question, message(2, .answer, .task(TaskID("a")), thread: 7))).questions.count == 1)
    }

    @Test func `the end of a stage is not counted in the estimate`() throws {
        let gate = MigrationTask(id: TaskID("gate"), title: "end", files: [], dependencies: [TaskID("a")])
        var live = SnapshotBuilder(
            SampleEvents.run, tasks: Array(tasks.prefix(1)) + [gate], started: SampleEvents.start)
        for name in ["x", "y", "z"] { live.take(SampleEvents.event(try SampleEvents.verified(name, seconds: 10))) }
        #expect(current(live).estimate == 10)
    }

    private func check(_ task: String, _ candidate: Int = 1) -> LoggedEvent.Body {
        .decision(.check(.init(candidate: candidate, tasks: [TaskID(task)], after: nil, reason: "")))
    }

    @Test func `what landed last is named, and its candidate is gone`() throws {
        let live = builder(check("a"), try SampleEvents.landed("a"))
        #expect(current(live).landing.isEmpty)
        #expect(current(live).lastLanded?.task == TaskID("a"))
        #expect(current(live).lastLanded?.text == (try SampleEvents.object(0xabc)).short)
        #expect(current(live).lastLanded?.time == SampleEvents.start + 1)
    }

    @Test func `the last problem is named`() throws {
        let failure = Failure(kind: .taskCheck, summary: "tests failed")
        let failed = LoggedEvent.Body.fact(
            .attemptFailed(
                .init(
                    task: TaskID("a"), attempt: 1, worker: "sed", base: nil, failure: failure, checks: [], seconds: 1)))
        let live = builder(SampleEvents.start("a"), failed)
        #expect(current(live).lastProblem?.text == "tests failed")
        #expect(current(live).activities.isEmpty)
        let given = builder(.decision(.fail(.init(task: TaskID("b"), reason: "given up"))))
        #expect(current(given).lastProblem?.task == TaskID("b"))
    }

    @Test func `a notice says why nothing starts, until the run continues`() {
        #expect(current(builder(.decision(.pause(reason: "checkpoint")))).notice == "checkpoint")
        #expect(current(builder(.fact(.draining(reason: "budget")))).notice == "budget")
        #expect(current(builder(.decision(.stop(reason: "asked")))).notice == "asked")
        let continued = builder(.decision(.pause(reason: "checkpoint")), .decision(.proceed(reason: "go")))
        #expect(current(continued).notice == nil)
    }

    @Test func `a new coordinator starts with an empty picture`() throws {
        let started = LoggedEvent.Body.fact(.coordinatorStarted(.init(processID: 7, tip: try SampleEvents.object(1))))
        let live = builder(SampleEvents.start("a"), check("d"), .fact(.draining(reason: "x")), started)
        #expect(current(live).activities.isEmpty && current(live).landing.isEmpty && current(live).notice == nil)
    }

    @Test func `the estimate counts neither failed nor blocked tasks`() throws {
        let samples = try ["x", "y", "z"].map { try SampleEvents.verified($0, seconds: 10) }
        var live = builder(samples[0], samples[1], samples[2])
        // Four open tasks and one worker.
        #expect(current(live).estimate == 40)
        live.take(SampleEvents.event(.decision(.fail(.init(task: TaskID("a"), reason: "x")))))
        live.take(SampleEvents.event(.decision(.block(.init(task: TaskID("b"), cause: TaskID("a"))))))
        live.take(SampleEvents.event(.decision(.block(.init(task: TaskID("c"), cause: TaskID("b"))))))
        #expect(current(live).estimate == 10)
        live.take(SampleEvents.event(try SampleEvents.landed("d")))
        #expect(current(live).estimate == 0)
        live.take(SampleEvents.event(.decision(.retry(.init(task: TaskID("a"), reason: "asked")))))
        #expect(current(live).estimate == 10)
    }

    @Test func `the estimate is made anew only after two seconds`() throws {
        var live = builder(
            try SampleEvents.verified("x"), try SampleEvents.verified("y"), try SampleEvents.verified("z"))
        let first = live.current(at: SampleEvents.start + 10).estimate
        for task in ["a", "b", "c", "d"] { live.take(SampleEvents.event(try SampleEvents.landed(task))) }
        #expect(live.current(at: SampleEvents.start + 11.9).estimate == first)
        #expect(live.current(at: SampleEvents.start + 12).estimate == 0)
    }
}
