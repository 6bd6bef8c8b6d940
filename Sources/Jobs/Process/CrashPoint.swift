#if DEBUG
import Foundation
import Synchronization
#endif

/// The moments after which a killed coordinator leaves something behind that the next one has to make sense of.
///
/// A test has a debug build die at one of them: `ORCHESTRATE_CRASH=stored:7` is the seventh append to the store. In a
/// release build there is nothing.
package enum CrashPoint: String, Sendable, CaseIterable {
    /// Rows have been written to the store.
    case stored
    /// A reference of the target repository has been moved.
    case moved
    /// A process has been started.
    case spawned
    /// A process has ended, and nobody has heard of it yet.
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

    /// Dies here if this is where a test wants the program to die.
    package func pass() {
        guard let chosen = Self.chosen, chosen.point == self else { return }
        if Self.passed.wrappingAdd(1, ordering: .relaxed).newValue == chosen.turn { kill(getpid(), SIGKILL) }
    }
    #else
    @inlinable package func pass() {}
    #endif
}
