package import Model
package import Store

/// The report at the end of a run: what landed, what did not and why, and what to type next.
package struct FinalReport: Sendable {
    let run: RunRecord
    let now: Timestamp
    let counts: [TaskState: Int]
    let landedHere: Int
    let failed: [TaskRecord]
    let blocked: [TaskRecord]
    let branch: BranchReport
    let affected: AffectedReport
    /// For each worker that passed what it saw and failed what it did not, how often.
    let heldBack: [String]
    /// What the rest of an unfinished run will use; nil while too little is known.
    let forecast: RestForecast?

    /// - Parameter run: the run; nil for the one started last.
    /// - Throws: `unknownRun`, or what reading throws.
    package init(_ reader: StoreReader, run id: RunID?, now: Timestamp) throws(StoreError) {
        self = try reader.read { view in
            try FinalReport(view, run: try StatusReport.find(id, in: view, path: reader.path), now: now)
        }
    }

    private init(_ view: StoreView, run: RunRecord, now: Timestamp) throws(StoreError) {
        self.run = run
        self.now = now
        counts = try view.counts(of: run.id)
        landedHere = try view.landedCount(of: run.id)
        failed = try view.tasks(of: run.id, in: [.failed, .skipped]).filter { !$0.files.isEmpty }
        blocked = try view.tasks(of: run.id, in: [.blocked]).filter { !$0.files.isEmpty }
        branch = try BranchReport(view, run)
        affected = try AffectedReport(view, run)
        heldBack = try view.workerRecords(of: run.id).compactMap(\.heldBackWords)
        forecast = try RestForecast(view, run)
    }

    /// Whether every task is done and no final check failed: exit code 0.
    package var isAllGreen: Bool { counts.allSatisfy { $0.key.isDone } && !branch.isRed }

    /// The report for people, with a newline at the end.
    package func text(_ layout: Layout) -> String {
        let total = counts.values.reduce(0, +)
        let done = counts.filter(\.key.isDone).values.reduce(0, +)
        let span = TimeText.span((run.ended ?? now) - run.started)
        let head = "\(run.id): \(done) of \(Count.text(total, "task")) done after \(span)"
        var lines = [layout.style.paint(head, .heading)]
        lines += SandboxText.lines(run.plan, layout)
        lines += layout.wrapped(run.reason)
        lines += (forecast?.lines() ?? []).flatMap(layout.wrapped)
        lines += TextTable(rows: countRows).lines(layout)
        lines += Section.lines(
            "failed", layout,
            rows: failed.map { task in
                let attempts = Count.text(task.attempts, "attempt")
                return [.init(task.id.rawValue, .bad), .init("\(task.reason) (after \(attempts))")]
            })
        lines += Section.lines(
            "blocked", layout, rows: blocked.map { [.init($0.id.rawValue), .init($0.reason)] }, limit: Section.listed)
        lines += heldBack.flatMap(layout.wrapped)
        lines += affected.lines(layout)
        lines += branch.lines(layout)
        return (lines.map { layout.fit($0) } + ["", "next: \(next)"]).joined(separator: "\n") + "\n"
    }

    private var countRows: [[TextTable.Cell]] {
        let before = counts[.landed, default: 0] - landedHere
        var rows: [[TextTable.Cell]] = []
        if landedHere > 0 {
            rows.append([.init("landed", .good), .init("\(landedHere)"), .init("on \(run.plan.integration)")])
        }
        if before > 0 { rows.append([.init("landed before", .good), .init("\(before)"), .init("in earlier runs")]) }
        let rest = TaskState.reported.filter { $0 != .landed }
        return rows
            + rest.compactMap { state in
                guard let count = counts[state], count > 0 else { return nil }
                return [.init(state.words, state.role), .init("\(count)")]
            }
    }

    /// The command to type next: resume an unfinished run, look at the failures, or review.
    private var next: String {
        if counts.contains(where: { !$0.key.isSettled }) { return run.commandToGoOn }
        if let next = Self.next(after: failed) { return next }
        if branch.isRed { return branch.next }
        if landedHere > 0 { return "orchestrate review" }
        return "git log \(run.plan.integration)"
    }

    /// The command for failed and skipped tasks: explain the only one, or show failures by class; nil without any.
    static func next(after tasks: [TaskRecord]) -> String? {
        if tasks.count(where: { $0.state == .failed }) > 1 { return "orchestrate failures" }
        return tasks.first.map { "orchestrate explain \($0.id)" }
    }
}

extension RunRecord {
    /// The first command that the reason for the run's stop names; `orchestrate resume` if it names none.
    var commandToGoOn: String {
        guard let start = reason.firstRange(of: "'orchestrate ") else { return "orchestrate resume" }
        let rest = reason[reason.index(after: start.lowerBound)...]
        return String(rest.prefix { $0 != "'" })
    }
}
