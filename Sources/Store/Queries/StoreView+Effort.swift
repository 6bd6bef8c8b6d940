import GRDB
package import Model

/// What all attempts at one task have used, or those of one worker.
package struct TaskEffort: Sendable, Equatable {
    /// The worker of the last attempt.
    package var worker: String
    package var attempts: Int
    package var seconds: Double
    /// nil if no attempt reported any.
    package var usage: Usage?

    /// Returns the sum over the workers of a task, the last of which gives its name; nil without any.
    package static func sum(_ shares: [TaskEffort]) -> TaskEffort? {
        guard var sum = shares.last else { return nil }
        for share in shares.dropLast() {
            sum.attempts += share.attempts
            sum.seconds += share.seconds
            sum.usage = share.usage.map { $0 + (sum.usage ?? Usage()) } ?? sum.usage
        }
        return sum
    }
}

/// What a run counts for all workers, whatever they report.
package struct RunEffort: Sendable, Equatable {
    /// Requests to models.
    package var requests: Int
    /// Seconds of all attempts together, each from the start of its first worker to its end.
    package var workerTime: Double
}

extension StoreView {
    /// - Parameter now: the end of the work that goes on; nil if no coordinator works on the run, which then ended with its
    ///   last event.
    package func effort(of run: RunID, now: Timestamp?) throws(StoreError) -> RunEffort {
        try fetch(
            "attempts",
            sql: """
                SELECT coalesce(sum(requests), 0) AS requests, coalesce(sum(max(0, coalesce(worker_ended, ?2,
                (SELECT time FROM events WHERE run = ?1 ORDER BY sequence DESC LIMIT 1)) - worker_started)), 0) AS seconds
                FROM attempts WHERE run = ?1
                """, arguments: [run.rawValue, now?.seconds]
        ) { row in
            RunEffort(requests: row.integer("requests"), workerTime: row.optionalReal("seconds") ?? 0)
        }.first ?? RunEffort(requests: 0, workerTime: 0)
    }

    /// Returns the effort for each task of a run that a worker has tried.
    package func effort(of run: RunID) throws(StoreError) -> [TaskID: TaskEffort] {
        try effortByWorker(of: run).compactMapValues(TaskEffort.sum)
    }

    /// Returns the same for each worker apart, in the order of their last attempts.
    package func effortByWorker(of run: RunID) throws(StoreError) -> [TaskID: [TaskEffort]] {
        let rows = try fetch(
            "attempts",
            sql: """
                SELECT task, worker, count(*) AS attempts, coalesce(sum(seconds), 0) AS seconds,
                count(input_tokens) AS told, sum(input_tokens) AS input_tokens, sum(cached_tokens) AS cached_tokens,
                sum(output_tokens) AS output_tokens, sum(usd) AS usd
                FROM attempts WHERE run = ? AND worker IS NOT NULL GROUP BY task, worker
                ORDER BY task, max(attempt)
                """, arguments: [run.rawValue]
        ) { row in
            (
                TaskID(row.text("task")),
                TaskEffort(
                    worker: row.text("worker"), attempts: row.integer("attempts"),
                    seconds: row.optionalReal("seconds") ?? 0,
                    usage: row.integer("told") == 0 ? nil : row.usage())
            )
        }
        return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
    }
}
