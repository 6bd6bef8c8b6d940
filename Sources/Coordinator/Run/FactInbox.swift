import Dispatch
import Model
import Synchronization

/// Where everything that happens in a run arrives, and where the coordinator waits for it.
///
/// Facts that arrive while the coordinator is writing are taken together, so that a burst costs one commit of the
/// store instead of one each.
final class FactInbox: Sendable {
    private struct State {
        var facts: [Fact] = []
        var failure: (any Error)?
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func put(_ fact: Fact) {
        wake { $0.facts.append(fact) }
    }

    /// Facts that are stored together or not at all.
    func put(_ facts: [Fact]) {
        wake { $0.facts += facts }
    }

    /// As `put`, for a fact that decides nothing: it is taken together with the next one, or after a moment.
    func putSoon(_ fact: Fact) {
        state.withLock { $0.facts.append(fact) }
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.soon) { self.wake { _ in } }
    }

    /// Seconds; shorter than anyone who watches can see, longer than a burst of facts lasts.
    private static let soon = 0.02

    /// Ends the run with an error; facts that have arrived are still taken first.
    func fail(_ error: any Error) {
        wake { if $0.failure == nil { $0.failure = error } }
    }

    /// All that has arrived, in order; waits while that is nothing.
    func takeAll() async throws -> [Fact] {
        while true {
            let (facts, failure) = state.withLock { state in
                defer { state.facts = [] }
                return (state.facts, state.failure)
            }
            if !facts.isEmpty { return facts }
            if let failure { throw failure }
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if !state.facts.isEmpty || state.failure != nil { return true }
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        }
    }

    /// What has arrived and nobody has taken.
    func takeRest() -> [Fact] {
        state.withLock { state in
            defer { state.facts = [] }
            return state.facts
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let waiter = state.withLock { state in
            change(&state)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}
