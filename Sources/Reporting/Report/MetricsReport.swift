package import Model
package import Store

/// The figures of a run in the OpenMetrics text format, version 1.0.0.
package struct MetricsReport: Sendable {
    /// What an HTTP server has to say about the format.
    package static let contentType = "application/openmetrics-text; version=1.0.0; charset=utf-8"

    private let families: [Metric]

    /// - Parameters:
    ///   - run: the run; nil for the one started last.
    ///   - owner: who holds the plan's lock; nil for nobody.
    /// - Throws: `unknownRun`, or what reading throws.
    package init(
        _ reader: StoreReader, run id: RunID?, owner: RunLock.Owner?, now: Timestamp
    ) throws(StoreError) {
        let status = try StatusReport(reader, run: id, owner: owner, now: now)
        let run = status.run
        families = try reader.read { view throws(StoreError) in
            try Self.runMetrics(status) + Self.taskMetrics(view, run) + Self.attemptMetrics(view, run)
                + Self.failureMetrics(view, run)
        }
    }

    /// The text, which ends with the mark of its end.
    package var text: String {
        families.map(\.text).joined() + "# EOF\n"
    }

    // MARK: Families

    private static func runMetrics(_ status: StatusReport) -> [Metric] {
        let run = status.run
        let name = [("run", run.id.rawValue)]
        var metrics = [
            Metric(
                "orchestrate_run", .info, "The run that the other figures are about.",
                [
                    .init(
                        name + [
                            ("plan", run.plan.name), ("branch", run.plan.integration), ("state", run.state.rawValue),
                        ], 1)
                ]),
            Metric(
                "orchestrate_run_active", .gauge, "Whether a coordinator works on the run now.",
                [.init(name, status.isActive ? 1 : 0)]),
            Metric(
                "orchestrate_run_paused", .gauge, "Whether the run waits for a person.",
                [.init(name, run.waits.isEmpty ? 0 : 1)]),
            Metric(
                "orchestrate_run_start_timestamp_seconds", .gauge, "When the run started, since 1970.",
                [.init(name, run.started.seconds)], unit: "seconds"),
            Metric(
                "orchestrate_run_elapsed_seconds", .gauge, "Time from the start of the run to its end or to now.",
                [.init(name, status.elapsed)], unit: "seconds"),
            Metric(
                "orchestrate_questions_open", .gauge, "Questions of workers that nobody has answered.",
                [.init(name, Double(status.questions.count))]),
        ]
        if let estimate = status.estimate {
            metrics.append(
                Metric(
                    "orchestrate_run_estimate_seconds", .gauge, "Estimated time until the rest is done.",
                    [.init(name, estimate)], unit: "seconds"))
        }
        return metrics
    }

    private static func taskMetrics(_ view: StoreView, _ run: RunRecord) throws(StoreError) -> [Metric] {
        let counts = try view.counts(of: run.id)
        var candidates: [Metric.Sample] = []
        for state in CandidateRecord.State.allCases where state != .checking && state != .passed {
            let count = try view.candidates(of: run.id, in: state).count
            candidates.append(.init([("run", run.id.rawValue), ("state", state.rawValue)], Double(count)))
        }
        return [
            Metric(
                "orchestrate_tasks", .gauge, "Tasks in each state.",
                TaskState.allCases.map { state in
                    .init([("run", run.id.rawValue), ("state", state.rawValue)], Double(counts[state] ?? 0))
                }),
            Metric("orchestrate_candidates", .counter, "Candidates of the landing queue by their end.", candidates),
        ]
    }

    /// What the attempts of one worker came to.
    private struct Work {
        var ends: [AttemptRecord.State: Int] = [:]
        var seconds = 0.0
        var usage = Usage()
    }

    private static func attemptMetrics(_ view: StoreView, _ run: RunRecord) throws(StoreError) -> [Metric] {
        var workers: [String: Work] = [:]
        var running = 0
        for state in AttemptRecord.State.allCases {
            for attempt in try view.attempts(of: run.id, in: state) {
                if state == .running { running += 1 }
                guard let worker = attempt.worker else { continue }
                var work = workers[worker] ?? Work()
                work.ends[state, default: 0] += 1
                work.seconds += attempt.seconds ?? 0
                if let usage = attempt.usage { work.usage = work.usage + usage }
                workers[worker] = work
            }
        }
        let sorted = workers.sorted { $0.key < $1.key }
        let name = ("run", run.id.rawValue)
        let ends = sorted.flatMap { worker, work in
            AttemptRecord.State.allCases.filter { $0 != .running }.map { state in
                Metric.Sample([name, ("worker", worker), ("result", state.rawValue)], Double(work.ends[state] ?? 0))
            }
        }
        let tokens = sorted.flatMap { worker, work in
            [
                ("input", work.usage.inputTokens), ("cached", work.usage.cachedTokens),
                ("output", work.usage.outputTokens),
            ]
            .map { kind, count in Metric.Sample([name, ("worker", worker), ("kind", kind)], Double(count)) }
        }
        return [
            Metric("orchestrate_attempts_running", .gauge, "Attempts under way.", [.init([name], Double(running))]),
            Metric("orchestrate_attempts", .counter, "Attempts that have ended, by worker and result.", ends),
            Metric(
                "orchestrate_attempt_seconds", .counter, "Time of attempts that have ended.",
                sorted.map { .init([name, ("worker", $0)], $1.seconds) }, unit: "seconds"),
            Metric("orchestrate_tokens", .counter, "Tokens, as far as workers report them.", tokens),
            Metric(
                "orchestrate_cost_usd", .counter, "US dollars, as far as workers report them.",
                sorted.filter { $0.value.usage.usd != nil }.map { .init([name, ("worker", $0)], $1.usage.usd ?? 0) },
                unit: "usd"),
        ]
    }

    private static func failureMetrics(_ view: StoreView, _ run: RunRecord) throws(StoreError) -> [Metric] {
        let report = try FailuresReport(view, run)
        let samples = report.rows.sorted { $0.id < $1.id }.map { row in
            Metric.Sample(
                [
                    ("run", run.id.rawValue), ("class", row.id), ("source", row.source), ("worker", row.worker ?? ""),
                ], Double(row.items.count))
        }
        return [Metric("orchestrate_failures", .counter, "Failures by class.", samples)]
    }
}

/// A family of metrics with its samples.
struct Metric {
    enum Kind: String { case gauge, counter, info }

    struct Sample {
        var labels: [(name: String, value: String)]
        var value: Double

        init(_ labels: [(String, String)], _ value: Double) {
            self.labels = labels.map { (name: $0.0, value: $0.1) }
            self.value = value
        }
    }

    let name: String
    let kind: Kind
    let help: String
    let samples: [Sample]
    let unit: String?

    /// - Parameter unit: the unit, which is the end of the name.
    init(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample], unit: String? = nil) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
        self.unit = unit
    }

    var text: String {
        var lines = ["# TYPE \(name) \(kind.rawValue)"]
        if let unit { lines.append("# UNIT \(name) \(unit)") }
        lines.append("# HELP \(name) \(Self.escaped(help))")
        let suffix =
            switch kind {
            case .gauge: ""
            case .counter: "_total"
            case .info: "_info"
            }
        for sample in samples {
            let labels = sample.labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
            lines.append("\(name)\(suffix){\(labels)} \(Self.number(sample.value))")
        }
        return lines.map { "\($0)\n" }.joined()
    }

    private static func number(_ value: Double) -> String {
        let isWhole = value == value.rounded() && abs(value) < 9e15
        return isWhole ? String(Int64(value)) : String(value)
    }

    /// A value in quotes: backslashes, quotes and line breaks are escaped.
    private static func escaped(_ text: String) -> String {
        OutsideText.line(text).reduce(into: "") { result, character in
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            default: result.append(character)
            }
        }
    }
}
