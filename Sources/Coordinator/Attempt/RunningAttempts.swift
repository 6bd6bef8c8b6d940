import Model
import Synchronization

/// The running attempts, each of which can be ended alone.
final class RunningAttempts: Sendable {
    private struct Entry {
        let number: Int
        var work: Task<Fact?, Never>?
        /// The reason for ending it; nil while it is not being ended.
        var failure: Failure?
    }

    private let entries = Mutex<[TaskID: Entry]>([:])

    /// Registers an attempt before its work exists.
    func add(_ attempt: Attempt.ID) { entries.withLock { $0[attempt.task] = Entry(number: attempt.number) } }

    /// Sets an attempt's work. It is cancelled at once if the attempt has already been ended.
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

    /// Removes a finished attempt.
    /// - Returns: the reason that it was ended for; nil if it ended by itself.
    func remove(_ task: TaskID) -> Failure? { entries.withLock { $0.removeValue(forKey: task)?.failure } }
}
