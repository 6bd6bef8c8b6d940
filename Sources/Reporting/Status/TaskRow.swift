import Model
import Store

/// A task of the overview: who has to act, and what happens to it now.
package struct TaskRow: Sendable, Equatable, Encodable {
    /// Who has to act, in the order in which the groups are shown.
    package enum Group: String, Sendable, CaseIterable, Encodable {
        /// A worker asks, or waits for approval.
        case needsYou = "needs-you"
        /// Given up, or blocked by such a task.
        case failing
        case working
        /// Verified, or part of a candidate.
        case landing
        case queued
        /// Its commit is on the integration branch, or none was needed.
        case landed
    }

    /// What a person is needed for.
    package enum Need: String, Sendable, Encodable {
        case answer, approval
    }

    package var task: String
    package var title: String
    package var group: Group
    package var state: String
    package var files: [String]
    /// Who owns its files, by the repository's CODEOWNERS; empty where nobody does.
    package var owners: [String] = []
    /// Attempts started.
    package var attempt: Int
    /// nil if no worker was started for it.
    package var worker: String?
    /// nil unless an attempt or a candidate runs.
    package var phase: String?
    /// One line: what is done now, or why nothing is done.
    package var action: String
    /// When the task got into its state, in seconds since 1970.
    package var since: Double
    package var tokens: Int?
    package var usd: Double?
    package var need: Need?
    /// The number of the open question.
    package var question: Int?
    /// The failed or skipped task that blocks it.
    package var cause: String?
    /// The landed commit.
    package var commit: String?
    /// The task that was split into this one and others.
    package var partOf: String?
}

extension StatusDocument {
    /// Takes in what attempts and candidates are doing now, without reading the store again.
    package mutating func refresh(_ source: ActivitySource) {
        let candidates = Dictionary(
            landing.flatMap { candidate in candidate.tasks.map { ($0, candidate.candidate) } }
        ) { $1 }
        for index in rows.indices where rows[index].state == TaskState.running.rawValue || rows[index].group == .landing
        {
            let task = TaskID(rows[index].task)
            let activity: LiveActivity
            if let candidate = candidates[rows[index].task] {
                activity = source.candidate(candidate, task)
            } else if rows[index].state == TaskState.running.rawValue {
                activity = source.attempt(task, rows[index].attempt)
            } else {
                continue
            }
            rows[index].take(activity, candidate: candidates[rows[index].task])
        }
    }
}

extension TaskRow {
    /// Takes in what is done now; an activity that says nothing changes nothing.
    fileprivate mutating func take(_ activity: LiveActivity, candidate: Int?) {
        if let phase = activity.phase { self.phase = phase.rawValue }
        // A question stays in view until it has an answer.
        guard need == nil, activity != LiveActivity() else { return }
        let words = Self.words(activity, else: action)
        action = TextWidth.safe(candidate.map { "candidate \($0): \(words)" } ?? words)
    }
}

extension TaskRow {
    /// What the rows of all tasks are made from.
    struct Sources {
        var tasks: [TaskRecord]
        var attempts: [AttemptRecord]
        var candidates: [CandidateRecord]
        var questions: [MessageRecord]
        var effort: [TaskID: TaskEffort]
        var open: [TaskID: Int]
        var activity: ActivitySource
        var owners: CodeOwners?
    }

    /// The rows in the order of the overview, without the ends of stages.
    static func rows(_ sources: Sources) -> [TaskRow] {
        let running = Dictionary(sources.attempts.map { ($0.task, $0) }) { $1 }
        var candidate: [TaskID: CandidateRecord] = [:]
        for each in sources.candidates { for task in each.tasks { candidate[task] = each } }
        var questions: [TaskID: Message] = [:]
        for record in sources.questions.reversed() {
            if case .task(let task) = record.message.sender { questions[task] = record.message }
        }
        let parts = Dictionary(grouping: sources.tasks.filter { $0.partOf != nil }) { $0.partOf }
        let rows = sources.tasks.filter { !$0.files.isEmpty }.map { task in
            let effort = sources.effort[task.id]
            var row = TaskRow(
                task: task.id.rawValue, title: task.title, group: .queued, state: task.state.rawValue,
                files: task.files, attempt: task.attempts, worker: running[task.id]?.worker ?? effort?.worker,
                action: "", since: task.since.seconds, tokens: effort?.usage?.tokens, usd: effort?.usage?.usd,
                cause: task.cause?.rawValue, commit: task.commit?.hex,
                partOf: task.partOf?.rawValue)
            row.owners = sources.owners?.owners(of: task.files) ?? []
            row.describe(task, running[task.id], candidate[task.id], sources)
            if let parts = parts[task.id], task.state == .waiting { row.await(parts) }
            if let question = questions[task.id], !task.state.isDone { row.ask(question) }
            return row
        }
        return placingParts(sorted(rows))
    }

    /// Moves parts below their task, where both are in one group.
    private static func placingParts(_ rows: [TaskRow]) -> [TaskRow] {
        guard rows.contains(where: { $0.partOf != nil }) else { return rows }
        let groupOf = Dictionary(rows.map { ($0.task, $0.group) }) { first, _ in first }
        func isBelow(_ row: TaskRow) -> Bool { row.partOf.map { groupOf[$0] == row.group } ?? false }
        let below = Dictionary(grouping: rows.filter(isBelow)) { $0.partOf }
        func withParts(_ row: TaskRow) -> [TaskRow] {
            let parts = below[row.task, default: []].sorted { $0.number < $1.number }
            return [row] + parts.flatMap(withParts)
        }
        return rows.filter { !isBelow($0) }.flatMap(withParts)
    }

    /// The number at the end of a part's name.
    private var number: Int { task.split(separator: ".").last.flatMap { Int($0) } ?? 0 }

    /// Says how far the parts of a split task are. It is worked on while one of them is.
    private mutating func await(_ parts: [TaskRecord]) {
        let over = parts.count { $0.state.isSettled }
        guard over < parts.count else { return }
        if parts.contains(where: { [.running, .verified, .landing].contains($0.state) }) { group = .working }
        action = "split: \(over) of \(Count.text(parts.count, "part")) over"
    }

    private mutating func ask(_ question: Message) {
        group = .needsYou
        need = .answer
        self.question = question.id
        since = question.time.seconds
        action = "asks: \(MessageText.line(question.body))"
    }

    private mutating func describe(
        _ task: TaskRecord, _ attempt: AttemptRecord?, _ candidate: CandidateRecord?, _ sources: Sources
    ) {
        switch task.state {
        case .running:
            group = .working
            guard let attempt else { return action = "interrupted; no coordinator works on the run" }
            let activity = sources.activity.attempt(task.id, attempt.number)
            phase = activity.phase?.rawValue
            since = attempt.started.seconds
            action = Self.words(activity, else: attempt.cause)
        case .landing:
            group = .landing
            guard let candidate else { return action = "interrupted; no coordinator works on the run" }
            let activity = sources.activity.candidate(candidate.number, task.id)
            phase = activity.phase?.rawValue
            action = "candidate \(candidate.number): \(Self.words(activity, else: candidate.cause))"
        case .verified where Approval.isAwaited(by: task.reason):
            group = .needsYou
            need = .approval
            action = "verified; waits for your approval"
        case .verified:
            group = .landing
            action = task.reason.isEmpty ? "verified; waits for its turn" : task.reason
        case .failed, .skipped, .blocked:
            group = .failing
            action = task.reason.isEmpty ? task.cause.map { "blocked by \($0)" } ?? task.state.words : task.reason
        case .ready:
            action = task.reason.isEmpty ? "starts when a worker is free" : task.reason
        case .waiting:
            action = sources.open[task.id].map { "waits for \(Count.text($0, "task"))" } ?? task.reason
        case .landed, .alreadyDone:
            group = .landed
            action = task.commit.map { "commit \($0.short)" } ?? "was already done"
        }
        action = TextWidth.safe(action)
    }

    fileprivate static func words(_ activity: LiveActivity, else cause: String) -> String {
        if !activity.action.isEmpty { return activity.action }
        return activity.phase?.words ?? cause
    }

    /// By group; in each the one first that has waited longest, and the latest landing first.
    private static func sorted(_ rows: [TaskRow]) -> [TaskRow] {
        let order = Dictionary(uniqueKeysWithValues: Group.allCases.enumerated().map { ($1, $0) })
        return rows.enumerated().sorted { a, b in
            let (first, second) = (order[a.element.group, default: 0], order[b.element.group, default: 0])
            if first != second { return first < second }
            let (rankA, rankB) = (a.element.rank, b.element.rank)
            return rankA != rankB ? rankA < rankB : a.offset < b.offset
        }.map(\.element)
    }

    private var rank: Double {
        switch group {
        case .needsYou, .working, .landing: since
        // Failed tasks before those that they block; what may start before what waits.
        case .failing: state == TaskState.blocked.rawValue ? 1 : 0
        case .queued: state == TaskState.ready.rawValue ? 0 : 1
        case .landed: -since
        }
    }
}
