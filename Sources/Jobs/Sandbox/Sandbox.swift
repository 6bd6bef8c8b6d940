package import Model

/// The paths and hosts that a process may access. It sees nothing else of the machine.
///
/// In addition it can read the system, and it has an empty home and temporary folders that vanish with it.
package struct Sandbox: Sendable, Hashable {
    /// Absolute paths that may be read. Missing paths are ignored.
    package var readable: [String]
    /// Absolute paths that may be read and written.
    package var writable: [String]
    /// Absolute paths that appear empty although a parent folder is readable. `readable` and `writable` may name paths
    /// below them.
    package var hidden: [String]
    package var network: Network

    package init(
        readable: [String] = [], writable: [String] = [], hidden: [String] = [], network: Network = .none
    ) {
        self.readable = readable
        self.writable = writable
        self.hidden = hidden
        self.network = network
    }
}
