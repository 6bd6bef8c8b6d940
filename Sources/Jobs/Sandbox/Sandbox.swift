package import Model

/// What a process may reach; the rest of the machine is out of its view.
///
/// Beside what is named here it has the system read-only, an empty home and temporary folders that vanish with it.
package struct Sandbox: Sendable, Hashable {
    /// Absolute paths that may be read; one that is not there is left out.
    package var readable: [String]
    /// Absolute paths that may be read and written.
    package var writable: [String]
    /// Absolute paths that stay empty though something above them may be read; what lies below them may be named in
    /// `readable` or `writable`.
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
