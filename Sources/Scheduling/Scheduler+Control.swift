import Model

extension Scheduler {
    /// What becomes of a person's command.
    private struct Reply {
        var isAccepted: Bool
        var text: String

        static func yes(_ text: String) -> Reply { Reply(isAccepted: true, text: text) }
        static func no(_ text: String) -> Reply { Reply(isAccepted: false, text: text) }
    }

    mutating func control(_ control: Control, _ decisions: inout [Decision]) {
        var effects: [Decision] = []
        let reply =
            switch control.command {
            case .pause: pause(&effects)
            case .proceed: proceed(&effects)
            case .stop(let atOnce): stop(atOnce: atOnce, &effects)
            case .retry(let task, let order): withTask(task) { $0.retry($1, order, &effects) }
            case .skip(let task): withTask(task) { $0.skip($1, &effects) }
            case .prioritise(let task): withTask(task) { $0.prioritise($1) }
            case .approve(let task): withTask(task) { $0.approve($1) }
            }
        decisions.append(.answer(command: control.id, isAccepted: reply.isAccepted, text: reply.text))
        decisions += effects
    }

    private mutating func withTask(_ task: TaskID, _ body: (inout Scheduler, Index) -> Reply) -> Reply {
        guard let index = indexOf[task] else { return .no("the run has no task '\(task)'") }
        return body(&self, index)
    }

    private var underWay: String {
        running == 0
            ? "nothing is under way"
            : running == 1 ? "1 attempt under way may end" : "\(running) attempts under way may end"
    }

    // MARK: The run

    private mutating func pause(_ effects: inout [Decision]) -> Reply {
        switch hold {
        case .paused(let reason), .checkpoint(let reason): return .yes("the run waits already: \(reason)")
        case nil: break
        }
        let reason = "paused by a person; 'orchestrate continue' goes on"
        hold = .paused(reason)
        endAllRedos()
        effects.append(.pause(reason: reason))
        return .yes("paused: nothing new is started, \(underWay)")
    }

    private mutating func proceed(_ effects: inout [Decision]) -> Reply {
        guard hold != nil else { return .no("the run does not wait for anybody") }
        hold = nil
        watch.looked()
        effects.append(.proceed(reason: "a person said go on"))
        return .yes("the run goes on")
    }

    private mutating func stop(atOnce: Bool, _ effects: inout [Decision]) -> Reply {
        guard !isStopped else { return .no("the run is stopped already") }
        let reason = "stopped by a person; 'orchestrate resume' goes on"
        if atOnce {
            effects.append(.stop(reason: reason))
            return .yes("stopping: all workers are ended now")
        }
        startDraining(reason, &effects)
        drain = .asked(reason)
        return .yes("stopping: nothing new is started, \(underWay)")
    }

    // MARK: One task

    private mutating func retry(_ index: Index, _ order: RetryRequest?, _ effects: inout [Decision]) -> Reply {
        let id = entries[index].task.id
        let reason = "a person asked for it" + (order?.note.map { ": \($0)" } ?? "")
        switch entries[index].state {
        case .landed, .alreadyDone: return .no("\(id) is green; nothing is left to do")
        case .landing: return .no("\(id) is about to land; ask again in a moment")
        case .blocked:
            let cause = entries[index].heldBy.map { entries[$0].task.id.rawValue } ?? "what holds it"
            return .no("\(id) is held by \(cause): retry that one")
        case .running:
            entries[index].order = order ?? entries[index].order
            entries[index].asked = .again
            endAttempt(index, Failure(kind: .interrupted, summary: "ended, to be done again: \(reason)"), &effects)
            return .yes("\(id): its worker is ended, then it is done again")
        case .verified:
            guard withdraw(index) else { return .no("\(id) is being judged; ask again in a moment") }
            entries[index].order = order ?? entries[index].order
            makeReady(index)
            effects.append(.retry(task: id, reason: reason))
            return .yes("\(id) does not land as it is; it is done again")
        case .waiting, .ready:
            entries[index].order = order ?? entries[index].order
            if entries[index].state == .ready {
                entries[index].isDelayed = false
                enqueue(index)
            }
            return .yes("\(id) is to be done anyway; what you said goes into its next attempt")
        case .failed:
            entries[index].order = order
            beginLadder(index)
            takeUpAgain(index, reason, &effects)
            return .yes("\(id) is taken up again, and what it held")
        }
    }

    /// Takes a verified task out of the landing queue, wherever it waits there.
    /// - Returns: false while what it was checked with is being judged.
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

    /// Forgets the failures, so that the task begins at the first rung of its ladder.
    private mutating func beginLadder(_ index: Index) {
        entries[index].rung = 0
        entries[index].failuresOnRung = 0
        entries[index].lastFailure = nil
        entries[index].infrastructureFaults = 0
        entries[index].refusals = 0
        entries[index].collisions = 0
    }

    private mutating func skip(_ index: Index, _ effects: inout [Decision]) -> Reply {
        let id = entries[index].task.id
        switch entries[index].state {
        case .landed, .alreadyDone: return .no("\(id) is green already")
        case .landing: return .no("\(id) is about to land; ask again in a moment")
        case .failed: return .yes("\(id) is set aside already")
        case .running:
            entries[index].asked = .skip
            endAttempt(index, Failure(kind: .interrupted, summary: "ended: a person skips the task"), &effects)
            return .yes("\(id): its worker is ended, then it is given up")
        case .verified where !withdraw(index): return .no("\(id) is being judged; ask again in a moment")
        case .waiting, .ready, .verified, .blocked:
            skipNow(index, &effects)
            return .yes("\(id) is given up, and what needs it is held")
        }
    }

    mutating func skipNow(_ index: Index, _ effects: inout [Decision]) {
        setAside(index, "skipped by a person", &effects)
    }

    /// The attempt is over during which a person decided what becomes of the task.
    mutating func obey(_ asked: Asked, _ index: Index, _ decisions: inout [Decision]) {
        entries[index].asked = nil
        switch asked {
        case .skip: skipNow(index, &decisions)
        case .again:
            makeReady(index)
            decisions.append(.retry(task: entries[index].task.id, reason: "a person asked for it"))
        }
    }

    private mutating func approve(_ index: Index) -> Reply {
        let id = entries[index].task.id
        guard entries[index].awaitsApproval, let place = entries[index].place else {
            return .no("\(id) does not wait for approval: it is \(entries[index].state.rawValue)")
        }
        entries[index].awaitsApproval = false
        queue.insert(index, place: place)
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
            guard entries[next].urgency < lastUrgency, !entries[next].state.isGreen else { continue }
            entries[next].urgency = lastUrgency
            count += 1
            if entries[next].state == .ready, !entries[next].isDelayed { enqueue(next) }
            open += entries[next].task.dependencies.compactMap { indexOf[$0] }
        }
        let others = count == 2 ? " and the task it needs" : count > 2 ? " and the \(count - 1) tasks it needs" : ""
        return .yes("\(id)\(others) start\(count == 1 ? "s" : "") before all others")
    }
}
