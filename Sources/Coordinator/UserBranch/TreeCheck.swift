import Executors
import Git
import Jobs
import Model
import Store

/// The landing checks of a plan, for commits outside of a run.
struct TreeCheck: Sendable {
    let repository: Repository
    let plan: Plan
    let state: StateFolder
    let environment: BaseEnvironment
    let executors: ExecutorSet

    /// Runs the checks.
    /// - Parameters:
    ///   - commits: the commits to check, in order. Checking ends at the first one that fails.
    ///   - isWhole: whether the last commit must also pass `verify.final`.
    /// - Returns: the results, and the path of the folder with the logs.
    /// - Throws: `StoreError.locked` if a run of the plan is active, because this uses its slots.
    func run(on commits: [ObjectID], isWhole: Bool = true) async throws -> (results: [CheckResult], logs: String) {
        try state.make()
        let lock = try RunLock(folder: state.path, plan: plan.name)
        let found = try await judge(commits, try EventStore(path: state.store), isWhole: isWhole)
        lock.release()
        return found
    }

    /// As `run`, for a caller that holds the plan's lock.
    /// - Parameter isWhole: whether the last commit also has to pass `verify.final`.
    func judge(
        _ commits: [ObjectID], _ store: EventStore, isWhole: Bool
    ) async throws -> (results: [CheckResult], logs: String) {
        let run = RunID("\(plan.name)-land")
        let logs = "\(state.logs)/\(run)"
        guard let stage = plan.stages.last else { return ([], logs) }
        let runner = ProcessRunner(marker: "\(state.path):\(run)")
        _ = await runner.sweep()
        let cache = try store.read { view in
            try CheckSetup.cache(view, plan: plan.name, run: nil, answers: true)
        }
        let environment = SlotSetup.environment(environment, of: plan, in: state)
        let slotSetup = try await blocking {
            try SlotSetup(self.plan, of: self.repository, state: self.state, environment: environment)
        }
        let services = JobServices(
            runner: runner, environment: environment,
            sandbox: try SandboxPolicy(plan, of: repository, state: state, environment: environment))
        let setup = CheckSetup(
            services: services, cache: cache,
            elsewhere: RemoteChecks(
                executors: executors, plan: plan, repository: repository, state: state, services: services))
        let slots = RunSlots.firstLanding(
            plan, folder: "\(state.slots)/\(plan.name)", target: repository, setup: slotSetup)
        var results: [CheckResult] = []
        for commit in commits {
            let last = isWhole && commit == commits.last ? plan.verify.final : []
            for (checks, rules) in [(stage.verify.landing, stage.verify), (last, plan.verify)] where !checks.isEmpty {
                results += try await setup.check(
                    checks, rules: rules, at: commit, of: repository, in: slots,
                    setup: checks == last ? nil : stage.setup, as: run, logs: logs
                ).checks
            }
            if results.contains(where: { $0.outcome != .passed }) { break }
        }
        return (results, logs)
    }
}
