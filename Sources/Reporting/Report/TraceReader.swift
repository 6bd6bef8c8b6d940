import Model
import Store

/// Makes spans of the events of a run.
struct TraceReader {
    private struct Open {
        var start: Timestamp
        var worker: (name: String, start: Timestamp)?
        var rung: Int
    }

    private struct OpenCandidate {
        var start: Timestamp
        var tasks: [TaskID]
        var end: Timestamp?
        var checks: [CheckResult] = []
        var failure: String?
    }

    private let run: String
    private let now: Timestamp
    private var spans: [TraceSpan] = []
    private var tasks: [TaskID: (start: Timestamp, end: Timestamp, isLanded: Bool)] = [:]
    private var order: [TaskID] = []
    private var open: [String: Open] = [:]
    private var candidates: [Int: OpenCandidate] = [:]

    init(run: String, now: Timestamp) {
        self.run = run
        self.now = now
    }

    mutating func take(_ event: LoggedEvent) {
        switch event.body {
        case .decision(.start(let start)):
            begin(start.task, event.time)
            open[Self.key(start.task, start.attempt)] = Open(start: event.time, rung: start.rung)
        case .fact(.workerStarted(let fact)):
            open[Self.key(fact.task, fact.attempt)]?.worker = (fact.worker, event.time)
        case .fact(.foundDone(let fact)):
            end(fact.task, fact.attempt, at: event.time, checks: fact.checks, result: "already-done")
        case .fact(.attemptVerified(let fact)):
            end(fact.task, fact.attempt, at: event.time, checks: fact.checks, result: "verified", usage: fact.usage)
        case .fact(.attemptFailed(let fact)):
            end(
                fact.task, fact.attempt, at: event.time, checks: fact.checks, result: "failed",
                failure: fact.failure.summary, usage: fact.usage)
        case .decision(.check(let check)):
            candidates[check.candidate] = OpenCandidate(start: event.time, tasks: check.tasks)
        case .fact(.candidatePassed(let fact)): candidates[fact.candidate]?.checks = fact.checks
        case .fact(.candidateFailed(let fact)):
            candidates[fact.candidate]?.checks = fact.checks
            candidates[fact.candidate]?.failure = fact.failure.summary
            land(fact.candidate, at: event.time, isLanded: false)
        case .fact(.landed(let fact)): land(fact.candidate, at: event.time, isLanded: true)
        case .decision(.dissolve(let drop)):
            candidates[drop.candidate]?.failure = drop.reason
            land(drop.candidate, at: event.time, isLanded: false)
        default: break
        }
    }

    /// The spans, with those of the tasks first; attempts without an end are left out.
    mutating func finish() -> [TraceSpan] {
        order.compactMap { id in
            tasks[id].map { task in
                TraceSpan(
                    run: run, path: [id.rawValue], name: "task \(id)", start: task.start, end: task.end,
                    attributes: [("orchestrate.task", id.rawValue), ("orchestrate.landed", "\(task.isLanded)")])
            }
        } + spans
    }

    private static func key(_ task: TaskID, _ attempt: Int) -> String { "\(attempt) \(task)" }

    private mutating func begin(_ task: TaskID, _ time: Timestamp) {
        guard tasks[task] == nil else { return }
        tasks[task] = (time, time, false)
        order.append(task)
    }

    private mutating func end(
        _ task: TaskID, _ attempt: Int, at time: Timestamp, checks: [CheckResult], result: String,
        failure: String? = nil, usage: Usage? = nil
    ) {
        guard let begun = open.removeValue(forKey: Self.key(task, attempt)) else { return }
        tasks[task]?.end = time
        let path = [task.rawValue, "attempt \(attempt)"]
        var attributes = [
            ("orchestrate.task", task.rawValue), ("orchestrate.attempt", "\(attempt)"), ("orchestrate.result", result),
        ]
        if let usage { attributes.append(("orchestrate.tokens", "\(usage.tokens)")) }
        if let usd = usage?.usd { attributes.append(("orchestrate.usd", "\(usd)")) }
        if let worker = begun.worker { attributes.append(("orchestrate.worker", worker.name)) }
        spans.append(
            TraceSpan(
                run: run, path: path, name: "attempt \(attempt)", start: begun.start, end: time, attributes: attributes,
                failure: failure))
        let worked = begun.worker?.start ?? time
        spans.append(
            TraceSpan(run: run, path: path + ["set-up"], name: "set-up", start: begun.start, end: worked))
        // Checks that ran before the worker have their time in the set-up.
        let spent = checks.reduce(0) { $0 + $1.seconds }
        let checked = Timestamp(seconds: max(worked.seconds, time.seconds - spent))
        if let worker = begun.worker {
            spans.append(
                TraceSpan(
                    run: run, path: path + ["worker"], name: "worker \(worker.name)", start: worker.start, end: checked)
            )
        }
        add(checks, below: path, from: checked, to: time)
    }

    private mutating func add(_ checks: [CheckResult], below path: [String], from start: Timestamp, to end: Timestamp) {
        guard !checks.isEmpty else { return }
        let group = path + ["checks"]
        spans.append(TraceSpan(run: run, path: group, name: "checks", start: start, end: end))
        var time = start.seconds
        for (place, check) in checks.enumerated() {
            let next = min(end.seconds, time + check.seconds)
            spans.append(
                TraceSpan(
                    run: run, path: group + ["\(place)"], name: "check \(check.name)", start: Timestamp(seconds: time),
                    end: Timestamp(seconds: next),
                    attributes: [
                        ("orchestrate.outcome", check.outcome.rawValue), ("orchestrate.cached", "\(check.isKnown)"),
                    ],
                    failure: check.outcome == .passed ? nil : check.outcome.rawValue))
            time = next
        }
    }

    /// A candidate's check belongs to each of its tasks.
    private mutating func land(_ candidate: Int, at time: Timestamp, isLanded: Bool) {
        guard let found = candidates.removeValue(forKey: candidate) else { return }
        for task in found.tasks {
            tasks[task]?.end = time
            if isLanded { tasks[task]?.isLanded = true }
            let path = [task.rawValue, "landing \(candidate)"]
            spans.append(
                TraceSpan(
                    run: run, path: path, name: "landing", start: found.start, end: time,
                    attributes: [("orchestrate.task", task.rawValue), ("orchestrate.candidate", "\(candidate)")],
                    failure: found.failure))
            add(found.checks, below: path, from: found.start, to: time)
        }
    }
}
