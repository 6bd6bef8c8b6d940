import Model

extension Scheduler {
    /// What the log leaves open was interrupted: it is done again, and costs no attempt.
    mutating func takeUp(tip found: ObjectID) {
        isStopped = false
        hasFinished = false
        end = .open
        drainReason = nil
        tip = found
        forgetBase()
        requeueAllCandidates()
        for index in entries.indices where entries[index].state == .running { makeReady(index) }
    }

    mutating func foundDone(_ found: Fact.FoundDone) {
        guard let index = current(found.task, found.attempt) else { return }
        move(index, to: .green)
        endRedo(index)
        releaseDependents(of: index)
    }

    mutating func attemptVerified(_ verified: Fact.AttemptVerified) {
        guard let index = current(verified.task, verified.attempt) else { return }
        move(index, to: .queued)
        let place = entries[index].place ?? nextPlace
        if entries[index].place == nil { nextPlace += 1 }
        entries[index].place = place
        entries[index].verified = verified
        entries[index].doubted = nil
        crowding.verified(verified.changes)
        queue.insert(index, place: place)
    }

    mutating func attemptFailed(_ failed: Fact.AttemptFailed, _ decisions: inout [Decision]) {
        guard let index = current(failed.task, failed.attempt) else { return }
        retryOrSetAside(index, after: failed.failure, &decisions)
    }

    /// The index of a task whose attempt under way is this one; a fact about any other attempt is out of date.
    private func current(_ task: TaskID, _ attempt: Int) -> Index? {
        guard let index = indexOf[task], entries[index].state == .running, entries[index].attempts == attempt else {
            return nil
        }
        return index
    }

    /// Counts a failure against the task and decides who tries next.
    mutating func retryOrSetAside(_ index: Index, after failure: Failure, _ decisions: inout [Decision]) {
        let id = entries[index].task.id
        switch failure.kind {
        case .interrupted: break
        case .blocked:
            entries[index].isBlocked = true
            return setAside(index, failure.summary, &decisions)
        case .infrastructure:
            entries[index].infrastructureFaults += 1
            if entries[index].infrastructureFaults >= Self.faultLimit {
                let count = entries[index].infrastructureFaults
                return setAside(index, "\(count) faults of the machine, the last: \(failure.summary)", &decisions)
            }
        case .conflict, .redTogether:
            entries[index].collisions += 1
            if entries[index].collisions > conflictAttempts {
                return setAside(
                    index, "collided \(entries[index].collisions) times, the last: \(failure.summary)", &decisions)
            }
        default:
            entries[index].failuresOnRung += 1
            let ladder = ladders[entries[index].task.stage]
            if entries[index].failuresOnRung >= ladder[entries[index].rung] {
                guard entries[index].rung + 1 < ladder.count else {
                    return setAside(index, failure.summary, &decisions)
                }
                entries[index].rung += 1
                entries[index].failuresOnRung = 0
            }
        }
        makeReady(index)
        decisions.append(.retry(task: id, reason: failure.summary))
    }

    mutating func setAside(_ index: Index, _ reason: String, _ decisions: inout [Decision]) {
        move(index, to: .setAside)
        endRedo(index)
        decisions.append(.setAside(task: entries[index].task.id, reason: reason))
        hold(dependentsOf: index, by: index, &decisions)
    }
}
