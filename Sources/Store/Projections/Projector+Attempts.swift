import GRDB
import Model

extension Projector.Scope {
    func apply(_ start: Decision.Start) throws {
        let task = start.task
        try move(task, to: .running)
        try db.run(
            "UPDATE tasks SET attempts = attempts + 1, started = coalesce(started, ?) WHERE run = ? AND task = ?",
            now, run, task.rawValue)
        try db.run(
            """
            INSERT OR REPLACE INTO attempts (run, task, attempt, rung, state, cause, started)
            VALUES (?, ?, ?, ?, 'running', ?, ?)
            """,
            run, task.rawValue, start.attempt, start.rung, start.reason, now)
        try record(task, start.reason)
    }

    func apply(_ fact: Fact.WorkerStarted) throws {
        try db.run(
            "UPDATE attempts SET worker = ?, slot = ?, base = ? WHERE run = ? AND task = ? AND attempt = ?",
            fact.worker, fact.slot, fact.base.hex, run, fact.task.rawValue, fact.attempt)
        try mustHaveChanged("attempt \(fact.attempt) of task \(fact.task)")
        try beginWork(fact.task, fact.attempt)
    }

    func apply(_ fact: Fact.ReviewStarted) throws {
        // A reviewer may have been asked by an attempt that a person has ended meanwhile.
        try db.run(
            "UPDATE attempts SET cause = ? WHERE run = ? AND task = ? AND attempt = ? AND state = 'running'",
            fact.words, run, fact.task.rawValue, fact.attempt)
        try beginWork(fact.task, fact.attempt)
    }

    func apply(_ fact: Fact.FoundDone) throws {
        guard try isCurrent(fact.task, fact.attempt) else { return }
        try move(fact.task, to: .alreadyDone)
        try db.run(
            """
            UPDATE attempts SET state = 'already-done', base = ?, ended = ?, seconds = ?
            WHERE run = ? AND task = ? AND attempt = ?
            """,
            fact.base.hex, now, fact.seconds, run, fact.task.rawValue, fact.attempt)
        try endWork(fact.task, fact.attempt)
        try set(fact.usage, task: fact.task, attempt: fact.attempt)
        try insert(fact.checks, task: fact.task, attempt: fact.attempt, tree: nil)
        try explain(fact.task, "its 'done' checks passed before any worker was started")
    }

    func apply(_ fact: Fact.AttemptVerified) throws {
        guard try isCurrent(fact.task, fact.attempt) else { return }
        try move(fact.task, to: .verified)
        try db.run(
            """
            UPDATE attempts SET state = 'verified', worker = ?, base = ?, ended = ?, seconds = ?, commit_id = ?,
            tree = ?, changes = ?, reason = ? WHERE run = ? AND task = ? AND attempt = ?
            """,
            fact.worker, fact.base.hex, now, fact.seconds, fact.commit.hex, fact.tree.hex,
            try StoredJSON.text(fact.changes), fact.reason, run, fact.task.rawValue, fact.attempt)
        try endWork(fact.task, fact.attempt)
        try set(fact.usage, task: fact.task, attempt: fact.attempt)
        try insert(fact.checks, task: fact.task, attempt: fact.attempt, tree: fact.tree)
    }

    /// Leaves the task running: a decision that follows retries it or fails it.
    func apply(_ fact: Fact.AttemptFailed) throws {
        guard try isCurrent(fact.task, fact.attempt) else { return }
        try db.run(
            """
            UPDATE attempts SET state = ?, worker = coalesce(nullif(?, ''), worker), base = coalesce(?, base),
            ended = ?, seconds = ?, failure_kind = ?, failure_summary = ?, failure_detail = ?, failure_places = ?
            WHERE run = ? AND task = ? AND attempt = ?
            """,
            fact.failure.kind == .interrupted ? "interrupted" : "failed", fact.worker, fact.base?.hex, now,
            fact.seconds, fact.failure.kind.rawValue, fact.failure.summary, fact.failure.detail,
            try StoredJSON.text(fact.failure.places), run, fact.task.rawValue, fact.attempt)
        try endWork(fact.task, fact.attempt)
        try set(fact.usage, task: fact.task, attempt: fact.attempt)
        try insert(fact.checks, task: fact.task, attempt: fact.attempt, tree: nil)
        try record(fact.task, fact.failure.summary)
    }

    /// Whether the attempt is the running one. A late result of another attempt is noted and has no other effect.
    func isCurrent(_ task: TaskID, _ attempt: Int) throws -> Bool {
        let isRunning = try state(of: task) == .running
        let found = try String.fetchOne(
            db.cachedStatement(sql: "SELECT state FROM attempts WHERE run = ? AND task = ? AND attempt = ?"),
            arguments: [run, task.rawValue, attempt])
        guard let found else { throw unknown("attempt \(attempt) of task \(task)") }
        if isRunning, found == AttemptRecord.State.running.rawValue { return true }
        try record(task, "attempt \(attempt) is no longer running: its result is refused")
        return false
    }
}
