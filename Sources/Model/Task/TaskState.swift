/// Where a task is; each state names the ones it can go to.
package enum TaskState: String, Codable, Sendable, CaseIterable {
    /// Waits for tasks it depends on. → ready, held, setAside
    case waiting
    /// May start as soon as a worker is free. → running, held, setAside
    case ready
    /// An attempt is under way: slot, worker, guards and checks. → queued, green, ready, setAside
    case running
    /// Verified in its slot and waiting to land. → landing; ready and setAside, if a person says so
    case queued
    /// Part of the candidate whose tree is being checked. → landed, queued, ready, setAside
    case landing
    /// Its commit is on the integration branch. Final.
    case landed
    /// Its `done` checks held before any worker was started. Final.
    case green
    /// Given up, with a reason. → ready or waiting, if a person says so
    case setAside = "set-aside"
    /// Cannot start because something it depends on was set aside. → waiting, if that is taken up again; setAside
    case held

    /// What depends on the task may start.
    package var isGreen: Bool { self == .landed || self == .green }

    /// The task will not move by itself.
    package var isSettled: Bool {
        switch self {
        case .landed, .green, .setAside, .held: true
        case .waiting, .ready, .running, .queued, .landing: false
        }
    }

    package func canBecome(_ next: TaskState) -> Bool {
        switch self {
        case .waiting: [.ready, .held, .setAside].contains(next)
        case .ready: [.running, .held, .setAside].contains(next)
        case .running: [.queued, .green, .ready, .setAside].contains(next)
        case .queued: [.landing, .ready, .setAside].contains(next)
        case .landing: [.landed, .queued, .ready, .setAside].contains(next)
        case .landed, .green: false
        case .setAside: [.ready, .waiting].contains(next)
        case .held: [.waiting, .ready, .setAside].contains(next)
        }
    }
}
