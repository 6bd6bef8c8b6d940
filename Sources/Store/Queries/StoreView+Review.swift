import GRDB
package import Model

/// A stored decision of a person about one commit.
package struct ReviewRecord: Sendable, Equatable {
    package var task: TaskID
    package var sequence: Int64
    package var kind: ReviewDecision.Kind
    package var text: String
    package var person: String
    /// The commit of the task at that time.
    package var commit: ObjectID?
    package var time: Timestamp
}

extension StoreView {
    /// The decisions of people about the commits of a run, in order.
    package func reviewDecisions(of run: RunID) throws(StoreError) -> [ReviewRecord] {
        try fetch(
            "review_decisions", sql: "SELECT * FROM review_decisions WHERE run = ? ORDER BY sequence, task",
            arguments: [run.rawValue]
        ) { row in
            ReviewRecord(
                task: TaskID(row.text("task")), sequence: Int64(row.integer("sequence")),
                kind: try row.word(ReviewDecision.Kind.self, "kind"), text: row.text("text"),
                person: row.text("person"), commit: try row.optionalObject("commit_id"), time: row.time("time"))
        }
    }

    /// The tasks that take commits back, each with what it reverts.
    package func reverts(of run: RunID) throws(StoreError) -> [TaskID: [TaskID]] {
        let pairs = try fetch(
            "reverts", sql: "SELECT * FROM reverts WHERE run = ? ORDER BY task, reverted", arguments: [run.rawValue]
        ) { row in (TaskID(row.text("task")), TaskID(row.text("reverted"))) }
        return Dictionary(grouping: pairs) { $0.0 }.mapValues { $0.map(\.1) }
    }

    /// How many messages each task was given.
    package func messagesGiven(in run: RunID) throws(StoreError) -> [TaskID: Int] {
        let pairs = try fetch(
            "deliveries",
            sql: "SELECT task, count(DISTINCT message) AS number FROM deliveries WHERE run = ? GROUP BY task",
            arguments: [run.rawValue]
        ) { row in (TaskID(row.text("task")), row.integer("number")) }
        return Dictionary(pairs) { first, _ in first }
    }
}
