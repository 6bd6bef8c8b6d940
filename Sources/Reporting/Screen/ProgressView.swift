package import Model

/// The live picture of a run, drawn to a string.
package struct ProgressView: Sendable {
    package var width: Int
    package var height: Int
    package var style: Style

    /// - Parameters:
    ///   - width: columns of the terminal.
    ///   - height: most lines that a picture may have.
    package init(width: Int, height: Int, style: Style) {
        self.width = max(1, width)
        self.height = max(1, height)
        self.style = style
    }

    /// Draws a snapshot.
    /// - Returns: at most `height` lines of at most `width` columns, without a newline at the end.
    package func draw(_ snapshot: RunSnapshot, now: Timestamp) -> String {
        let head =
            [headline(snapshot, now)] + noticeLines(snapshot) + [bar(snapshot.counts), countLine(snapshot.counts)]
            + personLines(snapshot)
        let foot = footLines(snapshot, now)
        var middle = activityRows(snapshot, now)
        let room = height - head.count - foot.count
        if middle.count > max(0, room) {
            let shown = max(0, room - 1)
            let rest = middle.count - shown
            middle = Array(middle.prefix(shown))
            if room > 0 { middle.append([.init("and \(rest) more", .faint)]) }
        }
        let lines = head + TextTable(rows: middle, overflow: .cut).lines(Layout(width: width, style: style)) + foot
        return lines.prefix(height).joined(separator: "\n")
    }

    private func headline(_ snapshot: RunSnapshot, _ now: Timestamp) -> String {
        var parts = [snapshot.run.rawValue, TimeText.age(now - snapshot.started)]
        if let estimate = snapshot.estimate, estimate > 0 { parts.append("about \(TimeText.about(estimate)) left") }
        return style.paint(TextWidth.fit(parts.joined(separator: "  "), width), .heading)
    }

    /// Why nothing new starts. It may end with the command to type, so it is never cut.
    private func noticeLines(_ snapshot: RunSnapshot) -> [String] {
        guard let notice = snapshot.notice else { return [] }
        return TextWidth.wrap(TextWidth.safe(notice), width).map { style.paint($0, .heading) }
    }

    /// Questions, and tasks to approve, that are shown; `status` has all of them.
    private static let mostShown = 3

    /// What a person has to do. It comes before the attempts, which a small terminal may leave out.
    private func personLines(_ snapshot: RunSnapshot) -> [String] {
        let questions = snapshot.questions.map { message in
            let head = "question \(message.id) from \(MessageText.party(message.sender))"
            return "\(head): \(PersonText.question(message))"
        }
        let approvals = snapshot.approvals.map { "\($0) waits for approval: \(PersonText.approval(of: $0))" }
        return [questions, approvals].flatMap { texts in
            var lines = texts.prefix(Self.mostShown).flatMap { TextWidth.wrap(TextWidth.safe($0), width) }
            if texts.count > Self.mostShown {
                lines.append(TextWidth.fit("and \(texts.count - Self.mostShown) more: orchestrate status", width))
            }
            return lines.map { style.paint($0, .busy) }
        }
    }

    /// One column of the bar for each state, from done to stuck; a state with tasks gets at least one column.
    private func bar(_ counts: [TaskState: Int]) -> String {
        let total = counts.values.reduce(0, +)
        let done = counts.filter(\.key.isDone).values.reduce(0, +)
        let tally = " \(done)/\(total)"
        let room = width - tally.count - 2
        guard room >= 10, total > 0 else { return TextWidth.fit(tally, width) }
        let parts: [(Character, Style.Role, Int)] = [
            ("=", .good, done),
            ("-", .busy, counts[.landing, default: 0] + counts[.verified, default: 0]),
            (">", .busy, counts[.running, default: 0]),
            (".", .faint, counts[.ready, default: 0] + counts[.waiting, default: 0]),
            ("x", .bad, counts[.failed, default: 0] + counts[.blocked, default: 0]),
        ]
        let columns = Self.share(room, among: parts.map(\.2))
        let drawn = zip(parts, columns).map { part, columns in
            style.paint(String(repeating: part.0, count: columns), part.1)
        }
        return "[\(drawn.joined())]\(tally)"
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

    /// Done, stuck, then the rest: a narrow terminal shows the beginning.
    private static let countOrder: [TaskState] = [
        .landed, .alreadyDone, .failed, .skipped, .blocked, .running, .landing, .verified, .ready, .waiting,
    ]

    private func countLine(_ counts: [TaskState: Int]) -> String {
        var line = ""
        var used = 0
        for state in Self.countOrder {
            guard let count = counts[state], count > 0 else { continue }
            let text = "\(used == 0 ? "" : "  ")\(count) \(state.words)"
            guard used + text.count <= width else { break }
            line += style.paint(text, state.role)
            used += text.count
        }
        return line
    }

    private func activityRows(_ snapshot: RunSnapshot, _ now: Timestamp) -> [[TextTable.Cell]] {
        var rows = snapshot.activities.map { activity -> [TextTable.Cell] in
            let again = activity.attempt > 1 ? ", attempt \(activity.attempt)" : ""
            return [
                .init(TextWidth.fit(activity.task.rawValue, max(8, width / 3))),
                .init(TimeText.age(now - activity.since)),
                .init("\(activity.worker): \(activity.phase.words)\(again)", .busy),
            ]
        }
        for landing in snapshot.landing {
            let tasks = landing.tasks.map(\.rawValue).joined(separator: " ")
            rows.append([
                .init(TextWidth.fit(tasks, max(8, width / 3))), .init(TimeText.age(now - landing.since)),
                .init("landing: \(landing.phase.words)", .busy),
            ])
        }
        return rows
    }

    private func footLines(_ snapshot: RunSnapshot, _ now: Timestamp) -> [String] {
        var lines: [String] = []
        if let note = snapshot.lastLanded {
            lines.append(footLine("last landed ", note, .good, now: now))
        }
        if let note = snapshot.lastProblem {
            lines.append(footLine("last problem", note, .bad, now: now))
        }
        return lines
    }

    private func footLine(_ title: String, _ note: RunSnapshot.Note, _ role: Style.Role, now: Timestamp) -> String {
        let text = TextWidth.safe("\(title)  \(note.task)  \(note.text)  \(TimeText.age(now - note.time)) ago")
        return style.paint(TextWidth.fit(text, width), role)
    }
}
