import DependencyGraph
import Git
import Jobs
import Model
import Store

extension SandboxPolicy {
    /// The sandboxes of a plan's workers and checks: of the target repository they see the objects alone, which slots
    /// borrow, and of the state folder the slot and the job folder they are given.
    ///
    /// - Throws: `noSandbox`.
    convenience init(
        _ plan: Plan, of repository: Repository, state: StateFolder, environment: BaseEnvironment
    ) throws(JobsError) {
        let hidden = [repository.workingDirectory, repository.commonDirectory, state.path].compactMap { $0 }
        try self.init(
            rules: plan.sandbox, hidden: hidden, readable: repository.objectFolders, home: environment.home,
            toolchains: LanguageRegistry.toolchains)
    }
}
