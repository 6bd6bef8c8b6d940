import Decomposition
import DependencyGraph
import Git
import Jobs
package import Model
import Store
import Verification

/// A trial of checks on the base of a plan, before any run of it.
///
/// It uses a slot of its own, which it removes in the end. The repository gets objects and no reference.
package struct PlanTrial: Sendable {
    /// What was seen of one check.
    package struct Seen: Sendable {
        package var first: CheckResult
        /// A second run on the same tree; nil if the first one took too long.
        package var second: CheckResult?
        /// The run on a tree in which every file in scope is broken; nil if there was none.
        package var broken: CheckResult?

        package init(first: CheckResult, second: CheckResult? = nil, broken: CheckResult? = nil) {
            self.first = first
            self.second = second
            self.broken = broken
        }
    }

    /// A step of `setup` that failed, so no check can be tried.
    package struct FailedSetup: Error {
        package var result: CheckResult
    }

    /// The commit that the checks are tried on.
    package let base: ObjectID
    private let plan: Plan
    private let repository: Repository
    private let state: StateFolder
    private let slots: SlotPool
    private let checks: CheckSetup

    /// Seconds up to which a check is run a second time on the same tree.
    private static let longestRepeated = 60.0

    /// - Throws: `GitError`, `StoreError`, or `JobsError` where this machine has no sandbox.
    package init(plan: Plan, environment: [String: String]) throws {
        self.plan = plan
        repository = try Repository(at: plan.repository, environment: environment)
        state = try StateFolder(commonGitDirectory: repository.commonDirectory, environment: environment)
        try StatePlace.check(state: state.path, home: environment["HOME"], of: repository)
        base = try repository.resolve(plan.base)
        try state.make()
        let environment = SlotSetup.environment(BaseEnvironment(coordinator: environment), of: plan, in: state)
        slots = RunSlots.firstLanding(
            plan, folder: "\(state.slots)/\(plan.name).trial", target: repository,
            setup: try SlotSetup(plan, of: repository, state: state, environment: environment))
        checks = CheckSetup(
            services: JobServices(
                runner: ProcessRunner(marker: "\(state.path):\(plan.name)-trial"), environment: environment,
                sandbox: try SandboxPolicy(plan, of: repository, state: state, environment: environment)),
            cache: VerdictCache(answers: false))
    }

    /// Tries one check.
    /// - Throws: `FailedSetup`, among other errors.
    package func run(_ check: Check) async throws -> Seen {
        var seen = Seen(first: try await run(check, at: base))
        guard seen.first.outcome == .passed || seen.first.outcome == .failed else { return seen }
        if seen.first.seconds <= Self.longestRepeated { seen.second = try await run(check, at: base) }
        guard seen.first.outcome == .passed || seen.second?.outcome == .passed else { return seen }
        seen.broken = try await runOnBroken(check)
        return seen
    }

    /// Ends what is left of the trial and removes its slot.
    package func end() async {
        _ = await ProcessRunner(marker: "\(state.path):\(plan.name)-trial").sweep()
        for folder in ["\(state.slots)/\(plan.name).trial", logs] { _ = try? Folder.remove(at: folder) }
    }

    private var logs: String { "\(state.logs)/\(plan.name).trial" }

    private func run(_ check: Check, at commit: ObjectID) async throws -> CheckResult {
        let done = try await checks.check(
            [check], rules: plan.verify, at: commit, of: repository, in: slots, as: RunID("\(plan.name)-trial"),
            logs: logs)
        guard let result = done.checks.first else { throw CancellationError() }
        guard result.name == check.name else { throw FailedSetup(result: result) }
        return result
    }

    /// Runs a check on the base with files broken as `LandingProbe` breaks them before a run.
    /// - Returns: nil if no file is in scope, or if the check passes on files that can only be emptied, which tells nothing.
    private func runOnBroken(_ check: Check) async throws -> CheckResult? {
        let include = try GlobSet(plan.scope.include)
        let exclude = try GlobSet(plan.scope.exclude)
        let graph = try RepositoryGraph.load(from: repository, commit: base, cachePath: nil)
        let paths = graph.files.map(\.path).filter { include.matches($0) && !exclude.matches($0) }
        let broken = BrokenFiles(among: Set(paths), of: graph, commands: [check.run])
        guard !broken.paths.isEmpty else { return nil }
        let result = try await run(check, at: try broken.commit(on: base, in: repository))
        return result.outcome == .passed && !broken.isCertain ? nil : result
    }
}
