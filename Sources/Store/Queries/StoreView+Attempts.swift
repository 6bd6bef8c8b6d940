import GRDB
package import Model

extension StoreView {
    /// The attempts at a task, the first one first, with their checks.
    package func attempts(at task: TaskID, of run: RunID) throws(StoreError) -> [AttemptRecord] {
        var attempts = try fetch(
            "attempts", sql: "SELECT * FROM attempts WHERE run = ? AND task = ? ORDER BY attempt",
            arguments: [run.rawValue, task.rawValue], attempt)
        let checks = try fetch(
            "checks", sql: "SELECT * FROM checks WHERE run = ? AND task = ? ORDER BY sequence, position",
            arguments: [run.rawValue, task.rawValue]
        ) { row in (row.optionalInteger("attempt"), try check(row)) }
        for index in attempts.indices {
            attempts[index].checks = checks.filter { $0.0 == attempts[index].number }.map(\.1)
        }
        return attempts
    }

    /// The attempts of a run that are in a state, by start, with their checks.
    package func attempts(of run: RunID, in state: AttemptRecord.State) throws(StoreError) -> [AttemptRecord] {
        var attempts = try fetch(
            "attempts", sql: "SELECT * FROM attempts WHERE run = ? AND state = ? ORDER BY started, task, attempt",
            arguments: [run.rawValue, state.rawValue], attempt)
        let checks = try fetch(
            "checks",
            sql: """
                SELECT c.* FROM attempts a JOIN checks c ON c.run = a.run AND c.task = a.task AND c.attempt = a.attempt
                WHERE a.run = ? AND a.state = ? ORDER BY c.sequence, c.position
                """,
            arguments: [run.rawValue, state.rawValue]
        ) { row in ("\(row.text("task")) \(row.integer("attempt"))", try check(row)) }
        let checksOf = Dictionary(grouping: checks) { $0.0 }
        for index in attempts.indices {
            attempts[index].checks = checksOf["\(attempts[index].task) \(attempts[index].number)", default: []].map(\.1)
        }
        return attempts
    }

    /// Durations of the verified attempts of a run in seconds, the latest first.
    /// - Parameter limit: the largest number to return.
    package func verifiedSeconds(of run: RunID, limit: Int) throws(StoreError) -> [Double] {
        try fetch(
            "attempts",
            sql: """
                SELECT seconds FROM attempts WHERE run = ? AND state = 'verified' AND seconds IS NOT NULL
                ORDER BY ended DESC LIMIT ?
                """,
            arguments: [run.rawValue, limit]
        ) { row in row.optionalReal("seconds") ?? 0 }
    }

    /// How many attempts of a run were judged, how many of them failed, and what they cost together.
    /// - Returns: attempts that the machine, a provider or a person ended are left out; `usd` is nil if no worker told it.
    package func attemptFigures(of run: RunID) throws(StoreError) -> (judged: Int, failed: Int, usd: Double?) {
        let others: [Failure.Kind] = [.infrastructure, .brokenSetup, .interrupted, .providerLimit]
        let names = others.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        return try fetch(
            "attempts",
            sql: """
                SELECT count(*) AS judged, sum(state = 'failed') AS failed, sum(usd) AS usd FROM attempts
                WHERE run = ? AND (state = 'verified' OR state = 'failed' AND failure_kind NOT IN (\(names)))
                """,
            arguments: [run.rawValue]
        ) { row in (row.integer("judged"), row.optionalInteger("failed") ?? 0, row.optionalReal("usd")) }.first
            ?? (0, 0, nil)
    }

    /// Durations of the landing checks of landed candidates in seconds, and their tasks, the latest first.
    /// - Parameter limit: the largest number to return.
    package func landings(of run: RunID, limit: Int) throws(StoreError) -> [(
        seconds: Double, tasks: Int, ended: Timestamp
    )] {
        try fetch(
            "candidates",
            sql: """
                SELECT seconds, ended, (SELECT count(*) FROM candidate_tasks AS member WHERE member.run = candidates.run
                AND member.candidate = candidates.candidate) AS tasks
                FROM candidates WHERE run = ? AND state = 'landed' AND seconds IS NOT NULL
                ORDER BY candidate DESC LIMIT ?
                """,
            arguments: [run.rawValue, limit]
        ) { row in
            (row.optionalReal("seconds") ?? 0, row.integer("tasks"), Timestamp(seconds: row.optionalReal("ended") ?? 0))
        }
    }

    /// The candidates of a run, or only the ones with a task, in order, with their checks.
    package func candidates(of run: RunID, with task: TaskID? = nil) throws(StoreError) -> [CandidateRecord] {
        let chosen =
            task == nil
            ? "run = ?1"
            : "run = ?1 AND candidate IN (SELECT candidate FROM candidate_tasks WHERE run = ?1 AND task = ?2)"
        let arguments: StatementArguments = task.map { [run.rawValue, $0.rawValue] } ?? [run.rawValue]
        var candidates = try fetch(
            "candidates", sql: "SELECT * FROM candidates WHERE \(chosen) ORDER BY candidate", arguments: arguments,
            candidate)
        let members = try fetch(
            "candidate_tasks", sql: "SELECT * FROM candidate_tasks WHERE \(chosen) ORDER BY candidate, position",
            arguments: arguments
        ) { row in (row.integer("candidate"), TaskID(row.text("task")), try row.optionalObject("commit_id")) }
        let checks = try fetch(
            "checks", sql: "SELECT * FROM checks WHERE \(chosen) AND candidate IS NOT NULL ORDER BY sequence, position",
            arguments: arguments
        ) { row in (row.integer("candidate"), try check(row)) }
        let membersOf = Dictionary(grouping: members) { $0.0 }
        let checksOf = Dictionary(grouping: checks) { $0.0 }
        for index in candidates.indices {
            let number = candidates[index].number
            candidates[index].tasks = membersOf[number, default: []].map(\.1)
            candidates[index].commits = membersOf[number, default: []].compactMap(\.2)
            candidates[index].checks = checksOf[number, default: []].map(\.1)
        }
        return candidates
    }

    /// The candidates of a run that are in a state, in order, without their checks.
    package func candidates(
        of run: RunID, in state: CandidateRecord.State
    ) throws(StoreError) -> [CandidateRecord] {
        var candidates = try fetch(
            "candidates", sql: "SELECT * FROM candidates WHERE run = ? AND state = ? ORDER BY candidate",
            arguments: [run.rawValue, state.rawValue], candidate)
        let members = try fetch(
            "candidate_tasks",
            sql: """
                SELECT m.candidate, m.task FROM candidates c
                JOIN candidate_tasks m ON m.run = c.run AND m.candidate = c.candidate
                WHERE c.run = ? AND c.state = ? ORDER BY m.candidate, m.position
                """,
            arguments: [run.rawValue, state.rawValue]
        ) { row in (row.integer("candidate"), TaskID(row.text("task"))) }
        let membersOf = Dictionary(grouping: members) { $0.0 }
        for index in candidates.indices {
            candidates[index].tasks = membersOf[candidates[index].number, default: []].map(\.1)
        }
        return candidates
    }

    /// The recorded reasons for starts, retries, rejections and waits, in order.
    /// - Parameter task: nil for the reasons of the whole run and all its tasks.
    package func reasons(of run: RunID, task: TaskID? = nil) throws(StoreError) -> [ReasonRecord] {
        let chosen = task == nil ? "run = ?1" : "run = ?1 AND task = ?2"
        let arguments: StatementArguments = task.map { [run.rawValue, $0.rawValue] } ?? [run.rawValue]
        return try fetch(
            "reasons", sql: "SELECT * FROM reasons WHERE \(chosen) ORDER BY sequence, task", arguments: arguments
        ) { row in
            let task = row.text("task")
            return ReasonRecord(
                sequence: Int64(row.integer("sequence")), time: row.time("time"), kind: row.text("kind"),
                task: task.isEmpty ? nil : TaskID(task), text: row.text("text"))
        }
    }

    private func attempt(_ row: StoredRow) throws -> AttemptRecord {
        AttemptRecord(
            task: TaskID(row.text("task")), number: row.integer("attempt"), rung: row.integer("rung"),
            state: try row.word(AttemptRecord.State.self, "state"), cause: row.text("cause"),
            worker: row.optionalText("worker"), slot: row.optionalInteger("slot"),
            base: try row.optionalObject("base"), started: row.time("started"), ended: row.optionalTime("ended"),
            seconds: row.optionalReal("seconds"), commit: try row.optionalObject("commit_id"),
            tree: try row.optionalObject("tree"), changes: try row.json([ChangedPath].self, "changes"),
            reason: row.text("reason"), failure: try row.failure(), checks: [], usage: row.usage(),
            requests: row.integer("requests"))
    }

    private func candidate(_ row: StoredRow) throws -> CandidateRecord {
        CandidateRecord(
            number: row.integer("candidate"), state: try row.word(CandidateRecord.State.self, "state"),
            cause: row.text("cause"), tip: try row.optionalObject("tip"), tasks: [], commits: [],
            tree: try row.optionalObject("tree"),
            started: row.time("started"), ended: row.optionalTime("ended"), seconds: row.optionalReal("seconds"),
            culprit: row.optionalTask("culprit"), failure: try row.failure(), checks: [])
    }

    func check(_ row: StoredRow) throws -> CheckResult {
        CheckResult(
            name: row.text("name"), command: row.text("command"),
            outcome: try row.word(CheckResult.Outcome.self, "outcome"),
            status: Int32(truncatingIfNeeded: row.integer("status")), seconds: row.optionalReal("seconds") ?? 0,
            digest: row.text("digest"),
            failedTests: row.text("failed_tests") == "[]" ? [] : try row.json([String].self, "failed_tests"),
            testsRun: row.optionalInteger("tests_run"), testGap: row.optionalText("test_gap"),
            flakes: row.integer("flakes"), isKnown: row.optionalInteger("known") == 1)
    }
}
