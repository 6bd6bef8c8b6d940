import Model

extension LiveView {
    /// Lines of the list of the overview.
    func listHeight(_ data: LiveData) -> Int {
        max(1, height - headLines(data.document).count - 2 - footHeight - peekLines(data).count)
    }

    func drawOverview(_ data: LiveData, _ now: Timestamp, on grid: inout Grid) {
        let document = data.document
        var row = 0
        drawHeadline(document, now, on: &grid)
        row += 1
        drawBar(document, row, on: &grid)
        row += 1
        for line in headLines(document) {
            grid.put(line.text, row: row, column: 0, style: CellStyle(line.role, isBold: line.role == .urgent))
            row += 1
        }
        drawList(document, now, from: row, height: listHeight(data), on: &grid)
        for (offset, line) in peekLines(data).enumerated() {
            let place = height - footHeight - peekLines(data).count + offset
            grid.put(line.text, row: place, column: 0, style: CellStyle(line.role))
        }
    }

    // MARK: Head

    private func drawHeadline(_ document: StatusDocument, _ now: Timestamp, on grid: inout Grid) {
        let end = document.ended.map { Timestamp(seconds: $0) } ?? now
        var parts = [document.run, stateWords(document), TimeText.age(end - Timestamp(seconds: document.started))]
        if document.isActive, let estimate = document.estimateSeconds, estimate > 0 {
            parts.append(Self.rest(estimate, document.estimateLowSeconds, document.estimateHighSeconds))
        }
        grid.put(parts.joined(separator: "  "), row: 0, column: 0, style: CellStyle(.heading, isBold: true))
    }

    private func stateWords(_ document: StatusDocument) -> String {
        if document.state == "finished" { return document.isAllGreen ? "finished, all tasks done" : "finished" }
        if document.isActive { return document.waits.isEmpty ? "running" : "paused" }
        return document.state == "running" ? "interrupted" : "stopped"
    }

    /// `about 12 m left (9 m to 20 m)`
    static func rest(_ estimate: Double, _ low: Double?, _ high: Double?) -> String {
        let words = "about \(TimeText.about(estimate)) left"
        guard let low, let high else { return words }
        let (first, last) = (TimeText.about(low), TimeText.about(high))
        return first == last ? words : "\(words) (\(first) to \(last))"
    }

    private func drawBar(_ document: StatusDocument, _ row: Int, on grid: inout Grid) {
        let counts = document.counts
        func sum(_ states: TaskState...) -> Int { states.reduce(0) { $0 + counts[$1.rawValue, default: 0] } }
        let total = counts.values.reduce(0, +)
        let done = sum(.landed, .alreadyDone)
        let tally = " \(done)/\(total)"
        let room = width - tally.count - 2
        let parts: [(String, Style.Role, Int)] = [
            ("=", .good, done), ("-", .busy, sum(.landing, .verified)), (">", .busy, sum(.running)),
            (".", .faint, sum(.ready, .waiting)), ("x", .bad, sum(.failed, .blocked, .skipped)),
        ]
        var column = grid.put("[", row: row, column: 0)
        for (part, columns) in zip(parts, Self.share(room, among: parts.map(\.2))) {
            column += grid.put(
                String(repeating: part.0, count: columns), row: row, column: column, style: CellStyle(part.1))
        }
        column = max(column, 1 + room)
        column += grid.put("]", row: row, column: column)
        grid.put(tally, row: row, column: column, style: CellStyle(isBold: true))
    }

    /// Columns in proportion to the counts. The widest one absorbs the rounding error.
    static func share(_ room: Int, among counts: [Int]) -> [Int] {
        let total = counts.reduce(0, +)
        guard total > 0 else { return counts.map { _ in 0 } }
        var columns = counts.map { $0 == 0 ? 0 : max(1, $0 * room / total) }
        if let widest = columns.indices.max(by: { columns[$0] < columns[$1] }) {
            columns[widest] += room - columns.reduce(0, +)
        }
        return columns
    }

    /// Figures, landing queue, and why the run waits.
    func headLines(_ document: StatusDocument) -> [LiveLine] {
        var lines = [LiveLine(countWords(document)), LiveLine(figures(document), .faint), LiveLine(chain(document))]
        if let words = requests(document) { lines.append(LiveLine(words)) }
        if document.isActive, !document.waits.isEmpty {
            lines.append(LiveLine("\(document.waits) (here: p)", .urgent))
        } else if !document.reason.isEmpty, document.state != "finished" {
            lines.append(LiveLine(document.reason, .urgent))
        }
        if !document.isActive, document.state != "finished", !document.reason.contains("orchestrate resume") {
            lines.append(LiveLine("'orchestrate resume' continues the run", .urgent))
        }
        lines += document.cooldowns.map {
            LiveLine("\($0.provider) cools down for \(TimeText.age($0.seconds)): \($0.reason)", .busy)
        }
        return lines
    }

    private static let countOrder: [TaskState] = [
        .landed, .alreadyDone, .failed, .skipped, .blocked, .running, .landing, .verified, .ready, .waiting,
    ]

    private func countWords(_ document: StatusDocument) -> String {
        Self.countOrder.compactMap { state in
            guard let count = document.counts[state.rawValue], count > 0 else { return nil }
            return "\(count) \(state.words)"
        }.joined(separator: "  ")
    }

    private func figures(_ document: StatusDocument) -> String {
        var parts = ["\(UsageText.rounded(document.landedPerHour.rounded())) landed/h"]
        if let share = document.firstAttemptShare {
            parts.append("\(Int((share * 100).rounded())) % at the first attempt")
        }
        let limits = Dictionary(document.budget.map { ($0.name, $0.limit) }) { $1 }
        if let usage = document.usage {
            let tokens = usage.inputTokens + usage.cachedTokens + usage.outputTokens
            if let usd = usage.usd ?? limits["usd"].map({ _ in 0 }) {
                let limit = limits["usd"].map { " of \(UsageText.money($0))" } ?? ""
                parts.append("\(UsageText.money(usd))\(limit) USD")
            }
            let limit = limits["tokens"].map { " of \(CompactText.number($0))" } ?? ""
            parts.append("\(CompactText.number(Double(tokens)))\(limit) tokens")
        }
        if let limit = limits["requests"] {
            parts.append("\(document.requests) of \(limit.whole) requests")
        }
        if let limit = limits["worker_time"] {
            parts.append("\(TimeText.age(document.workerSeconds)) of \(TimeText.age(limit)) worker time")
        }
        if let wall = document.budget.first(where: { $0.name == "wall" }) {
            parts.append("\(TimeText.about(wall.limit - wall.used)) of \(TimeText.about(wall.limit)) left")
        }
        return parts.joined(separator: " · ")
    }

    /// `queue: 4 a.py b.py → 5 c.py → 3 wait`
    private func chain(_ document: StatusDocument) -> String {
        let inCandidate = document.landing.reduce(0) { $0 + $1.tasks.count }
        let waiting = document.rows.count { $0.group == .landing } - inCandidate
        var links = document.landing.prefix(4).map { candidate in
            let names = candidate.tasks.prefix(2).joined(separator: " ")
            return "\(candidate.candidate) \(names)\(candidate.tasks.count > 2 ? " +\(candidate.tasks.count - 2)" : "")"
        }
        if document.landing.count > 4 { links.append("\(document.landing.count - 4) more") }
        if waiting > 0 { links.append("\(waiting) wait") }
        return "landing queue: \(links.isEmpty ? "empty" : links.joined(separator: " ← "))"
    }

    /// `pull requests: #12 (2 red) #13 draft  4 merged`; nil before one is opened.
    private func requests(_ document: StatusDocument) -> String? {
        guard !document.pullRequests.isEmpty else { return nil }
        let open = document.pullRequests.filter { $0.state == "open" || $0.state == "draft" }
        var parts = open.prefix(6).map { request in
            let checks = request.failedChecks > 0 ? " (\(request.failedChecks) red)" : ""
            return "#\(request.number) \(request.name)\(request.state == "draft" ? " draft" : "")\(checks)"
        }
        if open.count > parts.count { parts.append("\(open.count - parts.count) more") }
        for state in ["merged", "closed"] {
            let count = document.pullRequests.count { $0.state == state }
            if count > 0 { parts.append("\(count) \(state)") }
        }
        return "pull requests: \(open.isEmpty ? "none" : "\(open.count)") open: \(parts.joined(separator: ", "))"
    }

    // MARK: List

    private func drawList(
        _ document: StatusDocument, _ now: Timestamp, from top: Int, height: Int, on grid: inout Grid
    ) {
        let items = items(document)
        var window = window
        let shown = window.lines(around: nil, count: items.count, height: height)
        let names = items[shown].map { item in
            if case .row(let index) = item { TextWidth.of(document.rows[index].name) } else { 0 }
        }
        let columns = RowColumns(width: width, names: names.max() ?? 0)
        for (offset, item) in items[shown].enumerated() {
            let line = top + offset
            switch item {
            case .header(_, let title, let count):
                let role = TaskRow.Group.allCases.first { $0.words == title }?.role
                grid.put("\(title) \(count)", row: line, column: 0, style: CellStyle(role ?? .heading, isBold: true))
            case .row(let index): columns.draw(document.rows[index], line, now, on: &grid)
            case .more(_, let count):
                grid.put(
                    "… \(Count.text(count, "more task")), Enter shows them", row: line, column: 2,
                    style: CellStyle(.faint))
            }
            if Self.identity(item, document) == selected, selected != nil {
                grid.put(">", row: line, column: 0, style: CellStyle(isBold: true))
                grid.restyle(row: line, columns: 0..<width) { style in
                    // One colour: a line of several is hard to read reversed.
                    style = CellStyle(isBold: style.isBold, isReversed: true)
                }
            }
        }
        if items.isEmpty {
            let words = document.rows.isEmpty ? "the run has no tasks" : "no task matches the filter"
            grid.put(words, row: top, column: 2, style: CellStyle(.faint))
        }
    }

    /// More about the selected row, between the list and the foot.
    func peekLines(_ data: LiveData) -> [LiveLine] {
        guard isPeeking, screen == .overview, let row = subject(data.document) else { return [] }
        let text: String
        if let question = row.question, let asked = data.document.questions.first(where: { $0.id == question }) {
            text = "question \(question): \(asked.text)"
        } else {
            text = row.action
        }
        let wrapped = TextWidth.wrap(TextWidth.safe(text), width - 2)
        let files = row.files.joined(separator: " ")
        return [LiveLine(String(repeating: "─", count: width), .faint), LiveLine("  \(row.title)", .heading)]
            + (files == row.title ? [] : [LiveLine("  \(files)", .faint)])
            + wrapped.prefix(5).map { LiveLine("  \($0)") }
    }
}

extension TaskRow {
    /// The name in the list. A part is marked.
    var name: String { partOf == nil ? task : "└ \(task)" }
}

/// The columns of a row: task, worker, phase, action, age, tokens, money.
struct RowColumns {
    private let task: Int
    private let worker: Int
    private let phase: Int
    private let action: Int
    private let age: Int
    private let tokens: Int
    private let usd: Int

    /// - Parameter names: columns of the longest name of a task.
    init(width: Int, names: Int) {
        // By what matters most; the order on the line is another one.
        let widths = ColumnWidths.share(
            width - 2,
            among: [
                .init(least: 16, most: min(names, 48)), .init(least: 22, most: 400), .init(least: 4, most: 4),
                .init(least: 9, most: 14), .init(least: 7, most: 7), .init(least: 4, most: 5), .init(least: 5, most: 6),
            ])
        (task, action, age, worker, phase, tokens, usd) = (
            widths[0], widths[1], widths[2], widths[3], widths[4], widths[5], widths[6]
        )
    }

    func draw(_ row: TaskRow, _ line: Int, _ now: Timestamp, on grid: inout Grid) {
        var column = 2
        func put(_ text: String, _ width: Int, _ role: Style.Role? = nil, right: Bool = false) {
            guard width > 0 else { return }
            let space = right ? max(0, width - TextWidth.of(text)) : 0
            grid.put(text, row: line, column: column + space, limit: width - space, style: CellStyle(role))
            column += width + 1
        }
        put(row.name, task, row.group == .needsYou ? .urgent : nil)
        put(row.worker.map { "\($0)·\(row.attempt)" } ?? (row.attempt > 0 ? "·\(row.attempt)" : ""), worker, .faint)
        put(row.phase.flatMap(RunPhase.init(rawValue:))?.shortWord ?? "", phase, .busy)
        put(row.action, action, row.group == .failing ? .bad : nil)
        put(CompactText.age(now - Timestamp(seconds: row.since)), age, .faint, right: true)
        put(row.tokens.map { CompactText.number(Double($0)) } ?? "", tokens, .faint, right: true)
        put(row.usd.map(CompactText.money) ?? "", usd, .faint, right: true)
    }
}

/// Figures for narrow columns.
enum CompactText {
    /// `950`, `45k`, `1.2M`
    static func number(_ value: Double) -> String {
        let value = max(0, value)
        if value < 1000 { return "\(value.whole)" }
        if value < 999_500 { return "\((value / 1000).rounded().whole)k" }
        let tenths = (value / 100_000).rounded().whole
        return tenths >= 1000 ? "\(tenths / 10)M" : "\(tenths / 10).\(tenths % 10)M"
    }

    /// `0.41`, `12.3`, `4567`
    static func money(_ usd: Double) -> String {
        let cents = (max(0, usd) * 100).whole
        if cents < 1000 { return "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)" }
        if cents < 100_000 { return "\(cents / 100).\(cents % 100 / 10)" }
        return "\(cents / 100)"
    }

    /// `12s`, `3m`, `2h05`, `4d`
    static func age(_ seconds: Double) -> String {
        let whole = (seconds.isFinite ? max(0, seconds) : 0).whole
        if whole < 60 { return "\(whole)s" }
        if whole < 3600 { return "\(whole / 60)m" }
        if whole < 86_400 { return "\(whole / 3600)h\(whole / 60 % 60 < 10 ? "0" : "")\(whole / 60 % 60)" }
        return "\(whole / 86_400)d"
    }
}
