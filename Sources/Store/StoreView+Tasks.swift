import GRDB
package import Model

extension StoreView {
    /// Tasks of a run in the order of the plan.
    /// - Parameter states: only tasks in one of these; nil for all.
    package func tasks(of run: RunID, in states: Set<TaskState>? = nil) throws(StoreError) -> [TaskRecord] {
        let words = (states ?? Set(TaskState.allCases)).map { "'\($0.rawValue)'" }.sorted()
        return try fetch(
            "tasks",
            "SELECT * FROM tasks WHERE run = ? AND state IN (\(words.joined(separator: ", "))) ORDER BY position",
            [run.rawValue], task)
    }

    /// One task, or nil if the run has none of that name.
    package func task(_ id: TaskID, of run: RunID) throws(StoreError) -> TaskRecord? {
        try fetch("tasks", "SELECT * FROM tasks WHERE run = ? AND task = ?", [run.rawValue, id.rawValue], task).first
    }

    /// How many tasks of the run are in each state; states without any are left out.
    package func counts(of run: RunID) throws(StoreError) -> [TaskState: Int] {
        let pairs = try fetch(
            "tasks", "SELECT state, count(*) AS number FROM tasks WHERE run = ? GROUP BY state", [run.rawValue]
        ) { row in (try row.word(TaskState.self, "state"), row.integer("number")) }
        return Dictionary(pairs) { first, _ in first }
    }

    /// Tasks that must be green before this one may start, in the order of the plan.
    package func dependencies(of task: TaskID, in run: RunID) throws(StoreError) -> [TaskRecord] {
        try related(run, "SELECT dependency FROM dependencies WHERE run = ?1 AND task = ?2", task)
    }

    /// Tasks that wait for this one, in the order of the plan.
    package func dependents(of task: TaskID, in run: RunID) throws(StoreError) -> [TaskRecord] {
        try related(run, "SELECT task FROM dependencies WHERE run = ?1 AND dependency = ?2", task)
    }

    /// What each task depends on; tasks that depend on none are left out.
    package func dependencies(in run: RunID) throws(StoreError) -> [TaskID: [TaskID]] {
        let pairs = try fetch(
            "dependencies", "SELECT task, dependency FROM dependencies WHERE run = ? ORDER BY task, dependency",
            [run.rawValue]
        ) { row in (TaskID(row.text("task")), TaskID(row.text("dependency"))) }
        return Dictionary(grouping: pairs) { $0.0 }.mapValues { $0.map(\.1) }
    }

    private func related(_ run: RunID, _ query: String, _ id: TaskID) throws(StoreError) -> [TaskRecord] {
        try fetch(
            "tasks", "SELECT * FROM tasks WHERE run = ?1 AND task IN (\(query)) ORDER BY position",
            [run.rawValue, id.rawValue], task)
    }

    private func task(_ row: StoredRow) throws -> TaskRecord {
        TaskRecord(
            id: TaskID(row.text("task")), title: row.text("title"), files: try row.json([String].self, "files"),
            figures: MigrationTask.Figures(
                lines: row.integer("lines"), fanIn: row.integer("fan_in"), fanOut: row.integer("fan_out"),
                cycle: row.integer("cycle")),
            position: row.integer("position"), state: try row.word(TaskState.self, "state"),
            attempts: row.integer("attempts"), reason: row.text("reason"), cause: row.optionalTask("cause"),
            commit: try row.optionalObject("commit_id"), landingOrder: row.optionalInteger("landing_order"),
            since: row.time("since"), started: row.optionalTime("started"), ended: row.optionalTime("ended"))
    }
}
