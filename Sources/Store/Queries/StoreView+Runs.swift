import GRDB
package import Model

extension StoreView {
    /// All runs, the latest first.
    package func runs() throws(StoreError) -> [RunRecord] {
        try fetch("runs", sql: "SELECT * FROM runs ORDER BY started DESC, plan, number DESC", arguments: [], run)
    }

    /// One run.
    /// - Throws: `unknownRun`.
    package func run(_ id: RunID) throws(StoreError) -> RunRecord {
        let found = try fetch("runs", sql: "SELECT * FROM runs WHERE run = ?", arguments: [id.rawValue], run)
        guard let record = found.first else { throw .unknownRun(id) }
        return record
    }

    /// The latest run of a plan, or of all plans; nil if there is none.
    package func latestRun(plan: String? = nil) throws(StoreError) -> RunRecord? {
        guard let plan else {
            return try fetch(
                "runs", sql: "SELECT * FROM runs ORDER BY started DESC, number DESC LIMIT 1", arguments: [], run
            ).first
        }
        return try fetch(
            "runs", sql: "SELECT * FROM runs WHERE plan = ? ORDER BY number DESC LIMIT 1", arguments: [plan], run
        ).first
    }

    private func run(_ row: StoredRow) throws -> RunRecord {
        RunRecord(
            id: RunID(row.text("run")), plan: try row.json(Plan.self, "plan_json"), base: try row.object("base"),
            tip: try row.object("tip"), state: try row.word(RunRecord.State.self, "state"),
            reason: row.text("reason"), started: row.time("started"), ended: row.optionalTime("ended"),
            owner: row.optionalInteger("owner").map { Int32(truncatingIfNeeded: $0) }, waits: row.text("waits"))
    }

    /// The providers in a cooldown, by name.
    package func cooldowns(of run: RunID) throws(StoreError) -> [CooldownRecord] {
        try fetch(
            "cooldowns", sql: "SELECT * FROM cooldowns WHERE run = ? ORDER BY provider", arguments: [run.rawValue]
        ) { row in
            CooldownRecord(provider: row.text("provider"), until: row.time("until"), reason: row.text("reason"))
        }
    }

    /// The usage of all attempts of a run together; nil if no worker reported any.
    package func usage(of run: RunID) throws(StoreError) -> Usage? {
        try fetch(
            "attempts",
            sql: """
                SELECT count(input_tokens) AS told, sum(input_tokens) AS input_tokens, sum(cached_tokens) AS cached_tokens,
                sum(output_tokens) AS output_tokens, sum(usd) AS usd FROM attempts WHERE run = ?
                """,
            arguments: [run.rawValue]
        ) { row in row.integer("told") == 0 ? nil : row.usage() }.first ?? nil
    }
}
