import Model
import Synchronization

/// The running candidates and their commits, for the candidates and attempts that start on them.
final class CandidateBuilds: Sendable {
    struct Built: Sendable, Equatable {
        var commit: ObjectID
        var tree: ObjectID
    }

    private struct Entry {
        /// nil while it is being built; then the result, which is nil if it could not be built.
        var result: Built??
        var waiters: [CheckedContinuation<Built?, Never>] = []
        var work: Task<Void, Never>?
        var isCancelled = false
    }

    private let entries = Mutex<[Int: Entry]>([:])

    /// Registers a candidate, so that others can wait for it.
    func add(_ candidate: Int) { entries.withLock { $0[candidate] = Entry() } }

    /// Sets the work on a candidate. It is cancelled at once if the candidate has already been cancelled.
    func set(_ work: Task<Void, Never>, for candidate: Int) {
        let isCancelled = entries.withLock { entries in
            entries[candidate]?.work = work
            return entries[candidate]?.isCancelled == true
        }
        if isCancelled { work.cancel() }
    }

    /// Stores the result and resumes the waiting tasks.
    /// - Parameter built: nil if the candidate could not be built.
    func finish(_ candidate: Int, _ built: Built?) {
        let waiters = entries.withLock { entries in
            entries[candidate]?.result = .some(built)
            defer { entries[candidate]?.waiters = [] }
            return entries[candidate]?.waiters ?? []
        }
        for waiter in waiters { waiter.resume(returning: built) }
    }

    /// Returns the result of a candidate's build, and waits for it if necessary.
    /// - Returns: nil if the candidate could not be built, or was removed.
    func built(_ candidate: Int) async -> Built? {
        await withCheckedContinuation { continuation in
            let known: Built?? = entries.withLock { entries in
                guard let entry = entries[candidate] else { return .some(nil) }
                if let result = entry.result { return result }
                entries[candidate]?.waiters.append(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// Cancels the work on a dissolved candidate.
    func cancel(_ candidate: Int) {
        let work = entries.withLock { entries in
            entries[candidate]?.isCancelled = true
            return entries[candidate]?.work
        }
        work?.cancel()
    }

    /// Removes the candidates before one that has landed. Nothing is built on them any more.
    func forget(before candidate: Int) {
        entries.withLock { entries in entries = entries.filter { $0.key >= candidate } }
    }
}
