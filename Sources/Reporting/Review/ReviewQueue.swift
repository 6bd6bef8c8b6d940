package import Model
package import Review
package import Store

/// The landed commits of a run in groups of equal edits, in the order in which to read them.
package struct ReviewQueue: Sendable {
    /// A landed commit.
    package struct Item: Sendable {
        package var task: TaskRecord
        package var commit: ObjectID
        /// The attempt whose work landed; nil for a task that landed in an earlier run.
        package var attempt: AttemptRecord?
        package var candidate: CandidateRecord?
        package var diff: String
        package var patch: Patch
        package var facts: RiskFacts
        /// Messages that its task was given.
        package var lessons: Int
        /// The decision that holds; nil while it is open.
        package var decision: ReviewRecord?
        package var comments: [ReviewRecord] = []

        /// Whether a person still has to decide.
        package var isOpen: Bool { decision == nil || decision?.kind == .skip }
    }

    package let run: RunRecord
    /// In the order of the branch.
    package let items: [Item]
    package let groups: [RankedGroup]

    /// - Parameters:
    ///   - run: nil for the one started last.
    ///   - diff: the changes of a commit, as Git prints them.
    /// - Throws: `unknownRun`, what reading throws, or what `diff` throws.
    package init(_ reader: StoreReader, run id: RunID?, diff: (ObjectID) throws -> String) throws {
        let report = try ReviewReport(reader, run: id)
        let run = report.run
        let stored = try reader.read { view in
            (
                decisions: try view.reviewDecisions(of: run.id), reverts: try view.reverts(of: run.id),
                lessons: try view.messagesGiven(in: run.id),
                warnings: try view.messages(of: run.id, kind: .warning)
            )
        }
        let decisions = Dictionary(grouping: stored.decisions) { $0.task }
        let warnings = Dictionary(grouping: stored.warnings) { record -> TaskID? in
            if case .task(let task) = record.message.sender { task } else { nil }
        }
        // Their first attempt ended with the split, which is no failure.
        let split = Set(report.entries.compactMap(\.task.partOf))
        var items: [Item] = []
        for entry in report.entries where stored.reverts[entry.task.id] == nil {
            guard let commit = entry.task.commit else { continue }
            let text = try diff(commit)
            let patch = Patch(diff: text)
            let warned = warnings[entry.task.id, default: []].map(\.message.body)
            var item = Item(
                task: entry.task, commit: commit, attempt: entry.attempt, candidate: entry.candidate, diff: text,
                patch: patch, facts: Self.facts(entry, patch, warned, run.plan),
                lessons: stored.lessons[entry.task.id] ?? 0)
            if split.contains(entry.task.id) { item.facts.attempts = max(1, item.facts.attempts - 1) }
            item.take(decisions[entry.task.id, default: []].filter { $0.commit == commit })
            items.append(item)
        }
        self.run = run
        self.items = items
        let commits = items.map { item in
            EditedCommit(worker: item.attempt?.worker ?? "?", attempts: item.facts.attempts, patch: item.patch)
        }
        groups = RankedGroup.queue(EditGroup.groups(of: commits), facts: items.map(\.facts))
    }

    private static func facts(
        _ entry: ReviewReport.Entry, _ patch: Patch, _ warnings: [String], _ plan: Plan
    ) -> RiskFacts {
        var facts = RiskFacts()
        facts.fanIn = entry.task.figures.fanIn
        facts.cycle = entry.task.figures.cycle
        facts.lines = patch.lines
        facts.warnings = warnings
        facts.unseen = entry.unseen
        guard let attempt = entry.attempt else { return facts }
        facts.attempts = max(1, attempt.number)
        facts.rung = attempt.rung
        facts.reason = attempt.reason
        let reviews = attempt.checks.filter(\.isReview)
        facts.hasDissent = Set(reviews.map { $0.outcome == .passed }).count > 1
        let checks = attempt.checks + (entry.candidate?.checks ?? [])
        facts.flaky = Set(checks.filter { $0.flakes > 0 }.map(\.name)).sorted()
        facts.limits = limits(attempt, plan.guards)
        return facts
    }

    /// The share of a limit from which on a diff is close to it.
    private static let near = 0.8

    private static func limits(_ attempt: AttemptRecord, _ guards: GuardRules) -> [String] {
        let lines = attempt.changes.reduce(0) { $0 + $1.added + $1.removed }
        let figures = [
            (lines, guards.maxChangedLines, "changed lines"),
            (attempt.changes.count, guards.maxChangedFiles, "changed files"),
        ]
        return figures.compactMap { figure, limit, words in
            guard let limit, limit > 1, Double(figure) >= near * Double(limit) else { return nil }
            return "\(figure) of \(limit) \(words)"
        }
    }

    /// The commits of a group, or the commit that a person names; empty if nothing has that name.
    /// - Parameter name: a group, the start of a commit's name, a task, or one of its files.
    package func items(named name: String) -> [Item] {
        if let group = groups.first(where: { $0.group.id == name }) { return group.group.members.map { items[$0] } }
        return commits(named: name)
    }

    /// The commit that a person names. No diff is needed for it; empty if the person names no commit.
    package func commits(named name: String) -> [Item] {
        if let item = items.first(where: { $0.task.id.rawValue == name || $0.task.files.contains(name) }) {
            return [item]
        }
        let found = name.count >= 4 ? items.filter { $0.commit.hex.hasPrefix(name.lowercased()) } : []
        return found.count == 1 ? found : []
    }

    /// The group with a commit.
    package func group(of item: Item) -> RankedGroup? {
        groups.first { $0.group.members.contains { items[$0].task.id == item.task.id } }
    }

    /// A task that was split, and its parts, as far as they have landed, with the groups of their commits.
    struct Family {
        var task: TaskID
        /// The task comes last, as on the branch.
        var commits: [(commit: ObjectID, group: String)]
    }

    /// The split tasks that the commits of a group belong to, in the order of the branch.
    func families(of ranked: RankedGroup) -> [Family] {
        let split = Set(items.compactMap(\.task.partOf))
        guard !split.isEmpty else { return [] }
        var tasks: [TaskID] = []
        for member in ranked.group.members {
            let task = items[member].task
            guard let parent = task.partOf ?? (split.contains(task.id) ? task.id : nil) else { continue }
            if !tasks.contains(parent) { tasks.append(parent) }
        }
        return tasks.map { task in
            let members = items.filter { $0.task.partOf == task || $0.task.id == task }
            return Family(task: task, commits: members.map { ($0.commit, group(of: $0)?.group.id ?? "") })
        }
    }

    /// Changed lines of all commits, and of the commits that a person reads in groups.
    package var linesToRead: (all: Int, inGroups: Int) {
        (
            items.reduce(0) { $0 + $1.patch.lines },
            groups.flatMap(\.group.examples).reduce(0) { $0 + items[$1].patch.lines }
        )
    }

    /// Open commits of a group.
    package func open(in group: RankedGroup) -> Int { group.group.members.count { items[$0].isOpen } }
}

extension ReviewQueue.Item {
    /// Takes in what was decided, in the order of the log. Each undo takes back what was said last.
    fileprivate mutating func take(_ records: [ReviewRecord]) {
        var valid: [ReviewRecord] = []
        for record in records {
            if record.kind == .undo { _ = valid.popLast() } else { valid.append(record) }
        }
        comments = valid.filter { $0.kind == .comment }
        decision = valid.last { $0.kind != .comment }
    }
}
