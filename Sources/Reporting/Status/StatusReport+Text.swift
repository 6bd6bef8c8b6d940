import Model
import Store

extension StatusReport {
    func text(_ layout: Layout) -> String {
        var lines = [headline(layout), branchLine(layout)]
        lines += SandboxText.lines(run.plan, layout)
        if isActive { lines += layout.wrapped(run.plan.parallelWords) }
        lines += layout.wrapped(run.reason)
        if isActive { lines += layout.wrapped(run.waits) }
        if let used { lines += layout.wrapped("used \(used)") }
        lines += (forecast?.lines() ?? []).flatMap(layout.wrapped)
        lines += Section.lines("questions", layout, rows: questions.map(questionRow), limit: Section.listed)
        lines += Section.lines("waiting for approval", layout, rows: awaiting.map(approvalRow), limit: Section.listed)
        lines += Section.lines("tasks", layout, rows: countRows())
        lines += Section.lines("running", layout, rows: runningRows())
        lines += Section.lines("split", layout, rows: splitRows, limit: Section.listed)
        lines += Section.lines("cooling down", layout, rows: cooldowns.map(cooldownRow), limit: Section.listed)
        lines += Section.lines("waiting to land", layout, rows: queued.map(reasonRow), limit: Section.listed)
        lines += Section.lines("failed", layout, rows: failed.map(failedRow), limit: Section.listed)
        lines += Section.lines("blocked", layout, rows: blocked.map(reasonRow), limit: Section.listed)
        lines += branch.lines(layout)
        let next = nextCommand.map { ["", "next: \($0)"] } ?? []
        return (lines.map { layout.fit($0) } + next).joined(separator: "\n") + "\n"
    }

    private var used: String? {
        UsageText.words(
            usage, .init(requests: effort.requests, workerTime: effort.workerTime), limits: .init(run.plan.budget))
    }

    private func headline(_ layout: Layout) -> String {
        var parts = [run.id.rawValue, stateWords, TimeText.span(elapsed)]
        if let estimate, estimate > 0 { parts.append("about \(TimeText.about(estimate)) left") }
        return layout.style.paint(layout.fit(parts.joined(separator: "  ")), .heading)
    }

    private var stateWords: String {
        switch run.state {
        case .running: owner.map { "running (\($0))" } ?? "interrupted"
        case .stopped: "stopped"
        case .finished: isAllGreen ? "finished, all tasks done" : "finished"
        }
    }

    private func branchLine(_ layout: Layout) -> String {
        layout.style.paint(
            layout.fit("  \(run.plan.integration) at \(run.tip.short), from \(run.base.short)"), .faint)
    }

    private func countRows() -> [[TextTable.Cell]] {
        let rows = TaskState.reported.compactMap { state -> [TextTable.Cell]? in
            guard let count = counts[state], count > 0 else { return nil }
            return [.init(state.words, state.role), .init("\(count)")]
        }
        return rows + [[.init("all"), .init("\(total)")]]
    }

    private func runningRows() -> [[TextTable.Cell]] {
        let working = attempts.map { attempt -> [TextTable.Cell] in
            let working = attempt.worker.map { "\($0) in slot \(attempt.slot.map { "\($0)" } ?? "?")" }
            let doing = Fact.ReviewStarted.isReview(attempt.cause) ? attempt.cause : working
            return [
                .init(attempt.task.rawValue), .init("attempt \(attempt.number)"),
                .init(TimeText.span(now - attempt.started)), .init(doing ?? RunPhase.preparing.words, .busy),
            ]
        }
        let landing = landing.map { candidate -> [TextTable.Cell] in
            [
                .init(candidate.tasks.map(\.rawValue).joined(separator: " ")), .init("candidate \(candidate.number)"),
                .init(TimeText.span(now - candidate.started)),
                .init("landing: \(RunPhase.checkingCandidate.words); \(candidate.cause)", .busy),
            ]
        }
        return working + landing
    }

    /// Tasks that wait for their parts.
    private var splitRows: [[TextTable.Cell]] {
        let split = Set(rows.compactMap(\.partOf))
        guard !split.isEmpty else { return [] }
        return rows.filter { split.contains($0.task) && $0.state == TaskState.waiting.rawValue }.map { row in
            let parts = rows.filter { $0.partOf == row.task }
            let over = parts.count { TaskState(rawValue: $0.state)?.isSettled == true }
            return [.init(row.task), .init("\(over) of \(Count.text(parts.count, "part")) over", .busy)]
        }
    }

    private func reasonRow(_ task: TaskRecord) -> [TextTable.Cell] { [.init(task.id.rawValue), .init(task.reason)] }

    private func failedRow(_ task: TaskRecord) -> [TextTable.Cell] {
        [.init(task.id.rawValue, .bad), .init("\(task.reason) (after \(Count.text(task.attempts, "attempt")))")]
    }

    private func approvalRow(_ task: TaskRecord) -> [TextTable.Cell] {
        [.init(task.id.rawValue), .init(PersonText.approval(of: task.id))]
    }

    private func cooldownRow(_ cooldown: CooldownRecord) -> [TextTable.Cell] {
        [
            .init(cooldown.provider), .init("\(TimeText.span(cooldown.until - now)) left", .busy),
            .init(cooldown.reason),
        ]
    }

    private func questionRow(_ record: MessageRecord) -> [TextTable.Cell] {
        let message = record.message
        return [
            .init("\(message.id)"), .init(MessageText.party(message.sender)), .init(PersonText.question(message)),
        ]
    }

    private var nextCommand: String? {
        switch run.state {
        case .running: isActive ? nil : "orchestrate resume"
        case .stopped: run.commandToGoOn
        case .finished:
            FinalReport.next(after: failed) ?? (branch.isRed ? branch.next : "orchestrate review")
        }
    }
}
