package import Model
package import Store

/// A piece of advice from the runs of a plan, for its playbook.
package struct PlaybookProposal: Sendable, Equatable {
    package enum Source: Sendable, Equatable {
        /// A lesson that a task sent. Other tasks had it and landed.
        case lesson
        /// A person's note to a retry, of one task or of a class of failures.
        case note
    }

    /// Counted from 1. It stays while runs go on.
    package let number: Int
    package let source: Source
    package let text: String
    /// The task that sent it, or that the note was written for; nil for a lesson of a person.
    package let task: TaskID?
    /// The tasks that had it and landed, in order.
    package internal(set) var landed: [TaskID]
}

/// The proposals from all runs of a plan, in the order in which they became proposals.
package struct PlaybookProposals: Sendable, Equatable {
    package private(set) var all: [PlaybookProposal] = []
    /// Positions in `all`, by normalised text.
    private var places: [String: Int] = [:]

    /// Those of a plan that was never run.
    package static let none = PlaybookProposals([])

    /// - Parameter plan: the name of the plan.
    package init(_ reader: StoreReader, plan: String) throws(StoreError) {
        self = try reader.read { view in
            var found = PlaybookProposals.none
            for run in try view.runs().filter({ $0.plan.name == plan }).reversed() {
                found.take(try view.experience(of: run.id))
            }
            return found
        }
    }

    /// - Parameter runs: the events of each run, the oldest run first.
    init(_ runs: [[LoggedEvent]]) {
        for events in runs { take(events) }
    }

    /// The proposals that a playbook does not have.
    package func open(for playbook: Playbook) -> [PlaybookProposal] { all.filter { !playbook.has($0.text) } }

    /// What one run has said so far.
    private struct Experience {
        var lessons: [Int: Message] = [:]
        var received: [TaskID: Set<Int>] = [:]
        var notes: [TaskID: [String]] = [:]
        /// Notes whose command has no answer yet, by the command.
        var asked: [String: (text: String, tasks: [TaskID])] = [:]
    }

    private mutating func take(_ events: [LoggedEvent]) {
        var run = Experience()
        for event in events {
            switch event.body {
            case .fact(.message(let posted)) where posted.message.kind == .lesson:
                run.lessons[posted.message.id] = posted.message
            case .fact(.messagesGiven(let given)): run.received[given.task, default: []].formUnion(given.messages)
            case .fact(.control(let control)):
                if let note = control.command.note { run.asked[control.id] = note }
            case .decision(.answer(let answer)) where answer.isAccepted:
                guard let note = run.asked[answer.command] else { continue }
                for task in note.tasks { run.notes[task, default: []].append(note.text) }
                if let first = note.tasks.first { add(note.text, .note, of: first, landed: nil) }
            case .fact(.landed(let landed)): for commit in landed.commits { take(commit.task, of: run) }
            default: break
            }
        }
    }

    /// Takes what a task had that has landed.
    private mutating func take(_ task: TaskID, of run: Experience) {
        for note in run.notes[task] ?? [] { add(note, .note, of: task, landed: task) }
        for lesson in (run.received[task] ?? []).sorted().compactMap({ run.lessons[$0] }) {
            var sender: TaskID?
            if case .task(let name) = lesson.sender { sender = name }
            add(lesson.body, .lesson, of: sender, landed: task)
        }
    }

    private mutating func add(_ text: String, _ source: PlaybookProposal.Source, of task: TaskID?, landed: TaskID?) {
        let key = Playbook.normalised(text)
        guard !key.isEmpty else { return }
        if let place = places[key] {
            if let landed, !all[place].landed.contains(landed) { all[place].landed.append(landed) }
            return
        }
        places[key] = all.count
        all.append(
            PlaybookProposal(
                number: all.count + 1, source: source, text: text, task: task, landed: landed.map { [$0] } ?? []))
    }
}
