#if os(Linux)
import CProcess
import Glibc
#endif

/// The way in which this machine can confine a process to its slot.
package struct SandboxSupport: Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// Separate namespaces, created by bubblewrap.
        case bubblewrap
        /// Rules of the Linux kernel on files and connections, for machines without user namespaces.
        case landlock
        /// `sandbox-exec` of macOS.
        case seatbelt
    }

    /// Nil if no sandbox is available.
    package var kind: Kind?
    /// Sentences about what is enforced, or about what was tried.
    package var words: [String]

    #if os(Linux)
    var bubblewrap: Bubblewrap?
    #endif

    /// Finds the support by trying, once per program run.
    package static func probe() -> SandboxSupport { found }

    /// - Throws: `JobsError.noSandbox` if no sandbox is available.
    package static func require() throws(JobsError) {
        if found.kind == nil { throw .noSandbox(found.words) }
    }

    #if os(Linux)
    private static let found = look()

    private static func look() -> SandboxSupport {
        let (bubblewrap, reason) = isShut ? (nil, "user namespaces are treated as unavailable") : findBubblewrap()
        if let bubblewrap {
            var words = [
                "bubblewrap (\(bubblewrap.program)): processes can write only to their slot, can read the system, and have "
                    + "their own process, network and user namespaces and no privileges"
                    + (bubblewrap.users == nil ? "" : " beyond changing owners and users in what they can write")
            ]
            if getuid() == 0, bubblewrap.users == nil {
                words.append(
                    "as root, only one user exists in the sandbox here: a program that changes the owner of a file fails "
                        + "(tar, cp -a, npm ci); run orchestrate as an ordinary user, or map more user ids into this container"
                )
            }
            return SandboxSupport(kind: .bubblewrap, words: words, bubblewrap: bubblewrap)
        }
        let version = orchestrate_landlock_version()
        guard version > 0 else {
            return SandboxSupport(kind: nil, words: [reason, "this kernel has no Landlock"])
        }
        return SandboxSupport(kind: .landlock, words: LandlockRules.words(version: version) + [reason])
    }

    /// A test makes a debug build behave as without user namespaces: `ORCHESTRATE_NAMESPACES=closed`.
    private static var isShut: Bool {
        #if DEBUG
        getenv("ORCHESTRATE_NAMESPACES").map { String(cString: $0) } == "closed"
        #else
        false
        #endif
    }

    private static func findBubblewrap() -> (Bubblewrap?, String) {
        let folders = (getenv("PATH").map { String(cString: $0) } ?? "").split(separator: ":").map(String.init)
        let programs = (folders + ["/usr/bin", "/usr/local/bin"]).map { "\($0)/bwrap" }
        guard let program = programs.first(where: { $0.hasPrefix("/") && access($0, X_OK) == 0 }) else {
            return (nil, "bubblewrap (bwrap) is not installed")
        }
        let users = UserMapping.Map.own
        var kinds = [true, false].map { Bubblewrap(program: program, closesNamespaces: $0) }
        if users != nil { kinds.insert(Bubblewrap(program: program, closesNamespaces: true, users: users), at: 0) }
        if let bubblewrap = kinds.first(where: works) { return (bubblewrap, "") }
        return (nil, "\(program) cannot make namespaces here; are user namespaces allowed?")
    }

    /// Runs a trivial program in a sandbox like those of workers.
    private static func works(_ bubblewrap: Bubblewrap) -> Bool {
        let mapping = bubblewrap.users.flatMap { try? UserMapping($0) }
        let told = orchestrate_memory_file("status")
        defer { close(told) }
        let channels = mapping.map { Bubblewrap.Channels(status: told, mapping: $0) }
        let command = bubblewrap.command(
            ["/bin/true"], in: Sandbox(), home: nil, directory: "/tmp", channels: channels)
        var start = ProcessStart(arguments: command, environment: [:], directory: "/")
        if let mapping { start.kept = [told, mapping.gate, mapping.information] }
        guard let files = try? ProcessFiles(), let process = try? start.spawn(files) else { return false }
        if let mapping, !opens(mapping, told: told, by: process) { kill(process, SIGKILL) }
        var status: Int32 = -1
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status == 0
    }

    /// Waits until bubblewrap has made its namespaces, for five seconds at most, and maps the users.
    private static func opens(_ mapping: UserMapping, told: Int32, by process: pid_t) -> Bool {
        for _ in 0..<5000 {
            if let first = Confinement.firstProcess(in: told) { return mapping.open(for: first) == nil }
            var information = siginfo_t()
            let flags = WEXITED | WNOHANG | WNOWAIT
            // It has ended without making any.
            if waitid(P_PID, id_t(process), &information, flags) != 0 || information.si_signo != 0 { return false }
            usleep(1000)
        }
        return false
    }
    #elseif os(macOS)
    private static let found = SandboxSupport(
        kind: .seatbelt,
        words: [
            "sandbox-exec: processes can write only to their slot and have no network unless it is allowed; they see "
                + "other processes, and limits on memory and processes are not enforced"
        ])
    #else
    private static let found = SandboxSupport(kind: nil, words: ["this operating system is not supported"])
    #endif
}
