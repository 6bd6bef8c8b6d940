import Model
import Synchronization

/// What the candidates under way have been built into, for those that are built on them.
final class CandidateChain: Sendable {
    struct Built: Sendable {
        var commit: ObjectID
        var tree: ObjectID
    }

    private struct Link {
        /// nil while it is being built; then what came of it, which is nothing if it could not be built.
        var result: Built??
        var waiters: [CheckedContinuation<Built?, Never>] = []
        var work: Task<Void, Never>?
    }

    private let links = Mutex<[Int: Link]>([:])

    /// Announces a candidate, so that others may wait for it.
    func add(_ candidate: Int) { links.withLock { $0[candidate] = Link() } }

    /// Hands over the work on a candidate, so that it can be cancelled.
    func set(_ work: Task<Void, Never>, for candidate: Int) { links.withLock { $0[candidate]?.work = work } }

    func finish(_ candidate: Int, _ built: Built?) {
        let waiters = links.withLock { links in
            links[candidate]?.result = .some(built)
            defer { links[candidate]?.waiters = [] }
            return links[candidate]?.waiters ?? []
        }
        for waiter in waiters { waiter.resume(returning: built) }
    }

    /// What a candidate was built into; waits while it is being built. nil if it could not be, or is no more.
    func built(_ candidate: Int) async -> Built? {
        await withCheckedContinuation { continuation in
            let known: Built?? = links.withLock { links in
                guard let link = links[candidate] else { return .some(nil) }
                if let result = link.result { return result }
                links[candidate]?.waiters.append(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// Ends the work on a candidate that is no more.
    func cancel(_ candidate: Int) { links.withLock { $0[candidate]?.work }?.cancel() }

    /// Forgets the candidates before one that has landed: nothing will be built on them any more.
    func forget(before candidate: Int) {
        links.withLock { links in links = links.filter { $0.key >= candidate } }
    }
}
