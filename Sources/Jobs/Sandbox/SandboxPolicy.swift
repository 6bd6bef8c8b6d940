package import Model
import Synchronization

/// The sandbox settings of one run, from which the sandbox of each process is made.
package final class SandboxPolicy: Sendable {
    private let rules: SandboxRules
    /// Folders that hold what no process of the run may see; empty if the plan turns sandboxes off.
    package var hidden: [String] { rules.mode == .on ? common.hidden : [] }
    /// The settings that all sandboxes of the run share.
    private let common: Sandbox
    private let toolchains: Toolchains
    /// Toolchain paths by `PATH`. A plan may set a different `PATH` for some workers and checks.
    private let known = Mutex<[String: [String]]>([:])

    /// - Parameters:
    ///   - rules: of the plan.
    ///   - hidden: folders that hold what no process of the run may see: the target repository, the state folder.
    ///   - readable: what every process may read, such as the objects that slots borrow.
    ///   - home: of the person who runs the coordinator.
    ///   - toolchains: the folders of a home that hold toolchains of languages.
    /// - Throws: `noSandbox` where the plan asks for a sandbox and this machine has none.
    package init(
        rules: SandboxRules, hidden: [String], readable: [String], home: String?, toolchains: [ToolchainFolder]
    ) throws(JobsError) {
        if rules.mode == .on { try SandboxSupport.require() }
        self.rules = rules
        func expanded(_ paths: [String]) -> [String] {
            paths.map { path in
                let whole = path.hasPrefix("~/") ? (home ?? "") + path.dropFirst() : path
                // Programs use the path as the plan names it, so links in it are not resolved.
                return whole.count > 1 && whole.hasSuffix("/") ? String(whole.dropLast()) : whole
            }
        }
        common = Sandbox(
            readable: readable + expanded(rules.read) + (rules.folders ?? []) + Self.ownFiles,
            writable: expanded(rules.write), hidden: hidden)
        self.toolchains = Toolchains(
            closed: [home ?? "/root"] + hidden, system: Self.systemFolders, languages: toolchains)
    }

    /// Returns the sandbox of one worker or check; nil if the plan turns sandboxes off.
    ///
    /// - Parameters:
    ///   - writable: the slot's tree, and for a worker the job folder.
    ///   - readable: absolute paths that the process may read in addition.
    ///   - network: nil for no network.
    ///   - path: the `PATH` of the process.
    package func sandbox(
        writable: [String], readable: [String] = [], network: Network?, path: String?
    ) -> Sandbox? {
        guard rules.mode == .on else { return nil }
        var result = common
        result.readable += readable + toolchains(for: path ?? "")
        result.writable += writable
        result.network = network ?? .none
        return result
    }

    /// Whether a process with this `PATH` can read a path outside its slot.
    package func shows(_ file: String, path: String) -> Bool {
        guard let sandbox = sandbox(writable: [], network: nil, path: path) else { return true }
        return (Self.systemFolders + sandbox.readable + sandbox.writable + ["/dev", "/proc", "/sys"]).contains {
            folder in
            file == folder || file.hasPrefix(folder.hasSuffix("/") ? folder : "\(folder)/")
        }
    }

    private func toolchains(for path: String) -> [String] {
        if let found = known.withLock({ $0[path] }) { return found }
        let found = toolchains.readable(path: path)
        known.withLock { $0[path] = found }
        return found
    }

    #if os(Linux)
    private static let ownFiles = OwnProgram.files
    private static let systemFolders = SystemView.shared.folders + SystemView.shared.links.map(\.path)
    #else
    private static let ownFiles: [String] = []
    private static let systemFolders = ["/usr", "/bin", "/sbin", "/System", "/Library", "/opt"]
    #endif
}
