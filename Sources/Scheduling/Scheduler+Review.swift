import Model

extension Scheduler {
    /// Takes in what a person decided about landed commits. A rejection makes a task that reverts them.
    /// - Returns: the answer, and whether it was accepted.
    mutating func review(_ decision: ReviewDecision) -> (isAccepted: Bool, text: String) {
        guard !decision.tasks.isEmpty else { return (false, "no commit was named") }
        if decision.kind == .undo, let revert = decision.tasks.compactMap({ openRevert(of: $0) }).first {
            return undoRejection(revert, by: decision)
        }
        for task in decision.tasks {
            guard let index = indexOf[task] else { return (false, "the run has no task '\(task)'") }
            if let obstacle = obstacle(to: decision.kind, index) { return (false, obstacle) }
        }
        let subject = decision.tasks.count == 1 ? "\(decision.tasks[0])" : Count.text(decision.tasks.count, "commit")
        emit(.reviewed(decision))
        guard decision.kind == .reject else {
            return (true, decision.kind == .comment ? "\(subject): comment kept" : "\(subject): \(decision.kind.words)")
        }
        let revert = addRevert(of: decision)
        return (
            true,
            "\(subject): rejected; \(revert) takes it back if the landing checks pass, then it is done again with your "
                + "reason"
        )
    }

    /// The task that is to take a task back and has not done so.
    private func openRevert(of task: TaskID) -> Index? {
        guard let index = indexOf[task], entries[index].isBeingReverted else { return nil }
        return entries.lastIndex { $0.task.reverts?.contains(task) == true && !$0.state.isSettled }
    }

    /// Gives up a revert that has not landed. The commits that were rejected together are open again together.
    private mutating func undoRejection(_ revert: Index, by decision: ReviewDecision) -> (
        isAccepted: Bool, text: String
    ) {
        let tasks = entries[revert].task.reverts ?? []
        let reply = giveUp(revert)
        guard reply.isAccepted else { return (false, reply.text) }
        var decision = decision
        decision.tasks = tasks
        emit(.reviewed(decision))
        let subject = tasks.count == 1 ? "\(tasks[0])" : Count.text(tasks.count, "commit")
        return (true, "\(subject): not rejected any more; \(entries[revert].task.id) is given up")
    }

    /// Why a decision about a task is refused; nil if it is not.
    private func obstacle(to kind: ReviewDecision.Kind, _ index: Index) -> String? {
        let entry = entries[index]
        if kind == .comment { return nil }
        if entry.isBeingReverted { return "\(entry.task.id) is being reverted already" }
        if entry.state != .landed { return "\(entry.task.id) has no landed commit: it is \(entry.state.rawValue)" }
        if kind == .reject, entry.task.reverts != nil {
            return "\(entry.task.id) is itself a revert: what it took back is done again"
        }
        return nil
    }

    /// Adds the task that reverts, and makes the tasks that need a reverted one wait.
    private mutating func addRevert(of decision: ReviewDecision) -> TaskID {
        let reverted = decision.tasks.compactMap { indexOf[$0] }
        let first = entries[reverted[0]].task
        let title = reverted.count == 1 ? first.title : Count.text(reverted.count, "task")
        var task = MigrationTask(
            id: freeName("revert-\(first.id)"), title: "Revert \(title)",
            files: Set(reverted.flatMap { entries[$0].task.files }).sorted(), stage: first.stage,
            tests: Set(reverted.flatMap { entries[$0].task.tests }).sorted())
        task.reverts = decision.tasks
        let reason = "rejected by \(decision.person)" + (decision.text.isEmpty ? "" : ": \(decision.text)")
        lastUrgency += 1
        var entry = Entry(task: task)
        entry.urgency = lastUrgency
        entry.revertReason = reason
        indexOf[task.id] = entries.count
        entries.append(entry)
        counts[.waiting, default: 0] += 1
        unsettled += 1
        emit(.revert(.init(task: task, reason: reason)))
        for index in reverted {
            entries[index].isBeingReverted = true
            hold(dependentsOf: index)
        }
        makeReady(entries.count - 1)
        return task.id
    }

    func freeName(_ name: String) -> TaskID {
        var number = 1
        while true {
            let id = TaskID(number == 1 ? name : "\(name)-\(number)")
            if indexOf[id] == nil { return id }
            number += 1
        }
    }

    private mutating func hold(dependentsOf index: Index) {
        for dependent in entries[index].dependents {
            entries[dependent].missing += 1
            if entries[dependent].state == .ready { move(dependent, to: .waiting) }
        }
    }

    /// Has the reverted tasks done again: their changes are gone from the branch.
    mutating func reverted(by index: Index) {
        for task in entries[index].task.reverts ?? [] {
            guard let index = indexOf[task], entries[index].isBeingReverted else { continue }
            entries[index].isBeingReverted = false
        }
        let reason = entries[index].revertReason
        for task in entries[index].task.reverts ?? [] {
            guard let index = indexOf[task], entries[index].state == .landed else { continue }
            beginLadder(index)
            entries[index].request = RetryRequest(note: reason)
            if entries[index].missing == 0 { makeReady(index) } else { move(index, to: .waiting) }
            emit(.retry(.init(task: task, reason: reason)))
            if entries[index].state == .waiting { blockAgain(index) }
        }
    }

    /// Frees the tasks that waited for a revert that will not land.
    mutating func dropRevert(_ index: Index) {
        for task in entries[index].task.reverts ?? [] {
            guard let reverted = indexOf[task], entries[reverted].isBeingReverted else { continue }
            entries[reverted].isBeingReverted = false
            releaseDependents(of: reverted)
        }
    }
}
