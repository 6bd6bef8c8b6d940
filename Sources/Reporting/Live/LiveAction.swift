import Model

/// Something that a key of the live view does. The footer, the help, the commands after `:` and the keys themselves come from
/// this one list.
enum LiveAction: String, CaseIterable {
    case open, peek, log, diff, prompt, explain, retry, retryWithNote = "retry-note", skip, approve, pause
    case prioritise, regroup, nextNeeding = "next", copy, filter, command
    case review, queue, failures, questions, messages, graph
    case nextTab = "next-page", previousTab = "previous-page", search, nextMatch = "next-match"
    case previousMatch = "previous-match", follow, pager
    case stop, back, help, leave

    /// nil for an action that has only a command.
    var key: Key? {
        switch self {
        case .open: .enter
        case .peek: .character(" ")
        case .log: .character("l")
        case .diff: .character("d")
        case .prompt: .character("P")
        case .explain: .character("e")
        case .retry: .character("r")
        case .retryWithNote: .character("R")
        case .skip: .character("s")
        case .approve: .character("a")
        case .pause: .character("p")
        case .prioritise: .character("!")
        case .regroup: .character("g")
        case .nextNeeding: .tab
        case .copy: .character("y")
        case .filter, .search: .character("/")
        case .command: .character(":")
        case .review: .character("V")
        case .queue: .character("L")
        case .failures: .character("F")
        case .questions: .character("Q")
        case .messages: .character("M")
        case .graph: .character("G")
        case .nextTab: .right
        case .previousTab: .left
        case .nextMatch: .character("n")
        case .previousMatch: .character("N")
        case .follow: .character("f")
        case .pager: .character("v")
        case .stop: nil
        case .back: .escape
        case .help: .character("?")
        case .leave: .character("q")
        }
    }

    /// What the key does, in a word or two.
    func label(_ view: LiveView, _ data: LiveData) -> String {
        switch self {
        case .open: "open"
        case .help: "all keys"
        case .peek: view.subject(data.document)?.question == nil ? "peek" : "answer"
        case .retryWithNote: "retry + note"
        case .pause: data.document.waits.isEmpty ? "pause" : "continue"
        case .prioritise: "first"
        case .regroup: "group"
        case .nextNeeding: "needs you"
        case .nextTab: "next page"
        case .previousTab: "page before"
        case .nextMatch: "next match"
        case .previousMatch: "match before"
        case .follow: view.isFollowing ? "stop following" : "follow"
        case .leave: view.isOwner ? "stop" : "leave"
        default: rawValue
        }
    }

    /// What the help says.
    var words: String {
        switch self {
        case .open: "open the task, or show all rows of a group"
        case .peek: "show more of the row; answer the question of its worker"
        case .log: "show the output of the task's worker"
        case .diff: "show what the task changes"
        case .prompt: "show the prompt of the last attempt"
        case .explain: "say why the task is in its state, and what comes next"
        case .retry: "do the task again"
        case .retryWithNote: "do the task again, with a note in its prompt"
        case .skip: "give the task up"
        case .approve: "let a verified task land"
        case .pause: "pause the run, or continue it"
        case .prioritise: "start the task before all others"
        case .regroup: "group rows by who has to act, state, worker or directory"
        case .nextNeeding: "go to the next row that needs you"
        case .copy: "copy the task's name, or the lines on the screen"
        case .filter: "show some rows: s:failing w:codex o:@team d:src/ word"
        case .command: "type a command; Tab completes it"
        case .review: "review what has landed: groups of equal edits, and decisions"
        case .queue: "show the landing queue"
        case .failures: "show the failures"
        case .questions: "show the open questions"
        case .messages: "show all messages"
        case .graph: "show the waves of the plan and the longest chain"
        case .nextTab, .previousTab: "turn the pages of a task"
        case .search: "search in a text"
        case .nextMatch, .previousMatch: "go to another match"
        case .follow: "keep the end of the text in view"
        case .pager: "show the text in $PAGER"
        case .stop: "stop the run; `orchestrate resume` continues it"
        case .back: "go back; take the filter away"
        case .help: "show the keys"
        case .leave: "leave the view; where the run works in this terminal, stop it"
        }
    }

    /// Whether a screen has the action at all.
    func belongs(to screen: LiveView.Screen) -> Bool {
        let isText = screen != .overview
        switch self {
        case .filter, .regroup, .open, .peek: return !isText
        case .search, .nextMatch, .previousMatch, .follow, .pager: return isText
        case .nextTab, .previousTab:
            if case .task = screen { return true }
            return false
        default: return true
        }
    }
}

extension LiveAction {
    /// Why the action does not apply now; nil if it does.
    func objection(_ view: LiveView, _ data: LiveData) -> String? {
        let row = view.subject(data.document)
        switch self {
        case .open: return row == nil && !view.isOnMore ? "no row is selected" : nil
        case .peek, .log, .diff, .prompt, .explain, .retry, .retryWithNote, .skip, .approve, .prioritise:
            guard let row else { return "no task is selected" }
            return objection(to: row)
        case .copy: return row == nil && data.lines.isEmpty ? "there is nothing to copy" : nil
        case .pause, .stop:
            if data.document.isActive || (self == .pause && !data.document.waits.isEmpty) { return nil }
            return data.document.state == "finished"
                ? "the run has finished" : "the run is not running; 'orchestrate resume' continues it"
        case .review:
            return data.document.rows.contains { $0.commit != nil } ? nil : "nothing has landed yet"
        case .nextNeeding:
            return data.document.rows.contains { $0.group == .needsYou } ? nil : "nothing needs you"
        case .nextMatch, .previousMatch: return view.search.isEmpty ? "search with / first" : nil
        case .back:
            return view.screen == .overview && view.filter.isEmpty && !view.isPeeking ? "this is the first screen" : nil
        default: return nil
        }
    }

    private func objection(to row: TaskRow) -> String? {
        let isDone = row.group == .landed
        switch self {
        case .retry, .retryWithNote: return isDone ? "\(row.task) is done already" : nil
        case .skip:
            if isDone { return "\(row.task) is done already" }
            return row.state == TaskState.skipped.rawValue ? "\(row.task) is skipped already" : nil
        case .approve: return row.need == .approval ? nil : "\(row.task) does not wait for approval"
        case .prioritise:
            return row.group == .queued || row.state == TaskState.blocked.rawValue
                ? nil : "\(row.task) is \(row.group == .landed ? "done" : row.state) already"
        case .log, .prompt: return row.attempt > 0 ? nil : "no attempt at \(row.task) has begun"
        case .diff:
            return row.attempt > 0 || row.commit != nil ? nil : "no attempt at \(row.task) has begun"
        default: return nil
        }
    }
}

extension LiveView {
    /// Whether the line that stands for hidden rows is selected.
    var isOnMore: Bool { screen == .overview && selected?.hasPrefix("more ") == true }
}
