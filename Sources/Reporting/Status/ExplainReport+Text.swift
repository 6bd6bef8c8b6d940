package import Model
import Store

extension ExplainReport {
    /// The report for people, with a newline at the end.
    package func text(_ layout: Layout, now: Timestamp) -> String {
        var lines = [
            layout.style.paint(task.id.rawValue, .heading) + "  "
                + layout.style.paint(task.state.words, task.state.role) + "  for "
                + TimeText.span(now - task.since),
            "  \(TextWidth.safe(task.title))  (run \(run.id))",
        ]
        lines += Section.lines("why", layout, rows: [[.init(why)]])
        lines += Section.lines("next", layout, rows: [[.init(next)]])
        if isActive, [.waiting, .ready, .verified].contains(task.state) {
            lines += Section.lines("side by side", layout, rows: [[.init(run.plan.parallelWords)]])
        }
        lines += Section.lines("part of", layout, rows: [parent].compactMap { $0 }.map(taskRow))
        lines += Section.lines("parts", layout, rows: parts.map(partRow))
        lines += Section.lines("depends on", layout, rows: dependencies.map(taskRow))
        lines += Section.lines("needed by", layout, rows: dependents.map(taskRow))
        for attempt in attempts { lines += AttemptText.lines(attempt, budget: budget(of: attempt), layout, now: now) }
        for candidate in candidates { lines += candidateLines(candidate, layout, now: now) }
        lines += Section.lines("waits and decisions", layout, rows: decisionRows(layout))
        return lines.map { layout.fit($0) }.joined(separator: "\n") + "\n"
    }

    /// The attempts and candidates with their checks and the places of failures, with a newline at the end.
    package func checks(_ layout: Layout, now: Timestamp) -> String {
        var lines: [String] = []
        for attempt in attempts { lines += AttemptText.lines(attempt, budget: budget(of: attempt), layout, now: now) }
        for candidate in candidates { lines += candidateLines(candidate, layout, now: now) }
        if lines.isEmpty { lines = ["", "no attempt has begun"] }
        return lines.dropFirst().map { layout.fit($0) }.joined(separator: "\n") + "\n"
    }

    /// The budget of the attempt's step. A task's record does not tell its stage, so stages with different budgets for the
    /// same worker tell none.
    private func budget(of attempt: AttemptRecord) -> AttemptBudget? {
        let budgets = run.plan.stages.compactMap { stage -> AttemptBudget?? in
            guard stage.ladder.indices.contains(attempt.rung) else { return nil }
            let step = stage.ladder[attempt.rung]
            return step.worker.name == attempt.worker ? .some(step.budget) : nil
        }
        guard let first = budgets.first, budgets.allSatisfy({ $0 == first }) else { return nil }
        return first
    }

    /// The worker of attempts that take commits back.
    private static let revert = "revert"

    /// A part counts until it is settled, also if it has failed.
    private var openDependencies: [TaskRecord] {
        dependencies.filter { !$0.state.isDone } + parts.filter { !$0.state.isSettled }
    }

    private var why: String {
        if !task.reason.isEmpty { return task.reason }
        switch task.state {
        case .waiting: return "waits for \(Count.text(openDependencies.count, "task")) that it depends on"
        case .ready: return "ready; \(limits.starting ?? "it is about to start")"
        case .running: return attempts.last.map { "attempt \($0.number) is running: \($0.cause)" } ?? "running"
        case .verified:
            let limit = limits.landing.map { ": \($0)" } ?? ""
            return "verified; other tasks are ahead of it in the landing queue\(limit)"
        case .landing: return candidates.last.map { "part of candidate \($0.number): \($0.cause)" } ?? "being checked"
        case .landed: return "its commit \(task.commit?.short ?? "") passed every landing check"
        case .alreadyDone: return "its 'done' checks passed before any worker was started"
        case .failed: return "failed after \(Count.text(attempts.count, "attempt"))"
        case .skipped: return "skipped by a person"
        case .blocked: return "a task that it depends on failed or was skipped"
        }
    }

    /// What has to happen before the task moves on.
    private var next: String {
        if !task.state.isSettled, !isActive { return "'orchestrate resume'; no coordinator works on the run" }
        switch task.state {
        case .waiting:
            let names = openDependencies.prefix(5).map { "\($0.id) (\($0.state.words))" }.joined(separator: ", ")
            let rest = openDependencies.count > 5 ? " and \(openDependencies.count - 5) more" : ""
            let end = parts.isEmpty ? "it starts when these are done" : "its last turn starts when these are over"
            return "\(end): \(names)\(rest)"
        case .ready: return "it starts as soon as a worker is free and no limit holds"
        case .running: return "when its worker ends, guards and checks judge the diff"
        case .verified where Approval.isAwaited(by: task.reason):
            return "'orchestrate review \(task.id)' shows the diff; 'orchestrate continue \(task.id)' approves it"
        case .verified: return "it lands after the tasks ahead of it, if its tree passes the landing checks"
        case .landing: return "it lands if the landing checks pass; otherwise it is retried or fails"
        case .landed: return "nothing; 'orchestrate review \(task.id)' shows the commit"
        case .alreadyDone: return "nothing"
        case .skipped: return "nothing, unless 'orchestrate retry \(task.id)' asks for it"
        case .failed where attempts.last?.worker == Self.revert:
            return "the commit stays; when the cause is gone, reject it again with 'orchestrate review --reject'"
        case .failed:
            let resume = isActive ? "" : " and 'orchestrate resume'"
            return "fix the cause, then 'orchestrate retry \(task.id)'\(resume)"
        case .blocked:
            let cause = task.cause.map { "\($0)" } ?? "the task that it depends on"
            return "\(cause) has to be done first; 'orchestrate explain \(cause)' shows what it needs"
        }
    }

    private func taskRow(_ task: TaskRecord) -> [TextTable.Cell] {
        [.init(task.id.rawValue), .init(task.state.words, task.state.role), .init(task.reason)]
    }

    private func partRow(_ part: TaskRecord) -> [TextTable.Cell] {
        [
            .init(part.id.rawValue), .init(part.state.words, part.state.role), .init(part.title),
            .init(part.state.isGivenUp || part.state == .blocked ? part.reason : ""),
        ]
    }

    private func candidateLines(_ candidate: CandidateRecord, _ layout: Layout, now: Timestamp) -> [String] {
        let seconds = candidate.seconds ?? (candidate.ended ?? now) - candidate.started
        let words = candidate.failure.map(FailureText.line) ?? candidate.state.rawValue
        let tip = candidate.tip.map { "on \($0.short)" } ?? candidate.cause
        var rows: [[TextTable.Cell]] = [[.init(words, candidate.failure == nil ? nil : .bad), .init(tip)]]
        rows += CheckText.rows(candidate.checks)
        let title = "candidate \(candidate.number)  \(TimeText.span(seconds))"
        return Section.lines(title, layout, rows: rows) + DetailText.lines(candidate.failure, layout)
    }

    /// Reasons that the attempts and candidates above do not show.
    private func decisionRows(_ layout: Layout) -> [[TextTable.Cell]] {
        let shown: Set<String> = ["start", "check", "attempt-failed", "candidate-failed", "found-done"]
        return reasons.filter { !shown.contains($0.kind) }.map { reason in
            [
                .init(TimeText.clock(reason.time, offset: layout.clockOffset), .faint), .init(reason.kind),
                .init(reason.text),
            ]
        }
    }
}
