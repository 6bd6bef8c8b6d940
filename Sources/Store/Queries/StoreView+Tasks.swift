import GRDB
package import Model

extension StoreView {
    /// Tasks of a run in the order of the plan.
    /// - Parameter states: only tasks in one of these; nil for all.
    package func tasks(of run: RunID, in states: Set<TaskState>? = nil) throws(StoreError) -> [TaskRecord] {
        let words = (states ?? Set(TaskState.allCases)).map { "'\($0.rawValue)'" }.sorted()
        return try fetch(
            "tasks",
            sql: "SELECT * FROM tasks WHERE run = ? AND state IN (\(words.joined(separator: ", "))) ORDER BY position",
            arguments: [run.rawValue], task)
    }

    /// One task, or nil if the run has none of that name.
    package func task(_ id: TaskID, of run: RunID) throws(StoreError) -> TaskRecord? {
        try fetch(
            "tasks", sql: "SELECT * FROM tasks WHERE run = ? AND task = ?", arguments: [run.rawValue, id.rawValue], task
        ).first
    }

    /// Finds a task by its name, by the path of one of its files, by its number in the plan's order, counted from 1, or by
    /// the start of its name.
    /// - Throws: `unknownTask`, with similar names.
    package func task(named name: String, of run: RunID) throws(StoreError) -> TaskRecord {
        if let task = try task(TaskID(name), of: run) { return task }
        let all = try tasks(of: run)
        let holders = all.filter { $0.files.contains(name) }
        // Of a task that was split, the part with the file.
        let owners = holders.filter { holder in !holders.contains { $0.partOf == holder.id } }
        if owners.count == 1, let owner = owners.first { return owner }
        if let number = Int(name), let task = all.first(where: { $0.position == number - 1 }) { return task }
        let begun = all.filter { !name.isEmpty && $0.id.rawValue.hasPrefix(name) }
        if owners.isEmpty, begun.count == 1, let only = begun.first { return only }
        let similar = owners.isEmpty ? all.filter { $0.id.rawValue.contains(name) } : owners
        throw .unknownTask(TaskID(name), run: run, similar: similar.prefix(5).map(\.id))
    }

    /// How many tasks of the run are in each state; states without any are left out.
    ///
    /// The ends of stages are left out: they have no files.
    package func counts(of run: RunID) throws(StoreError) -> [TaskState: Int] {
        let pairs = try fetch(
            "tasks",
            sql: "SELECT state, count(*) AS number FROM tasks WHERE run = ? AND files <> '[]' GROUP BY state",
            arguments: [run.rawValue]
        ) { row in (try row.word(TaskState.self, "state"), row.integer("number")) }
        return Dictionary(pairs) { first, _ in first }
    }

    /// How many tasks have landed in this run, without those that landed in an earlier one.
    package func landedCount(of run: RunID) throws(StoreError) -> Int {
        try fetch(
            "tasks", sql: "SELECT count(*) AS number FROM tasks WHERE run = ? AND landing_order IS NOT NULL",
            arguments: [run.rawValue]
        ) { row in row.integer("number") }.first ?? 0
    }

    /// Tasks that must be done before this one may start, in the order of the plan.
    package func dependencies(of task: TaskID, in run: RunID) throws(StoreError) -> [TaskRecord] {
        try related(run, "SELECT dependency FROM dependencies WHERE run = ?1 AND task = ?2", task)
    }

    /// Tasks that wait for this one, in the order of the plan.
    package func dependents(of task: TaskID, in run: RunID) throws(StoreError) -> [TaskRecord] {
        try related(run, "SELECT task FROM dependencies WHERE run = ?1 AND dependency = ?2", task)
    }

    /// The parts of a task that was split, in the order of the proposal; empty for another task.
    package func parts(of task: TaskID, in run: RunID) throws(StoreError) -> [TaskRecord] {
        try related(run, "SELECT task FROM tasks WHERE run = ?1 AND part_of = ?2", task)
    }

    /// The dependencies of each task. Tasks without any are left out.
    package func dependencies(in run: RunID) throws(StoreError) -> [TaskID: [TaskID]] {
        let pairs = try fetch(
            "dependencies", sql: "SELECT task, dependency FROM dependencies WHERE run = ? ORDER BY task, dependency",
            arguments: [run.rawValue]
        ) { row in (TaskID(row.text("task")), TaskID(row.text("dependency"))) }
        return Dictionary(grouping: pairs) { $0.0 }.mapValues { $0.map(\.1) }
    }

    /// The number of open tasks in the longest chain in which each needs the one before; 0 if no task is open.
    package func longestOpenChain(of run: RunID) throws(StoreError) -> Int {
        let open = TaskState.allCases.filter { !$0.isSettled }.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        return try fetch(
            "tasks", sql: "SELECT max(chain) AS length FROM tasks WHERE run = ? AND state IN (\(open))",
            arguments: [run.rawValue]
        ) { row in row.optionalInteger("length") ?? 0 }.first ?? 0
    }

    /// How many dependencies of each waiting task are not done.
    package func openDependencies(of run: RunID) throws(StoreError) -> [TaskID: Int] {
        let pairs = try fetch(
            "tasks", sql: "SELECT task, unmet FROM tasks WHERE run = ? AND state = 'waiting' AND unmet > 0",
            arguments: [run.rawValue]
        ) { row in (TaskID(row.text("task")), row.integer("unmet")) }
        return Dictionary(pairs) { first, _ in first }
    }

    private func related(_ run: RunID, _ query: String, _ id: TaskID) throws(StoreError) -> [TaskRecord] {
        try fetch(
            "tasks", sql: "SELECT * FROM tasks WHERE run = ?1 AND task IN (\(query)) ORDER BY position",
            arguments: [run.rawValue, id.rawValue], task)
    }

    private func task(_ row: StoredRow) throws -> TaskRecord {
        TaskRecord(
            id: TaskID(row.text("task")), title: row.text("title"), files: try row.texts("files"),
            figures: MigrationTask.Figures(
                lines: row.integer("lines"), fanIn: row.integer("fan_in"), fanOut: row.integer("fan_out"),
                cycle: row.integer("cycle")),
            position: row.integer("position"), state: try row.word(TaskState.self, "state"),
            attempts: row.integer("attempts"), reason: row.text("reason"), cause: row.optionalTask("cause"),
            commit: try row.optionalObject("commit_id"), landingOrder: row.optionalInteger("landing_order"),
            since: row.time("since"), started: row.optionalTime("started"), ended: row.optionalTime("ended"),
            partOf: row.optionalTask("part_of"))
    }
}
