import Model

extension Scheduler {
    /// Adds tasks that a landing made necessary. Tasks whose names the run already has are ignored.
    mutating func add(_ tasks: [MigrationTask]) {
        let first = entries.count
        for task in tasks where indexOf[task.id] == nil && ladders.indices.contains(task.stage) {
            indexOf[task.id] = entries.count
            if task.isGate { gates.append(entries.count) }
            entries.append(Entry(task: task))
        }
        counts[.waiting, default: 0] += entries.count - first
        unsettled += entries.count - first
        for index in first..<entries.count {
            for dependency in Set(entries[index].task.dependencies).sorted() {
                guard let cause = indexOf[dependency], cause != index else { continue }
                // One that has landed may be reverted.
                entries[cause].dependents.append(index)
                if !entries[cause].state.isDone || entries[cause].isBeingReverted { entries[index].missing += 1 }
            }
        }
        rankByCriticalPath()
        for index in first..<entries.count where entries[index].missing == 0 { makeReady(index) }
        for index in first..<entries.count where entries[index].state == .waiting { blockAgain(index) }
    }
}
