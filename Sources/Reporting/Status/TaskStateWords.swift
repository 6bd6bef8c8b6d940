import Model

extension TaskState {
    /// The order in which people want to hear of the states: from done to stuck.
    static let reported: [TaskState] = [
        .landed, .green, .landing, .queued, .running, .ready, .waiting, .setAside, .held,
    ]

    /// The state in words that need no explanation.
    var words: String {
        switch self {
        case .waiting: "waiting"
        case .ready: "ready"
        case .running: "running"
        case .queued: "queued"
        case .landing: "landing"
        case .landed: "landed"
        case .green: "green already"
        case .setAside: "set aside"
        case .held: "held"
        }
    }

    var role: Style.Role {
        switch self {
        case .landed, .green: .good
        case .landing, .queued, .running: .busy
        case .ready, .waiting: .faint
        case .setAside, .held: .bad
        }
    }
}
