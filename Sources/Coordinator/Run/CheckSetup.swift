import Git
import Jobs
import Model
import Store
import Verification

/// What all checks on behalf of one plan have in common, those of a run and those before it.
struct CheckSetup: Sendable {
    let services: JobServices
    let cache: VerdictCache
    let known: KnownFailures
    /// One for everything: an exclusive check is alone among the checks of all stages.
    private let gate = CheckGate()

    /// - Parameter known: failures of the base, which do not count.
    init(services: JobServices, cache: VerdictCache, known: KnownFailures = .none) {
        self.services = services
        self.cache = cache
        self.known = known
    }

    func checks(_ rules: VerifyRules) -> CheckRunner {
        CheckRunner(
            runner: services.runner, base: services.environment, allowed: rules.environment, gate: gate,
            sandbox: services.sandbox, cache: cache, known: known)
    }

    /// The verdicts that a store holds.
    ///
    /// - Parameters:
    ///   - run: whose red verdicts answer as well; nil for none.
    ///   - answers: whether any verdict answers.
    ///   - record: is given new verdicts to write down.
    static func cache(
        _ view: StoreView, plan: String, run: RunID?, answers: Bool,
        record: @escaping @Sendable ([Verdict], [FlakeRate]) -> Void = { _, _ in }
    ) throws(StoreError) -> VerdictCache {
        let known = try view.verdicts(limit: VerdictRecord.most).map { record in
            VerdictCache.Known(
                verdict: record.verdict, passes: record.passes, failures: record.failures,
                // A reviewer's verdict depends on nothing but what the reviewer is shown, so a rejection holds in any run.
                answers: record.verdict.result.outcome == .passed || record.run == run || record.verdict.isOfReviewer)
        }
        return VerdictCache(
            known: known, rates: try view.flakeRates(of: plan), answers: answers, record: record)
    }

    /// Runs the checks of `verify.baseline` or `verify.final` on a whole tree, all of them.
    ///
    /// - Parameters:
    ///   - slots: in which no worker has been.
    ///   - logs: absolute path of the folder for the logs.
    /// - Throws: `CancellationError` if it was ended before there was a verdict.
    func check(
        _ list: [Check], rules: VerifyRules, at commit: ObjectID, of repository: Repository, in slots: SlotPool,
        as run: RunID, logs: String
    ) async throws -> Fact.WholeChecked {
        let start = ContinuousClock.now
        let tree = try await blocking { () throws(GitError) in try repository.treeOf(commit) }
        let check = CommitCheck(
            checks: checks(rules), slots: slots, run: run, task: nil, logs: logs, keepGoing: true)
        let verdict = try await check.verdict(list, on: .init(commit: commit, tree: tree))
        return Fact.WholeChecked(
            commit: commit, tree: tree, checks: verdict.results, seconds: (ContinuousClock.now - start) / .seconds(1))
    }
}
