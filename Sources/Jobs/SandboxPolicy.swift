package import Model

/// Makes the sandboxes of the processes of one run.
package struct SandboxPolicy: Sendable {
    private let rules: SandboxRules
    /// What every sandbox of the run has in common.
    private let common: Sandbox

    /// - Parameters:
    ///   - rules: of the plan.
    ///   - hidden: folders that hold what no process of the run may see: the target repository, the state folder.
    ///   - readable: what every process may read, such as the objects that slots borrow.
    ///   - environment: of the coordinator; `HOME` and `PATH` are looked at.
    package init(rules: SandboxRules, hidden: [String], readable: [String], environment: [String: String]) {
        self.rules = rules
        common = Sandbox(readable: readable, hidden: hidden, home: environment["HOME"])
    }

    /// The sandbox of one worker or check; nil where the plan says that there is none.
    ///
    /// - Parameters:
    ///   - writable: the slot's tree, and for a worker the job folder.
    ///   - readable: absolute paths that it may read as well.
    ///   - network: nil for none.
    package func sandbox(
        writable: [String], readable: [String] = [], network: Network?, limits: ResourceLimits
    ) -> Sandbox? {
        guard rules.mode == .on else { return nil }
        var result = common
        result.readable += readable
        result.writable += writable
        result.network = network ?? .none
        result.limits = limits
        return result
    }
}
