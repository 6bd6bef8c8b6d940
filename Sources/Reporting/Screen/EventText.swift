import Model

/// An event in words: what `log` shows and the progress lines print.
struct EventText {
    var word: String
    /// The task that the event is about, where it is about one.
    var task: TaskID?
    var detail: String

    private init(_ word: String, _ task: TaskID? = nil, detail: String = "") {
        self.word = word
        self.task = task
        self.detail = detail
    }

    /// - Parameter task: the one whose commit a landing is described by.
    init(_ body: LoggedEvent.Body, for task: TaskID? = nil) {
        switch body {
        case .fact(.landed(let landed)):
            let commit = landed.commits.first { $0.task == task }
            self.init("landed", task, detail: commit.map { "commit \($0.commit.short)" } ?? "")
        case .fact(let fact): self.init(fact)
        case .decision(let decision): self.init(decision)
        }
    }

    /// The failure, after the number of the attempt or candidate unless it leads with a place.
    private static func words(_ failure: Failure, of what: String) -> String {
        let line = FailureText.line(failure)
        return line == failure.summary ? "\(line), \(what)" : "\(what), \(line)"
    }
}

extension EventText {
    private init(_ fact: Fact) {
        switch fact {
        case .runStarted(let fact):
            let tasks = Count.text(fact.tasks.count { !$0.isGate }, "task")
            self.init("run started", detail: "\(fact.plan.name): \(tasks) from \(fact.base.short)")
        case .coordinatorStarted(let fact):
            self.init("coordinator", detail: "started, process \(fact.processID), branch at \(fact.tip.short)")
        case .coordinatorStopped(let reason): self.init("coordinator", detail: "stopped: \(reason)")
        case .coordinatorLost(let process):
            self.init("coordinator", detail: "process \(process) crashed or was killed")
        case .draining(let reason): self.init("draining", detail: reason)
        case .workerStarted(let fact): self.init(fact)
        case .reviewStarted(let fact):
            self.init("review", fact.task, detail: "of attempt \(fact.attempt) by \(fact.reviewer)")
        case .foundDone(let fact): self.init("already done", fact.task, detail: CheckText.summary(fact.checks))
        case .attemptVerified(let fact): self.init(fact)
        case .attemptFailed(let fact):
            self.init("attempt failed", fact.task, detail: Self.words(fact.failure, of: "attempt \(fact.attempt)"))
        case .splitProposed(let fact):
            self.init(
                "split proposed", fact.task,
                detail: "attempt \(fact.attempt): \(Count.text(fact.proposal.parts.count, "part"))")
        case .attemptSplit(let fact):
            self.init("attempt split", fact.task, detail: "attempt \(fact.attempt) ended with a split")
        case .candidatePassed(let fact):
            let checks = CheckText.summary(fact.checks)
            self.init("candidate passed", detail: "candidate \(fact.candidate) on \(fact.tip.short); \(checks)")
        case .candidateFailed(let fact):
            self.init(
                "candidate failed", fact.task, detail: Self.words(fact.failure, of: "candidate \(fact.candidate)"))
        case .probed(let fact):
            let commit = fact.subject == .own ? "its own commit" : "the tip"
            let subject = "\(commit), \(fact.commit.short)"
            self.init(
                "checked apart", fact.task,
                detail: fact.failure.map { Self.words($0, of: subject) } ?? "\(subject): \(fact.outcome.rawValue)")
        case .landed(let fact):
            self.init("landed", detail: fact.commits.map(\.task.rawValue).joined(separator: ", "))
        case .tipMoved(let found): self.init("branch moved", detail: "by someone else, to \(found.short)")
        case .usage(let fact):
            let told = [
                fact.requests.map { Count.text($0, "further request") },
                fact.usage.map { "\(Count.text($0.tokens, "token")) so far" },
            ].compactMap { $0 }
            self.init("usage", fact.task, detail: "attempt \(fact.attempt): \(told.joined(separator: ", "))")
        case .waitOver: self.init("wait over")
        case .control: self.init("command", detail: "from a person")
        case .limitsChanged: self.init("limits changed", detail: "new budget, checkpoints or landing rules")
        case .diskUsed(let bytes): self.init("disk used", detail: Count.text(bytes, "byte"))
        case .workerHeld(let held): self.init("worker held", held.task, detail: held.reason)
        case .workersTimed(let seconds): self.init("worker time", detail: "\(seconds.whole) s")
        case .message(let posted): self.init(posted.message)
        case .messagesGiven(let fact): self.init(fact)
        case .tasksAdded(let fact):
            self.init("tasks added", detail: "\(MessageText.names(fact.tasks)): \(fact.reason)")
        case .checked(let fact): self.init("checked", detail: CheckText.summary(fact.verdicts.map(\.result)))
        case .flaky(let rate): self.init("flaky check", detail: VerdictText.flaky(rate))
        case .filesProbed(let found):
            self.init("files probed", detail: "\(Count.text(found.unseen.count, "file")) seen by no landing check")
        case .baselineChecked(let fact): self.init("baseline", detail: VerdictText.whole(fact.checks))
        case .base(let change): self.init("base", detail: BaseText.words(change))
        case .finalChecked(let fact): self.init("final checks", detail: VerdictText.whole(fact.checks))
        }
    }

    private init(_ fact: Fact.WorkerStarted) {
        self.init(
            "worker started", fact.task,
            detail: "attempt \(fact.attempt) by \(fact.worker) in slot \(fact.slot) on \(fact.base.short)")
    }

    private init(_ fact: Fact.AttemptVerified) {
        let checks = fact.checks.isEmpty ? "" : "; \(CheckText.summary(fact.checks))"
        self.init(
            "verified", fact.task,
            detail: "commit \(fact.commit.short) after \(TimeText.span(fact.seconds))\(checks)")
    }

    private init(_ fact: Fact.MessagesGiven) {
        let messages = Count.text(fact.messages.count, "message")
        self.init(
            "messages given", fact.task,
            detail: "attempt \(fact.attempt) by \(fact.way.rawValue): \(messages) "
                + MessageText.numbers(fact.messages))
    }

    private init(_ message: Message) {
        let sender = MessageText.party(message.sender)
        let kind = message.kind == .question ? "" : " (\(message.kind.rawValue))"
        self.init(
            message.kind == .question ? "question" : "message",
            detail: "\(message.id)\(kind) from \(sender): \(MessageText.line(message.body))")
    }
}

extension EventText {
    private init(_ decision: Decision) {
        switch decision {
        case .start(let start):
            self.init(
                "start", start.task, detail: "attempt \(start.attempt) on rung \(start.rung + 1): \(start.reason)")
        case .check(let check): self.init("check", detail: "candidate \(check.candidate): \(check.reason)")
        case .probe(let probe):
            self.init("check apart", probe.task, detail: "commit \(probe.commit.short): \(probe.reason)")
        case .dissolve(let drop): self.init("dissolved", detail: "candidate \(drop.candidate): \(drop.reason)")
        case .land(let land): self.init("land", detail: "candidate \(land.candidate)")
        case .retry(let retry):
            self.init(
                "retry", retry.task,
                detail: retry.reason + (retry.delay.map { "; again in \(TimeText.span($0))" } ?? ""))
        case .fail(let fail): self.init("failed", fail.task, detail: fail.reason)
        case .skip(let skip): self.init("skipped", skip.task, detail: skip.reason)
        case .block(let block): self.init("blocked", block.task, detail: "by \(block.cause)")
        case .wait(let wait): self.init("waiting", wait.task, detail: wait.reason)
        case .follow(let base): self.init("follow", detail: "to the base \(base.short)")
        case .adopt(let rebased): self.init("adopt", detail: "the base \(rebased.base.short)")
        case .checkFinal: self.init("final checks", detail: "started")
        case .finish: self.init("run finished")
        case .cooldown(let cooldown):
            self.init(
                "cooldown", detail: "\(cooldown.provider) for \(TimeText.span(cooldown.seconds)): \(cooldown.reason)")
        case .pauseLanding(let pause):
            self.init("landing paused", detail: "for \(TimeText.span(pause.seconds)): \(pause.reason)")
        case .end(let end):
            self.init("ending", end.task, detail: "attempt \(end.attempt): \(end.failure.summary)")
        case .drain(let reason): self.init("draining", detail: reason)
        case .pause(let reason): self.init("paused", detail: reason)
        case .proceed(let reason): self.init("continued", detail: reason)
        case .suspend(let reason): self.init("run stopped", detail: reason)
        case .stop(let reason): self.init("stopping", detail: reason)
        case .reviewed(let decision):
            let text = decision.text.isEmpty ? "" : ": \(MessageText.line(decision.text))"
            let only = decision.tasks.count == 1 ? decision.tasks[0] : nil
            let subject = only == nil ? "\(Count.text(decision.tasks.count, "commit")) " : ""
            self.init("review", only, detail: "\(subject)\(decision.kind.words) by \(decision.person)\(text)")
        case .revert(let revert):
            let tasks = (revert.task.reverts ?? []).map(\.rawValue).joined(separator: ", ")
            self.init("revert", revert.task.id, detail: "of \(tasks): \(MessageText.line(revert.reason))")
        case .split(let split):
            self.init(
                split.problems.isEmpty ? "split" : "split refused", split.task,
                detail: split.problems.isEmpty
                    ? "into \(MessageText.names(split.parts))" : split.problems.joined(separator: "; "))
        case .cover(let cover): self.init("already done", cover.task, detail: cover.reason)
        case .join(let join): self.init("waiting", join.task, detail: join.reason)
        case .answer(let answer): self.init(answer.isAccepted ? "accepted" : "refused", detail: answer.text)
        }
    }
}
