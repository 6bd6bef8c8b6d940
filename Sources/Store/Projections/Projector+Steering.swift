import GRDB
import Model

/// Waits, budgets and usage of a run.
extension Projector.Scope {
    func steer(_ decision: Decision) throws {
        switch decision {
        case .cooldown(let cooldown): try apply(cooldown)
        case .pauseLanding(let pause):
            try record(nil, "\(pause.reason); no candidate is checked for \(Self.words(pause.seconds))")
        case .end(let end): try record(end.task, end.failure.summary)
        case .drain(let reason):
            try db.run("UPDATE runs SET reason = ? WHERE run = ?", reason, run)
            try record(nil, reason)
        case .pause(let reason): try wait(for: reason)
        case .proceed(let reason):
            try wait(for: "")
            try record(nil, reason)
        case .suspend(let reason):
            try setRun(.stopped, reason: reason)
            try record(nil, reason)
        case .stop(let reason): try record(nil, reason)
        case .answer(let answer): try record(nil, answer.text)
        default: break
        }
    }

    private func apply(_ cooldown: Decision.Cooldown) throws {
        let (provider, reason) = (cooldown.provider, cooldown.reason)
        try db.run(
            "INSERT OR REPLACE INTO cooldowns (run, provider, number, until, reason) VALUES (?, ?, ?, ?, ?)",
            run, provider, cooldown.number, now + cooldown.seconds, reason)
        try record(nil, "\(reason); no worker of '\(provider)' is started for \(Self.words(cooldown.seconds))")
    }

    func apply(_ fact: Fact.UsageTold) throws {
        try set(fact.usage, task: fact.task, attempt: fact.attempt)
        guard let requests = fact.requests, requests > 0 else { return }
        try db.run(
            "UPDATE attempts SET requests = requests + ? WHERE run = ? AND task = ? AND attempt = ?",
            min(requests, 1 << 32), run, fact.task.rawValue, fact.attempt)
    }

    /// Counts the time of an attempt's workers from now on. A reviewer may be the first of them.
    func beginWork(_ task: TaskID, _ attempt: Int) throws {
        try db.run(
            """
            UPDATE attempts SET worker_started = coalesce(worker_started, ?)
            WHERE run = ? AND task = ? AND attempt = ? AND state = 'running'
            """,
            now, run, task.rawValue, attempt)
    }

    func endWork(_ task: TaskID, _ attempt: Int) throws {
        try db.run(
            """
            UPDATE attempts SET worker_ended = ?
            WHERE run = ? AND task = ? AND attempt = ? AND worker_started IS NOT NULL AND worker_ended IS NULL
            """,
            now, run, task.rawValue, attempt)
    }

    /// Ends the work of all attempts with their coordinator. A killed one has written nothing after its last event.
    func endAllWork(isLost: Bool) throws {
        let last =
            isLost
            ? try Double.fetchOne(
                db.cachedStatement(
                    sql: "SELECT time FROM events WHERE run = ? AND sequence < ? ORDER BY sequence DESC LIMIT 1"),
                arguments: [run, event.sequence]) : nil
        try db.run(
            "UPDATE attempts SET worker_ended = ? WHERE run = ? AND worker_started IS NOT NULL AND worker_ended IS NULL",
            last ?? now, run)
    }

    /// Replaces the usage of an attempt.
    func set(_ usage: Usage?, task: TaskID, attempt: Int) throws {
        guard let usage else { return }
        try db.run(
            """
            UPDATE attempts SET input_tokens = ?, cached_tokens = ?, output_tokens = ?, usd = ?
            WHERE run = ? AND task = ? AND attempt = ?
            """,
            usage.inputTokens, usage.cachedTokens, usage.outputTokens, usage.usd, run, task.rawValue, attempt)
    }

    func apply(_ over: Fact.WaitOver) throws {
        guard case .cooldown(let provider, let number) = over else { return }
        try db.run(
            "DELETE FROM cooldowns WHERE run = ? AND provider = ? AND number <= ?", run, provider, number)
    }

    func apply(_ change: Fact.LimitsChanged) throws {
        let text = try String.fetchOne(
            db.cachedStatement(sql: "SELECT plan_json FROM runs WHERE run = ?"), arguments: [run])
        guard let text else { throw unknown("run") }
        var plan = try StoredJSON.value(Plan.self, text)
        plan.budget = change.budget
        plan.checkpoints = change.checkpoints
        if let landing = change.landing { plan.landing = landing }
        if let guidance = change.guidance { plan.guidance = guidance }
        try db.run("UPDATE runs SET plan_json = ? WHERE run = ?", try StoredJSON.text(plan), run)
        try record(nil, "the run continues with another budget, other checkpoints or other landing rules")
    }

    /// - Parameter reason: why nothing starts until a person continues the run; empty if the run is not paused.
    func wait(for reason: String) throws {
        try db.run("UPDATE runs SET waits = ? WHERE run = ?", reason, run)
        if !reason.isEmpty { try record(nil, reason) }
    }

    func hasUnmet(_ task: TaskID) throws -> Bool {
        let unmet = try Int.fetchOne(
            db.cachedStatement(sql: "SELECT unmet FROM tasks WHERE run = ? AND task = ?"),
            arguments: [run, task.rawValue])
        return unmet ?? 0 > 0
    }

    /// Seconds as text for people.
    static func words(_ seconds: Double) -> String {
        seconds < 10 ? "\((seconds * 10).rounded() / 10) s" : "\(seconds.whole) s"
    }
}
