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
        lines += Section.lines("why", layout, [[.init(why)]])
        lines += Section.lines("next", layout, [[.init(next)]])
        lines += Section.lines("depends on", layout, dependencies.map(taskRow))
        lines += Section.lines("needed by", layout, dependents.map(taskRow))
        for attempt in attempts { lines += AttemptText.lines(attempt, layout, now) }
        for candidate in candidates { lines += candidateLines(candidate, layout, now) }
        lines += Section.lines("waits and decisions", layout, decisionRows(layout))
        return lines.map { layout.fit($0) }.joined(separator: "\n") + "\n"
    }

    private var openDependencies: [TaskRecord] { dependencies.filter { !$0.state.isDone } }

    private var why: String {
        if !task.reason.isEmpty { return task.reason }
        switch task.state {
        case .waiting: return "\(Count.text(openDependencies.count, "task")) it depends on \(isOrAre) not green yet"
        case .ready: return "all it depends on is green; every worker is busy"
        case .running: return attempts.last.map { "attempt \($0.number) is under way: \($0.cause)" } ?? "under way"
        case .verified: return "verified, and behind others in the landing queue"
        case .landing: return candidates.last.map { "part of candidate \($0.number): \($0.cause)" } ?? "being checked"
        case .landed: return "its commit \(task.commit?.short ?? "") passed every landing check"
        case .alreadyDone: return "its 'done' checks held before any worker was started"
        case .failed: return "given up after \(Count.text(attempts.count, "attempt"))"
        case .skipped: return "skipped by a person"
        case .blocked: return "a dependency failed or was skipped"
        }
    }

    private var isOrAre: String { openDependencies.count == 1 ? "is" : "are" }

    /// What would have to happen for the task to move on.
    private var next: String {
        if !task.state.isSettled, !isActive { return "nobody works on the run: 'orchestrate resume' goes on with it" }
        switch task.state {
        case .waiting:
            let names = openDependencies.prefix(5).map { "\($0.id) (\($0.state.words))" }.joined(separator: ", ")
            let rest = openDependencies.count > 5 ? " and \(openDependencies.count - 5) more" : ""
            return "it starts once these are green: \(names)\(rest)"
        case .ready: return "it starts as soon as a worker is free"
        case .running: return "its worker ends; then guards and checks judge the diff"
        case .verified: return "it lands after what is before it, if the landing checks pass on that very tree"
        case .landing: return "it lands if the landing checks pass; else it is done again or set aside"
        case .landed: return "nothing; 'orchestrate review \(task.id)' shows the commit"
        case .alreadyDone: return "nothing; there was nothing to do"
        case .failed: return "mend the cause and run the plan again: what has landed is not done again"
        case .skipped: return "'orchestrate retry \(task.id)' tries it again"
        case .blocked:
            let cause = task.cause.map { "\($0)" } ?? "what holds it"
            return "\(cause) has to become green; 'orchestrate explain \(cause)' says what it lacks"
        }
    }

    private func taskRow(_ task: TaskRecord) -> [TextTable.Cell] {
        [.init(task.id.rawValue), .init(task.state.words, task.state.role), .init(task.reason)]
    }

    private func candidateLines(_ candidate: CandidateRecord, _ layout: Layout, _ now: Timestamp) -> [String] {
        let seconds = candidate.seconds ?? (candidate.ended ?? now) - candidate.started
        let words = candidate.failure.map { "\($0.kind.rawValue): \($0.summary)" } ?? candidate.state.rawValue
        let tip = candidate.tip.map { "on \($0.short)" } ?? candidate.cause
        var rows: [[TextTable.Cell]] = [[.init(words, candidate.failure == nil ? nil : .bad), .init(tip)]]
        rows += CheckText.rows(candidate.checks)
        let title = "candidate \(candidate.number)  \(TimeText.span(seconds))"
        return Section.lines(title, layout, rows) + DetailText.lines(candidate.failure, layout)
    }

    /// What is not told by the attempts and candidates already.
    private func decisionRows(_ layout: Layout) -> [[TextTable.Cell]] {
        let told: Set<String> = ["start", "check", "attempt-failed", "candidate-failed", "found-done"]
        return reasons.filter { !told.contains($0.kind) }.map { reason in
            [
                .init(TimeText.clock(reason.time, offset: layout.clockOffset), .faint), .init(reason.kind),
                .init(reason.text),
            ]
        }
    }
}
