import Model

extension TaskState {
    /// The order in which reports list the states: from done to stuck.
    static let reported: [TaskState] = [
        .landed, .alreadyDone, .landing, .verified, .running, .ready, .waiting, .failed, .skipped, .blocked,
    ]

    /// The state as people read it.
    var words: String {
        switch self {
        case .waiting: "waiting"
        case .ready: "ready"
        case .running: "running"
        case .verified: "verified"
        case .landing: "landing"
        case .landed: "landed"
        case .alreadyDone: "already done"
        case .failed: "failed"
        case .skipped: "skipped"
        case .blocked: "blocked"
        }
    }

    var role: Style.Role {
        switch self {
        case .landed, .alreadyDone: .good
        case .landing, .verified, .running: .busy
        case .ready, .waiting: .faint
        case .failed, .skipped, .blocked: .bad
        }
    }
}
