import Model
import Synchronization

/// The time of all attempts of a run together, each from the start of its worker to its end.
final class WorkerTime: Sendable {
    /// The attempts at work. Times are seconds of one clock.
    private struct Tally {
        var total = 0.0
        private var since: [TaskID: Double] = [:]

        mutating func follow(_ fact: Fact, at now: Double) {
            switch fact {
            case .workerStarted(let started): since[started.task] = since[started.task] ?? now
            // An attempt that only asks its reviewers again has no other worker.
            case .reviewStarted(let review): since[review.task] = since[review.task] ?? now
            case .attemptVerified(let attempt): end(attempt.task, at: now)
            case .attemptFailed(let attempt): end(attempt.task, at: now)
            case .foundDone(let attempt): end(attempt.task, at: now)
            case .attemptSplit(let attempt): end(attempt.task, at: now)
            case .coordinatorStopped: endAll(at: now)
            default: break
            }
        }

        private mutating func end(_ task: TaskID, at now: Double) {
            if let start = since.removeValue(forKey: task) { total += max(0, now - start) }
        }

        mutating func endAll(at now: Double) {
            for start in since.values { total += max(0, now - start) }
            since = [:]
        }

        func spent(at now: Double) -> Double { since.values.reduce(total) { $0 + max(0, now - $1) } }
    }

    private let origin = ContinuousClock.now
    private let tally: Mutex<Tally>

    /// - Parameter events: the log of earlier coordinators.
    init(_ events: [LoggedEvent]) {
        var tally = Tally()
        tally.total = Self.seconds(of: events)
        self.tally = Mutex(tally)
    }

    private var now: Double { (ContinuousClock.now - origin) / .seconds(1) }

    func follow(_ fact: Fact) { tally.withLock { $0.follow(fact, at: now) } }

    /// Waits until the workers have worked for this many seconds.
    /// - Returns: the seconds so far; nil if it was cancelled.
    func reach(_ cap: Double) async -> Double? {
        while !Task.isCancelled {
            let spent = tally.withLock { $0.spent(at: now) }
            if spent >= cap { return spent }
            // Workers start and end meanwhile, so the end is not known in advance.
            try? await Task.sleep(for: .milliseconds(200))
        }
        return nil
    }

    /// Returns the seconds that the workers of earlier coordinators have worked.
    static func seconds(of events: [LoggedEvent]) -> Double {
        var tally = Tally()
        var last = 0.0
        for event in events {
            // The next coordinator writes it, so the killed one ended at the event before.
            if case .fact(.coordinatorLost) = event.body { tally.endAll(at: last) }
            if case .fact(let fact) = event.body { tally.follow(fact, at: event.time.seconds) }
            last = event.time.seconds
        }
        tally.endAll(at: last)
        return tally.total
    }
}
