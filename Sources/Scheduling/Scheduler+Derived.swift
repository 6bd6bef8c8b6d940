import Model

extension Scheduler {
    /// Adds tasks that a landing or a split made necessary. Tasks whose names the run already has are ignored.
    /// - Parameter change: completes the entry of a new task.
    mutating func add(_ tasks: [MigrationTask], _ change: (inout Entry) -> Void = { _ in }) {
        let first = entries.count
        for task in tasks where indexOf[task.id] == nil && ladders.indices.contains(task.stage) {
            indexOf[task.id] = entries.count
            if task.isGate { gates.append(entries.count) }
            var entry = Entry(task: task)
            change(&entry)
            if let parent = entry.parent { entries[parent].missing += 1 }
            entries.append(entry)
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
