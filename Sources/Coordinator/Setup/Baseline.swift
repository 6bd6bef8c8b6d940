import Executors
import Git
import Jobs
import Model
import Store
import Verification

/// The checks of `verify.baseline`, which run before a run starts.
struct Baseline {
    let plan: Plan
    let repository: Repository
    let state: StateFolder
    let environment: BaseEnvironment
    let answersKnown: Bool
    let setup: SlotSetup
    let executors: ExecutorSet

    /// Runs `verify.baseline`.
    ///
    /// - Returns: the facts to log; none if the plan has no baseline.
    /// - Throws: `baselineRed` or `missingPrograms` if the run must not start.
    func check(_ base: ObjectID, for run: RunID, _ store: EventStore) async throws -> [Fact] {
        guard !plan.verify.baseline.isEmpty else { return [] }
        let runner = ProcessRunner(marker: "\(state.path):\(plan.name)-baseline")
        _ = await runner.sweep()
        let found = NewVerdicts()
        let cache = try store.read { view in
            try CheckSetup.cache(view, plan: plan.name, run: nil, answers: answersKnown) { verdicts, rates in
                found.add(verdicts, rates)
            }
        }
        let slots = RunSlots.firstLanding(
            plan, folder: "\(state.slots)/\(plan.name)", target: repository, setup: setup)
        let logs = "\(state.logs)/\(run)/baseline"
        let services = JobServices(
            runner: runner, environment: environment,
            sandbox: try SandboxPolicy(plan, of: repository, state: state, environment: environment))
        let checked = try await CheckSetup(
            services: services, cache: cache,
            elsewhere: RemoteChecks(
                executors: executors, plan: plan, repository: repository, state: state, services: services)
        ).check(
            plan.verify.baseline, rules: plan.verify, at: base, of: repository, in: slots, as: run, logs: logs)
        let red = checked.checks.filter { $0.outcome != .passed }
        let programs = NeededPrograms(plan: plan, repository: repository, state: state, environment: environment)
        let missing = red.compactMap { result in
            plan.verify.baseline.first { $0.name == result.name }.flatMap {
                programs.missing(in: result, of: $0, plan.verify)
            }
        }
        if !missing.isEmpty { throw CoordinatorError.missingPrograms(missing) }
        let objections = red.compactMap { result in
            KnownFailures.objection(to: result).map { (result.name, $0) }
        }
        if !red.isEmpty, !plan.verify.allowBaselineFailures || !objections.isEmpty {
            throw CoordinatorError.baselineRed(
                base: base, red: red,
                objections: plan.verify.allowBaselineFailures ? objections.map { "'\($0.0)': \($0.1)" } : nil,
                logs: logs)
        }
        return found.facts + [.baselineChecked(checked)]
    }

    /// Returns the base's failures in a log; none unless the plan allows them.
    static func known(in events: [LoggedEvent], of plan: Plan) -> KnownFailures {
        guard plan.verify.allowBaselineFailures else { return .none }
        for event in events {
            if case .fact(.baselineChecked(let checked)) = event.body { return KnownFailures(checked.checks) }
        }
        return .none
    }

    /// Returns notes on the base for the person, one line each.
    static func notes(in facts: [Fact]) -> [String] {
        facts.compactMap { fact in
            guard case .baselineChecked(let checked) = fact, !checked.hasPassed else { return nil }
            let tests = Set(checked.checks.flatMap(\.failedTests)).count
            let names = checked.checks.filter { $0.outcome != .passed }.map { "'\($0.name)'" }
            return
                "the base is red: \(Count.text(tests, "test")) of \(names.joined(separator: ", ")) \(tests == 1 ? "fails" : "fail"); only new failures count"
        }
    }
}
