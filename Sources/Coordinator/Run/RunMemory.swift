import Model

/// The part of a run's facts that is needed to carry out decisions.
struct RunMemory: Sendable {
    /// The failures of each task's attempts, oldest first; removed once the task has landed.
    private(set) var failures: [TaskID: [Failure]] = [:]
    /// The last verified attempt of each task that has not landed.
    private(set) var verified: [TaskID: Fact.AttemptVerified] = [:]
    /// The last failed attempt of each task whose work only needs a review.
    private(set) var unreviewed: [TaskID: Fact.AttemptFailed] = [:]
    /// The tasks of each candidate that contains more than one.
    private var together: [Int: [TaskID]] = [:]
    /// The last failure of a candidate that contained the task and others. The task may or may not be the cause.
    private var shared: [TaskID: Failure] = [:]
    /// Tasks whose last verified commit passed on its own base, so that a failure alone is a collision.
    private var passedAlone: Set<TaskID> = []
    /// The number of each task's last attempt.
    private(set) var attempts: [TaskID: Int] = [:]
    /// The tasks' commits on the branch, in its order. Reverted commits are left out.
    private(set) var landed: [RevertBuild.Landed] = []
    /// Why each task that reverts others does so.
    private(set) var revertReasons: [TaskID: String] = [:]

    /// The accepted split of each task that was split.
    private var splits: [TaskID: Decision.Split] = [:]
    /// Why the parts of split tasks failed, by part.
    private var partFailures: [TaskID: String] = [:]
    private var parts: Set<TaskID> = []

    /// What each of these tasks takes back.
    private var reverts: [TaskID: [TaskID]] = [:]

    mutating func remember(_ fact: Fact) {
        switch fact {
        case .attemptVerified(let attempt):
            verified[attempt.task] = attempt
            unreviewed[attempt.task] = nil
            passedAlone.remove(attempt.task)
            attempts[attempt.task] = attempt.attempt
        case .attemptFailed(let attempt):
            attempts[attempt.task] = attempt.attempt
            if attempt.unreviewed != nil {
                unreviewed[attempt.task] = attempt
            } else if ![.infrastructure, .interrupted, .providerLimit].contains(attempt.failure.kind) {
                unreviewed[attempt.task] = nil
            }
            if attempt.failure.kind == .interrupted { return }
            failures[attempt.task, default: []].append(attempt.failure)
        case .attemptSplit(let attempt): attempts[attempt.task] = attempt.attempt
        case .candidateFailed(let candidate):
            let tasks = together.removeValue(forKey: candidate.candidate) ?? []
            if let task = candidate.task {
                let isCollision = candidate.failure.kind == .landingCheck && passedAlone.contains(task)
                failures[task, default: []].append(isCollision ? candidate.failure.together : candidate.failure)
            } else {
                for task in tasks { shared[task] = candidate.failure }
            }
        case .probed(let probed) where probed.subject == .own: remember(probed)
        case .landed(let commits):
            for commit in commits.commits {
                verified[commit.task] = nil
                failures[commit.task] = nil
                shared[commit.task] = nil
            }
            together[commits.candidate] = nil
            add(commits.commits)
        case .base(.followed(let rebased)): add(rebased.commits)
        default: break
        }
    }

    /// Updates the memory with the verdict on a task's own commit, which explains its failure at landing.
    private mutating func remember(_ probed: Fact.Probed) {
        guard verified[probed.task]?.attempt == probed.attempt else { return }
        switch probed.outcome {
        case .unknown: break
        case .passed:
            passedAlone.insert(probed.task)
            if let last = failures[probed.task]?.popLast() {
                failures[probed.task]?.append(last.kind == .landingCheck ? last.together : last)
            }
        case .failed:
            guard let own = probed.failure else { return }
            // The failure on the own base is the one that a worker can act on.
            if failures[probed.task]?.last?.kind == .landingCheck { failures[probed.task]?.removeLast() }
            failures[probed.task, default: []].append(own)
        }
    }

    /// Updates the memory with a decision. A task that is retried, failed or skipped after a shared failure gets it.
    mutating func remember(_ decision: Decision) {
        switch decision {
        case .check(let check) where check.tasks.count > 1: together[check.candidate] = check.tasks
        case .dissolve(let dissolve): together[dissolve.candidate] = nil
        case .retry(let retry): rememberShared(retry.task)
        case .fail(let fail):
            rememberShared(fail.task)
            if parts.contains(fail.task) { partFailures[fail.task] = fail.reason }
        case .split(let split) where split.problems.isEmpty:
            splits[split.task] = split
            parts.formUnion(split.parts.map(\.id))
        case .skip(let skip): rememberShared(skip.task)
        case .revert(let revert):
            revertReasons[revert.task.id] = revert.reason
            reverts[revert.task.id] = revert.task.reverts
        default: break
        }
    }

    /// Returns what the next turn of a task that was split begins with; nil for a task that was not.
    /// - Parameter parts: its parts and their states.
    func lastTurn(of task: TaskID, parts: [(task: MigrationTask, state: TaskState)]) -> LastTurn? {
        guard let split = splits[task] else { return nil }
        let commits = Dictionary(landed.map { ($0.task, $0.commit) }) { $1 }
        return LastTurn(
            parts: parts.map { part, state in
                .init(
                    task: part.id, files: part.files, state: state, commit: commits[part.id],
                    reason: state == .failed ? partFailures[part.id] ?? "" : "")
            }, collate: split.collate)
    }

    private mutating func rememberShared(_ task: TaskID) {
        if let failure = shared.removeValue(forKey: task) { failures[task, default: []].append(failure) }
    }
}

extension RunMemory {
    init(_ started: Fact.RunStarted) {
        self.init()
        add(started.landedBefore)
    }

    private mutating func add(_ commits: [Fact.Landed.Commit]) {
        for commit in commits {
            let gone = Set(reverts[commit.task] ?? []).union([commit.task])
            landed.removeAll { gone.contains($0.task) }
            landed.append(.init(task: commit.task, commit: commit.commit))
        }
    }
}
