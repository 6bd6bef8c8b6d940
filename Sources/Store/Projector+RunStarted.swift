import GRDB
import Model

extension Projector.Scope {
    func apply(_ fact: Fact.RunStarted) throws {
        let number = Int(event.run.rawValue.split(separator: "-").last ?? "") ?? 0
        try db.run(
            """
            INSERT INTO runs (run, plan, number, plan_json, base, tip, state, started)
            VALUES (?, ?, ?, ?, ?, ?, 'running', ?)
            """,
            run, fact.plan.name, number, try StoredJSON.text(fact.plan), fact.base.hex, fact.tip.hex, now)

        var landed: [TaskID: ObjectID] = [:]
        for commit in fact.landedBefore { landed[commit.task] = commit.commit }
        let known = Set(fact.tasks.map(\.id))
        for (position, task) in fact.tasks.enumerated() {
            let open = needed(by: task, among: known).filter { landed[$0] == nil }
            try insert(task, position: position, unmet: open.count, commit: landed[task.id])
        }
        for task in fact.tasks {
            for dependency in needed(by: task, among: known) {
                try db.run(
                    "INSERT INTO dependencies (run, task, dependency) VALUES (?, ?, ?)",
                    run, task.id.rawValue, dependency.rawValue)
            }
        }
    }

    /// A dependency that is no task of the run, or the task itself, holds nobody up.
    private func needed(by task: MigrationTask, among known: Set<TaskID>) -> Set<TaskID> {
        known.intersection(task.dependencies).subtracting([task.id])
    }

    private func insert(_ task: MigrationTask, position: Int, unmet: Int, commit: ObjectID?) throws {
        let state: TaskState = commit != nil ? .landed : unmet == 0 ? .ready : .waiting
        try db.run(
            """
            INSERT INTO tasks (run, task, position, title, files, lines, fan_in, fan_out, cycle, state, unmet,
            reason, commit_id, since, ended) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            run, task.id.rawValue, position, task.title, try StoredJSON.text(task.files), task.figures.lines,
            task.figures.fanIn, task.figures.fanOut, task.figures.cycle, state.rawValue, unmet,
            commit == nil ? "" : "landed in an earlier run", commit?.hex, now, commit == nil ? nil : now)
    }
}
