import Model

extension LiveView {
    /// Lines below the title of a text screen and above its footer.
    var textHeight: Int { max(1, height - 2 - footHeight) }

    /// The lines of an open text.
    func text(_ data: LiveData) -> [LiveLine] {
        switch screen {
        case .overview: []
        case .task, .failures, .messages, .graph: data.lines
        case .queue: LiveText.queue(data.document)
        case .questions: LiveText.questions(data.document)
        case .help: LiveText.help(self, data)
        }
    }

    /// The lines that are on the screen, for the clipboard.
    func shownText(_ data: LiveData) -> String {
        let lines = text(data)
        var window = reading
        return lines[window.lines(around: nil, count: lines.count, height: textHeight)].map(\.text)
            .joined(separator: "\n")
    }

    /// Scrolls to the next line with the searched text, around the end of the text.
    /// - Parameter fromHere: whether the first line that is shown counts.
    mutating func find(forward: Bool, _ data: LiveData, fromHere: Bool = false) {
        let wanted = search.lowercased()
        let lines = text(data)
        guard !wanted.isEmpty, !lines.isEmpty else { return }
        let found = lines.indices.filter { lines[$0].text.lowercased().contains(wanted) }
        guard let first = found.first, let last = found.last else {
            notice = Notice(text: "'\(search)' is not in this text", role: .bad)
            return
        }
        isFollowing = false
        let here = reading.top
        if forward {
            reading.top = found.first { fromHere ? $0 >= here : $0 > here } ?? first
        } else {
            reading.top = found.last { $0 < here } ?? last
        }
    }
}

/// Screens that are drawn from the document alone, as lines.
enum LiveText {
    /// The landing queue: candidates in the order in which they land, and what waits behind them.
    static func queue(_ document: StatusDocument) -> [LiveLine] {
        var lines = [LiveLine("\(document.branch) at \(String(document.tip.prefix(10)))", .heading)]
        for candidate in document.landing {
            lines.append(LiveLine("  ↑"))
            lines.append(LiveLine("candidate \(candidate.candidate)", .busy))
            for name in candidate.tasks {
                let row = document.rows.first { $0.task == name }
                lines.append(LiveLine("  \(name)  \(row.map(\.action) ?? "")"))
            }
        }
        let inCandidate = Set(document.landing.flatMap(\.tasks))
        let waiting = document.rows.filter { $0.group == .landing && !inCandidate.contains($0.task) }
        if !waiting.isEmpty {
            lines += [LiveLine("  ↑"), LiveLine("verified, not in a candidate yet", .faint)]
            lines += waiting.map { LiveLine("  \($0.task)  \($0.action)") }
        }
        if document.landing.isEmpty, waiting.isEmpty { lines.append(LiveLine("nothing waits to land", .faint)) }
        return lines
    }

    static func questions(_ document: StatusDocument) -> [LiveLine] {
        let approvals = document.rows.filter { $0.need == .approval }
        if document.questions.isEmpty, approvals.isEmpty { return [LiveLine("nothing needs you", .faint)] }
        let questions = document.questions.flatMap { question -> [LiveLine] in
            [LiveLine("question \(question.id) from \(question.task ?? "the coordinator")", .urgent)]
                + question.text.split(whereSeparator: \.isNewline).map { LiveLine("  \($0)") }
                + [LiveLine("  on its row, Space answers it; or: orchestrate answer \(question.id) TEXT", .faint)]
        }
        return questions
            + approvals.flatMap { row in
                [
                    LiveLine("\(row.task) waits for your approval", .urgent),
                    LiveLine("  on its row, d shows the diff and a approves it", .faint),
                ]
            }
    }

    /// All keys. Those that do not apply on the screen before are faint, and say why if they ever do there.
    static func help(_ view: LiveView, _ data: LiveData) -> [LiveLine] {
        var before = view
        if before.screens.count > 1 { before.screens.removeLast() }
        var lines = [LiveLine("Keys", .heading)]
        let moves = "move or scroll; PgUp, PgDn, Home and End too"
        lines.append(LiveLine(TextWidth.pad("↑ ↓ j k", 10) + moves))
        for action in LiveAction.allCases {
            let key = action.key?.name ?? ":\(action.rawValue)"
            let isHere = action.belongs(to: before.screen)
            let objection = isHere ? action.objection(before, data) : nil
            lines.append(
                LiveLine(TextWidth.pad(key, 10) + action.words, isHere && objection == nil ? nil : .faint))
            if let objection { lines.append(LiveLine("          now: \(objection)", .faint)) }
        }
        lines += [
            LiveLine(TextWidth.pad("Ctrl-L", 10) + "draw the screen again"),
            LiveLine(TextWidth.pad("Ctrl-Z", 10) + "stop the view until `fg`"), LiveLine(""),
            LiveLine("Each action is a command too, such as :retry TASK or :stop.", .faint),
        ]
        return lines
    }
}
