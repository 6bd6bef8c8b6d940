import GRDB
import Model

extension Projector.Scope {
    func apply(_ fact: Fact.RunStarted) throws {
        try forgetOldVerdicts()
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
        let chains = chainLengths(fact.tasks)
        for (position, task) in fact.tasks.enumerated() {
            let open = needed(by: task, among: known).filter { landed[$0] == nil }
            try insert(task, position: position, unmet: open.count, chain: chains[position], commit: landed[task.id])
        }
        for task in fact.tasks {
            for dependency in needed(by: task, among: known) {
                try db.run(
                    "INSERT INTO dependencies (run, task, dependency) VALUES (?, ?, ?)",
                    run, task.id.rawValue, dependency.rawValue)
            }
        }
    }

    /// For each task how many tasks stand in the longest chain of dependents that it opens, itself included.
    ///
    /// Kahn's algorithm from the tasks that nothing depends on; a task on a cycle keeps the length it was reached with.
    private func chainLengths(_ tasks: [MigrationTask]) -> [Int] {
        let places = Dictionary(zip(tasks.map(\.id), tasks.indices)) { first, _ in first }
        let needs = tasks.indices.map { index in
            Set(tasks[index].dependencies).compactMap { places[$0] }.filter { $0 != index }
        }
        var open = [Int](repeating: 0, count: tasks.count)
        for place in needs.joined() { open[place] += 1 }
        var lengths = [Int](repeating: 1, count: tasks.count)
        var stack = tasks.indices.filter { open[$0] == 0 }
        while let index = stack.popLast() {
            for place in needs[index] {
                lengths[place] = max(lengths[place], lengths[index] + 1)
                open[place] -= 1
                if open[place] == 0 { stack.append(place) }
            }
        }
        return lengths
    }

    /// A dependency that is no task of the run, or the task itself, holds nobody up.
    private func needed(by task: MigrationTask, among known: Set<TaskID>) -> Set<TaskID> {
        known.intersection(task.dependencies).subtracting([task.id])
    }

    func insert(_ task: MigrationTask, position: Int, unmet: Int, chain: Int, commit: ObjectID?) throws {
        let state: TaskState = commit != nil ? .landed : unmet == 0 ? .ready : .waiting
        try db.run(
            """
            INSERT INTO tasks (run, task, position, title, files, lines, fan_in, fan_out, cycle, state, unmet,
            chain, reason, commit_id, since, ended, part_of)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            run, task.id.rawValue, position, task.title, try StoredJSON.text(task.files), task.figures.lines,
            task.figures.fanIn, task.figures.fanOut, task.figures.cycle, state.rawValue, unmet, chain,
            commit == nil ? "" : "landed in an earlier run", commit?.hex, now, commit == nil ? nil : now,
            task.partOf?.rawValue)
    }
}
