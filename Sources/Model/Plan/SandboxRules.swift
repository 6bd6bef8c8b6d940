/// How workers and checks are isolated.
package struct SandboxRules: Codable, Sendable, Equatable {
    package enum Mode: String, Codable, Sendable, CaseIterable {
        /// The strongest sandbox of this machine. Without one, a run is refused.
        case on
        /// No sandbox. Every status shows that.
        case off
    }

    package var mode: Mode
    /// Absolute paths, or `~/` paths in the user's home, that a process may read in addition to the system.
    package var read: [String]
    /// Paths that a process may read and write, such as a compiler cache.
    package var write: [String]
    /// Absolute paths of the folders of the plan and of workers that commands name by `{plan_dir}` and `{worker_dir}`;
    /// readable too. nil for none.
    package var folders: [String]?

    package init(mode: Mode = .on, read: [String] = [], write: [String] = [], folders: [String]? = nil) {
        self.folders = folders
        self.mode = mode
        self.read = read
        self.write = write
    }
}

/// Network access of a worker or a check.
package enum Network: Codable, Sendable, Hashable {
    /// Only a separate loopback interface.
    case none
    /// The network of the machine.
    case host
    /// These hosts, as `name` or `name:port`, through a proxy. The default port is 443. `${NAME:-host}` is the host of
    /// the URL in the process's variable `NAME`, or `host` if that is not set.
    case hosts([String])
}

/// Limits on the processes of one worker or check, all together if the machine supports that.
package struct ResourceLimits: Codable, Sendable, Equatable {
    /// Bytes.
    package var memory: Int?
    package var processes: Int?
    /// Bytes of one file.
    package var fileSize: Int?
    /// Seconds of processor time.
    package var cpu: Double?
    /// Bytes by which the writable folders may grow.
    package var disk: Int?

    package init(
        memory: Int? = nil, processes: Int? = nil, fileSize: Int? = nil, cpu: Double? = nil, disk: Int? = nil
    ) {
        self.memory = memory
        self.processes = processes
        self.fileSize = fileSize
        self.cpu = cpu
        self.disk = disk
    }

    /// Returns these limits, with the missing ones taken from another value.
    package func completed(by other: ResourceLimits) -> ResourceLimits {
        ResourceLimits(
            memory: memory ?? other.memory, processes: processes ?? other.processes,
            fileSize: fileSize ?? other.fileSize, cpu: cpu ?? other.cpu, disk: disk ?? other.disk)
    }
}

/// Defaults for logs without these keys. The compiler-generated decoding of a plan calls these overloads instead of the
/// general ones.
extension KeyedDecodingContainer {
    package func decode(_ type: SandboxRules.Type, forKey key: Key) throws -> SandboxRules {
        // A run that was started without a sandbox continues without one.
        try decodeIfPresent(type, forKey: key) ?? SandboxRules(mode: .off)
    }

    package func decode(_ type: ResourceLimits.Type, forKey key: Key) throws -> ResourceLimits {
        try decodeIfPresent(type, forKey: key) ?? ResourceLimits()
    }
}
