import Model

extension LiveView {
    /// Takes a key.
    /// - Returns: what has to be done outside; nil for nothing.
    package mutating func press(_ key: Key, _ data: LiveData) -> LiveEffect? {
        defer { settle(data) }
        if key == .control("z") { return .suspend }
        if key == .control("l") { return .redraw }
        if let asked = confirmation { return answer(asked, key) }
        notice = nil
        if input != nil { return edit(key, data) }
        if let step = step(of: key, data) {
            move(by: step, data)
            return nil
        }
        if case .task = screen, case .character(let digit) = key, let number = digit.wholeNumberValue,
            number > 0, number <= Tab.allCases.count
        {
            open(.task(taskOfScreen), tab: Tab.allCases[number - 1])
            return nil
        }
        let named = LiveAction.allCases.first { $0.key == key && $0.belongs(to: screen) }
        guard let action = named ?? Self.other(key) else {
            if let elsewhere = LiveAction.allCases.first(where: { $0.key == key }) {
                notice = Notice(text: "\(key.name) (\(elsewhere.rawValue)) has no use on this screen", role: .faint)
            } else {
                notice = Notice(text: "\(key.name) does nothing; ? shows the keys", role: .faint)
            }
            return nil
        }
        return perform(action, by: key, data)
    }

    /// Keys that have another key's meaning.
    private static func other(_ key: Key) -> LiveAction? {
        switch key {
        case .backspace: .back
        case .right: .open
        default: nil
        }
    }

    private func step(of key: Key, _ data: LiveData) -> Int? {
        let page = max(1, (screen == .overview ? listHeight(data) : textHeight) - 1)
        switch key {
        case .down, .character("j"): return 1
        case .up, .character("k"): return -1
        case .pageDown: return page
        case .pageUp: return -page
        case .home: return -1_000_000
        case .end: return 1_000_000
        default: return nil
        }
    }

    private mutating func answer(_ asked: Confirmation, _ key: Key) -> LiveEffect? {
        switch key {
        case .character("y"), .character("Y"):
            confirmation = nil
            return asked.effect
        case .character("n"), .character("N"), .escape, .character("q"):
            confirmation = nil
            notice = Notice(text: "nothing was done", role: .faint)
        default: break
        }
        return nil
    }

    mutating func perform(_ action: LiveAction, by key: Key?, _ data: LiveData) -> LiveEffect? {
        if let objection = action.objection(self, data) {
            let name = key.map { "\($0.name) (\(action.label(self, data)))" } ?? action.rawValue
            notice = Notice(text: "\(name): \(objection)", role: .faint)
            return nil
        }
        if let row = subject(data.document), let effect = perform(action, on: row) { return effect }
        return performOnView(action, data)
    }

    /// Actions on one task.
    private mutating func perform(_ action: LiveAction, on row: TaskRow) -> LiveEffect? {
        let task = TaskID(row.task)
        switch action {
        case .retry: return ask(before: .command(.retry(task: task, request: nil)), "Retry", row)
        case .skip: return ask(before: .command(.skip(task: task)), "Skip", row)
        case .approve: return .command(.approve(task: task))
        case .prioritise: return .command(.prioritise(task: task))
        case .copy where screen == .overview: return .copy(row.task)
        case .retryWithNote: input = Input(purpose: .note(task), text: "")
        case .open: open(.task(task), tab: .why)
        case .log: open(.task(task), tab: .log)
        case .diff: open(.task(task), tab: .diff)
        case .prompt: open(.task(task), tab: .prompt)
        case .explain: open(.task(task), tab: .why)
        case .peek:
            isPeeking.toggle()
            if isPeeking, let question = row.question { input = Input(purpose: .answer(question), text: "") }
        default: break
        }
        return nil
    }

    /// Asks first where work of a worker would be lost.
    private mutating func ask(before effect: LiveEffect, _ verb: String, _ row: TaskRow) -> LiveEffect? {
        let loss: String
        switch row.state {
        case TaskState.running.rawValue: loss = "its worker is ended"
        case TaskState.verified.rawValue, TaskState.landing.rawValue: loss = "its verified work is dropped"
        default: return effect
        }
        confirmation = Confirmation(question: "\(verb) \(row.task)? Then \(loss).", effect: effect)
        return nil
    }

    private mutating func performOnView(_ action: LiveAction, _ data: LiveData) -> LiveEffect? {
        switch action {
        case .open: if let selected, isOnMore { expanded.insert(String(selected.dropFirst(5))) }
        case .pause: return .command(data.document.waits.isEmpty ? .pause : .proceed)
        case .stop: confirmation = Self.stopping
        case .regroup: regroup()
        case .nextNeeding: _ = selectNextNeeding(data)
        case .copy where screen != .overview: return .copy(shownText(data))
        case .filter: input = Input(purpose: .filter, text: filter)
        case .search: input = Input(purpose: .search, text: search)
        case .command: input = Input(purpose: .command, text: "")
        case .review: return .review
        case .queue: open(.queue)
        case .failures: open(.failures)
        case .questions: open(.questions)
        case .messages: open(.messages)
        case .graph: open(.graph)
        case .help: open(.help)
        case .nextTab: turn(by: 1)
        case .previousTab: turn(by: -1)
        case .nextMatch: find(forward: true, data)
        case .previousMatch: find(forward: false, data)
        case .follow: isFollowing.toggle()
        case .pager: return .page
        case .back: back()
        case .leave: return leave(data)
        default: break
        }
        return nil
    }

    private static let stopping = Confirmation(
        question: "Stop the run? Running attempts end first; `orchestrate resume` continues it.",
        effect: .command(.stop(atOnce: false)))

    private mutating func leave(_ data: LiveData) -> LiveEffect? {
        guard isOwner, data.document.isActive else { return .leave }
        confirmation = Self.stopping
        return nil
    }

    private mutating func regroup() {
        let all = Grouping.allCases
        let place = all.firstIndex(of: grouping) ?? 0
        grouping = all[(place + 1) % all.count]
        notice = Notice(
            text: "grouped by \(grouping == .actor ? "who has to act" : grouping.rawValue)", role: .faint)
    }

    private mutating func back() {
        if isPeeking {
            isPeeking = false
        } else if screens.count > 1 {
            screens.removeLast()
            (search, isFollowing, reading) = ("", false, ScrollWindow())
        } else {
            filter = ""
        }
    }

    private var taskOfScreen: TaskID {
        if case .task(let task) = screen { return task }
        return TaskID("")
    }

    mutating func open(_ next: Screen, tab: Tab = .why) {
        self.tab = tab
        (isPeeking, search, reading) = (false, "", ScrollWindow())
        // The end of a log is what a person wants to see.
        isFollowing = tab == .log || tab == .transcript
        if screen != next { screens.append(next) }
    }

    private mutating func turn(by step: Int) {
        let all = Tab.allCases
        let place = all.firstIndex(of: tab) ?? 0
        open(screen, tab: all[(place + step + all.count) % all.count])
    }
}
