import Synchronization

/// Says for which candidates the `affected` checks run whole.
///
/// The first candidate of each stage in a coordinator's life is whole, because nobody knows what came before. After it, at
/// most so many tasks land until the next one.
final class WholeTurns: Sendable {
    struct Candidate {
        var number: Int
        /// The candidate that it is built on; nil for the tip.
        var after: Int?
        var stage: Int
        var tasks: Int
    }

    private struct State {
        /// Tasks that have landed since a whole check, by stage.
        var landed: [Int: Int] = [:]
        /// Tasks since a whole check, with those of the candidate itself.
        var candidates: [Int: (stage: Int, tasks: Int)] = [:]
        /// How many tests the whole checks ran last, by stage and command.
        var testCounts: [Int: [String: Int]] = [:]
    }

    private let state = Mutex(State())

    /// - Parameter every: most tasks that may land until a whole check.
    func isWhole(_ candidate: Candidate, every: Int) -> Bool {
        state.withLock { state in
            let known = candidate.after.flatMap { state.candidates[$0] }.flatMap {
                $0.stage == candidate.stage ? $0.tasks : nil
            }
            let before = known ?? (candidate.after == nil ? state.landed[candidate.stage] : nil)
            let tasks = before.map { $0 + candidate.tasks }
            let isWhole = tasks.map { $0 >= every } ?? true
            state.candidates[candidate.number] = (candidate.stage, isWhole ? 0 : tasks ?? 0)
            return isWhole
        }
    }

    func testCounts(stage: Int) -> [String: Int] { state.withLock { $0.testCounts[stage, default: [:]] } }

    /// Stores how many tests whole checks ran on a green tree.
    func ran(_ counts: [String: Int], stage: Int) {
        state.withLock { $0.testCounts[stage, default: [:]].merge(counts) { $1 } }
    }

    /// Counts the tasks of a candidate that lands.
    func landed(_ number: Int) {
        state.withLock { state in
            guard let candidate = state.candidates[number] else { return }
            state.landed[candidate.stage] = candidate.tasks
            // A later one may still be built on this one.
            state.candidates = state.candidates.filter { $0.key >= number }
        }
    }
}
