import Model
import Synchronization

/// The time that a run has taken, without the hours in which it waited for a person.
final class ActiveTime: Sendable {
    private struct State {
        var spent: Double
        /// nil while the run waits.
        var since: ContinuousClock.Instant?
    }

    private let state: Mutex<State>

    /// - Parameter events: the log of earlier coordinators.
    init(_ events: [LoggedEvent]) {
        state = Mutex(State(spent: Self.activeSeconds(of: events), since: .now))
    }

    var spent: Double {
        state.withLock { $0.spent + ($0.since.map { (ContinuousClock.now - $0) / .seconds(1) } ?? 0) }
    }

    var isWaiting: Bool { state.withLock { $0.since == nil } }

    func follow(_ decision: Decision) {
        switch decision {
        case .pause:
            state.withLock { state in
                if let since = state.since { state.spent += (ContinuousClock.now - since) / .seconds(1) }
                state.since = nil
            }
        case .proceed: state.withLock { $0.since = $0.since ?? .now }
        default: break
        }
    }

    /// Returns once the run has taken this many seconds, or when cancelled.
    func reach(_ wall: Double) async {
        while !Task.isCancelled {
            let rest = wall - spent
            if rest <= 0 { return }
            // While the run waits nothing is spent, and only a look now and then tells that it goes on.
            try? await Task.sleep(for: .seconds(isWaiting ? 0.2 : min(rest, 3600)))
        }
    }

    /// Seconds that earlier coordinators have spent on the run: neither the pauses between them count, nor those in
    /// which they waited for a person.
    ///
    /// Added up from event to event: where the clock was set back between two, only the time between these is lost.
    static func activeSeconds(of events: [LoggedEvent]) -> Double {
        var total = 0.0
        /// The last event of a coordinator that was at work; nil while none was.
        var last: Timestamp?
        for event in events {
            // What the next coordinator writes of one that was killed has that one's end, not its time.
            if case .fact(.coordinatorLost) = event.body { last = nil }
            if let before = last {
                total += max(0, event.time - before)
                last = event.time
            }
            switch event.body {
            case .fact(.coordinatorStarted), .decision(.proceed): last = event.time
            case .fact(.coordinatorStopped), .decision(.pause), .decision(.finish), .decision(.suspend): last = nil
            default: break
            }
        }
        return total
    }
}
