/// The state of a task. Each case lists the states that may follow.
package enum TaskState: String, Codable, Sendable, CaseIterable {
    /// Waits for its dependencies, or for its parts if it was split. → ready, blocked, failed, skipped
    case waiting
    /// May start as soon as a worker is free. → running, blocked, failed, skipped; waiting if a dependency is reverted
    case ready
    /// An attempt is running: slot, worker, guards and checks. → verified, alreadyDone, ready, failed, skipped; waiting if
    /// the task was split
    case running
    /// Verified in its slot and waiting to land. → landing; ready, failed or skipped if a person says so
    case verified
    /// Part of a candidate whose tree is being checked. → landed, alreadyDone, verified, ready, failed
    case landing
    /// Its commit is on the integration branch. → ready or waiting once it was reverted
    case landed
    /// Its `done` checks passed before any worker was started, the tip already held what it changes, or the task of which it
    /// is a part has done it. Final.
    case alreadyDone = "already-done"
    /// Given up after a failure. → ready or waiting if a person asks for a retry; alreadyDone if it is a part
    case failed
    /// A person skipped it. → ready or waiting if a person asks for a retry
    case skipped
    /// Cannot start because a dependency failed or was skipped. → waiting or ready if that is retried; failed, skipped;
    /// alreadyDone if it is a part
    case blocked

    /// Whether the tasks that depend on this one may start.
    package var isDone: Bool { self == .landed || self == .alreadyDone }

    /// Whether nothing more is tried unless a person asks for it.
    package var isGivenUp: Bool { self == .failed || self == .skipped }

    /// Whether the task stays in this state until another task or a person changes it.
    package var isSettled: Bool {
        switch self {
        case .landed, .alreadyDone, .failed, .skipped, .blocked: true
        case .waiting, .ready, .running, .verified, .landing: false
        }
    }

    package func canBecome(_ next: TaskState) -> Bool {
        switch self {
        case .waiting: [.ready, .blocked, .failed, .skipped].contains(next)
        case .ready: [.running, .waiting, .blocked, .failed, .skipped].contains(next)
        case .running: [.verified, .alreadyDone, .ready, .waiting, .failed, .skipped].contains(next)
        case .verified: [.landing, .ready, .failed, .skipped].contains(next)
        case .landing: [.landed, .alreadyDone, .verified, .ready, .failed].contains(next)
        case .landed: [.ready, .waiting].contains(next)
        case .alreadyDone: false
        case .failed: [.ready, .waiting, .alreadyDone].contains(next)
        case .skipped: [.ready, .waiting].contains(next)
        case .blocked: [.waiting, .ready, .failed, .skipped, .alreadyDone].contains(next)
        }
    }
}
