import Model
import Synchronization

/// Holds workers back until a provider has answered the first one with the same prompt prefix.
///
/// A provider caches a prompt once it begins to answer. Workers that are started together would all pay for the part that
/// their prompts share. It forgets the prompt some minutes after the last request, so the gate closes again then.
final class CacheGate: Sendable {
    /// Prompts of one stage for one worker begin alike, and those of one reviewer.
    struct Key: Hashable, Sendable {
        let stage: Int
        let worker: String
        /// nil for a worker that is not a reviewer.
        var reviewer: String?
    }

    private enum State {
        case awaited(by: TaskID, until: ContinuousClock.Instant)
        case open(until: ContinuousClock.Instant)
    }

    /// Seconds that workers wait at most. Claude Code holds its own siblings as long.
    let limit: Double
    /// Seconds after a request for which a provider keeps its prompt. Anthropic and OpenAI document five minutes.
    private let lifetime: Double
    private let now: @Sendable () -> ContinuousClock.Instant
    private let states = Mutex<[Key: State]>([:])

    init(
        limit: Double = 5, lifetime: Double = 300, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.limit = limit
        self.lifetime = lifetime
        self.now = now
    }

    /// Lets the first worker of a key pass, and the first one after the provider has forgotten the prompt.
    /// - Returns: the task whose worker has no answer yet; nil to start at once.
    func enter(_ key: Key, for task: TaskID) -> TaskID? {
        let now = now()
        return states.withLock { states in
            switch states[key] {
            case .awaited(let first, let end) where end > now: return first == task ? nil : first
            // The first one may still get an answer, but the others do not wait for it any longer.
            case .awaited: return nil
            case .open(let end) where end > now: return nil
            case nil, .open:
                states[key] = .awaited(by: task, until: now + .seconds(limit))
                return nil
            }
        }
    }

    /// Lets all workers of a key pass until the provider forgets the prompt. Called at each answer.
    func answered(_ key: Key) {
        let end = now() + .seconds(lifetime)
        states.withLock { $0[key] = .open(until: end) }
    }

    /// Stops the wait for a worker that has ended without an answer. The next worker is the first one again.
    func ended(_ key: Key, of task: TaskID) {
        states.withLock { states in
            if case .awaited(task, _)? = states[key] { states[key] = nil }
        }
    }

    /// Waits until the key is open, the time is over or the attempt is cancelled.
    func wait(_ key: Key) async {
        while case .awaited(_, let end)? = states.withLock({ $0[key] }), end > now(), !Task.isCancelled {
            // The answer may come at any moment, and nothing is lost by looking a little late.
            try? await Task.sleep(for: .milliseconds(20))
        }
    }
}

extension Worker {
    /// Whether it tells when its model has answered a prompt. A codemod has none.
    var tellsAnswers: Bool { prompt != .none && tellsEvents }
}

extension RunContext {
    /// Waits for the first answer to a worker whose prompt begins in the same way.
    func waitForCache(_ key: CacheGate.Key, _ worker: Worker, for attempt: Attempt) async {
        guard worker.tellsAnswers, let first = cacheGate.enter(key, for: attempt.task.id) else { return }
        inbox.putSoon(
            .workerHeld(
                .init(
                    task: attempt.task.id, attempt: attempt.number, behind: first, seconds: cacheGate.limit,
                    reviewer: key.reviewer)))
        await cacheGate.wait(key)
    }
}
