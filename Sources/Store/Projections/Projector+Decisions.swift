import Model

extension Projector.Scope {
    func apply(_ decision: Decision) throws {
        switch decision {
        case .start(let start): try apply(start)
        case .check(let check): try apply(check)
        case .dissolve(let dissolve): try apply(dissolve)
        case .land, .follow, .adopt, .checkFinal:
            // The fact that follows says what has become of it.
            break
        case .retry(let retry):
            try again(retry.task)
            let delay = retry.delay.map { "; again in \(Self.words($0))" } ?? ""
            try explain(retry.task, retry.reason + delay)
        case .fail(let fail):
            // Of an interrupted task it may be decided only now that its last attempt had failed.
            if try state(of: fail.task) != .failed { try move(fail.task, to: .failed, over: [.landing, .running]) }
            try explain(fail.task, fail.reason)
        case .block(let block):
            try move(block.task, to: .blocked)
            try explain(block.task, "\(block.cause), which it depends on, failed", cause: block.cause)
        case .wait(let wait): try explain(wait.task, wait.reason)
        case .finish:
            // A run that was drained keeps the reason.
            try setRun(.finished, reason: nil)
        case .cooldown, .pauseLanding, .end, .drain, .pause, .proceed, .suspend, .stop, .answer: try steer(decision)
        }
    }

    /// An interrupted task is ready already: its attempt ended with its coordinator. One that is taken up again may
    /// still need others first.
    private func again(_ task: TaskID) throws {
        switch try state(of: task) {
        case .ready: return
        case .failed: try move(task, to: try hasUnmet(task) ? .waiting : .ready)
        default: try move(task, to: .ready, over: [.landing])
        }
    }
}
