import Model

extension Scheduler {
    /// The answer to a person's command.
    private struct Reply {
        var isAccepted: Bool
        var text: String

        static func yes(_ text: String) -> Reply { Reply(isAccepted: true, text: text) }
        static func no(_ text: String) -> Reply { Reply(isAccepted: false, text: text) }
    }

    mutating func control(_ control: Control) {
        if case .forClass(let order) = control.command { return self.control(control, forClass: order) }
        let reply: Reply? =
            switch control.command {
            case .pause: pause()
            case .proceed: proceed()
            case .stop(let atOnce): stop(atOnce: atOnce)
            case .retry(let task, let request): withTask(task) { $0.retry($1, request) }
            case .skip(let task): withTask(task) { $0.skipOrRefuse($1) }
            case .prioritise(let task): withTask(task) { $0.prioritise($1) }
            case .approve(let task): withTask(task) { $0.approve($1) }
            case .review(let decision): Self.reply(review(decision))
            case .forClass: nil
            }
        guard let reply else { return }
        emitFirst(.answer(.init(command: control.id, isAccepted: reply.isAccepted, text: reply.text)))
    }

    private static func reply(_ answer: (isAccepted: Bool, text: String)) -> Reply {
        Reply(isAccepted: answer.isAccepted, text: answer.text)
    }

    private mutating func withTask(_ task: TaskID, _ body: (inout Scheduler, Index) -> Reply) -> Reply {
        guard let index = indexOf[task] else { return .no("the run has no task '\(task)'") }
        return body(&self, index)
    }

    private var underWay: String {
        let attempts = running == 0 ? nil : Self.counted(running, "attempt")
        let candidates =
            queue.chain.isEmpty
            ? nil : "\(Self.counted(queue.chain.count, "candidate")) of \(Self.counted(queue.tasksAhead, "task"))"
        let parts = [attempts, candidates].compactMap { $0 }
        return parts.isEmpty ? "nothing is under way" : "\(parts.joined(separator: " and ")) under way may end"
    }

    /// The verified tasks, after what is to be said of them; empty if there are none.
    private func queued(_ words: String) -> String {
        let count = counts[.verified, default: 0]
        return count == 0 ? "" : "; \(words): \(Self.counted(count, "verified task"))"
    }

    private static func counted(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }

    // MARK: The run

    private mutating func pause() -> Reply {
        switch pauseReason {
        case .paused(let reason), .checkpoint(let reason), .redTip(let reason), .sameFailure(let reason):
            return .yes("the run is paused already: \(reason)")
        case nil: break
        }
        let reason = "paused by a person; type 'orchestrate continue' to continue"
        pauseReason = .paused(reason)
        endAllRedos()
        emit(.pause(reason: reason))
        return .yes("paused: nothing new is started, \(underWay)\(queued("still to land"))")
    }

    private mutating func proceed() -> Reply {
        guard pauseReason != nil else { return .no("the run is not paused") }
        if case .redTip = pauseReason { forgetTip() }
        sameFailures.forget()
        pauseReason = nil
        watch.looked()
        emit(.proceed(reason: "continued by a person"))
        return .yes("the run continues")
    }

    private mutating func stop(atOnce: Bool) -> Reply {
        guard !isStopped else { return .no("the run is stopped already") }
        let reason = "stopped by a person; type 'orchestrate resume' to continue"
        if atOnce {
            emit(.stop(reason: reason))
            return .yes("stopping: all workers are ended now")
        }
        startDraining(reason)
        drain = .asked(reason)
        return .yes("stopping: nothing new is started, \(underWay)\(queued("queued until 'orchestrate resume'"))")
    }

    // MARK: One task

    private mutating func retry(_ index: Index, _ request: RetryRequest?) -> Reply {
        let id = entries[index].task.id
        let reason = "a person asked for it" + (request?.note.map { ": \($0)" } ?? "")
        if entries[index].task.reverts != nil { return .no("\(id) is a revert: reject the commit again") }
        switch entries[index].state {
        case .landed, .alreadyDone: return .no("\(id) is done; nothing is left to do")
        case .landing: return .no("\(id) is about to land; ask again in a moment")
        case .blocked:
            let cause = entries[index].blockedBy.map { entries[$0].task.id.rawValue } ?? "another task"
            return .no("\(id) is blocked by \(cause): retry that one")
        case .running where entries[index].current.hasSplit:
            entries[index].request = request ?? entries[index].request
            return .yes("\(id) was split: its last turn follows its parts, and gets what you said")
        case .running:
            entries[index].request = request ?? entries[index].request
            entries[index].afterAttempt = .again
            endAttempt(index, Failure(kind: .interrupted, summary: "ended, to be done again: \(reason)"))
            return .yes("\(id): its worker is ended, then it is done again")
        case .verified:
            guard withdraw(index) else { return .no("\(id) is being judged; ask again in a moment") }
            entries[index].request = request ?? entries[index].request
            makeReady(index)
            emit(.retry(.init(task: id, reason: reason)))
            return .yes("\(id) does not land as it is; it is done again")
        case .waiting, .ready:
            entries[index].request = request ?? entries[index].request
            if entries[index].state == .ready {
                entries[index].isDelayed = false
                enqueue(index)
            }
            return .yes("\(id) is to be done anyway; what you said goes into its next attempt")
        case .failed, .skipped:
            entries[index].request = request
            beginLadder(index)
            takeUpAgain(index, reason)
            return .yes("\(id) is tried again, and the tasks that it blocked are free")
        }
    }

    /// Takes a verified task out of the landing queue, wherever it waits there.
    /// - Returns: false while a candidate that it was part of is being judged.
    private mutating func withdraw(_ index: Index) -> Bool {
        let awaited = entries[index].awaitsApproval
        entries[index].awaitsApproval = false
        if awaited || queue.remove(index) { return true }
        for (rival, waiting) in parked where waiting.contains(index) {
            parked[rival] = waiting.filter { $0 != index }
            return true
        }
        return false
    }

    /// Forgets the failures, so that the task starts again at the first rung of its ladder.
    mutating func beginLadder(_ index: Index) {
        entries[index].rung = 0
        entries[index].failuresOnRung = 0
        entries[index].lastFailure = nil
        entries[index].infrastructureFaults = 0
        entries[index].refusals = 0
        entries[index].collisions = 0
    }

    /// - Returns: whether the task was still to be done, and is given up now.
    mutating func skipIfOpen(_ index: Index) -> Bool {
        !entries[index].state.isSettled && skipOrRefuse(index).isAccepted
    }

    /// Gives up a task that has not landed; a worker that runs is ended.
    mutating func giveUp(_ index: Index) -> (isAccepted: Bool, text: String) {
        let reply = skipOrRefuse(index)
        return (reply.isAccepted, reply.text)
    }

    private mutating func skipOrRefuse(_ index: Index) -> Reply {
        let id = entries[index].task.id
        switch entries[index].state {
        case .landed, .alreadyDone: return .no("\(id) is done already")
        case .landing: return .no("\(id) is about to land; ask again in a moment")
        case .failed: return .yes("\(id) has failed already")
        case .skipped: return .yes("\(id) is skipped already")
        case .running:
            entries[index].afterAttempt = .skip
            endAttempt(index, Failure(kind: .interrupted, summary: "ended: a person skips the task"))
            return .yes("\(id): its worker is ended, then it is skipped")
        case .verified where !withdraw(index): return .no("\(id) is being judged; ask again in a moment")
        case .waiting, .ready, .verified, .blocked:
            skip(index)
            return .yes("\(id) is skipped, and the tasks that need it are blocked")
        }
    }

    /// Obeys a command that had to wait for the end of the attempt.
    mutating func obey(_ afterAttempt: AfterAttempt, _ index: Index) {
        entries[index].afterAttempt = nil
        switch afterAttempt {
        case .skip: skip(index)
        case .again:
            makeReady(index)
            emit(.retry(.init(task: entries[index].task.id, reason: "a person asked for it")))
        }
    }

    private mutating func approve(_ index: Index) -> Reply {
        let id = entries[index].task.id
        guard entries[index].awaitsApproval, let place = entries[index].place else {
            return .no("\(id) does not wait for approval: it is \(entries[index].state.rawValue)")
        }
        entries[index].awaitsApproval = false
        queue.insert(index, place: place)
        emit(.wait(.init(task: id, reason: "approved; it waits for its turn to land")))
        return .yes("\(id) lands, if the landing checks pass")
    }

    private mutating func prioritise(_ index: Index) -> Reply {
        let id = entries[index].task.id
        guard !entries[index].state.isSettled else {
            return .no("\(id) is \(entries[index].state.rawValue): it has nothing to wait for")
        }
        lastUrgency += 1
        var open = [index]
        var count = 0
        while let next = open.popLast() {
            guard entries[next].urgency < lastUrgency, !entries[next].state.isDone else { continue }
            entries[next].urgency = lastUrgency
            count += 1
            if entries[next].state == .ready, !entries[next].isDelayed { enqueue(next) }
            open += entries[next].task.dependencies.compactMap { indexOf[$0] } + entries[next].parts
        }
        let others = count == 2 ? " and the task it needs" : count > 2 ? " and the \(count - 1) tasks it needs" : ""
        return .yes("\(id)\(others) start\(count == 1 ? "s" : "") before all others")
    }
}
