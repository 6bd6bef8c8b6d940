import Dispatch
import Model
import Synchronization

/// A queue of a run's facts, from which the coordinator takes them.
///
/// Facts that arrive while the coordinator is writing are taken together, so a burst costs one transaction of the
/// store instead of one for each fact.
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

    /// Adds facts that are stored together or not at all.
    func put(_ facts: [Fact]) {
        wake { $0.facts += facts }
    }

    /// Adds a fact that decides nothing. It is taken together with the next fact, or after a short delay.
    func putSoon(_ fact: Fact) {
        state.withLock { $0.facts.append(fact) }
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.soon) { self.wake { _ in } }
    }

    /// Seconds. Too short for a person to notice, and longer than a burst of facts.
    private static let soon = 0.02

    /// Ends the run with an error, after the facts that have already arrived.
    func fail(_ error: any Error) {
        wake { if $0.failure == nil { $0.failure = error } }
    }

    /// Returns all facts that have arrived, in order. Waits until there is one.
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

    /// Returns the facts that have arrived and were not taken.
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
