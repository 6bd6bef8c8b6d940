import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The running processes of all runners of this program.
///
/// There is one list per program, because a program has one set of children: the owner of an orphan can be found only
/// if all other owners are known.
final class LiveProcesses: Sendable {
    static let shared = LiveProcesses()

    /// The variable by which a process and its descendants are recognised.
    static let tokenVariable = "ORCHESTRATE_JOB_TOKEN"

    struct Entry: Sendable {
        let token: String
        /// In the unit of `ProcessRecord.start`; not later than the start of any process of the entry.
        let start: UInt64
        /// Leader of the session and of the process group; nil until it is spawned.
        var leader: pid_t?
        /// Whether the leader only supervises the first process of a namespace, its child. The end of the leader ends
        /// the whole namespace.
        var isContained = false
        /// Whether the leader has ended. Surviving processes of the entry may be ended by any other entry.
        var hasEnded = false

        /// Whether a process with this token belongs to the entry.
        func owns(_ token: String) -> Bool { LiveProcesses.isBelow(token, self.token) }
    }

    /// Whether a token equals ours or was derived from it.
    ///
    /// A program with a runner of its own, such as the built-in agent, puts its token in front of those of its processes.
    /// So its left-over processes are recognised as ours.
    static func isBelow(_ token: String, _ ours: String) -> Bool {
        token == ours || token.utf8.starts(with: ours.utf8 + [UInt8(ascii: ":")])
    }

    private struct State {
        var counter: UInt64 = 0
        var entries: [UInt64: Entry] = [:]
    }

    private let state = Mutex(State())

    /// Adds an entry. Call it before the process is spawned, so that a process always has an owner.
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

    /// Marks the leader as ended. Call it before the last look at the survivors. Otherwise two entries that end together
    /// could each take a process for the other's.
    func markEnded(_ key: UInt64) {
        state.withLock { $0.entries[key]?.hasEnded = true }
    }

    func remove(_ key: UInt64) {
        state.withLock { $0.entries[key] = nil }
    }

    var all: [Entry] { state.withLock { Array($0.entries.values) } }

    /// Returns the entry of `key` and all other entries; nil after its removal.
    func split(_ key: UInt64) -> (own: Entry, others: [Entry])? {
        state.withLock { state in
            guard let own = state.entries[key] else { return nil }
            return (own, state.entries.filter { $0.key != key }.map(\.value))
        }
    }
}
