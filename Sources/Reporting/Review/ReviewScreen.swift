package import Model
import Review
import Store

/// The review queue on a terminal: keys go in, actions come out, and a frame is drawn. It reads and writes nothing.
package struct ReviewScreen: Sendable {
    /// What a key asks for.
    package enum Action: Sendable, Equatable {
        case none
        case quit
        case decide(ReviewDecision.Kind, [TaskID], text: String)
        /// Show the diff of a commit with another program.
        case open(ObjectID)
    }

    private enum Mode: Equatable {
        case normal
        case help
        /// Text is being typed: of a rejection, a comment or a filter.
        case typing(Typed, String)
    }

    private enum Typed: Equatable {
        case reason
        case comment
        case filter

        var label: String {
            switch self {
            case .reason: "reason for the rejection: "
            case .comment: "comment: "
            case .filter: "filter: "
            }
        }
    }

    private var queue: ReviewQueue
    private var mode = Mode.normal
    private var filter = ""
    /// The selected group, by its name: a decision may change the order.
    private var group: String?
    /// The selected commit, if the commits of the group are listed.
    private var commit: ObjectID?
    private var window = ScrollWindow()
    private var diffTop = 0
    /// The answer to the last decision.
    package var message = ""

    package init(_ queue: ReviewQueue) {
        self.queue = queue
        group = queue.groups.first?.group.id
    }

    /// Takes the queue as it is after a decision.
    package mutating func take(_ queue: ReviewQueue) {
        self.queue = queue
        if shownGroups.first(where: { $0.group.id == group }) == nil {
            group = shownGroups.first?.group.id
            commit = nil
        }
    }

    // MARK: What is selected

    private var shownGroups: [RankedGroup] {
        guard !filter.isEmpty else { return queue.groups }
        return queue.groups.filter { ranked in
            let group = ranked.group
            let members = group.members.map { queue.items[$0] }
            let words =
                [group.id, group.language, group.worker] + ranked.reasons.map(\.text) + group.edits.map(\.text)
                + members.flatMap { [$0.task.id.rawValue, $0.commit.hex] + $0.task.files }
            return words.contains { $0.lowercased().contains(filter.lowercased()) }
        }
    }

    private var selectedGroup: RankedGroup? { shownGroups.first { $0.group.id == group } }

    private var members: [ReviewQueue.Item] { (selectedGroup?.group.members ?? []).map { queue.items[$0] } }

    private var selectedItem: ReviewQueue.Item? {
        if let commit { return members.first { $0.commit == commit } }
        return (selectedGroup?.group.examples.first).map { queue.items[$0] }
    }

    /// The tasks that a decision is about.
    private var subject: [TaskID] { commit == nil ? members.map(\.task.id) : selectedItem.map { [$0.task.id] } ?? [] }

    // MARK: Keys

    package mutating func press(_ key: Key) -> Action {
        switch mode {
        case .help:
            mode = .normal
            return .none
        case .typing(let typed, let text): return edit(key, typed, text)
        case .normal: return command(key)
        }
    }

    private mutating func command(_ key: Key) -> Action {
        message = ""
        switch key {
        case .character("q"), .control("c"): return .quit
        case .character("?"): mode = .help
        case .character("/"): mode = .typing(.filter, filter)
        case .character("j"), .down: move(1)
        case .character("k"), .up: move(-1)
        case .character("g"), .home: move(-Int.max)
        case .character("G"), .end: move(Int.max)
        case .pageDown, .character(" "): diffTop += 10
        case .pageUp, .character("b"): diffTop = max(0, diffTop - 10)
        case .enter, .right:
            if commit == nil { commit = members.first?.commit }
            diffTop = 0
        case .escape, .left:
            if commit == nil, key == .escape { filter = "" }
            commit = nil
            diffTop = 0
        case .character("a"): return .decide(.approve, subject, text: "")
        case .character("s"): return .decide(.skip, subject, text: "")
        case .character("u"): return .decide(.undo, subject, text: "")
        case .character("r"): mode = .typing(.reason, "")
        case .character("c"): mode = .typing(.comment, "")
        case .character("d"): if let item = selectedItem { return .open(item.commit) }
        default: break
        }
        return .none
    }

    private mutating func edit(_ key: Key, _ typed: Typed, _ text: String) -> Action {
        switch key {
        case .escape, .control("c"): mode = .normal
        case .enter:
            mode = .normal
            return finish(typed, text)
        case .backspace: mode = .typing(typed, String(text.dropLast()))
        case .control("u"): mode = .typing(typed, "")
        case .character(let character): mode = .typing(typed, text + String(character))
        case .paste(let pasted): mode = .typing(typed, text + pasted)
        default: break
        }
        return .none
    }

    private mutating func finish(_ typed: Typed, _ text: String) -> Action {
        switch typed {
        case .filter:
            filter = text
            commit = nil
            if selectedGroup == nil { group = shownGroups.first?.group.id }
        case .reason, .comment:
            if text.allSatisfy(\.isWhitespace) {
                message = "nothing was typed, so nothing is done"
                return .none
            }
            return .decide(typed == .reason ? .reject : .comment, subject, text: text)
        }
        return .none
    }

    private mutating func move(_ step: Int) {
        func next(_ place: Int?, _ count: Int) -> Int {
            max(0, min(count - 1, (place ?? 0).saturatingSum(step)))
        }
        diffTop = 0
        if commit != nil {
            guard !members.isEmpty else { return }
            commit = members[next(members.firstIndex { $0.commit == commit }, members.count)].commit
        } else {
            let groups = shownGroups
            guard !groups.isEmpty else { return }
            group = groups[next(groups.firstIndex { $0.group.id == group }, groups.count)].group.id
        }
    }

    /// Goes on to the next group or commit that is open, after a decision.
    package mutating func advance() {
        if commit != nil, let next = members.first(where: \.isOpen) {
            commit = next.commit
            return
        }
        let groups = shownGroups
        let place = groups.firstIndex { $0.group.id == group } ?? 0
        let after = groups[place...].first { queue.open(in: $0) > 0 } ?? groups.first { queue.open(in: $0) > 0 }
        if let after, after.group.id != group {
            group = after.group.id
            commit = nil
            diffTop = 0
        }
    }

    // MARK: Drawing

    private static let leftWidth = 30
    private static let keys = "a approve r reject c comment s skip u undo Enter commits / filter ? help q leave"
    private static let help = [
        "j k, arrows     next and previous group or commit", "Enter, Esc      the commits of a group, and back",
        "Space, b        scroll the diff", "d               the diff in full, through delta, difft or the pager",
        "a               approve the group or commit", "r               reject it; asks for a reason",
        "c               comment", "s               skip: decide later", "u               take the last decision back",
        "/               show only groups with a word", "q               leave; all decisions are kept",
        "", "A rejected commit is reverted if the landing checks pass, and done again with your reason.",
    ]

    /// Draws a frame.
    package mutating func frame(width: Int, height: Int) -> Grid {
        var grid = Grid(width: width, height: height)
        let heading = queue.heading(Layout())
        grid.put(heading.first ?? "", row: 0, column: 0, style: CellStyle(.heading, isBold: true))
        if mode == .help {
            for (row, line) in Self.help.enumerated() { grid.put(line, row: row + 2, column: 2) }
            grid.put("any key closes this", row: height - 1, column: 0, style: CellStyle(.faint))
            return grid
        }
        let left = min(Self.leftWidth, max(16, width / 3))
        drawList(&grid, width: left, rows: 2..<max(2, height - 1))
        drawRight(&grid, column: left + 2, rows: 2..<max(2, height - 1))
        drawBottom(&grid, row: height - 1)
        return grid
    }

    private mutating func drawList(_ grid: inout Grid, width: Int, rows: Range<Int>) {
        let lines = commit == nil ? shownGroups.map(line) : members.map(Self.line)
        let selected =
            commit == nil
            ? shownGroups.firstIndex { $0.group.id == group } : members.firstIndex { $0.commit == commit }
        let shown = window.lines(around: selected, count: lines.count, height: rows.count)
        for (offset, place) in shown.enumerated() {
            let row = rows.lowerBound + offset
            let text = TextWidth.pad(TextWidth.fit(TextWidth.safe(lines[place].text), width), width)
            grid.put(
                text, row: row, column: 0, limit: width,
                style: CellStyle(lines[place].role, isReversed: place == selected))
        }
        if lines.isEmpty {
            grid.put(
                filter.isEmpty ? "nothing has landed" : "no group has '\(filter)'", row: rows.lowerBound, column: 0)
        }
    }

    private func line(_ ranked: RankedGroup) -> (text: String, role: Style.Role?) {
        let group = ranked.group
        let open = queue.open(in: ranked)
        let mark = open == 0 ? "✓" : group.isOdd ? "!" : " "
        let kind = ranked.reasons.first.map { $0.kind.rawValue } ?? ""
        let count = TextWidth.pad(open == group.members.count ? "\(open)" : "\(open)/\(group.members.count)", 5)
        return ("\(mark) \(group.id) \(count) \(group.language) \(kind)", open == 0 ? .faint : group.isOdd ? .bad : nil)
    }

    private static func line(_ item: ReviewQueue.Item) -> (text: String, role: Style.Role?) {
        let mark = item.isOpen ? " " : item.decision?.kind == .reject ? "✗" : "✓"
        return ("\(mark) \(item.commit.short) \(item.task.id)", item.isOpen ? nil : .faint)
    }

    private mutating func drawRight(_ grid: inout Grid, column: Int, rows: Range<Int>) {
        guard let selectedGroup, let item = selectedItem, column + 10 < grid.width else { return }
        let layout = Layout(width: grid.width - column)
        let evidence = queue.evidence(of: selectedGroup, layout, about: commit == nil ? nil : item)
        let room = max(3, rows.count * 2 / 5)
        var row = rows.lowerBound
        for line in evidence.prefix(room) where row < rows.upperBound {
            grid.put(line, row: row, column: column)
            row += 1
        }
        if row < rows.upperBound {
            grid.put(
                "\(item.commit.short) \(item.task.title)", row: row, column: column,
                style: CellStyle(.heading, isBold: true))
            row += 1
        }
        let diff = item.diff.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let height = max(1, rows.upperBound - row)
        diffTop = max(0, min(diffTop, diff.count - height))
        for line in diff.dropFirst(diffTop).prefix(height) {
            let shown = String(line).replacing("\t", with: "    ")
            grid.put(shown, row: row, column: column, style: CellStyle(DiffText.role(line)))
            row += 1
        }
    }

    private func drawBottom(_ grid: inout Grid, row: Int) {
        switch mode {
        case .typing(let typed, let text):
            let about = typed == .filter ? "" : "\(Count.text(subject.count, "commit")), "
            let used = grid.put("\(about)\(typed.label)\(text)", row: row, column: 0)
            grid.cursor = .init(row: row, column: min(used, grid.width - 1))
        default:
            grid.put(
                message.isEmpty ? Self.keys : message, row: row, column: 0,
                style: CellStyle(message.isEmpty ? .faint : .busy))
        }
    }
}
