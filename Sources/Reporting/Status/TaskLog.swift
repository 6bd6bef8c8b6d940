package import Model
package import Store

/// What happened to a task, one event after another.
package struct TaskLog: Sendable {
    let task: TaskRecord
    let events: [LoggedEvent]

    /// - Parameters:
    ///   - run: the run; nil for the one started last.
    ///   - name: the task's name, or the path of one of its files.
    /// - Throws: `unknownTask`, `unknownRun`, or what reading throws.
    package init(_ reader: StoreReader, run id: RunID?, task name: String) throws(StoreError) {
        (task, events) = try reader.read { view in
            let run = try StatusReport.find(id, view, reader.path)
            let task = try view.task(named: name, of: run.id)
            return (task, try view.events(of: run.id, task: task.id))
        }
    }

    /// The log for people, with a newline at the end.
    package func text(_ layout: Layout) -> String {
        var table = TextTable(indent: 0)
        for event in events {
            let (word, text) = Self.words(event.body, task.id)
            table.add(.init(TimeText.clock(event.time, offset: layout.clockOffset), .faint), .init(word), .init(text))
        }
        return (["\(task.id)  \(task.state.words)"] + table.lines(layout)).joined(separator: "\n") + "\n"
    }

    private static func words(_ body: LoggedEvent.Body, _ task: TaskID) -> (String, String) {
        switch body {
        case .fact(let fact): words(fact, task)
        case .decision(let decision): words(decision)
        }
    }

    private static func words(_ fact: Fact, _ task: TaskID) -> (String, String) {
        switch fact {
        case .runStarted: ("run started", "")
        case .coordinatorStarted(let fact): ("coordinator started", "process \(fact.processID)")
        case .coordinatorStopped(let reason): ("coordinator stopped", reason)
        case .coordinatorLost(let process): ("coordinator lost", "process \(process) ended without a word")
        case .draining(let reason): ("draining", reason)
        case .workerStarted(let fact):
            ("worker started", "attempt \(fact.attempt) by \(fact.worker) in slot \(fact.slot) on \(fact.base.short)")
        case .foundDone(let fact): ("already done", CheckText.summary(fact.checks))
        case .attemptVerified(let fact):
            (
                "verified",
                "commit \(fact.commit.short) after \(TimeText.span(fact.seconds)); "
                    + CheckText.summary(fact.checks)
            )
        case .attemptFailed(let fact):
            ("failed", "attempt \(fact.attempt), \(fact.failure.kind.rawValue): \(fact.failure.summary)")
        case .candidatePassed(let fact):
            ("candidate passed", "candidate \(fact.candidate) on \(fact.tip.short); \(CheckText.summary(fact.checks))")
        case .candidateFailed(let fact):
            ("candidate failed", "candidate \(fact.candidate), \(fact.failure.kind.rawValue): \(fact.failure.summary)")
        case .landed(let fact):
            ("landed", fact.commits.first { $0.task == task }.map { "commit \($0.commit.short)" } ?? "")
        case .tipMoved(let found): ("branch moved", "to \(found.short)")
        case .usage(let fact):
            ("usage", "attempt \(fact.attempt): \(Count.text(fact.usage.tokens, "token")) so far")
        case .waitOver: ("wait over", "")
        case .control: ("asked", "by a person")
        case .limitsChanged: ("limits changed", "another budget or other checkpoints")
        case .diskUsed(let bytes): ("disk", Count.text(bytes, "byte"))
        case .message(let posted):
            (
                "message",
                "\(posted.message.kind.rawValue) \(posted.message.id): \(MessageText.line(posted.message.body))"
            )
        case .messagesGiven(let fact):
            (
                "given",
                "attempt \(fact.attempt) by \(fact.way.rawValue): "
                    + "\(Count.text(fact.messages.count, "message")) \(MessageText.numbers(fact.messages))"
            )
        case .tasksAdded(let fact): ("tasks added", "\(MessageText.names(fact.tasks)): \(fact.reason)")
        case .checked(let fact): ("checked", CheckText.summary(fact.verdicts.map(\.result)))
        case .flaky(let rate): ("flaky", VerdictText.flaky(rate))
        case .baselineChecked(let fact): ("base", VerdictText.whole(fact.checks))
        case .base(let change): ("base", BaseText.words(change))
        case .finalChecked(let fact): ("final", VerdictText.whole(fact.checks))
        }
    }

    private static func words(_ decision: Decision) -> (String, String) {
        switch decision {
        case .start(let start): ("start", "attempt \(start.attempt) on rung \(start.rung + 1): \(start.reason)")
        case .check(let check): ("check", "candidate \(check.candidate): \(check.reason)")
        case .dissolve(let dissolve): ("dissolved", "candidate \(dissolve.candidate): \(dissolve.reason)")
        case .land(let land): ("land", "candidate \(land.candidate)")
        case .retry(let retry):
            ("retry", retry.reason + (retry.delay.map { "; again in \(TimeText.span($0))" } ?? ""))
        case .fail(let fail): ("failed", fail.reason)
        case .skip(let skip): ("skipped", skip.reason)
        case .block(let block): ("blocked", "by \(block.cause)")
        case .wait(let wait): ("wait", wait.reason)
        case .follow(let base): ("follow", "to the base \(base.short)")
        case .adopt(let rebased): ("adopt", "the base \(rebased.base.short)")
        case .checkFinal: ("check", "the whole branch")
        case .finish: ("run finished", "")
        case .cooldown(let cooldown):
            ("cooldown", "\(cooldown.provider) for \(TimeText.span(cooldown.seconds))")
        case .pauseLanding(let pause):
            ("landing waits", "for \(TimeText.span(pause.seconds)): \(pause.reason)")
        case .end(let end): ("ending", "attempt \(end.attempt): \(end.failure.summary)")
        case .drain(let reason): ("draining", reason)
        case .pause(let reason): ("waiting", reason)
        case .proceed(let reason): ("going on", reason)
        case .suspend(let reason): ("run stopped", reason)
        case .stop(let reason): ("stopping", reason)
        case .answer(let answer): ("answer", answer.text)
        }
    }
}
