package import Model
import Synchronization

/// Makes the sandboxes of the processes of one run.
package final class SandboxPolicy: Sendable {
    private let rules: SandboxRules
    /// What every sandbox of the run has in common.
    private let common: Sandbox
    private let toolchains: Toolchains
    /// What is shown for a `PATH`, by the `PATH`: a plan may set others for its workers and checks.
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
                // Programs are told the path that the plan says; where it leads is where the files are.
                return whole.count > 1 && whole.hasSuffix("/") ? String(whole.dropLast()) : whole
            }
        }
        common = Sandbox(
            readable: readable + expanded(rules.read) + Self.ownFiles, writable: expanded(rules.write), hidden: hidden)
        self.toolchains = Toolchains(
            closed: [home ?? "/root"] + hidden, system: Self.systemFolders, languages: toolchains)
    }

    /// The sandbox of one worker or check; nil where the plan says that there is none.
    ///
    /// - Parameters:
    ///   - writable: the slot's tree, and for a worker the job folder.
    ///   - readable: absolute paths that it may read as well.
    ///   - network: nil for none.
    ///   - path: `PATH` of the process.
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
