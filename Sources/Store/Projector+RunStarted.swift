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
        // A dependency that is no task of the run holds nobody up.
        let known = Set(fact.tasks.map(\.id))
        for (position, task) in fact.tasks.enumerated() {
            let open = Set(task.dependencies).filter { known.contains($0) && landed[$0] == nil }
            try insert(task, position: position, unmet: open.count, commit: landed[task.id])
        }
        for task in fact.tasks {
            for dependency in Set(task.dependencies) where known.contains(dependency) {
                try db.run(
                    "INSERT INTO dependencies (run, task, dependency) VALUES (?, ?, ?)",
                    run, task.id.rawValue, dependency.rawValue)
            }
        }
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
