import Model
import Testing

@testable import Reporting

/// The words of each event, in the log of a task and in progress lines.
struct EventTextTests {
    private static let task = TaskID("a.py")
    private static let failure = Failure(kind: .taskCheck, summary: "tests failed")

    private func text(_ fact: Fact, for task: TaskID? = nil) -> String { words(EventText(.fact(fact), for: task)) }

    private func text(_ decision: Decision) -> String { words(EventText(.decision(decision))) }

    /// `word|task|detail`.
    private func words(_ text: EventText) -> String { "\(text.word)|\(text.task?.rawValue ?? "")|\(text.detail)" }

    private func lines(_ body: LoggedEvent.Body) -> [String] {
        var lines = ProgressLines(clockOffset: 0)
        return lines.lines(for: LoggedEvent(sequence: 1, run: SampleRun.id, time: SampleRun.now, body: body))
    }

    @Test func `facts about an attempt name its task and number`() throws {
        let base = try SampleRun.object(1)
        #expect(
            text(.workerStarted(.init(task: Self.task, attempt: 2, worker: "sed", slot: 3, base: base)))
                == "worker started|a.py|attempt 2 by sed in slot 3 on \(base.short)")
        let checks = [SampleRun.check("ruff", 0.1)]
        #expect(
            text(.foundDone(.init(task: Self.task, attempt: 1, base: base, checks: checks, seconds: 1)))
                == "already done|a.py|ruff 0.1 s")
        #expect(
            text(
                .attemptFailed(
                    .init(
                        task: Self.task, attempt: 2, worker: "sed", base: nil, failure: Self.failure, checks: [],
                        seconds: 1))) == "attempt failed|a.py|attempt 2, task-check: tests failed")
        var verified = Fact.AttemptVerified(
            task: Self.task, attempt: 1, worker: "sed", commit: base, base: base, tree: base, changes: [],
            checks: checks, seconds: 61, reason: "")
        #expect(text(.attemptVerified(verified)) == "verified|a.py|commit \(base.short) after 1 m 01 s; ruff 0.1 s")
        verified.checks = []
        #expect(text(.attemptVerified(verified)) == "verified|a.py|commit \(base.short) after 1 m 01 s")
    }

    @Test func `facts about a candidate name its number`() throws {
        let tip = try SampleRun.object(1)
        #expect(
            text(
                .candidatePassed(
                    .init(candidate: 4, tip: tip, commits: [], tree: tip, checks: [SampleRun.check("t", 2)], seconds: 2)
                )) == "candidate passed||candidate 4 on \(tip.short); t 2.0 s")
        #expect(
            text(
                .candidateFailed(
                    .init(candidate: 4, tip: tip, task: Self.task, failure: Self.failure, checks: [], seconds: 2)))
                == "candidate failed|a.py|candidate 4, task-check: tests failed")
        let landed = Fact.Landed(
            candidate: 4,
            commits: [.init(task: TaskID("b"), commit: try SampleRun.object(2)), .init(task: Self.task, commit: tip)])
        #expect(text(.landed(landed), for: Self.task) == "landed|a.py|commit \(tip.short)")
        #expect(text(.landed(landed), for: TaskID("c")) == "landed|c|")
    }

    @Test func `facts about the run need no task`() throws {
        let tip = try SampleRun.object(1)
        #expect(
            text(.runStarted(try SampleRun.started())) == "run started||modernise-typing: 11 tasks from \(tip.short)")
        #expect(
            text(.coordinatorStarted(.init(processID: 7, tip: tip)))
                == "coordinator||started, process 7, branch at \(tip.short)")
        #expect(text(.coordinatorStopped(reason: "asked")) == "coordinator||stopped: asked")
        #expect(text(.coordinatorLost(processID: 7)) == "coordinator||process 7 crashed or was killed")
        #expect(text(.draining(reason: "asked")) == "draining||asked")
        #expect(text(.tipMoved(found: tip)) == "branch moved||by someone else, to \(tip.short)")
        #expect(text(.diskUsed(bytes: 2)) == "disk used||2 bytes")
        #expect(
            text(.tasksAdded(.init(tasks: [], cause: Self.task, reason: "a name is gone"))).hasPrefix("tasks added|"))
        let rate = FlakeRate(check: "tests", runs: 4, flakes: 2)
        #expect(text(.flaky(rate)) == "flaky check||'tests' failed 2 of 4 times on trees that also passed")
        #expect(text(.base(.moved(to: tip))) == "base||moved to \(tip.short); the branch is rebased onto it")
        #expect(text(.base(.kept(refused: tip, reason: "red"))) == "base||did not follow to \(tip.short): red")
    }

    @Test func `decisions give their reason`() throws {
        let tip = try SampleRun.object(1)
        #expect(
            text(.start(.init(task: Self.task, attempt: 2, rung: 1, reason: "free")))
                == "start|a.py|attempt 2 on rung 2: free"
        )
        #expect(text(.retry(.init(task: Self.task, reason: "red"))) == "retry|a.py|red")
        #expect(text(.retry(.init(task: Self.task, reason: "red", delay: 5))) == "retry|a.py|red; again in 5.0 s")
        #expect(text(.fail(.init(task: Self.task, reason: "red"))) == "failed|a.py|red")
        #expect(text(.block(.init(task: Self.task, cause: TaskID("b")))) == "blocked|a.py|by b")
        #expect(text(.wait(.init(task: Self.task, reason: "b first"))) == "waiting|a.py|b first")
        #expect(text(.check(.init(candidate: 3, tasks: [], after: nil, reason: "new"))) == "check||candidate 3: new")
        #expect(text(.dissolve(.init(candidate: 3, reason: "red"))) == "dissolved||candidate 3: red")
        #expect(text(.land(.init(candidate: 3, commits: []))) == "land||candidate 3")
        #expect(text(.follow(base: tip)) == "follow||to the base \(tip.short)")
        #expect(
            text(.cooldown(.init(provider: "p", number: 1, seconds: 60, reason: "429")))
                == "cooldown||p for 1 m 00 s: 429")
        #expect(text(.pauseLanding(.init(number: 1, seconds: 2, reason: "disk"))) == "landing paused||for 2.0 s: disk")
        #expect(
            text(.end(.init(task: Self.task, attempt: 2, failure: Self.failure)))
                == "ending|a.py|attempt 2: tests failed")
        #expect(text(.finish) == "run finished||")
        #expect(text(.checkFinal) == "final checks||started")
        let named: [(Decision, String)] = [
            (.drain(reason: "r"), "draining"), (.pause(reason: "r"), "paused"), (.proceed(reason: "r"), "continued"),
            (.suspend(reason: "r"), "run stopped"), (.stop(reason: "r"), "stopping"),
            (.answer(.init(command: "c", isAccepted: true, text: "r")), "accepted"),
            (.answer(.init(command: "c", isAccepted: false, text: "r")), "refused"),
        ]
        for (decision, word) in named { #expect(text(decision) == "\(word)||r") }
    }

    private func message(_ kind: Message.Kind, to audience: Message.Audience) -> LoggedEvent.Body {
        let message = Message(
            id: 7, kind: kind, sender: .task(Self.task), audience: audience, body: "which colour?\nmore", files: [],
            thread: 7, time: SampleRun.now)
        return .fact(.message(.init(message, origin: nil)))
    }

    @Test func `a message is shown while the run goes on if a person should see it`() {
        #expect(lines(message(.lesson, to: .everyone)).isEmpty)
        #expect(lines(message(.lesson, to: .human)).count == 1)
        #expect(lines(message(.decision, to: .everyone)).count == 1)
        #expect(
            lines(message(.question, to: .human)).first?.hasSuffix(
                "question          7 from a.py: which colour? …; orchestrate answer 7 TEXT") == true)
    }

    @Test func `progress leaves out what only the log of a task needs`() throws {
        let start = Decision.start(.init(task: Self.task, attempt: 1, rung: 0, reason: "free"))
        for decision in [start, .land(.init(candidate: 1, commits: [])), .dissolve(.init(candidate: 1, reason: "red"))]
        {
            #expect(lines(.decision(decision)).isEmpty)
        }
        #expect(lines(.fact(.diskUsed(bytes: 1))).isEmpty)
        #expect(lines(.decision(.fail(.init(task: Self.task, reason: "red")))).count == 1)
        #expect(lines(.decision(.stop(reason: "asked"))).first?.hasSuffix("stopping          asked  (0/0)") == true)
        #expect(lines(.decision(.proceed(reason: "asked"))).first?.hasSuffix("continued         asked") == true)
    }

    @Test func `tasks that were added and that landed before count`() throws {
        var lines = ProgressLines(clockOffset: 0)
        func line(_ fact: Fact) -> String {
            lines.lines(for: LoggedEvent(sequence: 1, run: SampleRun.id, time: SampleRun.now, body: .fact(fact)))
                .joined()
        }
        _ = line(.runStarted(try SampleRun.started()))
        let more = MigrationTask(id: TaskID("more"), title: "more", files: [])
        #expect(line(.tasksAdded(.init(tasks: [more], cause: Self.task, reason: "gone"))).hasSuffix("(1/12)"))
        let commit = try SampleRun.object(2)
        #expect(
            line(.landed(.init(candidate: 1, commits: [.init(task: Self.task, commit: commit)])))
                .hasSuffix("landed            a.py  \(commit.short)  (2/12)"))
    }
}
