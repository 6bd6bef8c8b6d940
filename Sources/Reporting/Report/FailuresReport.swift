package import Model
package import Store

/// The failures of a run by class, with what they cost.
package struct FailuresReport: Sendable {
    /// A failed attempt, or a task's candidate that failed.
    struct Item: Sendable {
        var task: TaskID
        var attempt: Int
        var worker: String?
        var time: Timestamp
        var failure: Failure
        var usage: Usage?
        var seconds: Double
    }

    /// A class with its figures.
    package struct Row: Sendable {
        package let id: String
        package let source: String
        package let worker: String?
        let digest: String
        let items: [Item]
        /// The tasks that failed in this way at least once, by their first failure.
        package let tasks: [TaskID]
        /// Those whose last failure is of this class, and which are not done.
        package let open: [TaskID]
        /// Those of the open ones that were given up.
        package let failed: [TaskID]
        /// Share of the cost of all attempts, 0 to 1.
        let share: Double
    }

    /// What the shares are shares of: the first one that is known.
    enum Unit: String { case usd, tokens, seconds }

    package let run: RunRecord
    package let rows: [Row]
    let unit: Unit

    /// - Parameter run: the run; nil for the one started last.
    /// - Throws: `unknownRun`, or what reading throws.
    package init(_ reader: StoreReader, run id: RunID?) throws(StoreError) {
        self = try reader.read { view in
            try FailuresReport(view, try StatusReport.find(id, in: view, path: reader.path))
        }
    }

    package init(_ view: StoreView, _ run: RunRecord) throws(StoreError) {
        self.run = run
        let tasks = try view.tasks(of: run.id)
        let effort = try view.effort(of: run.id)
        let items = try Self.items(view, run, effort)
        let files = Dictionary(tasks.map { ($0.id, $0.files) }) { first, _ in first }
        let classes = FailureClass.classes(
            of: items.map {
                FailedWork(task: $0.task, files: files[$0.task] ?? [], worker: $0.worker, failure: $0.failure)
            })
        let usage = try view.usage(of: run.id)
        let unit: Unit = (usage?.usd ?? 0) > 0 ? .usd : (usage?.tokens ?? 0) > 0 ? .tokens : .seconds
        let all = unit == .seconds ? effort.values.reduce(0) { $0 + $1.seconds } : Self.amount(unit, usage, seconds: 0)
        self.unit = unit
        var last: [TaskID: Int] = [:]
        for (index, item) in items.enumerated() { last[item.task] = index }
        let stateOf = Dictionary(tasks.map { ($0.id, $0.state) }) { first, _ in first }
        rows = classes.map { found in
            let members = found.members.map { items[$0] }
            let latest = found.members.filter { last[items[$0].task] == $0 }.map { items[$0].task }
            let spent = members.reduce(0) { $0 + Self.amount(unit, $1.usage, seconds: $1.seconds) }
            var seen: Set<TaskID> = []
            return Row(
                id: found.id, source: found.source, worker: found.worker, digest: found.digest, items: members,
                tasks: members.map(\.task).filter { seen.insert($0).inserted },
                open: latest.filter { !(stateOf[$0]?.isDone ?? true) },
                failed: latest.filter { stateOf[$0]?.isGivenUp ?? false },
                share: all > 0 ? min(1, spent / all) : 0)
        }.sorted { ($0.open.count, $0.items.count) > ($1.open.count, $1.items.count) }
    }

    /// Failures of attempts, and of candidates with one task, in the order of time.
    private static func items(
        _ view: StoreView, _ run: RunRecord, _ effort: [TaskID: TaskEffort]
    ) throws(StoreError) -> [Item] {
        var items: [Item] = []
        for attempt in try view.attempts(of: run.id, in: .failed) {
            guard let failure = attempt.failure, failure.kind != .interrupted else { continue }
            items.append(
                Item(
                    task: attempt.task, attempt: attempt.number, worker: attempt.worker,
                    time: attempt.ended ?? attempt.started, failure: failure, usage: attempt.usage,
                    seconds: attempt.seconds ?? 0))
        }
        for candidate in try view.candidates(of: run.id, in: .failed) {
            guard let failure = candidate.failure, failure.countsAsAttempt,
                let task = candidate.culprit ?? (candidate.tasks.count == 1 ? candidate.tasks[0] : nil)
            else { continue }
            let work = effort[task]
            items.append(
                Item(
                    task: task, attempt: work?.attempts ?? 0, worker: work?.worker,
                    time: candidate.ended ?? candidate.started, failure: failure, usage: nil,
                    seconds: candidate.seconds ?? 0))
        }
        return items.sorted { ($0.time.seconds, $0.task.rawValue) < ($1.time.seconds, $1.task.rawValue) }
    }

    private static func amount(_ unit: Unit, _ usage: Usage?, seconds: Double) -> Double {
        switch unit {
        case .usd: usage?.usd ?? 0
        case .tokens: Double(usage?.tokens ?? 0)
        case .seconds: seconds
        }
    }

    /// The classes whose id begins with a text.
    package func rows(named start: String) -> [Row] { rows.filter { $0.id.hasPrefix(start.lowercased()) } }

    /// The report in one of its forms, with a newline at the end.
    package func render(_ format: OutputFormat, _ layout: Layout) throws -> String {
        switch format {
        case .text: text(layout)
        case .json: try json()
        }
    }
}
