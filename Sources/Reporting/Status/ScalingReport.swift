import Foundation
import Model

/// A plan's forecast for several numbers of workers, as a table and as a chart.
package struct ScalingReport: Sendable {
    /// The forecast with one number of workers.
    package struct Row: Sendable {
        package var workers: Int
        /// Median duration of a run, in seconds.
        package var seconds: Double
        /// 90th percentile of the duration, in seconds.
        package var longest: Double
        package var landed: Int
        package var failed: Int
        /// Candidates that were checked for each task that landed.
        package var checksPerTask: Double
        /// Cost of all attempts in US dollars; nil if no worker has told any.
        package var usd: Double?
        /// What kept the workers from work for most of the rest, and the fraction of their time; nil for nothing.
        package var limit: (words: String, share: Double)?

        package init(
            workers: Int, seconds: Double, longest: Double, landed: Int, failed: Int, checksPerTask: Double,
            usd: Double? = nil, limit: (words: String, share: Double)?
        ) {
            self.workers = workers
            self.seconds = seconds
            self.longest = longest
            self.landed = landed
            self.failed = failed
            self.checksPerTask = checksPerTask
            self.usd = usd
            self.limit = limit
        }
    }

    package var headline: String
    /// By the number of workers.
    package var rows: [Row]

    package init(headline: String, rows: [Row]) {
        self.headline = headline
        self.rows = rows
    }

    /// A run that takes at most this many times as long as the shortest one is as good.
    private static let asGood = 1.1
    /// The fraction of the workers' time below which nothing holds the run but the number of workers.
    private static let slack = 0.15

    /// The report for people, without a newline at the end.
    package func text(_ layout: Layout) -> String {
        var table = TextTable()
        let hasCost = rows.contains { $0.usd != nil }
        var head: [TextTable.Cell] = ["workers", "time", "9 of 10", "landed", "failed", "checks"].map { .init($0) }
        if hasCost { head.append(.init("USD")) }
        table.rows.append(head + [.init("held by")])
        for row in rows {
            var cells: [TextTable.Cell] = [
                .init("\(row.workers)"), .init(TimeText.span(row.seconds)), .init(TimeText.span(row.longest)),
                .init("\(row.landed)"), .init("\(row.failed)"), .init(String(format: "%.2f", row.checksPerTask)),
            ]
            if hasCost { cells.append(.init(row.usd.map(UsageText.money) ?? "")) }
            table.rows.append(cells + [.init(Self.words(of: row))])
        }
        return ([headline, ""] + table.lines(layout) + [""] + Self.key + [conclusion]).joined(separator: "\n")
    }

    private static let key = [
        "checks: landing checks for each task that landed",
        "held by: what leaves workers without work for most of the time: the graph (tasks",
        "  wait for tasks that they need), checks (no slot is free), the coordinator, or",
        "  few tasks (fewer than workers are left)",
    ]

    private static func words(of row: Row) -> String {
        guard let limit = row.limit, limit.share > slack else { return "workers" }
        return "\(limit.words) \((limit.share * 100).whole) %"
    }

    /// The number of workers beyond which more of them gain nothing.
    private var enough: Row? {
        guard let best = rows.map(\.seconds).min() else { return nil }
        return rows.first { $0.seconds <= Self.asGood * best }
    }

    private var conclusion: String {
        guard let enough, let last = rows.last else { return "" }
        guard enough.workers < last.workers else {
            return "Each of these numbers of workers ends the run sooner than the one before."
        }
        let held = last.limit.map { "; what holds them: \($0.words)" } ?? ""
        return "More than \(enough.workers) workers gain less than a tenth\(held)."
    }

    // MARK: The chart

    private static let size = (width: 760.0, height: 420.0)
    private static let margin = (left: 80.0, right: 20.0, top: 50.0, bottom: 60.0)

    /// The durations over the numbers of workers, both on logarithmic scales, as one SVG document. A dashed line shows what
    /// they would be if each worker did as much as those of the first row.
    package var chart: String {
        guard let first = rows.first, let last = rows.last else { return "" }
        let ideal = first.seconds * Double(first.workers) / Double(last.workers)
        let times = rows.map(\.seconds) + [ideal]
        let place = Self.place(
            workers: (Double(first.workers), Double(last.workers)),
            seconds: (max(0.001, times.min() ?? 1), max(0.002, times.max() ?? 1)))
        let points = rows.map { place(Double($0.workers), $0.seconds) }
        let labels = zip(rows, points).map { row, point in
            """
            <circle cx="\(point.x)" cy="\(point.y)" r="4"/>
            <text x="\(point.x)" y="\(point.y - 10)" text-anchor="middle">\(TimeText.span(row.seconds))</text>
            <text x="\(point.x)" y="\(Self.size.height - 35)" text-anchor="middle">\(row.workers)</text>
            """
        }.joined(separator: "\n")
        let start = place(Double(first.workers), first.seconds)
        let end = place(Double(last.workers), ideal)
        let line = points.map { "\($0.x),\($0.y)" }.joined(separator: " ")
        let base = Self.size.height - Self.margin.bottom
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.size.width)) \(Int(Self.size.height))" \
            font-family="system-ui, sans-serif" font-size="13">
            <rect width="100%" height="100%" fill="#ffffff"/>
            <g fill="#1b1f24">
            <text x="\(Self.margin.left)" y="24" font-size="15">\(MarkupText.escaped(headline))</text>
            <path d="M\(Self.margin.left),\(Self.margin.top)V\(base)H\(Self.size.width - Self.margin.right)" fill="none" \
            stroke="#888888"/>
            <path d="M\(start.x),\(start.y)L\(end.x),\(end.y)" stroke="#888888" stroke-dasharray="5"/>
            <polyline points="\(line)" fill="none" stroke="#0a6bcb" stroke-width="2"/>
            \(labels)
            <text x="\(Self.size.width / 2)" y="\(Self.size.height - 12)" text-anchor="middle">workers</text>
            <text x="14" y="\(Self.size.height / 2)">time</text>
            </g>
            </svg>

            """
    }

    /// Returns what turns workers and seconds into a place on the chart.
    private static func place(
        workers: (least: Double, most: Double), seconds: (least: Double, most: Double)
    ) -> (Double, Double) -> (x: Double, y: Double) {
        func share(_ value: Double, _ range: (least: Double, most: Double)) -> Double {
            range.most > range.least ? log(value / range.least) / log(range.most / range.least) : 0.5
        }
        let width = size.width - margin.left - margin.right - 60
        let height = size.height - margin.top - margin.bottom - 20
        return { count, time in
            let x = margin.left + 30 + share(count, workers) * width
            let y = margin.top + 20 + (1 - share(max(time, seconds.least), seconds)) * (height - 10)
            return ((x * 10).rounded() / 10, (y * 10).rounded() / 10)
        }
    }
}
