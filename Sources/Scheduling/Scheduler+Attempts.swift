import Model

extension Scheduler {
    /// Infrastructure faults of one task in a row, or reruns of one candidate, after which the task fails.
    static let faultLimit = 5
    /// Infrastructure faults in a row over all tasks, after which the run stops for a person to repair the machine.
    static let runFaultLimit = 12

    /// Starts a coordinator's part of the run. Attempts without an end were interrupted: they are repeated and not counted.
    mutating func takeUp(_ started: Fact.CoordinatorStarted) {
        isStopped = false
        end = .open
        drain = nil
        faultsInRow = 0
        isAttended = started.isAttended ?? true
        switch pauseReason {
        case .paused, .sameFailure: pauseReason = nil
        case .checkpoint, .redTip, nil: break
        }
        sameFailures.forget()
        tip = started.tip
        forgetBase()
        forgetTip()
        landingCooldown.takeUp()
        requeueAllCandidates()
        for index in entries.indices where entries[index].state == .running {
            endUsage(of: index, nil)
            if entries[index].afterAttempt == .skip {
                skip(index)
            } else if entries[index].current.hasSplit {
                join(index)
            } else {
                makeReady(index)
            }
            entries[index].afterAttempt = nil
        }
        if case .checkpoint(let reason) = pauseReason { emit(.pause(reason: reason)) }
    }

    mutating func workerStarted(_ started: Fact.WorkerStarted) {
        guard let index = current(started.task, started.attempt), !entries[index].current.hasWorker else { return }
        entries[index].current.hasWorker = true
        spending.workersAwaited -= 1
        spending.workers += 1
    }

    mutating func foundDone(_ found: Fact.FoundDone) {
        guard let index = current(found.task, found.attempt) else { return }
        endUsage(of: index, found.usage)
        move(index, to: .alreadyDone)
        entries[index].afterAttempt = nil
        reverted(by: index)
        if entries[index].task.isGate { watch.completedStages.insert(entries[index].task.stage) }
        endRedo(index)
        releaseDependents(of: index)
        coverParts(of: index)
    }

    mutating func attemptVerified(_ verified: Fact.AttemptVerified) {
        guard let index = current(verified.task, verified.attempt) else { return }
        endUsage(of: index, verified.usage)
        gotThrough(entries[index].current.provider)
        faultsInRow = 0
        entries[index].infrastructureFaults = 0
        entries[index].refusals = 0
        entries[index].awaitsReview = false
        entries[index].reviewProvider = nil
        move(index, to: .verified)
        sameFailures.verified(index)
        let place = entries[index].place ?? nextPlace
        if entries[index].place == nil { nextPlace += 1 }
        entries[index].place = place
        spending.changedLines += Self.lines(verified) - (entries[index].verified.map(Self.lines) ?? 0)
        entries[index].verified = verified
        entries[index].doubted = nil
        entries[index].passedAlone = false
        collisionDetector.verified(verified.changes)
        statistics.attempted(for: verified.seconds)
        if let asked = entries[index].afterAttempt { return obey(asked, index) }
        let isRevert = entries[index].task.reverts != nil
        guard (entries[index].task.approve ?? approval) != .beforeLanding || isRevert else {
            entries[index].awaitsApproval = true
            return emit(.wait(.init(task: verified.task, reason: Approval.reason(toHold: verified.task))))
        }
        queue.insert(index, place: place)
    }

    private static func lines(_ verified: Fact.AttemptVerified) -> Int {
        verified.changes.reduce(0) { $0 + $1.added + $1.removed }
    }

    mutating func attemptFailed(_ failed: Fact.AttemptFailed) {
        guard let index = current(failed.task, failed.attempt) else { return }
        endUsage(of: index, failed.usage)
        switch failed.failure.kind {
        case .brokenSetup, .infrastructure, .interrupted, .providerLimit, .noReview: break
        default: gotThrough(entries[index].current.provider)
        }
        entries[index].awaitsReview = failed.unreviewed != nil
        entries[index].reviewProvider = failed.unreviewed == nil ? nil : failed.failure.provider
        if let asked = entries[index].afterAttempt { return obey(asked, index) }
        retryOrFail(index, after: failed.failure)
    }

    /// The index of a task if this is its running attempt; nil for an outdated fact about another attempt.
    func current(_ task: TaskID, _ attempt: Int) -> Index? {
        guard let index = indexOf[task], entries[index].state == .running, entries[index].attempts == attempt else {
            return nil
        }
        return index
    }

    /// Counts a failure, and decides who tries the task next and when.
    mutating func retryOrFail(_ index: Index, after failure: Failure) {
        let id = entries[index].task.id
        if failure.kind != .infrastructure {
            faultsInRow = 0
            entries[index].infrastructureFaults = 0
        }
        if failure.kind != .providerLimit { entries[index].refusals = 0 }
        switch failure.kind {
        case .interrupted: break
        case .blocked:
            entries[index].awaitsAnswer = true
            return fail(index, failure.summary)
        case .brokenSetup:
            makeReady(index)
            emit(.retry(.init(task: id, reason: failure.summary)))
            return stopForSetup(failure)
        case .noReview: return fail(index, failure.summary)
        case .infrastructure: return faulted(index, failure)
        case .providerLimit: return refused(index, failure)
        case .conflict, .redTogether:
            entries[index].collisions += 1
            if entries[index].collisions > conflictAttempts {
                return fail(
                    index, "collided \(Count.text(entries[index].collisions, "time")), the last: \(failure.summary)")
            }
        // No other worker can do it.
        case _ where entries[index].task.reverts != nil: return fail(index, failure.summary)
        default:
            noteSame(index, failure)
            guard climb(index, after: failure) else { return fail(index, failure.summary) }
        }
        makeReady(index)
        emit(.retry(.init(task: id, reason: failure.summary)))
    }

    /// Counts a failure of the work and climbs the ladder.
    ///
    /// A worker that fails twice in a row in the same way will fail again, so the next rung follows at once. The last rung
    /// keeps its attempts, because no other worker is left.
    /// - Returns: whether an attempt is left.
    private mutating func climb(_ index: Index, after failure: Failure) -> Bool {
        let ladder = ladders[entries[index].task.stage]
        let rung = entries[index].rung
        let isLast = rung + 1 >= ladder.count
        // What one worker cannot do, another may.
        let isOver = failure.kind == .cannotBeDone
        let isRepeated = isOver || entries[index].lastFailure == failure.fingerprint
        entries[index].failuresOnRung += 1
        entries[index].lastFailure = failure.fingerprint
        let mayTryAgain = entries[index].failuresOnRung < ladder[rung].attempts && !isOver
        guard !mayTryAgain || (isRepeated && !isLast) else { return true }
        if isLast { return false }
        entries[index].rung += 1
        entries[index].failuresOnRung = 0
        entries[index].lastFailure = nil
        return true
    }

    /// Counts an infrastructure fault: the task waits, longer each time, and the attempt is not counted.
    private mutating func faulted(_ index: Index, _ failure: Failure) {
        faultsInRow += 1
        entries[index].infrastructureFaults += 1
        let count = entries[index].infrastructureFaults
        let id = entries[index].task.id
        if faultsInRow >= Self.runFaultLimit {
            makeReady(index)
            emit(.retry(.init(task: id, reason: failure.summary)))
            let reason =
                "\(faultsInRow) faults of the machine in a row, the last: \(failure.summary); type "
                + "'orchestrate resume' once it is repaired"
            return startDraining(reason)
        }
        guard count < Self.faultLimit else {
            return fail(index, "\(count) faults of the machine in a row, the last: \(failure.summary)")
        }
        makeReady(index, delayed: true)
        let seconds = Backoff.machine.seconds(after: count, name: id.rawValue)
        emit(.retry(.init(task: id, reason: failure.summary, delay: seconds)))
    }

    /// Starts nothing more: every task would fail in the same way.
    mutating func stopForSetup(_ failure: Failure) {
        let reason = "\(failure.summary); type 'orchestrate resume' once it is repaired"
        startDraining(reason)
        drain = .asked(reason)
    }

    mutating func fail(_ index: Index, _ reason: String) {
        giveUp(index, .failed)
        emit(.fail(.init(task: entries[index].task.id, reason: reason)))
        block(dependentsOf: index, by: index)
    }

    mutating func skip(_ index: Index) {
        giveUp(index, .skipped)
        emit(.skip(.init(task: entries[index].task.id, reason: "skipped by a person")))
        block(dependentsOf: index, by: index)
        skipParts(of: index)
    }

    private mutating func giveUp(_ index: Index, _ state: TaskState) {
        move(index, to: state)
        entries[index].blockedBy = nil
        endRedo(index)
        dropRevert(index)
    }
}
