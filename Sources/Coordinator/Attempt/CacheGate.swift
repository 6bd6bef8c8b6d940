import Model
import Synchronization

/// Holds workers back until a provider has answered the first one with the same prompt prefix.
///
/// A provider caches a prompt once it begins to answer. Workers that are started together would all pay for the part that
/// their prompts share.
final class CacheGate: Sendable {
    /// Prompts of one stage for one worker begin alike.
    struct Key: Hashable, Sendable {
        let stage: Int
        let worker: String
    }

    private enum State {
        case awaited(by: TaskID, until: ContinuousClock.Instant)
        case open
    }

    /// Seconds that workers wait at most. Claude Code holds its own siblings as long.
    let limit: Double
    private let states = Mutex<[Key: State]>([:])

    init(limit: Double = 5) { self.limit = limit }

    /// Lets the first worker of a key pass.
    /// - Returns: the task whose worker has no answer yet; nil to start at once.
    func enter(_ key: Key, for task: TaskID) -> TaskID? {
        states.withLock { states in
            switch states[key] {
            case nil:
                states[key] = .awaited(by: task, until: .now + .seconds(limit))
                return nil
            case .awaited(let first, let end) where first != task && end > .now: return first
            case .awaited, .open: return nil
            }
        }
    }

    /// Lets all workers of a key pass from now on. Called at an answer, and at the end of a worker.
    func open(_ key: Key) { states.withLock { $0[key] = .open } }

    /// Waits until the key is open, the time is over or the attempt is cancelled.
    func wait(_ key: Key) async {
        while case .awaited(_, let end)? = states.withLock({ $0[key] }), end > .now, !Task.isCancelled {
            // The answer may come at any moment, and nothing is lost by looking a little late.
            try? await Task.sleep(for: .milliseconds(20))
        }
    }
}

extension Worker {
    /// Whether it tells when its model has answered a prompt. A codemod has none.
    var tellsAnswers: Bool { prompt != .none && tellsEvents }
}
