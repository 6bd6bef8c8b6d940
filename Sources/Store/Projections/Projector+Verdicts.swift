import GRDB
import Model

extension Projector.Scope {
    func apply(_ fact: Fact.Checked) throws {
        for verdict in fact.verdicts { try apply(verdict) }
    }

    /// Replaces an earlier verdict with the same key. The runs of the earlier one still count for the flake rate.
    ///
    /// A verdict from outside of a run says nothing about how flaky a check is: its tree was broken on purpose.
    private func apply(_ verdict: Verdict) throws {
        let before = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT passes, failures FROM verdicts WHERE key = ?"), arguments: [verdict.key])
        var passes: Int = before?[0] ?? 0
        var failures: Int = before?[1] ?? 0
        let flakesBefore = passes > 0 ? failures : 0
        let passed = verdict.result.outcome == .passed ? 1 : 0
        passes += passed
        failures += verdict.runs - passed
        let result = verdict.result
        try db.run(
            """
            INSERT OR REPLACE INTO verdicts (key, tree, clean, run, time, passes, failures, name, command, outcome,
            status, seconds, digest, failed_tests, tests_run, test_gap, flakes)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            verdict.key, verdict.tree.hex, verdict.isClean, run, now, passes, failures, result.name, result.command,
            result.outcome.rawValue, result.status, result.seconds, result.digest,
            try StoredJSON.text(result.failedTests), result.testsRun, result.testGap, result.flakes)
        try db.run(
            """
            INSERT INTO flake_rates (plan, name, runs, flakes) SELECT plan, ?2, ?3, ?4 FROM runs WHERE run = ?1
            ON CONFLICT DO UPDATE SET runs = runs + excluded.runs, flakes = flakes + excluded.flakes
            """,
            run, result.name, verdict.runs, (passes > 0 ? failures : 0) - flakesBefore)
    }

    /// Deletes old verdicts when a run starts.
    ///
    /// Uses the time of the event, so that a rebuild from the log gives the same table. Flake rates stay.
    func forgetOldVerdicts() throws {
        try db.run("DELETE FROM verdicts WHERE time < ?", now - VerdictRecord.longest)
        try db.run(
            """
            DELETE FROM verdicts WHERE key IN
            (SELECT key FROM verdicts ORDER BY time DESC, key LIMIT -1 OFFSET ?)
            """, VerdictRecord.most)
    }

    /// Replaces the result of an earlier search with the same checks.
    func apply(_ found: Fact.FilesProbed) throws {
        try db.run(
            """
            INSERT OR REPLACE INTO probed_files (plan, checks, base, time, unseen, undecided) VALUES (?, ?, ?, ?, ?, ?)
            """,
            found.plan, found.checks, found.base.hex, now, try StoredJSON.text(found.unseen),
            try StoredJSON.text(found.undecided))
    }

    func apply(_ rate: FlakeRate) throws {
        try record(
            nil, "check '\(rate.check)' is flaky: red \(rate.flakes) of \(Count.text(rate.runs, "time")) on a good tree"
        )
    }

    func apply(_ fact: Fact.WholeChecked, _ kind: WholeCheckRecord.Kind) throws {
        try db.run(
            "INSERT INTO whole_checks (sequence, run, kind, commit_id, tree, seconds) VALUES (?, ?, ?, ?, ?, ?)",
            event.sequence, run, kind.rawValue, fact.commit.hex, fact.tree.hex, fact.seconds)
        try insert(fact.checks, tree: fact.tree)
        guard let red = fact.checks.first(where: { $0.outcome != .passed }) else { return }
        try record(nil, "check '\(red.name)' of verify.\(kind.rawValue) is red")
    }
}
