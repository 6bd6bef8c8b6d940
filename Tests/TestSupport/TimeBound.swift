import Foundation
import Synchronization

/// A bound on the life of a process: the process is killed when the time is over.
final class TimeBound: Sendable {
    private enum State {
        case running, over, ended
    }

    private let state = Mutex(State.running)

    init(_ process: pid_t, seconds: Double) {
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [self] in
            state.withLock { state in
                guard case .running = state else { return }
                state = .over
                kill(process, SIGKILL)
            }
        }
    }

    /// Waits for the process without reaping it, so that its id stays its own, and lifts the bound.
    ///
    /// - Returns: whether the process had to be killed.
    static func wait(for process: pid_t, seconds: Double) -> Bool {
        let bound = TimeBound(process, seconds: seconds)
        var information = siginfo_t()
        while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        return bound.state.withLock { state in
            guard case .over = state else {
                state = .ended
                return false
            }
            return true
        }
    }
}
