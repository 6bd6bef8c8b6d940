import Model
import Store

/// The figures about the speed and the cost of a run.
package struct RunPace: Sendable, Equatable {
    /// A limit of the plan and how much of it is used.
    package struct Limit: Sendable, Equatable, Encodable {
        /// `usd`, `tokens`, `requests`, `wall` and `worker_time` in seconds, or `workers`.
        package var name: String
        package var used: Double
        package var limit: Double
    }

    /// Tasks that landed in the last 30 minutes, or since the start of the run, per hour.
    package var landedPerHour: Double
    /// Fraction of the landed tasks that needed one attempt; nil before the first landing.
    package var firstAttemptShare: Double?
    /// Seconds until the end, from the optimistic to the pessimistic forecast; nil while too little is known.
    package var range: ClosedRange<Double>?
    package var limits: [Limit]

    /// Seconds of the window over which landings are counted.
    static let window = 1800.0
    /// Seconds that a run is taken to have lasted at least, so that the first landing is no rate of thousands.
    private static let shortest = 60.0

    init(
        run: RunRecord, tasks: [TaskRecord], usage: Usage?, effort: RunEffort, estimate: Double?,
        forecast: RestForecast?, now: Timestamp
    ) {
        let landed = tasks.filter { $0.state == .landed && $0.landingOrder != nil }
        let end = run.ended ?? now
        let window = min(Self.window, max(Self.shortest, end - run.started))
        let recent = landed.count { end - ($0.ended ?? $0.since) < window }
        landedPerHour = Double(recent) / window * 3600
        // The first attempt at a task that was split ended with the split.
        let split = Set(tasks.compactMap(\.partOf))
        let first = landed.count { $0.attempts <= (split.contains($0.id) ? 2 : 1) }
        firstAttemptShare = landed.isEmpty ? nil : Double(first) / Double(landed.count)
        range = estimate.flatMap { Self.range($0, forecast) }
        limits = Self.limits(run.plan.budget, usage, effort, run, tasks, now: end)
    }

    /// The estimate, divided and multiplied by how far the pessimistic forecast of the work is above the middle one.
    static func range(_ estimate: Double, _ forecast: RestForecast?) -> ClosedRange<Double>? {
        guard let seconds = forecast?.all.seconds, seconds.p50 > 0, estimate > 0 else { return nil }
        let ratio = max(1, seconds.p90 / seconds.p50)
        return estimate / ratio...estimate * ratio
    }

    private static func limits(
        _ budget: Budget, _ usage: Usage?, _ effort: RunEffort, _ run: RunRecord, _ tasks: [TaskRecord], now: Timestamp
    ) -> [Limit] {
        var limits: [Limit] = []
        if let usd = budget.usd { limits.append(.init(name: "usd", used: usage?.usd ?? 0, limit: usd)) }
        if let tokens = budget.tokens {
            limits.append(.init(name: "tokens", used: Double(usage?.tokens ?? 0), limit: Double(tokens)))
        }
        if let requests = budget.requests {
            limits.append(.init(name: "requests", used: Double(effort.requests), limit: Double(requests)))
        }
        if let time = budget.workerTime {
            limits.append(.init(name: "worker_time", used: effort.workerTime, limit: time))
        }
        if let wall = budget.wall {
            limits.append(.init(name: "wall", used: StatusReport.seconds(from: run.started, to: now), limit: wall))
        }
        if let workers = budget.workers {
            let used = tasks.reduce(0) { $0 + $1.attempts }
            limits.append(.init(name: "workers", used: Double(used), limit: Double(workers)))
        }
        return limits
    }
}
