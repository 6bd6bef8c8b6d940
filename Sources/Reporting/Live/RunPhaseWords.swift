import Model

extension RunPhase {
    /// The phase as people read it.
    var words: String {
        switch self {
        case .preparing: "preparing its job"
        case .waitingForRoom: "waiting for room on its executor"
        case .settingUp: "setting up its slot"
        case .lookingFirst: "checking whether it is done"
        case .working: "working"
        case .judging: "running guards"
        case .checking: "running task checks"
        case .reviewing: "being reviewed"
        case .committing: "committing"
        case .merging: "building the candidate"
        case .checkingCandidate: "running landing checks"
        }
    }

    /// The phase in at most seven characters.
    var shortWord: String {
        switch self {
        case .preparing: "prepare"
        case .waitingForRoom: "queued"
        case .settingUp: "set-up"
        case .lookingFirst: "done?"
        case .working: "work"
        case .judging: "guards"
        case .checking: "checks"
        case .reviewing: "review"
        case .committing: "commit"
        case .merging: "merge"
        case .checkingCandidate: "landing"
        }
    }
}
