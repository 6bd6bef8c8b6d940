import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The processes of this program's runners that are under way.
///
/// One list for the whole program, because its children are one list too: to tell whose an orphan is, every other
/// owner has to be known.
final class LiveProcesses: Sendable {
    static let shared = LiveProcesses()

    /// The name of the variable by which a process and what it started are recognised.
    static let tokenVariable = "ORCHESTRATE_JOB_TOKEN"

    struct Entry: Sendable {
        let token: String
        /// As `ProcessRecord.start`; not after the start of any process of the entry.
        let start: UInt64
        /// Leader of the session and of the process group; nil until it is spawned.
        var leader: pid_t?
        /// The leader only watches over the first process of a namespace, which is the one below it, and takes all of
        /// it along when it ends.
        var isContained = false
        /// The leader has ended; whatever of it is still there is to be ended by whoever finds it.
        var hasEnded = false

        /// Whether a process with this token came from the entry.
        func owns(_ token: String) -> Bool { LiveProcesses.isBelow(token, self.token) }
    }

    /// A program that was started with a token and runs processes by a runner of its own puts its token in front of
    /// theirs, as the built-in agent does: what it leaves behind is told to be ours.
    static func isBelow(_ token: String, _ ours: String) -> Bool {
        token == ours || token.utf8.starts(with: ours.utf8 + [UInt8(ascii: ":")])
    }

    private struct State {
        var counter: UInt64 = 0
        var entries: [UInt64: Entry] = [:]
    }

    private let state = Mutex(State())

    /// To be called before the process is spawned, so that a spawned process is never without an owner.
    func register(marker: String) -> (key: UInt64, token: String) {
        #if os(Linux)
        let now = ProcessRecord.now
        #else
        let now: UInt64 = 0
        #endif
        return state.withLock { state in
            state.counter += 1
            let token = "\(marker):\(state.counter)"
            state.entries[state.counter] = Entry(token: token, start: now, leader: nil)
            return (state.counter, token)
        }
    }

    func setLeader(_ leader: pid_t, of key: UInt64, isContained: Bool = false) {
        state.withLock {
            $0.entries[key]?.leader = leader
            $0.entries[key]?.isContained = isContained
        }
    }

    /// To be called before the last look at what the leader left. Were it not, then of two entries that end together
    /// each could take a process for the other's.
    func markEnded(_ key: UInt64) {
        state.withLock { $0.entries[key]?.hasEnded = true }
    }

    func remove(_ key: UInt64) {
        state.withLock { $0.entries[key] = nil }
    }

    var all: [Entry] { state.withLock { Array($0.entries.values) } }

    /// The entry of `key`, and those of everybody else.
    func split(_ key: UInt64) -> (own: Entry, others: [Entry])? {
        state.withLock { state in
            guard let own = state.entries[key] else { return nil }
            return (own, state.entries.filter { $0.key != key }.map(\.value))
        }
    }
}
