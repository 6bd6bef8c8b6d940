import Model

/// What of a run's facts has to be at hand when a decision is carried out.
struct RunMemory: Sendable {
    /// Why a task's earlier attempts were not accepted, the last one last; empty again once it has landed.
    private(set) var failures: [TaskID: [Failure]] = [:]
    /// The last attempt of each task that was verified and has not landed.
    private(set) var verified: [TaskID: Fact.AttemptVerified] = [:]
    private var landed: [Fact.Landed.Commit] = []

    init(_ started: Fact.RunStarted) { landed = started.landedBefore }

    mutating func remember(_ fact: Fact) {
        switch fact {
        case .attemptVerified(let attempt): verified[attempt.task] = attempt
        case .attemptFailed(let attempt) where attempt.failure.kind != .interrupted:
            failures[attempt.task, default: []].append(attempt.failure)
        case .candidateFailed(let candidate):
            if let task = candidate.task { failures[task, default: []].append(candidate.failure) }
        case .landed(let commits):
            for commit in commits.commits {
                verified[commit.task] = nil
                failures[commit.task] = nil
            }
        default: break
        }
    }

    /// Seconds that earlier coordinators have spent on the run: the pauses between them do not count.
    static func activeSeconds(of events: [LoggedEvent]) -> Double {
        var total = 0.0
        var from: Timestamp?
        var last: Timestamp?
        for event in events {
            if case .fact(.coordinatorStarted) = event.body {
                if let from, let last { total += max(0, last - from) }
                from = event.time
            }
            last = event.time
        }
        if let from, let last { total += max(0, last - from) }
        return total
    }
}
