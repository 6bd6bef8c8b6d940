package import Model

extension Scheduler {
    /// The parts of a task that was split, with their states, in the order of the proposal; empty for another task.
    package func parts(of task: TaskID) -> [(task: MigrationTask, state: TaskState)] {
        guard let index = indexOf[task] else { return [] }
        return entries[index].parts.map { (entries[$0].task, entries[$0].state) }
    }

    /// Maximum parts into which a worker may split a task now; nil if it may not.
    package func mostParts(of task: TaskID) -> Int? {
        guard let rules = splitRules, let index = indexOf[task] else { return nil }
        let entry = entries[index]
        guard entry.task.files.count > 1, entry.parts.isEmpty, entry.depth < rules.depth else { return nil }
        let room = rules.mostInRun - entries.count { $0.parent != nil }
        return room > 0 ? min(room, rules.most) : nil
    }
}
