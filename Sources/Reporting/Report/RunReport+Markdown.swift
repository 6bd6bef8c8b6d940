import Foundation
import Model
import Store

extension RunReport {
    /// Rows of a long table that are shown.
    private static let mostRows = 500

    /// The record as Markdown, with a newline at the end.
    package var markdown: String {
        var parts = ["# \(Self.plain(run.plan.name))", summary, section("Why", quoted(run.plan.goal))]
        parts += [
            section("Decisions", list(decisions.map { "\(Self.day($0.time)): \($0.text)" })),
            section("Questions and answers", questionText), section("Lessons", list(lessons.map(\.body))),
            section("What landed", landedTable), section("What was not done", notDoneTable),
            section("Failures", failureTable), section("Flaky checks", list(flaky.map(Self.words))),
            section("Workers", workerTable), section("Checks", checkText),
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private var summary: String {
        var lines = [
            "- run: \(run.id), on `\(run.plan.integration)`, \(run.base.short)..\(run.tip.short)",
            "- time: \(Self.day(run.started)), \(TimeText.span(end - run.started))",
            "- tasks: " + counts.map { "\($0.count) \($0.state.words)" }.joined(separator: ", "),
        ]
        if let usage { lines.append("- cost: \(UsageText.words(usage))") }
        if !run.reason.isEmpty { lines.append("- end: \(Self.plain(run.reason))") }
        return lines.joined(separator: "\n")
    }

    private var questionText: String {
        questions.map { question, answers in
            let said = answers.map { "  \(Self.plain($0.body))" }
            return (["- **\(Self.plain(question.body))**"] + (said.isEmpty ? ["  (no answer)"] : said)).joined(
                separator: "\n")
        }.joined(separator: "\n")
    }

    private var landedTable: String {
        let reasons = reasonOf
        return table(
            ["commit", "task", "attempts", "why"],
            landed.map { task in
                [task.commit?.short ?? "", task.titleInReport, "\(task.attempts)", reasons[task.id] ?? ""]
            })
    }

    private var notDoneTable: String {
        table(
            ["task", "state", "attempts", "reason"],
            notDone.map { [$0.titleInReport, $0.state.words, "\($0.attempts)", $0.reason] })
    }

    private var failureTable: String {
        table(["class", "times", "for example"], failures.map { [$0.kind.rawValue, "\($0.count)", $0.example] })
    }

    private var workerTable: String {
        table(
            ["worker", "attempts", "verified", "failed", "failed held-back checks", "time", "usage"],
            workers.map { worker in
                [
                    worker.name, "\(worker.attempts)", "\(worker.verified)", "\(worker.failed)",
                    "\(worker.heldBack)",
                    TimeText.span(worker.seconds),
                    worker.usageWords,
                ]
            })
    }

    private var checkText: String {
        list(
            run.plan.stages.flatMap { stage in
                [("done", stage.verify.done), ("task", stage.verify.task), ("landing", stage.verify.landing)].flatMap {
                    kind, checks in checks.map { "\(kind): \($0.name): `\($0.run.replacing("`", with: "'"))`" }
                }
            })
    }

    static func words(_ flake: FlakeRate) -> String {
        "\(flake.check): \(Count.text(flake.flakes, "false alarm")) in \(Count.text(flake.runs, "run"))"
    }

    // MARK: Syntax

    private func section(_ title: String, _ body: String) -> String { body.isEmpty ? "" : "## \(title)\n\n\(body)" }

    private func list(_ items: [String]) -> String {
        items.map { "- \(Self.plain($0))" }.joined(separator: "\n")
    }

    private func quoted(_ text: String) -> String {
        OutsideText.lines(text).trimmingCharacters(in: .whitespacesAndNewlines)
            .split(separator: "\n", omittingEmptySubsequences: false).map { "> \($0)" }.joined(separator: "\n")
    }

    private func table(_ head: [String], _ rows: [[String]]) -> String {
        if rows.isEmpty { return "" }
        var lines = [line(head), line(head.map { _ in "---" })] + rows.prefix(Self.mostRows).map(line)
        if rows.count > Self.mostRows { lines.append("\nand \(rows.count - Self.mostRows) more") }
        return lines.joined(separator: "\n")
    }

    private func line(_ cells: [String]) -> String {
        "| " + cells.map { Self.plain($0).replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }

    /// Text from outside on one line, in which nothing is read as a tag.
    private static func plain(_ text: String) -> String {
        OutsideText.line(text).replacing("<", with: "&lt;").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The day and the minute in UTC.
    static func day(_ time: Timestamp) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "yyyy-MM-dd HH:mm"
        return formatter.string(from: Date(timeIntervalSince1970: time.seconds)) + " UTC"
    }
}
