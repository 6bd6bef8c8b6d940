import Foundation
import Synchronization

/// A server that a test starts and ends, below a process of its own.
///
/// Not by Foundation's `Process`, which notices the end of a program by a descriptor that programs started at the same
/// moment inherit: a server that has it keeps every such program from ending in the eyes of the test.
///
/// What the server starts stands for another machine. A `ProcessRunner` of the test would adopt its orphans and end
/// them as what its own processes have left. So a process between them adopts them.
final class ScratchDaemon: Sendable {
    /// The process of the server.
    let id: pid_t
    private let parent: pid_t
    private let isReaped = Mutex(false)

    /// Becomes the adopter of orphans, closes what it inherits, starts the server and waits for all that is below it.
    /// The numbers are those of `prctl` and PR_SET_CHILD_SUBREAPER.
    private static let script = """
        use POSIX;
        my %call = (x86_64 => 157, aarch64 => 167);
        my $number = $^O eq "linux" ? $call{(POSIX::uname())[4]} : undef;
        syscall($number, 36, 1, 0, 0, 0) if $number;
        POSIX::close($_) for 3..4095;
        if (fork == 0) { exec { $ARGV[0] } @ARGV or POSIX::_exit(127) }
        1 while wait != -1;
        """

    /// - Parameter output: path of the file for all that it prints.
    init(_ program: String, _ arguments: [String], environment: [String: String], output: String = "/dev/null") throws {
        var environment = environment
        // `.ci/run` recognises by its PATH what a test leaves behind.
        if let path = ProcessInfo.processInfo.environment["PATH"] { environment["PATH", default: ""] += ":\(path)" }
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        #else
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
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
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words = (["perl", "-e", Self.script, program] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var parent: pid_t = 0
        let code = posix_spawn(&parent, "/usr/bin/perl", &actions, &attributes, &words, &variables)
        if code != 0 { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EINVAL) }
        self.parent = parent
        id = Self.child(of: parent)
    }

    /// Waits for the only child of a process.
    private static func child(of parent: pid_t) -> pid_t {
        let deadline = Date(timeIntervalSinceNow: 30)
        while Date() < deadline {
            let family = LivingProcesses.families(of: [parent]).filter { $0 != parent }
            if let child = family.min() { return child }
            var information = siginfo_t()
            if waitid(P_PID, id_t(parent), &information, WEXITED | WNOWAIT | WNOHANG) != 0 { break }
            usleep(2000)
        }
        return parent
    }

    deinit { endAll() }

    var isRunning: Bool {
        isReaped.withLock { isReaped in
            if !isReaped { isReaped = waitpid(parent, nil, WNOHANG) == parent }
            return !isReaped
        }
    }

    /// Kills the server. What it has started stays.
    func end() {
        isReaped.withLock { isReaped in
            if isReaped { return }
            kill(id, SIGKILL)
            // It ends by itself when nothing is left below it.
            isReaped = waitpid(parent, nil, WNOHANG) == parent
        }
    }

    /// Kills all that is left, and returns when it is gone.
    func endAll() {
        LivingProcesses.endAtOnce(LivingProcesses.families(of: [parent]).filter { $0 != parent })
        isReaped.withLock { isReaped in
            if isReaped { return }
            kill(parent, SIGKILL)
            while waitpid(parent, nil, 0) < 0, errno == EINTR {}
            isReaped = true
        }
    }
}
