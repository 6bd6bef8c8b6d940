/// The state of a task, with the states that can follow it.
package enum TaskState: String, Codable, Sendable, CaseIterable {
    /// Waits for tasks it depends on. → ready, blocked, failed
    case waiting
    /// May start as soon as a worker is free. → running, blocked, failed
    case ready
    /// An attempt is under way: slot, worker, guards and checks. → verified, alreadyDone, ready, failed
    case running
    /// Verified in its slot and waiting to land. → landing; ready and failed, if a person says so
    case verified
    /// Part of the candidate whose tree is being checked. → landed, verified, ready, failed
    case landing
    /// Its commit is on the integration branch. Final.
    case landed
    /// Its `done` checks passed before any worker was started. Final.
    case alreadyDone = "already-done"
    /// Given up, with a reason. → ready or waiting, if a person says so
    case failed
    /// Cannot start because something it depends on failed. → waiting, if that is taken up again; failed
    case blocked

    /// Whether the dependents of the task may start.
    package var isGreen: Bool { self == .landed || self == .alreadyDone }

    /// Whether the state changes only if a person says so.
    package var isSettled: Bool {
        switch self {
        case .landed, .alreadyDone, .failed, .blocked: true
        case .waiting, .ready, .running, .verified, .landing: false
        }
    }

    package func canBecome(_ next: TaskState) -> Bool {
        switch self {
        case .waiting: [.ready, .blocked, .failed].contains(next)
        case .ready: [.running, .blocked, .failed].contains(next)
        case .running: [.verified, .alreadyDone, .ready, .failed].contains(next)
        case .verified: [.landing, .ready, .failed].contains(next)
        case .landing: [.landed, .verified, .ready, .failed].contains(next)
        case .landed, .alreadyDone: false
        case .failed: [.ready, .waiting].contains(next)
        case .blocked: [.waiting, .ready, .failed].contains(next)
        }
    }
}
