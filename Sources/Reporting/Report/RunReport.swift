import Foundation
package import Model
package import Store

/// A record of a migration: what was done, why, by whom and at what cost, as Markdown and as one page.
package struct RunReport: Sendable {
    /// Attempts of one worker.
    struct WorkerFigures: Sendable, Equatable {
        var name: String
        var attempts = 0
        var verified = 0
        var failed = 0
        /// Attempts that failed a check held back from workers.
        var heldBack = 0
        var seconds = 0.0
        var requests = 0
        var usage: Usage?

        var usageWords: String {
            UsageText.words(usage, .init(requests: requests, workerTime: nil), limits: .init(Budget())) ?? ""
        }
    }

    /// A bar of the timeline.
    struct Bar: Sendable, Equatable {
        var row: String
        var label: String
        var start: Timestamp
        var end: Timestamp
        var state: String
    }

    let run: RunRecord
    let tasks: [TaskRecord]
    let dependencies: [TaskID: [TaskID]]
    let attempts: [AttemptRecord]
    let candidates: [CandidateRecord]
    let messages: [MessageRecord]
    let flaky: [FlakeRate]
    let usage: Usage?
    let reasons: [ReasonRecord]
    let reviews: [ReviewRecord]
    let end: Timestamp

    /// - Parameters:
    ///   - id: nil for the run that was started last.
    ///   - now: the end of the timeline of a run that goes on.
    package init(_ reader: StoreReader, run id: RunID?, now: Timestamp) throws(StoreError) {
        self = try reader.read { view in
            let run = try StatusReport.find(id, in: view, path: reader.path)
            var attempts: [AttemptRecord] = []
            for state in AttemptRecord.State.allCases { attempts += try view.attempts(of: run.id, in: state) }
            return RunReport(
                run: run, tasks: try view.tasks(of: run.id).filter { !$0.files.isEmpty },
                dependencies: try view.dependencies(in: run.id),
                attempts: attempts.sorted { ($0.started, $0.task, $0.number) < ($1.started, $1.task, $1.number) },
                candidates: try view.candidates(of: run.id), messages: try view.messages(of: run.id),
                flaky: try view.flakeRates(of: run.plan.name).filter { $0.flakes > 0 },
                usage: try view.usage(of: run.id),
                reasons: try view.reasons(of: run.id).filter { $0.task == nil },
                reviews: try view.reviewDecisions(of: run.id), end: run.ended ?? now)
        }
    }

    private init(
        run: RunRecord, tasks: [TaskRecord], dependencies: [TaskID: [TaskID]], attempts: [AttemptRecord],
        candidates: [CandidateRecord], messages: [MessageRecord], flaky: [FlakeRate], usage: Usage?,
        reasons: [ReasonRecord], reviews: [ReviewRecord], end: Timestamp
    ) {
        self.run = run
        self.tasks = tasks
        self.dependencies = dependencies
        self.attempts = attempts
        self.candidates = candidates
        self.messages = messages
        self.flaky = flaky
        self.usage = usage
        self.reasons = reasons
        self.reviews = reviews
        self.end = end
    }

    // MARK: Figures

    var counts: [(state: TaskState, count: Int)] {
        let counts = Dictionary(tasks.map { ($0.state, 1) }, uniquingKeysWith: +)
        return TaskState.allCases.compactMap { state in counts[state].map { (state: state, count: $0) } }
    }

    var landed: [TaskRecord] {
        tasks.filter { $0.state == .landed }.sorted {
            ($0.landingOrder ?? 0, $0.position) < ($1.landingOrder ?? 0, $1.position)
        }
    }

    var notDone: [TaskRecord] { tasks.filter { !$0.state.isDone } }

    /// Failed attempts by class, the most frequent first.
    var failures: [(kind: Failure.Kind, count: Int, example: String)] {
        var found: [Failure.Kind: (count: Int, example: String)] = [:]
        for failure in attempts.compactMap(\.failure) + candidates.compactMap(\.failure) {
            found[failure.kind, default: (0, failure.summary)].count += 1
        }
        return found.map { (kind: $0.key, count: $0.value.count, example: $0.value.example) }.sorted {
            ($1.count, $0.kind.rawValue) < ($0.count, $1.kind.rawValue)
        }
    }

    var workers: [WorkerFigures] {
        var found: [String: WorkerFigures] = [:]
        for attempt in attempts {
            guard let name = attempt.worker else { continue }
            var figures = found[name] ?? WorkerFigures(name: name)
            figures.attempts += 1
            if attempt.state == .verified { figures.verified += 1 }
            if attempt.state == .failed { figures.failed += 1 }
            if attempt.failure?.kind == .holdout { figures.heldBack += 1 }
            figures.requests += attempt.requests
            figures.seconds += attempt.seconds ?? 0
            if let usage = attempt.usage { figures.usage = (figures.usage ?? Usage()) + usage }
            found[name] = figures
        }
        return found.values.sorted { $0.name < $1.name }
    }

    /// Decisions of people and of the run as a whole: messages of that kind, pauses and the like.
    var decisions: [(time: Timestamp, text: String)] {
        let said = messages.filter { $0.message.kind == .decision }.map {
            (time: $0.message.time, text: $0.message.body)
        }
        let kinds: Set<String> = [
            "pause", "proceed", "stop", "drain", "suspend", "control", "limits-changed", "followed",
        ]
        let told = reasons.filter { kinds.contains($0.kind) }.map { (time: $0.time, text: $0.text) }
        return (said + told + reviewed).sorted { $0.time < $1.time }
    }

    /// What people decided about landed commits. A decision about many commits is one entry.
    private var reviewed: [(time: Timestamp, text: String)] {
        Dictionary(grouping: reviews.filter { $0.kind != .skip }, by: \.sequence).values.compactMap { records in
            guard let first = records.first else { return nil }
            let what = records.count == 1 ? first.task.rawValue : Count.text(records.count, "commit")
            return (
                time: first.time,
                text: "\(what) \(first.kind.words) by \(first.person)" + (first.text.isEmpty ? "" : ": \(first.text)")
            )
        }
    }

    /// Each question with its answers.
    var questions: [(question: Message, answers: [Message])] {
        messages.map(\.message).filter { $0.kind == .question }.map { question in
            (
                question: question,
                answers: messages.map(\.message).filter { $0.kind == .answer && $0.thread == question.thread }
            )
        }
    }

    var lessons: [Message] { messages.map(\.message).filter { $0.kind == .lesson || $0.kind == .warning } }

    /// The reason of a landed task, in its worker's words.
    var reasonOf: [TaskID: String] {
        Dictionary(attempts.filter { $0.state == .verified && !$0.reason.isEmpty }.map { ($0.task, $0.reason) }) { $1 }
    }

    /// Workers by slot, then landing.
    var bars: [Bar] {
        let work = attempts.map { attempt in
            let slot = attempt.slot.map { "slot \($0)" } ?? "no slot"
            return Bar(
                row: slot, label: "\(attempt.task), attempt \(attempt.number)", start: attempt.started,
                end: attempt.ended ?? end, state: attempt.state.rawValue)
        }
        let landing = candidates.map { candidate in
            Bar(
                row: "landing", label: candidate.tasks.map(\.rawValue).prefix(3).joined(separator: ", "),
                start: candidate.started, end: candidate.ended ?? end, state: candidate.state.rawValue)
        }
        return work.sorted { ($0.row, $0.start) < ($1.row, $1.start) } + landing
    }
}

extension TaskRecord {
    /// The title; that of a part names its task, too.
    var titleInReport: String { partOf.map { "\(title) (part of \($0))" } ?? title }
}
