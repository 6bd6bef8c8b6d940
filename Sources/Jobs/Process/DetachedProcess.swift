import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// A process that outlives the program that starts it.
package struct DetachedProcess: Sendable, Equatable {
    let id: pid_t
    /// Clock ticks since boot, so that a reused id is not mistaken for it.
    private let start: UInt64

    /// The variable by which a process and its descendants are found and ended.
    package static var tokenVariable: String { LiveProcesses.tokenVariable }

    /// Reads what `text` gives; nil for anything else.
    package init?(_ text: String) {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let id = pid_t(words[0]), let start = UInt64(words[1]) else { return nil }
        self.id = id
        self.start = start
    }

    private init(id: pid_t) {
        self.id = id
        #if os(Linux)
        start = ProcessRecord(id)?.start ?? 0
        #else
        start = 0
        #endif
    }

    package var text: String { "\(id) \(start)\n" }

    package var isAlive: Bool {
        #if os(Linux)
        guard let record = ProcessRecord(id) else { return false }
        return record.start == start && !record.isZombie
        #else
        return kill(id, 0) == 0
        #endif
    }

    /// Starts a program in a session of its own.
    ///
    /// - Parameters:
    ///   - command: an absolute path, and arguments.
    ///   - output: path of the file for all that it prints.
    package static func start(
        _ command: [String], environment: [String: String], output: String
    ) throws(JobsError) -> DetachedProcess {
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        let ownSession: Int32 = 0x0400
        #else
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        // POSIX_SPAWN_SETSID of spawn.h, which Swift does not import.
        let ownSession: Int32 = 0x80
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(ownSession | Int32(POSIX_SPAWN_SETSIGMASK)))
        var words = command.map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, command.first ?? "", &actions, &attributes, &words, &variables)
        guard code == 0 else { throw .file(command.first ?? "", .open(code)) }
        let started = DetachedProcess(id: process)
        reap(and: process)
        return started
    }

    /// The processes that this program has started and not reaped. One that ends later is reaped by the system.
    private static let unreaped = Mutex<Set<pid_t>>([])

    /// Reaps the processes that have ended, so that a program that starts many leaves none.
    private static func reap(and new: pid_t) {
        unreaped.withLock { ids in
            ids = ids.filter { waitpid($0, nil, WNOHANG) == 0 }
            ids.insert(new)
        }
    }
}
