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
            ]
            if !bubblewrap.closesNamespaces {
                words.append("this bubblewrap is older than 0.8: processes can create further user namespaces")
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
        for closesNamespaces in [true, false] {
            let bubblewrap = Bubblewrap(program: program, closesNamespaces: closesNamespaces)
            if works(bubblewrap) { return (bubblewrap, "") }
        }
        return (nil, "\(program) cannot make namespaces here; are user namespaces allowed?")
    }

    /// Runs a trivial program in a sandbox like those of workers.
    private static func works(_ bubblewrap: Bubblewrap) -> Bool {
        let command = bubblewrap.command(
            ["/bin/true"], in: Sandbox(), home: nil, directory: "/tmp", channels: nil)
        let start = ProcessStart(arguments: command, environment: [:], directory: "/")
        guard let files = try? ProcessFiles(), let process = try? start.spawn(files) else { return false }
        var status: Int32 = -1
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status == 0
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
