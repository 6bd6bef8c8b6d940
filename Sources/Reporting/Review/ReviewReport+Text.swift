import Model
import Store

extension ReviewReport {
    /// The report for people, with a newline at the end.
    ///
    /// Evidence is never cut: a pager can scroll or fold it.
    /// - Parameter diff: of the one commit that was asked for, as it is to be shown.
    package func text(_ layout: Layout, diff: String? = nil) -> String {
        if isSingle, let entry = entries.first { return single(entry, layout, diff) }
        var lines = [
            layout.style.paint(run.plan.integration, .heading)
                + "  \(Count.text(entries.count, "commit"))  \(run.base.short)..\(run.tip.short)"
        ]
        lines += SandboxText.lines(run.plan, layout)
        for (index, entry) in entries.enumerated() { lines += listed(entry, number: index + 1, layout) }
        if entries.isEmpty { lines.append("  nothing has landed yet") }
        return lines.joined(separator: "\n") + "\n"
    }

    private func listed(_ entry: Entry, number: Int, _ layout: Layout) -> [String] {
        let commit = layout.style.paint(entry.task.commit?.short ?? "", .good)
        var lines = ["", "\(number). \(commit) \(TextWidth.safe(entry.task.title))"]
        guard let attempt = entry.attempt else {
            return lines + ["   \(entry.task.reason)"] + entry.unseen.map { "   unseen   \(Self.unseen($0))" }
        }
        lines.append("   task     \(entry.task.id)")
        lines.append("   work     \(work(entry.task, attempt))")
        lines += attempt.changes.map { "   file     \(TextWidth.safe($0.path))  +\($0.added) -\($0.removed)" }
        lines += entry.unseen.map { "   \(layout.style.paint("unseen", .bad))   \(Self.unseen($0))" }
        lines.append("   checks   \(checks(attempt.checks))")
        if let candidate = entry.candidate { lines.append("   landing  \(checks(candidate.checks))") }
        return lines
    }

    private func single(_ entry: Entry, _ layout: Layout, _ diff: String?) -> String {
        let task = entry.task
        guard let commit = entry.commit else {
            return "\(task.id) has no commit to review: it is \(task.state.words)\n"
                + "hint: 'orchestrate explain \(task.id)' says why\n"
        }
        var lines = [
            layout.style.paint("\(commit.hex)", .good), "",
            "    \(TextWidth.safe(task.title))",
        ]
        lines += SandboxText.lines(run.plan, layout)
        if entry.isVerified {
            let reason = task.reason.isEmpty ? "it waits for its turn in the landing queue" : task.reason
            lines += ["", "not landed:"] + layout.wrapped(reason)
        }
        if let attempt = entry.attempt {
            if !attempt.reason.isEmpty {
                lines.append("")
                lines += attempt.reason.split(omittingEmptySubsequences: false) { $0.isNewline }.map {
                    "    \(TextWidth.safe(String($0)))"
                }
            }
            var rows: [[TextTable.Cell]] = [
                [.init("task"), .init(task.id.rawValue)], [.init("run"), .init(run.id.rawValue)],
                [.init("work"), .init(work(task, attempt))],
            ]
            if let tree = entry.candidate?.tree { rows.append([.init("tree checked"), .init(tree.hex)]) }
            if let tip = entry.candidate?.tip { rows.append([.init("landed on"), .init(tip.short)]) }
            lines += Section.lines("evidence", layout, rows: rows)
            lines += Section.lines("seen by no landing check", layout, rows: entry.unseen.map { [.init($0, .bad)] })
            lines += Section.lines("task checks", layout, rows: CheckText.rows(attempt.checks))
            lines += Section.lines("landing checks", layout, rows: CheckText.rows(entry.candidate?.checks ?? []))
            lines += Section.lines(
                "files", layout, rows: attempt.changes.map { [.init($0.path), .init("+\($0.added) -\($0.removed)")] })
        } else {
            lines += ["", "    \(task.reason)"]
        }
        let text = lines.joined(separator: "\n") + "\n"
        return text + (diff.map { "\n\($0)" } ?? "")
    }

    private func work(_ task: TaskRecord, _ attempt: AttemptRecord) -> String {
        let worker = attempt.worker ?? "?"
        let seconds = TimeText.span(attempt.seconds ?? 0)
        let base = attempt.base.map { ", based on \($0.short)" } ?? ""
        return "\(worker), attempt \(attempt.number) of \(task.attempts), \(seconds)\(base)"
    }

    private static func unseen(_ path: String) -> String {
        "\(TextWidth.safe(path)): no landing check sees this file (check --probe)"
    }

    private func checks(_ checks: [CheckResult]) -> String {
        checks.isEmpty ? "none" : TextWidth.safe(CheckText.summary(checks))
    }
}
