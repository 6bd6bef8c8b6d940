#if os(Linux)
import Glibc
import Model

/// The bubblewrap program of this machine.
struct Bubblewrap: Sendable, Equatable {
    var program: String
    /// Whether it can stop a process from creating user namespaces. Versions before 0.8 cannot.
    var closesNamespaces: Bool
    /// The users of a namespace for root; nil if only the own user exists there.
    var users: UserMapping.Map?

    /// What root in a namespace with several users may do there: change owners and modes, become another user, listen on
    /// ports below 1024. All are limited to the namespace and to what is mounted in it.
    private static let privileges = [
        "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "NET_BIND_SERVICE",
    ]

    /// Whether a filter has to keep processes from creating user namespaces. The way of bubblewrap would map one user
    /// only.
    var needsFilter: Bool { !closesNamespaces || users != nil }

    /// Whether the program is set-user-ID, as some systems without user namespaces for everyone install it.
    var gainsPrivileges: Bool {
        var status = stat()
        return stat(program, &status) == 0 && status.st_mode & mode_t(S_ISUID) != 0
    }

    /// Descriptors for communication with bubblewrap.
    struct Channels {
        /// Bubblewrap writes here which process it has started.
        var status: Int32
        /// A file with a seccomp program.
        var filter: Int32?
        /// Bubblewrap runs nothing before it can read from this pipe.
        var gate: Int32?
        var mapping: UserMapping?
    }

    /// Bytes of each large folder in memory that vanishes with the process.
    private static let scratchShare = MachineMemory.total / 8
    private static let smallScratch = 64 << 20

    /// Kernel settings that root can write in any namespace and without privileges. Bubblewrap covers the other ones.
    private static let kernelSettings = ["/proc/sys", "/proc/fs"]

    /// Returns the command that runs another command in a sandbox.
    ///
    /// Mounts are ordered by depth, so that an inner mount is placed on top of the outer one. The state folder may lie
    /// in the home, and the home in a readable folder.
    ///
    /// There is no `--new-session`: the runner starts every process as a session leader without a terminal.
    ///
    /// - Parameters:
    ///   - home: path of an empty home in memory; nil for none.
    ///   - directory: the working directory of the command.
    func command(
        _ arguments: [String], in sandbox: Sandbox, home: String?, directory: String, channels: Channels?
    ) -> [String] {
        var command = [program, "--unshare-all", "--unshare-user", "--die-with-parent", "--cap-drop", "ALL"]
        if users != nil { command += Self.privileges.flatMap { ["--cap-add", "CAP_\($0)"] } }
        if !needsFilter { command.append("--disable-userns") }
        if sandbox.network == .host { command.append("--share-net") }
        if let channels {
            command += ["--json-status-fd", "\(channels.status)"]
            if let filter = channels.filter { command += ["--seccomp", "\(filter)"] }
            if let gate = channels.gate { command += ["--block-fd", "\(gate)"] }
            if let mapping = channels.mapping {
                command += ["--info-fd", "\(mapping.information)", "--userns-block-fd", "\(mapping.gate)"]
            }
        }
        let system = SystemView.shared
        for link in system.links { command += ["--symlink", link.target, link.path] }
        command += ["--proc", "/proc", "--dev", "/dev"]
        if getuid() == 0 {
            for path in Self.kernelSettings where PathQuery.exists(path) { command += ["--ro-bind", path, path] }
        }
        let mounts = mounts(of: sandbox, home: home, system)
        for mount in mounts { command += mount.arguments }
        for secret in system.secrets {
            command += secret.isFolder ? Self.emptyFolder(secret.path) : ["--ro-bind", "/dev/null", secret.path]
        }
        // Root may write where the mode of a folder says no. Last, because places for inner mounts are made in them.
        let empty = mounts.filter { $0.kind == .hidden }.map(\.path) + system.secrets.filter(\.isFolder).map(\.path)
        for path in empty { command += ["--remount-ro", path] }
        // The root itself is a folder in memory without a size limit, so it is made read-only.
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
        var mounts = visible.filter(PathQuery.exists).map { Mount(path: $0, kind: .readable) }
        mounts += sandbox.writable.map { Mount(path: $0, kind: .writable) }
        for path in ["/tmp", "/dev/shm"] { mounts.append(Mount(path: path, kind: .scratch, size: Self.scratchShare)) }
        for path in ["/var/tmp", "/run"] { mounts.append(Mount(path: path, kind: .scratch, size: Self.smallScratch)) }
        if let home { mounts.append(Mount(path: home, kind: .scratch, size: Self.scratchShare)) }
        // A folder that lies in no visible folder is hidden already.
        mounts += sandbox.hidden.filter { hidden in
            visible.contains { PathQuery.lies(hidden, in: $0) } && PathQuery.isFolder(hidden)
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
