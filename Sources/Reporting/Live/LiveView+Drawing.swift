package import Model

extension LiveView {
    /// The picture.
    package func draw(_ data: LiveData, now: Timestamp) -> Grid {
        var grid = Grid(width: width, height: height)
        guard width >= Self.leastWidth, height >= Self.leastHeight else {
            grid.put("The live view needs \(Self.leastWidth) by \(Self.leastHeight) characters;", row: 0, column: 0)
            grid.put("this terminal has \(width) by \(height). Make it larger, or use --plain.", row: 1, column: 0)
            return grid
        }
        if screen == .overview {
            drawOverview(data, now, on: &grid)
        } else {
            drawText(data, on: &grid)
        }
        drawFoot(data, on: &grid)
        return grid
    }

    // MARK: The foot

    /// Lines for the notice or the typed line, and for the keys.
    var footHeight: Int { 3 }

    private func drawFoot(_ data: LiveData, on grid: inout Grid) {
        let row = height - footHeight
        if let confirmation {
            let used = grid.put(confirmation.question, row: row, column: 0, style: CellStyle(.urgent, isBold: true))
            grid.put("y: yes   n: no", row: row, column: used + 2, style: CellStyle(isBold: true))
        } else if let input {
            drawInput(input, row, on: &grid)
        } else if let notice {
            grid.put(notice.text, row: row, column: 0, style: CellStyle(notice.role, isBold: notice.role == .bad))
        } else if !filter.isEmpty, screen == .overview {
            grid.put("filter: \(filter)   (Esc takes it away)", row: row, column: 0, style: CellStyle(.faint))
        }
        drawKeys(data, row + 1, on: &grid)
    }

    private func drawInput(_ input: Input, _ row: Int, on grid: inout Grid) {
        let prompt =
            switch input.purpose {
            case .filter: "filter: "
            case .search: "search: "
            case .command: ":"
            case .note(let task): "retry \(task) with the note: "
            case .answer(let question): "answer to question \(question): "
            }
        let used = grid.put(prompt, row: row, column: 0, style: CellStyle(isBold: true))
        // The end of a long line is what a person is typing.
        var text = TextWidth.safe(input.text)
        while !text.isEmpty, TextWidth.of(text) > width - used - 1 { text.removeFirst() }
        let end = used + grid.put(text, row: row, column: used)
        grid.cursor = .init(row: row, column: min(end, width - 1))
    }

    /// The keys that apply, most useful first, in two lines.
    private func drawKeys(_ data: LiveData, _ row: Int, on grid: inout Grid) {
        var hints: [(key: String, label: String)]
        if confirmation != nil {
            hints = [("y", "yes"), ("n", "no")]
        } else if let input {
            hints = [
                ("Enter", input.purpose == .filter || input.purpose == .search ? "keep" : "send"), ("Esc", "cancel"),
            ]
            if input.purpose == .command {
                hints.append(("Tab", "complete: \(completions(data).prefix(12).joined(separator: " "))"))
            }
        } else {
            hints = applying(data)
        }
        var (line, column) = (row, 0)
        for hint in hints {
            let columns = TextWidth.of(hint.key) + 1 + TextWidth.of(hint.label)
            if column > 0, column + columns > width { (line, column) = (line + 1, 0) }
            guard line < height else { break }
            column += grid.put(hint.key, row: line, column: column, style: CellStyle(isBold: true)) + 1
            column += grid.put(hint.label, row: line, column: column, style: CellStyle(.faint)) + 2
        }
    }

    /// The keys that apply now.
    func applying(_ data: LiveData) -> [(key: String, label: String)] {
        let order: [LiveAction] = [
            .help, .leave, .back, .nextNeeding, .open, .approve, .peek, .retry, .skip, .log, .diff, .explain, .pause,
            .nextTab, .follow, .search, .nextMatch, .pager, .filter, .prioritise, .retryWithNote, .prompt, .regroup,
            .copy, .command, .review, .queue, .failures, .questions, .messages, .graph,
        ]
        return order.filter { $0.belongs(to: screen) && $0.objection(self, data) == nil }.compactMap { action in
            action.key.map { ($0.name, action.label(self, data)) }
        }
    }

    // MARK: A text

    private func drawText(_ data: LiveData, on grid: inout Grid) {
        drawTitle(data, on: &grid)
        let lines = text(data)
        var window = reading
        let shown = window.lines(around: nil, count: lines.count, height: textHeight)
        for (offset, line) in lines[shown].enumerated() {
            grid.put(line.text, row: 2 + offset, column: 0, style: CellStyle(line.role, isBold: line.role == .heading))
            mark(line.text, row: 2 + offset, on: &grid)
        }
        let place = lines.isEmpty ? "empty" : "\(shown.lowerBound + 1)–\(shown.upperBound) of \(lines.count)"
        let words = isFollowing ? "\(place), following" : place
        grid.put(words, row: 0, column: width - TextWidth.of(words), style: CellStyle(.faint))
    }

    /// Shows where a line contains the searched text.
    private func mark(_ text: String, row: Int, on grid: inout Grid) {
        let wanted = search.lowercased()
        guard !wanted.isEmpty, let range = text.lowercased().firstRange(of: wanted) else { return }
        let lower = text.lowercased()
        let start = TextWidth.of(String(lower[..<range.lowerBound]))
        grid.restyle(row: row, columns: start..<start + TextWidth.of(wanted)) { $0.isReversed = true }
    }

    private func drawTitle(_ data: LiveData, on grid: inout Grid) {
        guard case .task(let task) = screen else {
            let title =
                switch screen {
                case .queue: "landing queue"
                case .failures: "failures"
                case .questions: "questions"
                case .messages: "messages"
                case .graph: "graph: waves and longest chain"
                default: "help"
                }
            grid.put("\(data.document.run)  \(title)", row: 0, column: 0, style: CellStyle(.heading, isBold: true))
            return
        }
        let row = subject(data.document)
        var column = grid.put(
            task.rawValue, row: 0, column: 0, limit: width / 2,
            style: CellStyle(.heading, isBold: true, link: link(row, data)))
        column += 2
        if let row {
            let words = row.group.words == row.state ? row.state : "\(row.group.words): \(row.state)"
            grid.put(words, row: 0, column: column, limit: 24, style: CellStyle(row.group.role))
        }
        column = 0
        for (number, tab) in Tab.allCases.enumerated() {
            let style = CellStyle(tab == self.tab ? nil : .faint, isBold: tab == self.tab, isReversed: tab == self.tab)
            column += grid.put(" \(number + 1) \(tab.rawValue) ", row: 1, column: column, style: style)
        }
    }

    private func link(_ row: TaskRow?, _ data: LiveData) -> String? {
        guard let repository = data.repository, let file = row?.files.first else { return nil }
        return FileLink.address("\(repository)/\(file)")
    }
}

/// The address of a file, for a link that a terminal opens.
enum FileLink {
    static func address(_ path: String) -> String {
        let plain = Array("/-._~".utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in path.utf8 {
            let isLetter = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            if isLetter || plain.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return "file://" + String(decoding: bytes, as: UTF8.self)
    }
}
