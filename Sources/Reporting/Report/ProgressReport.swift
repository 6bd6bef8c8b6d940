import Foundation
package import Model
package import Store

/// How much of a migration is done: at some commits, over time, and when the rest will be.
package struct ProgressReport: Sendable {
    /// A commit that was looked at.
    package struct Look: Sendable {
        /// As the person named it.
        package var name: String
        package var look: FileLook

        package init(name: String, look: FileLook) {
            self.name = name
            self.look = look
        }
    }

    /// The state at some moment.
    struct Point: Sendable, Equatable {
        var time: Timestamp
        var open: Int
    }

    private let plan: String
    private let looks: [Look]
    /// Returns the names of the group of a file; nil for no groups.
    private let group: (@Sendable (String) -> String)?
    let points: [Point]
    private let now: Timestamp

    /// - Parameters:
    ///   - looks: the first one is the start, the last one is where things stand.
    ///   - landings: when each file landed, in order.
    package init(
        plan: String, looks: [Look], landings: [Timestamp], now: Timestamp,
        group: (@Sendable (String) -> String)? = nil
    ) {
        self.plan = plan
        self.looks = looks
        self.group = group
        self.now = now
        var open = looks.first.map { $0.look.files.count - $0.look.done } ?? 0
        points = landings.map { time in
            open = max(0, open - 1)
            return Point(time: time, open: open)
        }
    }

    /// Returns when each file of the plan's landed tasks landed.
    package static func landings(_ reader: StoreReader, plan: String) throws(StoreError) -> [Timestamp] {
        try reader.read { view in
            try view.runs().filter { $0.plan.name == plan }.flatMap { run in
                try view.tasks(of: run.id, in: [.landed]).filter { $0.landingOrder != nil }.flatMap { task in
                    task.files.map { _ in task.ended ?? task.since }
                }
            }.sorted()
        }
    }

    /// Seconds until all is done at the pace of the later half of the landings; nil without a pace, or if nothing is left.
    var forecast: Double? {
        guard let left = looks.last.map({ $0.look.files.count - $0.look.done }), left > 0, points.count > 1 else {
            return nil
        }
        let recent = points.suffix(max(2, points.count / 2))
        guard let first = recent.first, let last = recent.last, last.time > first.time, recent.count > 1 else {
            return nil
        }
        return Double(left) * (last.time - first.time) / Double(recent.count - 1)
    }

    package func render(_ format: OutputFormat, _ layout: Layout) throws -> String {
        switch format {
        case .text: return text(layout)
        case .json:
            return try DocumentJSON.text(document)
        }
    }

    // MARK: Text

    private func text(_ layout: Layout) -> String {
        var table = TextTable()
        for look in looks {
            table.add(
                .init(look.name), .init(look.look.commit.short),
                .init(Self.share(look.look.done, look.look.files.count)))
        }
        var lines = [layout.style.paint(plan, .heading)] + table.lines(layout)
        if !points.isEmpty {
            lines.append("  open files  \(sparkline(width: 40))  \(points[points.count - 1].open) left")
        }
        if let forecast {
            lines.append("  at the pace of the last landings, the rest takes \(TimeText.about(forecast))")
        }
        if let last = looks.last?.look, group != nil {
            var rows: [[TextTable.Cell]] = []
            for (name, done, total) in groups(of: last) {
                rows.append([
                    .init(name, done == total ? .good : nil), .init(Self.share(done, total)),
                    .init(Self.bar(done, total)),
                ])
            }
            lines += Section.lines("groups", layout, rows: rows)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func share(_ done: Int, _ total: Int) -> String {
        // Rounded down: only what is done completely is 100 %.
        "\(done) of \(total) done, \(total == 0 ? 100 : done * 100 / total) %"
    }

    private static func bar(_ done: Int, _ total: Int) -> String {
        let full = total == 0 ? 10 : done * 10 / total
        return String(repeating: "█", count: full) + String(repeating: "·", count: 10 - full)
    }

    /// The open files over time, each column as high as its share of those at the start.
    func sparkline(width: Int) -> String {
        guard let first = points.first, let last = points.last else { return "" }
        let levels = Array("▁▂▃▄▅▆▇█")
        let most = max(1, first.open + 1)
        let span = max(last.time - first.time, 1)
        var at = 0
        return String(
            (0..<width).map { column -> Character in
                let time = first.time + span * Double(column) / Double(max(1, width - 1))
                while at + 1 < points.count, points[at + 1].time <= time { at += 1 }
                return levels[min(levels.count - 1, points[at].open * levels.count / most)]
            })
    }

    private func groups(of look: FileLook) -> [(name: String, done: Int, total: Int)] {
        guard let group else { return [] }
        var sums: [String: (done: Int, total: Int)] = [:]
        for file in look.files {
            let name = group(file.path)
            sums[name, default: (0, 0)].total += 1
            if file.isDone { sums[name, default: (0, 0)].done += 1 }
        }
        return sums.sorted { $0.key < $1.key }.map { ($0.key, $0.value.done, $0.value.total) }
    }

    // MARK: JSON

    private struct Document: Encodable {
        struct Group: Encodable {
            var name: String
            var done: Int
            var total: Int
        }

        struct Commit: Encodable {
            var name: String
            var commit: String
            var done: Int
            var total: Int
            var open: [String]
            var groups: [Group]
        }

        struct Moment: Encodable {
            var time: Double
            var open: Int
        }

        var version = 1
        var plan: String
        var commits: [Commit]
        var burndown: [Moment]
        var forecastSeconds: Double?
    }

    private var document: Document {
        Document(
            plan: plan,
            commits: looks.map { look in
                .init(
                    name: look.name, commit: look.look.commit.hex, done: look.look.done, total: look.look.files.count,
                    open: look.look.files.filter { !$0.isDone }.map(\.path),
                    groups: groups(of: look.look).map { .init(name: $0.name, done: $0.done, total: $0.total) })
            }, burndown: points.map { .init(time: $0.time.seconds, open: $0.open) }, forecastSeconds: forecast)
    }

    // MARK: HTML

    /// The burndown as one page without other files.
    package var html: String {
        let rows = looks.map { look in
            "<tr><td>\(MarkupText.escaped(look.name))<td><code>\(look.look.commit.short)</code><td>"
                + "\(Self.share(look.look.done, look.look.files.count))"
        }.joined(separator: "\n")
        let groupRows = (looks.last.map { groups(of: $0.look) } ?? []).map { name, done, total in
            "<tr><td>\(MarkupText.escaped(name))<td><progress max=\"\(max(1, total))\" value=\"\(done)\"></progress><td>\(Self.share(done, total))"
        }.joined(separator: "\n")
        let rest =
            forecast.map { "<p>At the pace of the last landings, the rest takes \(TimeText.about($0)).</p>" } ?? ""
        return """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>\(MarkupText.escaped(plan)): progress</title>
            <style>
            :root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #0a6bcb; --faint: #8886; }
            @media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --paper: #16181c; --line: #6cb6ff; } }
            body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
            .wide { overflow-x: auto; } svg { width: 100%; min-width: 44rem; height: auto; }
            table { border-collapse: collapse; } td { padding: .2rem .8rem .2rem 0; white-space: nowrap; } progress { width: 6rem; }
            polyline { fill: none; stroke: var(--line); stroke-width: 2; } .axis { fill: none; stroke: var(--faint); }
            text { fill: var(--ink); font-size: 12px; }
            .ideal { stroke: var(--faint); stroke-dasharray: 4; }
            </style>
            <h1>\(MarkupText.escaped(plan))</h1>
            <div class="wide"><table>\(rows)</table></div>
            \(burndown)
            \(rest)
            <div class="wide"><table>\(groupRows)</table></div>
            </html>

            """
    }

    private var burndown: String {
        guard let first = points.first, let last = points.last else { return "<p>Nothing has landed yet.</p>" }
        let (width, height) = (800.0, 260.0)
        let most = Double(max(1, first.open + 1))
        let end = last.open > 0 ? last.time + (forecast ?? 0) : last.time
        let span = max(end - first.time, 1)
        func place(_ time: Timestamp, _ open: Int) -> String {
            let x = 50 + (time - first.time) / span * width
            let y = 10 + (1 - Double(open) / most) * height
            return String(format: "%.1f,%.1f", x, y)
        }
        let line = ([place(first.time, Int(most))] + points.map { place($0.time, $0.open) }).joined(separator: " ")
        let rest =
            forecast.map { _ in
                "<polyline class=\"ideal\" points=\"\(place(last.time, last.open)) \(place(end, 0))\"/>"
            } ?? ""
        return """
            <div class="wide"><svg viewBox="0 0 870 300" role="img" aria-label="Open files over time">
            <path class="axis" d="M50,10V270H850"/>
            <text x="0" y="20">\(Int(most))</text><text x="0" y="272">0</text>
            <text x="50" y="290">open files over \(TimeText.span(span))</text>
            <polyline points="\(line)"/>\(rest)
            </svg></div>
            """
    }
}
