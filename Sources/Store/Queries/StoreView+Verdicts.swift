import GRDB
package import Model

/// A stored verdict, with the number of runs of its check on its tree that passed and failed.
package struct VerdictRecord: Sendable, Equatable {
    package var verdict: Verdict
    package var run: RunID
    package var passes: Int
    package var failures: Int

    /// The largest number of verdicts that a store keeps from one run to the next.
    package static let most = 100_000
    /// Seconds that a verdict is kept without being confirmed: 90 days.
    static let longest = 90.0 * 24 * 3600
}

/// The checks of the base or of the finished integration branch.
package struct WholeCheckRecord: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable, Codable {
        case baseline
        case final
    }

    package var kind: Kind
    package var commit: ObjectID
    package var tree: ObjectID
    package var seconds: Double
    package var checks: [CheckResult]

    package var hasPassed: Bool { checks.allSatisfy { $0.outcome == .passed } }
}

/// What a search for files that no landing check sees has found (`check --probe`).
package struct ProbedFilesRecord: Sendable, Equatable {
    /// The commit on which files were broken.
    package var base: ObjectID
    package var time: Timestamp
    /// Files that no landing check sees.
    package var unseen: Set<String>
    /// Files that the search did not get to.
    package var undecided: Set<String>
}

extension StoreView {
    /// The verdicts of all runs, the latest first.
    /// - Parameter limit: how many at most.
    package func verdicts(limit: Int) throws(StoreError) -> [VerdictRecord] {
        try fetch("verdicts", sql: "SELECT * FROM verdicts ORDER BY time DESC, key LIMIT ?", arguments: [limit]) {
            row in
            VerdictRecord(
                verdict: Verdict(
                    key: row.text("key"), tree: try row.object("tree"), isClean: row.integer("clean") != 0, runs: 1,
                    result: try check(row)),
                run: RunID(row.text("run")), passes: row.integer("passes"), failures: row.integer("failures"))
        }
    }

    /// The flake rates of all checks of a plan, by name.
    package func flakeRates(of plan: String) throws(StoreError) -> [FlakeRate] {
        try fetch("flake_rates", sql: "SELECT * FROM flake_rates WHERE plan = ? ORDER BY name", arguments: [plan]) {
            row in
            FlakeRate(check: row.text("name"), runs: row.integer("runs"), flakes: row.integer("flakes"))
        }
    }

    /// The last check of the base or of the finished branch; nil if it was not checked.
    package func wholeCheck(_ kind: WholeCheckRecord.Kind, of run: RunID) throws(StoreError) -> WholeCheckRecord? {
        let found = try fetch(
            "whole_checks", sql: "SELECT * FROM whole_checks WHERE run = ? AND kind = ? ORDER BY sequence DESC LIMIT 1",
            arguments: [run.rawValue, kind.rawValue]
        ) { row in
            (
                row.integer("sequence"),
                WholeCheckRecord(
                    kind: kind, commit: try row.object("commit_id"), tree: try row.object("tree"),
                    seconds: row.optionalReal("seconds") ?? 0, checks: [])
            )
        }
        guard let (sequence, record) = found.first else { return nil }
        var whole = record
        whole.checks = try fetch(
            "checks", sql: "SELECT * FROM checks WHERE sequence = ? ORDER BY position", arguments: [sequence], check)
        return whole
    }

    /// The last search for files that no landing check sees, with the landing checks of a plan; nil if there was none.
    package func probedFiles(of plan: Plan) throws(StoreError) -> ProbedFilesRecord? {
        try fetch(
            "probed_files", sql: "SELECT * FROM probed_files WHERE plan = ? AND checks = ?",
            arguments: [plan.name, plan.landingKey]
        ) { row in
            ProbedFilesRecord(
                base: try row.object("base"), time: row.time("time"),
                unseen: Set(try row.json([String].self, "unseen")),
                undecided: Set(try row.json([String].self, "undecided")))
        }.first
    }
}
