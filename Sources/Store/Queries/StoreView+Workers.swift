import Foundation
import GRDB
package import Model

extension StoreView {
    /// The results of each worker's attempts, by name.
    /// - Parameter run: nil for all runs of the store.
    package func workerRecords(of run: RunID? = nil) throws(StoreError) -> [WorkerRecord] {
        // No escaping is needed: the words are cases of an enum.
        let spoilt = Failure.Kind.allCases.filter { !Failure(kind: $0, summary: "").countsAsAttempt }
            .map { "'\($0.rawValue)'" }.joined(separator: ", ")
        return try fetch(
            "attempts",
            sql: """
                SELECT a.worker,
                sum(a.state IN ('verified', 'failed') AND coalesce(a.failure_kind, '') NOT IN (\(spoilt))) AS attempts,
                sum(a.state = 'verified') AS verified, sum(coalesce(a.failure_kind, '') = 'holdout') AS held_back,
                sum(a.state = 'verified' AND t.state = 'landed' AND a.attempt = (
                    SELECT max(b.attempt) FROM attempts b WHERE b.run = a.run AND b.task = a.task AND b.state = 'verified'
                )) AS landed,
                coalesce(sum(a.seconds), 0) AS seconds, count(a.input_tokens) AS told,
                sum(a.input_tokens) AS input_tokens, sum(a.cached_tokens) AS cached_tokens,
                sum(a.output_tokens) AS output_tokens, sum(a.usd) AS usd, coalesce(sum(a.requests), 0) AS requests
                FROM attempts a JOIN tasks t ON t.run = a.run AND t.task = a.task
                WHERE a.worker IS NOT NULL AND (?1 IS NULL OR a.run = ?1) GROUP BY a.worker ORDER BY a.worker
                """, arguments: [run?.rawValue]
        ) { row in
            var record = WorkerRecord(
                worker: row.text("worker"), attempts: row.integer("attempts"), verified: row.integer("verified"),
                landed: row.integer("landed"), seconds: row.optionalReal("seconds") ?? 0,
                usage: row.integer("told") == 0 ? nil : row.usage())
            record.heldBack = row.integer("held_back")
            record.requests = row.integer("requests")
            return record
        }
    }
}

extension StateFolder {
    /// The stores of all repositories on this machine, in the order of their names.
    /// - Parameter environment: `XDG_STATE_HOME` and `HOME` are looked at.
    /// - Throws: `noStateHome`.
    package static func stores(environment: [String: String]) throws(StoreError) -> [String] {
        stores(below: "\(try home(environment))/orchestrate")
    }

    /// The store of this repository and of all others beside it.
    package var allStores: [String] {
        Self.stores(below: URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    private static func stores(below folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().map { "\(folder)/\($0)/state.sqlite" }
            .filter { FileManager.default.fileExists(atPath: $0) }
    }
}
