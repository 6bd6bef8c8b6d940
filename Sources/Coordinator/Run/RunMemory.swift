import Model

/// The part of a run's facts that is needed to carry out decisions.
struct RunMemory: Sendable {
    /// The failures of each task's attempts, oldest first; removed once the task has landed.
    private(set) var failures: [TaskID: [Failure]] = [:]
    /// The last verified attempt of each task that has not landed.
    private(set) var verified: [TaskID: Fact.AttemptVerified] = [:]
    /// The tasks of each candidate that contains more than one.
    private var together: [Int: [TaskID]] = [:]
    /// The last failure of a candidate that contained the task and others. The task may or may not be the cause.
    private var shared: [TaskID: Failure] = [:]
    /// The number of each task's last attempt.
    private(set) var attempts: [TaskID: Int] = [:]

    mutating func remember(_ fact: Fact) {
        switch fact {
        case .attemptVerified(let attempt):
            verified[attempt.task] = attempt
            attempts[attempt.task] = attempt.attempt
        case .attemptFailed(let attempt):
            attempts[attempt.task] = attempt.attempt
            if attempt.failure.kind == .interrupted { return }
            failures[attempt.task, default: []].append(attempt.failure)
        case .candidateFailed(let candidate):
            let tasks = together.removeValue(forKey: candidate.candidate) ?? []
            if let task = candidate.task {
                failures[task, default: []].append(candidate.failure)
            } else {
                for task in tasks { shared[task] = candidate.failure }
            }
        case .landed(let commits):
            for commit in commits.commits {
                verified[commit.task] = nil
                failures[commit.task] = nil
                shared[commit.task] = nil
            }
            together[commits.candidate] = nil
        default: break
        }
    }

    /// Updates the memory with a decision. A task that is retried, failed or skipped after a shared failure gets it.
    mutating func remember(_ decision: Decision) {
        switch decision {
        case .check(let check) where check.tasks.count > 1: together[check.candidate] = check.tasks
        case .dissolve(let dissolve): together[dissolve.candidate] = nil
        case .retry(let retry): rememberShared(retry.task)
        case .fail(let fail): rememberShared(fail.task)
        case .skip(let skip): rememberShared(skip.task)
        default: break
        }
    }

    private mutating func rememberShared(_ task: TaskID) {
        if let failure = shared.removeValue(forKey: task) { failures[task, default: []].append(failure) }
    }
}
