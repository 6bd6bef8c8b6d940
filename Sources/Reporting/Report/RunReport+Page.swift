import Foundation
import Model
import Store

extension RunReport {
    /// The record as one page that loads nothing and runs nothing, in the colours that the reader prefers.
    package var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>\(escaped(run.plan.name)): report</title>
        <style>
        \(Self.style)
        </style>
        </head>
        <body>
        <h1>\(escaped(run.plan.name))</h1>
        \(figures)
        \(section("Why", "<blockquote>\(escaped(run.plan.goal.trimmingCharacters(in: .whitespacesAndNewlines)))</blockquote>"))
        \(section("Timeline", timeline))
        \(section("Tasks", legend + graph))
        \(section("Decisions", list(decisions.map { "<time>\(Self.day($0.time))</time> \(escaped($0.text))" })))
        \(section("Questions and answers", questionList))
        \(section("Lessons", list(lessons.map { escaped($0.body) })))
        \(section("What was not done", notDoneTable))
        \(section("What landed", landedTable))
        \(section("Failures", failureTable))
        \(section("Flaky checks", list(flaky.map { escaped(Self.words($0)) })))
        \(section("Workers", workerTable))
        \(section("Checks", checkTable))
        </body>
        </html>

        """
    }

    private static let style = """
        :root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --faint: #667080; --rule: #d5dae1;
          --landed: #2f8f4e; --done: #7fb894; --failed: #c93c37; --blocked: #a06a00; --running: #1f6fc4; --open: #9aa4b1; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e4e7eb; --paper: #15181c; --faint: #98a2af; --rule: #363c45;
          --landed: #57b877; --done: #3d7a53; --failed: #e5645f; --blocked: #d79b3a; --running: #6cb0f5; --open: #6d7783; } }
        body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 64rem;
          margin: 2rem auto; padding: 0 1rem; }
        h1, h2 { line-height: 1.2; } h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--rule); }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dt, time { color: var(--faint); }
        dd { margin: 0; overflow-wrap: anywhere; } blockquote { margin: 0; padding-left: 1rem; border-left: 3px solid var(--rule); white-space: pre-wrap; }
        .wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; min-width: 36rem; font-size: .9rem; }
        th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--rule); overflow-wrap: break-word; }
        th, td:first-child code, td span { white-space: nowrap; } td { max-width: 32rem; }
        code { font-size: .9em; } svg { min-width: 56rem; width: 100%; height: auto; display: block; } svg text { fill: var(--faint); font-size: 12px; }
        .landed, .passed, .verified { fill: var(--landed); color: var(--landed); } .already-done { fill: var(--done); color: var(--done); }
        .failed, .interrupted { fill: var(--failed); color: var(--failed); } .blocked, .skipped { fill: var(--blocked); color: var(--blocked); }
        .running, .landing, .checking { fill: var(--running); color: var(--running); } .waiting, .ready, .split { fill: var(--open); color: var(--open); }
        .edge { stroke: var(--rule); stroke-width: 1; fill: none; } .legend span { margin-right: 1rem; }
        @media print { :root { --ink: #000; --paper: #fff; color-scheme: light; } body { max-width: none; margin: 0; font-size: 12px; }
          .wide { overflow: visible; } svg, table { min-width: 0; } h2 { break-after: avoid; } tr, svg { break-inside: avoid; }
          * { print-color-adjust: exact; } }
        """

    // MARK: Parts

    private var figures: String {
        var rows = [
            ("run", "\(run.id) on \(run.plan.integration), \(run.base.short)..\(run.tip.short)"),
            ("time", "\(Self.day(run.started)), \(TimeText.span(end - run.started))"),
            ("tasks", counts.map { "\($0.count) \($0.state.words)" }.joined(separator: ", ")),
        ]
        if let usage { rows.append(("cost", UsageText.words(usage))) }
        if !run.reason.isEmpty { rows.append(("end", run.reason)) }
        return "<dl>" + rows.map { "<dt>\($0.0)</dt><dd>\(escaped($0.1))</dd>" }.joined() + "</dl>"
    }

    private func section(_ title: String, _ body: String) -> String {
        body.isEmpty ? "" : "<section><h2>\(title)</h2>\n\(body)</section>"
    }

    private func list(_ items: [String]) -> String {
        items.isEmpty ? "" : "<ul>" + items.map { "<li>\($0)</li>" }.joined(separator: "\n") + "</ul>"
    }

    private var questionList: String {
        list(
            questions.map { question, answers in
                "<strong>\(escaped(question.body))</strong><br>"
                    + (answers.isEmpty ? "no answer" : answers.map { escaped($0.body) }.joined(separator: "<br>"))
            })
    }

    private func table(_ head: [String], _ rows: [[String]]) -> String {
        if rows.isEmpty { return "" }
        let body = rows.map { row in "<tr>" + row.map { "<td>\($0)</td>" }.joined() + "</tr>" }.joined(separator: "\n")
        return "<div class=\"wide\"><table><thead><tr>" + head.map { "<th>\($0)</th>" }.joined()
            + "</tr></thead><tbody>\n\(body)\n</tbody></table></div>"
    }

    private var landedTable: String {
        let reasons = reasonOf
        return table(
            ["commit", "task", "attempts", "why"],
            landed.map { task in
                [
                    "<code>\(task.commit?.short ?? "")</code>", escaped(task.titleInReport), "\(task.attempts)",
                    escaped(reasons[task.id] ?? ""),
                ]
            })
    }

    private var notDoneTable: String {
        table(
            ["task", "state", "attempts", "reason"],
            notDone.map { task in
                [
                    escaped(task.titleInReport),
                    "<span class=\"\(task.state.rawValue)\">\(escaped(task.state.words))</span>",
                    "\(task.attempts)", escaped(task.reason),
                ]
            })
    }

    private var failureTable: String {
        table(
            ["class", "times", "for example"], failures.map { [$0.kind.rawValue, "\($0.count)", escaped($0.example)] })
    }

    private var workerTable: String {
        table(
            ["worker", "attempts", "verified", "failed", "failed held-back checks", "time", "usage"],
            workers.map { worker in
                [
                    escaped(worker.name), "\(worker.attempts)", "\(worker.verified)", "\(worker.failed)",
                    "\(worker.heldBack)",
                    TimeText.span(worker.seconds), escaped(worker.usageWords),
                ]
            })
    }

    private var checkTable: String {
        table(
            ["kind", "check", "command"],
            run.plan.stages.flatMap { stage in
                [("done", stage.verify.done), ("task", stage.verify.task), ("landing", stage.verify.landing)].flatMap {
                    kind, checks in checks.map { [kind, escaped($0.name), "<code>\(escaped($0.run))</code>"] }
                }
            })
    }

    private var legend: String {
        "<p class=\"legend\">"
            + counts.map { "<span class=\"\($0.state.rawValue)\">■ \($0.count) \(escaped($0.state.words))</span>" }
            .joined()
            + "</p>"
    }

    // MARK: Drawings

    /// Rows of the timeline: the slots and landing.
    private var timeline: String {
        let bars = bars
        guard !bars.isEmpty else { return "" }
        let rows = bars.map(\.row).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let span = max(end - run.started, 0.1)
        let (left, width, height) = (70.0, 900.0, 20.0)
        func x(_ time: Timestamp) -> Double { left + min(max((time - run.started) / span, 0), 1) * width }
        var lines = [
            "<svg viewBox=\"0 0 980 \(Int(Double(rows.count) * height) + 22)\" role=\"img\" aria-label=\"Timeline\">"
        ]
        for (number, row) in rows.enumerated() {
            let y = Double(number) * height
            lines.append("<text x=\"0\" y=\"\(Int(y + 14))\">\(escaped(row))</text>")
            for bar in bars where bar.row == row {
                let length = max(x(bar.end) - x(bar.start), 0.8)
                let box = String(
                    format: "x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" height=\"14\"", x(bar.start), y + 3, length)
                let words = "\(escaped(bar.label)): \(bar.state), \(TimeText.span(bar.end - bar.start))"
                lines.append("<rect class=\"\(bar.state)\" \(box)><title>\(words)</title></rect>")
            }
        }
        let bottom = Int(Double(rows.count) * height) + 16
        lines.append("<text x=\"70\" y=\"\(bottom)\">0</text>")
        lines.append("<text x=\"970\" y=\"\(bottom)\" text-anchor=\"end\">\(TimeText.span(span))</text></svg>")
        return "<div class=\"wide\">" + lines.joined(separator: "\n") + "</div>"
    }

    /// Maximum edges that are drawn; more would only be a surface.
    private static let mostEdges = 2000
    /// Tasks in one row of the graph.
    private static let perRow = 60

    /// The tasks by their distance from the first ones, each in the colour of its state.
    private var graph: String {
        let levels = levels
        var place: [TaskID: (x: Int, y: Int)] = [:]
        var y = 0
        for level in levels {
            for (number, task) in level.enumerated() {
                if number > 0, number % Self.perRow == 0 { y += 1 }
                place[task.id] = (number % Self.perRow, y)
            }
            y += 2
        }
        let size = 16
        var lines = [
            "<svg viewBox=\"0 0 \(Self.perRow * size) \(max(1, y) * size)\" role=\"img\" aria-label=\"Tasks by state\">"
        ]
        var edges = 0
        for task in tasks {
            for needed in dependencies[task.id] ?? [] where edges < Self.mostEdges {
                guard let from = place[task.id], let to = place[needed] else { continue }
                edges += 1
                lines.append(
                    "<path class=\"edge\" d=\"M\(from.x * size + 6),\(from.y * size + 6)L\(to.x * size + 6),\(to.y * size + 6)\"/>"
                )
            }
        }
        for task in tasks {
            guard let at = place[task.id] else { continue }
            lines.append(
                "<circle class=\"\(task.state.rawValue)\" cx=\"\(at.x * size + 6)\" cy=\"\(at.y * size + 6)\" r=\"5\">"
                    + "<title>\(escaped(task.title)): \(escaped(task.state.words))</title></circle>")
        }
        return "<div class=\"wide\">" + lines.joined(separator: "\n") + "</svg></div>"
    }

    /// The tasks by the length of the longest chain below them. The order of the plan has dependencies first.
    private var levels: [[TaskRecord]] {
        var depth: [TaskID: Int] = [:]
        var levels: [[TaskRecord]] = []
        for task in tasks.sorted(by: { $0.position < $1.position }) {
            let below = (dependencies[task.id] ?? []).compactMap { depth[$0] }.max()
            let own = below.map { $0 + 1 } ?? 0
            depth[task.id] = own
            while levels.count <= own { levels.append([]) }
            levels[own].append(task)
        }
        return levels
    }

    private func escaped(_ text: String) -> String { MarkupText.escaped(text) }
}
