import Model
import Synchronization

/// The attempts under way, so that one can be ended alone.
final class RunningAttempts: Sendable {
    private struct Entry {
        let number: Int
        var work: Task<Fact?, Never>?
        /// Why it is being ended.
        var failure: Failure?
    }

    private let entries = Mutex<[TaskID: Entry]>([:])

    /// Announces an attempt, before there is anything to end.
    func add(_ attempt: Attempt.ID) { entries.withLock { $0[attempt.task] = Entry(number: attempt.number) } }

    /// Hands over the work. It is cancelled at once if the attempt was to end before it began.
    func set(_ work: Task<Fact?, Never>, for task: TaskID) {
        let isEnding = entries.withLock { entries in
            entries[task]?.work = work
            return entries[task]?.failure != nil
        }
        if isEnding { work.cancel() }
    }

    /// Ends an attempt. The first reason counts.
    func end(_ attempt: Attempt.ID, _ failure: Failure) {
        let work = entries.withLock { entries -> Task<Fact?, Never>? in
            guard let entry = entries[attempt.task], entry.number == attempt.number, entry.failure == nil else {
                return nil
            }
            entries[attempt.task]?.failure = failure
            return entry.work
        }
        work?.cancel()
    }

    /// Forgets an attempt that is over.
    /// - Returns: why it was ended, if it was.
    func remove(_ task: TaskID) -> Failure? { entries.withLock { $0.removeValue(forKey: task)?.failure } }
}
