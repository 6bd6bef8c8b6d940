import Model

extension Projector.Scope {
    func apply(_ decision: Decision) throws {
        switch decision {
        case .start(let task, let attempt, let rung, let reason, _, _):
            try start(task, attempt: attempt, rung: rung, reason: reason)
        case .check(let candidate, let tasks, _, let reason, _):
            try check(candidate: candidate, tasks: tasks, reason: reason)
        case .dissolve(let candidate, let reason):
            try dissolve(candidate, reason)
        case .land, .follow, .adopt, .checkFinal:
            // The fact that follows says what has become of it.
            break
        case .retry(let task, let reason, let after):
            try again(task)
            try explain(task, after.map { "\(reason); again in \(Self.words($0))" } ?? reason)
        case .fail(let task, let reason):
            // Of an interrupted task it may be decided only now that its last attempt had failed.
            if try state(of: task) != .failed { try move(task, to: .failed, over: [.landing, .running]) }
            try explain(task, reason)
        case .block(let task, let cause):
            try move(task, to: .blocked)
            try explain(task, "\(cause), which it depends on, was set aside", cause: cause)
        case .wait(let task, let reason):
            try explain(task, reason)
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
