/// How workers and checks are kept inside their slot.
package struct SandboxRules: Codable, Sendable, Equatable {
    package enum Mode: String, Codable, Sendable, CaseIterable {
        /// The strongest that this machine has; a run is refused where there is none.
        case on
        /// None; every status says so.
        case off
    }

    package var mode: Mode
    /// Absolute paths, or paths from the user's home with `~/`, that a process may read beside the system.
    package var read: [String]
    /// Such paths that a process may also write, such as a compiler's cache.
    package var write: [String]

    package init(mode: Mode = .on, read: [String] = [], write: [String] = []) {
        self.mode = mode
        self.read = read
        self.write = write
    }
}

/// What of the network a worker or a check may reach.
package enum Network: Codable, Sendable, Equatable {
    /// A loopback of its own and nothing else.
    case none
    /// That of the machine.
    case host
    /// These hosts, as `name` or `name:port`, through a proxy; 443 where no port is said.
    case hosts([String])
}

/// Caps on the processes of one worker or check, all of them together where the machine can do that.
package struct ResourceLimits: Codable, Sendable, Equatable {
    /// Bytes.
    package var memory: Int?
    package var processes: Int?
    /// Bytes of one file.
    package var fileSize: Int?
    /// Seconds of processor time.
    package var cpu: Double?

    package init(memory: Int? = nil, processes: Int? = nil, fileSize: Int? = nil, cpu: Double? = nil) {
        self.memory = memory
        self.processes = processes
        self.fileSize = fileSize
        self.cpu = cpu
    }
}
