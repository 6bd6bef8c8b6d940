#if os(Linux)
import CProcess
import Glibc
import Model

/// A sandbox of Landlock rules: weaker than namespaces, for machines where those are closed.
struct LandlockRules {
    /// What holds with a version of Landlock, and what does not.
    static func words(version: Int32) -> [String] {
        var words = ["Landlock, version \(version): processes read and write only what they are given"]
        words.append("processes see each other's names; they share the machine's ports")
        if version < 4 { words.append("before Landlock 4 'network: none' refuses every socket") }
        if version < 6 { words.append("before Landlock 6 processes can send signals to others of the same user") }
        return words
    }

    /// What every program needs; the rest of /dev stays closed.
    private static let devices = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"]

    /// Makes the rules of a sandbox.
    ///
    /// - Parameters:
    ///   - scratch: folder that stands for the home and the temporary folders.
    ///   - port: of the proxy that the hosts are reached through.
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

    /// Rules only ever add, so a folder with something secret in it is allowed entry by entry.
    private static func readable(_ sandbox: Sandbox) -> [String] {
        let system = SystemView.shared
        let closed = system.secrets.map(\.path) + sandbox.hidden
        func open(_ path: String) -> [String] {
            if closed.contains(path) { return [] }
            guard closed.contains(where: { FileLook.lies($0, in: path) }) else { return [path] }
            return FileLook.names(in: path).flatMap { open("\(path)/\($0)") }
        }
        return (system.folders + system.links.map(\.path) + sandbox.readable + ["/proc"]).flatMap(open)
    }

    /// Which sockets a process may make. Landlock knows nothing of UDP, and nothing of sockets in the file system,
    /// behind which there may be a daemon that does what it is asked for.
    static func sockets(_ network: Network) -> orchestrate_sockets {
        if network == .host { return orchestrate_sockets_any }
        return orchestrate_landlock_version() < 4 ? orchestrate_sockets_none : orchestrate_sockets_stream
    }
}
#endif
