import GRDB
import Model

extension Projector.Scope {
    func apply(_ fact: Fact.TasksAdded) throws { try addTasks(fact.tasks, reason: fact.reason, cause: fact.cause) }

    /// Puts tasks behind those of the run.
    func addTasks(_ tasks: [MigrationTask], reason: String, cause: TaskID) throws {
        let count = try Int.fetchOne(
            db.cachedStatement(sql: "SELECT count(*) FROM tasks WHERE run = ?"), arguments: [run])
        var known: Set<TaskID> = []
        for task in tasks {
            let needs = try task.dependencies.filter { dependency in
                if known.contains(dependency) { return true }
                return try exists(dependency)
            }
            let open = try Set(needs).filter { try !state(of: $0).isDone || isBeingReverted($0) }
            try insert(
                task, position: (count ?? 0) + known.count, unmet: open.count, chain: 1, commit: nil)
            for dependency in Set(needs) {
                try db.run(
                    "INSERT INTO dependencies (run, task, dependency) VALUES (?, ?, ?)",
                    run, task.id.rawValue, dependency.rawValue)
            }
            try explain(task.id, reason, cause: cause)
            known.insert(task.id)
        }
    }

    private func exists(_ task: TaskID) throws -> Bool {
        try String.fetchOne(
            db.cachedStatement(sql: "SELECT state FROM tasks WHERE run = ? AND task = ?"),
            arguments: [run, task.rawValue]) != nil
    }
}
