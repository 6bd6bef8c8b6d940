#if os(Linux)
import CProcess
import Glibc
import Model

/// A sandbox of Landlock rules. It is weaker than namespaces and used where those are not available.
struct LandlockRules {
    /// Describes what a version of Landlock enforces and what it does not.
    static func words(version: Int32) -> [String] {
        var words = ["Landlock, version \(version): processes can read and write only the paths that they are given"]
        words.append("processes can see the names of other processes and share the ports of the machine")
        words.append("modes, owners and times of the user's other files are not protected")
        if getuid() == 0 {
            words.append("root has no privileges there: a program that changes the owner of a file fails")
        }
        if version < 4 { words.append("before Landlock 4, 'network: none' refuses every socket") }
        if version < 6 { words.append("before Landlock 6, processes can send signals to others of the same user") }
        return words
    }

    /// Devices that every program needs. The rest of /dev is not accessible.
    private static let devices = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"]

    /// Creates the rules of a sandbox.
    ///
    /// - Parameters:
    ///   - scratch: the folder that replaces the home and the temporary folders.
    ///   - port: the port of the proxy to the allowed hosts.
    /// - Returns: a descriptor for the caller to close.
    static func make(_ sandbox: Sandbox, scratch: String, port: UInt16?) throws(JobsError) -> Int32 {
        let ruleset = orchestrate_landlock_create(sandbox.network == .host ? 0 : 1)
        guard ruleset >= 0 else { throw .cannotConfine(errno) }
        for path in readable(sandbox) { _ = orchestrate_landlock_allow(ruleset, path, orchestrate_access_read) }
        for path in devices { _ = orchestrate_landlock_allow(ruleset, path, orchestrate_access_device) }
        for path in sandbox.writable + [scratch] {
            if orchestrate_landlock_allow(ruleset, path, orchestrate_access_write) != 0 {
                let problem = errno
                close(ruleset)
                throw .cannotStart(path, problem)
            }
        }
        if let port { _ = orchestrate_landlock_allow_port(ruleset, port) }
        return ruleset
    }

    /// Returns the readable paths. Rules can only add access, so a folder that contains a secret is allowed entry by entry.
    private static func readable(_ sandbox: Sandbox) -> [String] {
        let system = SystemView.shared
        let closed = system.secrets.map(\.path) + sandbox.hidden
        func open(_ path: String) -> [String] {
            if closed.contains(path) { return [] }
            guard closed.contains(where: { PathQuery.lies($0, in: path) }) else { return [path] }
            return PathQuery.names(in: path).flatMap { open("\(path)/\($0)") }
        }
        return (system.folders + system.links.map(\.path) + sandbox.readable + ["/proc"]).flatMap(open)
    }

    /// Returns the kinds of sockets that a process may create. Landlock controls neither UDP nor sockets in the file
    /// system, through which a process could ask a daemon to act for it.
    static func sockets(_ network: Network) -> orchestrate_sockets {
        if network == .host { return orchestrate_sockets_any }
        return orchestrate_landlock_version() < 4 ? orchestrate_sockets_none : orchestrate_sockets_stream
    }
}
#endif
