import Model
import Synchronization

/// The attempts under way, so that one can be ended alone.
final class AttemptBoard: Sendable {
    private struct Entry {
        let attempt: Int
        var work: Task<Fact?, Never>?
        /// Why it is being ended.
        var failure: Failure?
    }

    private let entries = Mutex<[TaskID: Entry]>([:])

    /// Announces an attempt, before there is anything to end.
    func add(_ task: TaskID, _ attempt: Int) { entries.withLock { $0[task] = Entry(attempt: attempt) } }

    /// Hands over the work; it is cancelled at once if the attempt was to end before it began.
    func set(_ work: Task<Fact?, Never>, for task: TaskID) {
        let isEnding = entries.withLock { entries in
            entries[task]?.work = work
            return entries[task]?.failure != nil
        }
        if isEnding { work.cancel() }
    }

    /// Ends an attempt; the first reason counts.
    func end(_ task: TaskID, _ attempt: Int, _ failure: Failure) {
        let work = entries.withLock { entries -> Task<Fact?, Never>? in
            guard entries[task]?.attempt == attempt, entries[task]?.failure == nil else { return nil }
            entries[task]?.failure = failure
            return entries[task]?.work
        }
        work?.cancel()
    }

    /// Forgets an attempt that is over.
    /// - Returns: why it was ended, if it was.
    func remove(_ task: TaskID) -> Failure? { entries.withLock { $0.removeValue(forKey: task)?.failure } }
}
