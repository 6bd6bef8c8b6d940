import Model

extension LiveView {
    /// A line of the list of the overview.
    enum Item: Equatable {
        case header(key: String, title: String, count: Int)
        /// A row of the document, by its place.
        case row(Int)
        /// Stands for the rows of a group that are not shown.
        case more(key: String, count: Int)
    }

    /// Rows of a long group of finished or waiting tasks that are shown before it is expanded.
    private static let shortList = 5

    func items(_ document: StatusDocument) -> [Item] {
        let filter = RowFilter(filter)
        var groups: [(key: String, title: String, rows: [Int])] = []
        var places: [String: Int] = [:]
        for (index, row) in document.rows.enumerated() where filter.isEmpty || filter.matches(row) {
            let (key, title) = group(of: row)
            if let place = places[key] {
                groups[place].rows.append(index)
            } else {
                places[key] = groups.count
                groups.append((key, title, [index]))
            }
        }
        if grouping != .actor { groups.sort { ($0.title, $0.key) < ($1.title, $1.key) } }
        return groups.flatMap { group -> [Item] in
            let isShort = grouping == .actor && ["queued", "landed"].contains(group.key)
            let shown =
                isShort && filter.isEmpty && !expanded.contains(group.key) ? Self.shortList : group.rows.count
            var items = [Item.header(key: group.key, title: group.title, count: group.rows.count)]
            items += group.rows.prefix(shown).map(Item.row)
            if group.rows.count > shown { items.append(.more(key: group.key, count: group.rows.count - shown)) }
            return items
        }
    }

    private func group(of row: TaskRow) -> (key: String, title: String) {
        switch grouping {
        case .actor: return (row.group.rawValue, row.group.words)
        case .state: return (row.state, row.state)
        case .worker: return (row.worker ?? "", row.worker ?? "no worker yet")
        case .directory:
            let file = row.files.first ?? ""
            let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? "./"
            return (folder, folder)
        }
    }

    /// What makes a line the same one in the next document; nil for a line that cannot be selected.
    static func identity(_ item: Item, _ document: StatusDocument) -> String? {
        switch item {
        case .header: nil
        case .row(let index): "task \(document.rows[index].task)"
        case .more(let key, _): "more \(key)"
        }
    }

    /// The row that the keys act on: the selected one, or the one of the open task.
    package func subject(_ document: StatusDocument) -> TaskRow? {
        switch screen {
        case .overview:
            guard let selected, selected.hasPrefix("task ") else { return nil }
            let name = selected.dropFirst(5)
            return document.rows.first { $0.task == name }
        case .task(let task): return document.rows.first { $0.task == task.rawValue }
        default: return nil
        }
    }

    /// Keeps selection and scrolling valid after a key, a new document or a new size.
    package mutating func settle(_ data: LiveData) {
        if screen == .overview {
            let items = items(data.document)
            let identities = items.map { Self.identity($0, data.document) }
            if selected == nil || !identities.contains(selected) {
                selected = identities.compactMap { $0 }.first
            }
            let place = selected.flatMap { identities.firstIndex(of: $0) }
            // The header of the first group stays in view.
            let shown = place == 1 ? 0 : place
            _ = window.lines(around: shown, count: items.count, height: listHeight(data))
            _ = window.lines(around: place, count: items.count, height: listHeight(data))
        } else {
            let lines = text(data)
            if isFollowing { reading.top = .max }
            _ = reading.lines(around: nil, count: lines.count, height: textHeight)
        }
    }

    /// Moves the selection of the overview, or scrolls a text.
    mutating func move(by step: Int, _ data: LiveData) {
        guard screen == .overview else {
            if step < 0 { isFollowing = false }
            reading.top += step
            return
        }
        let items = items(data.document)
        let selectable = items.compactMap { Self.identity($0, data.document) }
        guard !selectable.isEmpty else { return }
        let place = selected.flatMap { selectable.firstIndex(of: $0) } ?? 0
        selected = selectable[min(max(0, place + step), selectable.count - 1)]
    }

    /// Selects the next row that needs a person, after the selected one.
    /// - Returns: false if no row needs a person.
    mutating func selectNextNeeding(_ data: LiveData) -> Bool {
        let needing = data.document.rows.filter { $0.group == .needsYou }.map { "task \($0.task)" }
        guard !needing.isEmpty else { return false }
        let place = selected.flatMap { needing.firstIndex(of: $0) }
        let next = needing[place.map { ($0 + 1) % needing.count } ?? 0]
        screens = [.overview]
        if !items(data.document).contains(where: { Self.identity($0, data.document) == next }) { filter = "" }
        selected = next
        return true
    }
}

extension TaskRow.Group {
    package var words: String {
        switch self {
        case .needsYou: "needs you"
        case .failing: "failing"
        case .working: "working"
        case .landing: "landing"
        case .queued: "queued"
        case .landed: "landed"
        }
    }

    var role: Style.Role {
        switch self {
        case .needsYou: .urgent
        case .failing: .bad
        case .working, .landing: .busy
        case .queued: .faint
        case .landed: .good
        }
    }
}
