import Git
import Jobs
import Model
import Store

/// Runs a plan's landing checks on commits, outside of a run.
struct TreeCheck: Sendable {
    let repository: Repository
    let plan: Plan
    let state: StateFolder
    let environment: BaseEnvironment

    init(repository: Repository, plan: Plan, state: StateFolder, environment: [String: String]) {
        self.repository = repository
        self.plan = plan
        self.state = state
        self.environment = BaseEnvironment(coordinator: environment)
    }

    /// - Parameter commits: in order; those after one that fails are not looked at. The last one also has to pass the
    ///   checks of the whole, `verify.final`.
    /// - Returns: what the checks gave, and the folder of their logs.
    /// - Throws: `StoreError.locked` while a run of the plan is under way, since its slots are used.
    func run(on commits: [ObjectID]) async throws -> (results: [CheckResult], logs: String) {
        try state.make()
        let lock = try RunLock(folder: state.path, plan: plan.name)
        let run = RunID("\(plan.name)-land")
        let logs = "\(state.logs)/\(run)"
        guard let stage = plan.stages.last else { return ([], logs) }
        let runner = ProcessRunner(marker: "\(state.path):\(run)")
        _ = await runner.sweep()
        let cache = try EventStore(path: state.store).read { view in
            try CheckSetup.cache(view, plan: plan.name, run: nil, answers: true)
        }
        let setup = CheckSetup(
            services: JobServices(
                runner: runner, environment: environment,
                sandbox: try SandboxPolicy(plan, of: repository, state: state, environment: environment)), cache: cache)
        let slots = RunSlots.firstLanding(plan, folder: "\(state.slots)/\(plan.name)", target: repository)
        var results: [CheckResult] = []
        for commit in commits {
            let last = commit == commits.last ? plan.verify.final : []
            for (checks, rules) in [(stage.verify.landing, stage.verify), (last, plan.verify)] where !checks.isEmpty {
                results += try await setup.check(
                    checks, rules: rules, at: commit, of: repository, in: slots, as: run, logs: logs
                ).checks
            }
            if results.contains(where: { $0.outcome != .passed }) { break }
        }
        lock.release()
        return (results, logs)
    }
}
