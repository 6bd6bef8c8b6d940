import Model
import Synchronization

/// The working time of a run, without the time in which it waited for a person.
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

    /// Waits until the run has worked for this many seconds, or until cancelled.
    func reach(_ wall: Double) async {
        while !Task.isCancelled {
            let rest = wall - spent
            if rest <= 0 { return }
            // A waiting run spends no time, so it is polled until it continues.
            try? await Task.sleep(for: .seconds(isWaiting ? 0.2 : min(rest, 3600)))
        }
    }

    /// Returns the seconds that earlier coordinators have worked on the run. The time between coordinators and the time
    /// in which they waited for a person do not count.
    ///
    /// The time is added up from event to event. If the clock was set back, only the time between two events is lost.
    static func activeSeconds(of events: [LoggedEvent]) -> Double {
        var total = 0.0
        /// The time of the last event while a coordinator was working; nil otherwise.
        var last: Timestamp?
        for event in events {
            // This event is written by the next coordinator, so its time is not the end of the killed one.
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
