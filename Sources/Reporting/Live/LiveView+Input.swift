import Model

extension LiveView {
    /// Characters that a typed line may have.
    private static let longest = 2000

    /// Takes a key while a line is typed.
    mutating func edit(_ key: Key, _ data: LiveData) -> LiveEffect? {
        guard var line = input else { return nil }
        switch key {
        case .character(let character): line.text.append(character)
        case .paste(let text): line.text += text
        case .backspace:
            if line.text.isEmpty { return cancel() }
            line.text.removeLast()
        case .control("u"): line.text = ""
        case .control("w"): line.text = Self.withoutLastWord(line.text)
        case .tab: if line.purpose == .command { line.text = completed(line.text, data) }
        case .escape: return cancel()
        case .enter: return finish(line, data)
        default: return nil
        }
        line.text = String(line.text.prefix(Self.longest))
        input = line
        switch line.purpose {
        case .filter: filter = line.text
        case .search:
            search = line.text
            find(forward: true, data, fromHere: true)
        case .command, .note, .answer: break
        }
        return nil
    }

    private static func withoutLastWord(_ text: String) -> String {
        let kept = text.reversed().drop { $0 == " " }.drop { $0 != " " }
        return String(kept.reversed())
    }

    private mutating func cancel() -> LiveEffect? {
        switch input?.purpose {
        case .filter: filter = ""
        case .search: search = ""
        case .answer: isPeeking = false
        case .command, .note, nil: break
        }
        input = nil
        return nil
    }

    private mutating func finish(_ line: Input, _ data: LiveData) -> LiveEffect? {
        let text = line.text.trimmed
        input = nil
        switch line.purpose {
        case .filter, .search: return nil
        case .command: return run(text, data)
        case .note(let task):
            guard !text.isEmpty else { return nothingTyped() }
            let effect = LiveEffect.command(.retry(task: task, request: RetryRequest(note: text)))
            return effect
        case .answer(let question):
            isPeeking = false
            return text.isEmpty ? nothingTyped() : .answer(question: question, text: text)
        }
    }

    private mutating func nothingTyped() -> LiveEffect? {
        notice = Notice(text: "nothing was typed, so nothing was sent", role: .faint)
        return nil
    }
}

extension LiveView {
    /// Carries out a typed command: the name of an action, and for an action on a task the name of one.
    private mutating func run(_ text: String, _ data: LiveData) -> LiveEffect? {
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard let name = words.first else { return nil }
        if text == "quit" || text == "q" { return perform(.leave, by: nil, data) }
        let found = Self.actions(beginningWith: name)
        guard let action = found.first(where: { $0.rawValue == name }) ?? (found.count == 1 ? found.first : nil) else {
            let known = found.isEmpty ? "unknown command" : "may be \(found.map(\.rawValue).joined(separator: ", "))"
            notice = Notice(text: "\(name): \(known); Tab completes commands", role: .bad)
            return nil
        }
        if words.count > 1, let problem = select(words[1].trimmed, data) {
            notice = Notice(text: problem, role: .bad)
            return nil
        }
        return perform(action, by: nil, data)
    }

    /// Selects a task by its name or the beginning of it.
    /// - Returns: what is wrong with the name; nil for nothing.
    private mutating func select(_ name: String, _ data: LiveData) -> String? {
        let exact = data.document.rows.filter { $0.task == name || $0.files == [name] }
        let found = exact.isEmpty ? data.document.rows.filter { $0.task.hasPrefix(name) } : exact
        guard let row = found.first, found.count == 1 else {
            return found.isEmpty ? "no task is called '\(name)'" : "\(found.count) tasks begin with '\(name)'"
        }
        screens = [.overview]
        (filter, selected) = ("", "task \(row.task)")
        if !items(data.document).contains(where: { Self.identity($0, data.document) == selected }) {
            expanded.insert(row.group.rawValue)
        }
        return nil
    }

    private static func actions(beginningWith name: String) -> [LiveAction] {
        LiveAction.allCases.filter { $0 != .command && $0.rawValue.hasPrefix(name) }
    }

    /// The line with as much added as all possible ends share.
    private func completed(_ text: String, _ data: LiveData) -> String {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard let name = words.first else { return text }
        if words.count == 1 {
            let ends = Self.actions(beginningWith: name).map(\.rawValue)
            return ends.count == 1 ? ends[0] + " " : Self.common(ends) ?? text
        }
        let begun = words.dropFirst().joined(separator: " ")
        let tasks = data.document.rows.map(\.task).filter { $0.hasPrefix(begun) }
        return Self.common(tasks).map { "\(name) \($0)" } ?? text
    }

    /// Possible ends of the line, for the line below it.
    func completions(_ data: LiveData) -> [String] {
        guard let input, input.purpose == .command else { return [] }
        let words = input.text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        if words.count <= 1 { return Self.actions(beginningWith: words.first ?? "").map(\.rawValue) }
        let begun = words.dropFirst().joined(separator: " ")
        return data.document.rows.lazy.map(\.task).filter { $0.hasPrefix(begun) }.prefix(20).map { $0 }
    }

    private static func common(_ words: [String]) -> String? {
        guard var shared = words.first else { return nil }
        for word in words { while !word.hasPrefix(shared) { shared.removeLast() } }
        return shared
    }
}

extension String {
    fileprivate var trimmed: String {
        let head = drop { $0 == " " }
        return String(head.reversed().drop { $0 == " " }.reversed())
    }
}
