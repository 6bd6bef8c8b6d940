import Model

extension Scheduler {
    /// Takes in a message. Only the answer to a question that a task failed on changes what is done next.
    mutating func hear(_ posted: Fact.Posted) {
        let message = posted.message
        switch message.kind {
        case .question:
            if case .task(let id) = message.sender, let index = indexOf[id] { askers[message.id] = index }
        case .answer:
            guard let index = askers.removeValue(forKey: message.thread), entries[index].awaitsAnswer else { return }
            takeUpAgain(index, "question \(message.thread) was answered")
        case .lesson, .warning, .decision, .interfaceChange: break
        }
    }

    /// Makes a failed or skipped task ready, and frees the tasks that it blocked.
    mutating func takeUpAgain(_ index: Index, _ reason: String) {
        guard entries[index].state.isGivenUp, entries[index].task.reverts == nil else { return }
        entries[index].awaitsAnswer = false
        if entries[index].missing == 0 { makeReady(index) } else { move(index, to: .waiting) }
        emit(.retry(.init(task: entries[index].task.id, reason: reason)))
        let freed = entries.indices.filter { entries[$0].state == .blocked && entries[$0].blockedBy == index }
        for dependent in freed {
            entries[dependent].blockedBy = nil
            move(dependent, to: .waiting)
        }
        // A task that was given up while it waited may still need others.
        if entries[index].state == .waiting { blockAgain(index) }
        // A task with two failed dependencies was recorded as blocked by the first one only.
        for dependent in freed where entries[dependent].state == .waiting { blockAgain(dependent) }
    }

    /// Blocks a waiting task, and the tasks that need it, if one of its dependencies failed, was skipped or is blocked.
    mutating func blockAgain(_ index: Index) {
        for dependency in entries[index].task.dependencies {
            guard let cause = indexOf[dependency] else { continue }
            let blocker = entries[cause].state.isGivenUp ? cause : entries[cause].blockedBy
            guard let blocker else { continue }
            block(index, by: blocker)
            return block(dependentsOf: index, by: blocker)
        }
    }

    mutating func block(_ index: Index, by cause: Index) {
        move(index, to: .blocked)
        entries[index].blockedBy = cause
        emit(.block(.init(task: entries[index].task.id, cause: entries[cause].task.id)))
    }

    /// Blocks the tasks that need this one, directly or not, for as long as `cause` is given up.
    mutating func block(dependentsOf start: Index, by cause: Index) {
        var stack = [start]
        while let index = stack.popLast() {
            for dependent in entries[index].dependents where entries[dependent].state == .waiting {
                block(dependent, by: cause)
                stack.append(dependent)
            }
        }
    }
}
