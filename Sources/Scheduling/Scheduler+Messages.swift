import Model

extension Scheduler {
    /// Of all messages only an answer that a task was set aside for changes what is done next.
    mutating func hear(_ posted: Fact.Posted) {
        let message = posted.message
        switch message.kind {
        case .question:
            if case .task(let id) = message.sender, let index = indexOf[id] { askers[message.id] = index }
        case .answer:
            guard let index = askers.removeValue(forKey: message.thread), entries[index].isBlocked else { return }
            takeUpAgain(index, "question \(message.thread) was answered")
        case .lesson, .warning, .decision, .interfaceChange: break
        }
    }

    /// Makes a task that was set aside ready, and frees what it held.
    mutating func takeUpAgain(_ index: Index, _ reason: String) {
        guard entries[index].state == .failed else { return }
        entries[index].isBlocked = false
        if entries[index].missing == 0 { makeReady(index) } else { move(index, to: .waiting) }
        emit(.retry(.init(task: entries[index].task.id, reason: reason)))
        let freed = entries.indices.filter { entries[$0].state == .blocked && entries[$0].heldBy == index }
        for held in freed {
            entries[held].heldBy = nil
            move(held, to: .waiting)
        }
        // One that was given up while it waited may still need others.
        if entries[index].state == .waiting { holdAgain(index) }
        // One that another task has held as well was said to be held by the first alone.
        for held in freed where entries[held].state == .waiting { holdAgain(held) }
    }

    /// Holds a waiting task, and what needs it, if something that it needs is set aside or held.
    mutating func holdAgain(_ index: Index) {
        for dependency in entries[index].task.dependencies {
            guard let cause = indexOf[dependency] else { continue }
            let holder = entries[cause].state == .failed ? cause : entries[cause].heldBy
            guard let holder else { continue }
            hold(index, by: holder)
            return hold(dependentsOf: index, by: holder)
        }
    }

    mutating func hold(_ index: Index, by cause: Index) {
        move(index, to: .blocked)
        entries[index].heldBy = cause
        emit(.block(.init(task: entries[index].task.id, cause: entries[cause].task.id)))
    }

    /// Everything that needs the task, directly or not, cannot start as long as `cause` is set aside.
    mutating func hold(dependentsOf start: Index, by cause: Index) {
        var stack = [start]
        while let index = stack.popLast() {
            for dependent in entries[index].dependents where entries[dependent].state == .waiting {
                hold(dependent, by: cause)
                stack.append(dependent)
            }
        }
    }
}
