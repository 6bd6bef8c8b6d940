import Model

/// The failures of a run in which nothing has landed yet, by the way in which they failed.
///
/// A program that is missing, or a wrong command, fails every task in the same way. A run finds that out from a few tasks.
struct SameFailures: Sendable {
    /// The tasks that failed on the last worker of their ladder, by fingerprint.
    private var tasks: [UInt64: Set<Int>] = [:]
    /// The tasks that were verified, or failed on the last worker of their ladder.
    private var judged: Set<Int> = []
    /// Whether something has landed, so that the plan is known to work.
    private(set) var isOver = false
    /// The summary of a failure that is common enough to pause the run.
    private(set) var common: (summary: String, count: Int)?

    /// The largest number of tasks that a run looks at.
    private static let most = 10
    /// The smallest one. Fewer tasks may fail in the same way by chance.
    private static let fewest = 5

    /// Returns how many tasks have to fail in the same way: all workers twice, within bounds.
    static func limit(workers: Int) -> Int { min(most, max(fewest, 2 * workers)) }

    mutating func add(_ task: Int, fingerprint: UInt64, summary: String, limit: Int) {
        guard !isOver else { return }
        judged.insert(task)
        tasks[fingerprint, default: []].insert(task)
        // Of a thousand workers that start at once, ten fail in the same way by chance.
        guard let count = tasks[fingerprint]?.count, count >= limit, 2 * count > judged.count else { return }
        common = (summary, count)
    }

    /// Counts a task whose work passed its own checks.
    mutating func verified(_ task: Int) {
        guard !isOver else { return }
        judged.insert(task)
    }

    /// Counts anew: a person has looked.
    mutating func forget() {
        tasks = [:]
        judged = []
        common = nil
    }

    mutating func end() {
        forget()
        isOver = true
    }
}

extension Scheduler {
    /// Notes a failure on the last worker of a ladder. What an earlier worker cannot do, a later one may.
    mutating func noteSame(_ index: Index, _ failure: Failure) {
        let task = entries[index].task
        guard entries[index].rung + 1 >= ladders[task.stage].count else { return }
        sameFailures.add(
            index, fingerprint: failure.fingerprint(without: [task.id.rawValue] + task.files),
            summary: failure.summary, limit: SameFailures.limit(workers: maxParallel))
    }

    /// Pauses the run if most of its first tasks have failed in the same way and nothing has landed.
    mutating func pauseOnSameFailure() {
        guard let common = sameFailures.common, pauseReason == nil, drain == nil, unsettled > 0 else { return }
        let reason =
            "the first \(Count.text(common.count, "task")) failed in the same way, and none has landed: "
            + "\(common.summary). Repair the cause, then type 'orchestrate continue', or 'orchestrate resume' if the run "
            + "has stopped"
        pauseReason = .sameFailure(reason)
        sameFailures.forget()
        endAllRedos()
        emit(.pause(reason: reason))
    }
}
