#if os(Linux)
import Glibc
import Model

/// The bubblewrap that this machine has.
struct Bubblewrap: Sendable, Equatable {
    var program: String
    /// Whether it can keep a process from making user namespaces of its own, which versions before 0.8 cannot.
    var closesNamespaces: Bool

    /// Descriptors that bubblewrap talks through.
    struct Channels {
        /// It writes there what it has started.
        var status: Int32
        /// A seccomp program.
        var filter: Int32?
        /// Nothing is run before something can be read from it.
        var gate: Int32?
    }

    /// Bytes of each of the folders in memory that go with the process, where no limit is said.
    private static let scratchShare = MachineMemory.total / 8
    private static let smallScratch = 64 << 20

    /// The kernel lets root write these, whatever namespace it is in and without any privilege; bubblewrap covers the
    /// others of the kind.
    private static let kernelSettings = ["/proc/sys", "/proc/fs"]

    /// The command that runs another one in a sandbox.
    ///
    /// Mounts are made in the order of their depth, so that what lies inside something else is put on top of it
    /// whatever is found where: the state folder may lie in the home, the home in a folder that is shown.
    ///
    /// There is no `--new-session`: the runner starts every process as the leader of a session, which has no terminal.
    ///
    /// - Parameters:
    ///   - home: where the empty home is; nil for none.
    ///   - directory: to start in.
    func command(
        _ arguments: [String], in sandbox: Sandbox, home: String?, directory: String, channels: Channels?
    ) -> [String] {
        var command = [program, "--unshare-all", "--unshare-user", "--die-with-parent", "--cap-drop", "ALL"]
        if closesNamespaces { command.append("--disable-userns") }
        if sandbox.network == .host { command.append("--share-net") }
        if let channels {
            command += ["--json-status-fd", "\(channels.status)"]
            if let filter = channels.filter { command += ["--seccomp", "\(filter)"] }
            if let gate = channels.gate { command += ["--block-fd", "\(gate)"] }
        }
        let system = SystemView.shared
        for link in system.links { command += ["--symlink", link.target, link.path] }
        command += ["--proc", "/proc", "--dev", "/dev"]
        if getuid() == 0 {
            for path in Self.kernelSettings where FileLook.exists(path) { command += ["--ro-bind", path, path] }
        }
        for mount in mounts(of: sandbox, home: home, system) { command += mount.arguments }
        for secret in system.secrets {
            command += secret.isFolder ? Self.emptyFolder(secret.path) : ["--ro-bind", "/dev/null", secret.path]
        }
        // The root itself is a folder in memory without a limit.
        return command + ["--remount-ro", "/", "--chdir", directory, "--"] + arguments
    }

    private static func emptyFolder(_ path: String) -> [String] {
        ["--perms", "0555", "--size", "4096", "--tmpfs", path]
    }

    private struct Mount {
        enum Kind: Int { case hidden, readable, scratch, writable }

        var path: String
        var kind: Kind
        /// Bytes of a folder in memory.
        var size = 0

        var depth: Int { path.utf8.reduce(0) { $0 + ($1 == UInt8(ascii: "/") ? 1 : 0) } }

        var arguments: [String] {
            switch kind {
            case .hidden: Bubblewrap.emptyFolder(path)
            case .readable: ["--ro-bind", path, path]
            case .writable: ["--bind", path, path]
            case .scratch: ["--perms", "1777", "--size", "\(size)", "--tmpfs", path]
            }
        }
    }

    private func mounts(of sandbox: Sandbox, home: String?, _ system: SystemView) -> [Mount] {
        let visible = system.folders + sandbox.readable
        var mounts = visible.filter(FileLook.exists).map { Mount(path: $0, kind: .readable) }
        mounts += sandbox.writable.map { Mount(path: $0, kind: .writable) }
        for path in ["/tmp", "/dev/shm"] { mounts.append(Mount(path: path, kind: .scratch, size: Self.scratchShare)) }
        for path in ["/var/tmp", "/run"] { mounts.append(Mount(path: path, kind: .scratch, size: Self.smallScratch)) }
        if let home { mounts.append(Mount(path: home, kind: .scratch, size: Self.scratchShare)) }
        // What nothing shows is hidden already.
        mounts += sandbox.hidden.filter { hidden in
            visible.contains { FileLook.lies(hidden, in: $0) } && FileLook.isFolder(hidden)
        }.map { Mount(path: $0, kind: .hidden) }
        var latest: [String: Mount] = [:]
        for mount in mounts where (latest[mount.path]?.kind.rawValue ?? -1) < mount.kind.rawValue {
            latest[mount.path] = mount
        }
        return latest.values.sorted { ($0.depth, $0.path) < ($1.depth, $1.path) }
    }
}

/// The machine's memory.
enum MachineMemory {
    /// Bytes.
    static let total = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
}
#endif
