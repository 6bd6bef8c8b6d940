#if DEBUG
import Foundation
import Synchronization
#endif

/// The moments after which a killed coordinator leaves state that the next one must recover from.
///
/// A test makes a debug build die at one of them: `ORCHESTRATE_CRASH=stored:7` is the seventh append to the store.
/// Release builds ignore the variable.
package enum CrashPoint: String, Sendable, CaseIterable {
    /// Rows have been written to the store.
    case stored
    /// A reference of the target repository has been moved.
    case moved
    /// A process has been started.
    case spawned
    /// A process has ended, but its end has not been reported yet.
    case ended

    #if DEBUG
    private static let chosen: (point: CrashPoint, turn: Int)? = {
        let words = ProcessInfo.processInfo.environment["ORCHESTRATE_CRASH"]?.split(separator: ":") ?? []
        guard words.count == 2, let point = CrashPoint(rawValue: String(words[0])), let turn = Int(words[1]) else {
            return nil
        }
        return (point, turn)
    }()
    private static let passed = Atomic<Int>(0)

    /// Kills this program if a test has chosen this point.
    package func pass() {
        guard let chosen = Self.chosen, chosen.point == self else { return }
        if Self.passed.wrappingAdd(1, ordering: .relaxed).newValue == chosen.turn { kill(getpid(), SIGKILL) }
    }
    #else
    @inlinable package func pass() {}
    #endif
}
