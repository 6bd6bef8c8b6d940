import Model

extension Projector.Scope {
    func apply(_ decision: Decision) throws {
        switch decision {
        case .start(let start): try apply(start)
        case .check(let check): try apply(check)
        case .dissolve(let dissolve): try apply(dissolve)
        case .probe(let probe): try explain(probe.task, probe.reason)
        case .land, .follow, .adopt, .checkFinal:
            // The fact that follows has the effect.
            break
        case .retry(let retry):
            try again(retry.task)
            let delay = retry.delay.map { "; again in \(Self.words($0))" } ?? ""
            try explain(retry.task, retry.reason + delay)
        case .fail(let fail):
            // The failure of an interrupted task may be decided only now.
            if try state(of: fail.task) != .failed { try move(fail.task, to: .failed, over: [.landing, .running]) }
            try explain(fail.task, fail.reason)
        case .skip(let skip):
            try move(skip.task, to: .skipped)
            try explain(skip.task, skip.reason)
        case .block(let block):
            try move(block.task, to: .blocked)
            let end = try state(of: block.cause) == .skipped ? "was skipped" : "failed"
            try explain(block.task, "\(block.cause), which it depends on, \(end)", cause: block.cause)
        case .wait(let wait): try explain(wait.task, wait.reason)
        case .finish:
            // A run that was drained keeps the reason.
            try setRun(.finished, reason: nil)
        case .reviewed(let decision): try apply(decision)
        case .revert(let revert): try apply(revert)
        case .split(let split): try apply(split)
        case .join(let join): try apply(join)
        case .cover(let cover):
            try move(cover.task, to: .alreadyDone)
            try explain(cover.task, cover.reason, cause: cover.by)
        case .cooldown, .pauseLanding, .end, .drain, .pause, .proceed, .suspend, .stop, .answer: try steer(decision)
        }
    }

    /// Makes a task ready. An interrupted task is ready already: its attempt ended with its coordinator. A failed or
    /// skipped task may still have to wait for others.
    private func again(_ task: TaskID) throws {
        switch try state(of: task) {
        case .ready: return
        case .landed:
            // Its commit was reverted.
            try move(task, to: try hasUnmet(task) ? .waiting : .ready)
            try db.run(
                "UPDATE tasks SET commit_id = NULL, landing_order = NULL WHERE run = ? AND task = ?", run, task.rawValue
            )
        case .failed, .skipped: try move(task, to: try hasUnmet(task) ? .waiting : .ready)
        default: try move(task, to: .ready, over: [.landing])
        }
    }
}
