import DependencyGraph
import Git
import Jobs
import Model
import Store

extension SandboxPolicy {
    /// Creates the policy for a plan's workers and checks.
    ///
    /// Of the target repository, they see only the objects, which slots use through alternates. Of the state folder,
    /// they see only their slot and job folder.
    ///
    /// - Parameter more: further folders that no process may see.
    /// - Throws: `noSandbox`.
    convenience init(
        _ plan: Plan, of repository: Repository, state: StateFolder, environment: BaseEnvironment,
        hidden more: [String] = []
    ) throws(JobsError) {
        let hidden = [repository.workingDirectory, repository.commonDirectory, state.path].compactMap { $0 } + more
        try self.init(
            rules: plan.sandbox, hidden: hidden, readable: repository.objectFolders, home: environment.home,
            toolchains: LanguageRegistry.toolchains)
    }
}
