import Git
import Jobs
import Model
import Store
import Verification

/// The shared setup of all checks of a plan, in a run and outside of it.
struct CheckSetup: Sendable {
    let services: JobServices
    let cache: VerdictCache
    let known: KnownFailures
    /// For checks that name an executor; nil to run all of them here.
    let elsewhere: RemoteChecks?
    /// One gate for all stages: an exclusive check runs alone among the checks of all of them.
    private let gate = CheckGate()

    /// - Parameters:
    ///   - known: failures of the base, which do not count.
    ///   - elsewhere: for checks of whole trees that name an executor; nil to run all of them here.
    init(
        services: JobServices, cache: VerdictCache, known: KnownFailures = .none, elsewhere: RemoteChecks? = nil
    ) {
        self.elsewhere = elsewhere
        self.services = services
        self.cache = cache
        self.known = known
    }

    func checks(_ rules: VerifyRules) -> CheckRunner {
        CheckRunner(
            runner: services.runner, base: services.environment, allowed: rules.environment, gate: gate,
            sandbox: services.sandbox, cache: cache, known: known)
    }

    /// Returns a cache with the verdicts of a store.
    ///
    /// - Parameters:
    ///   - run: the run whose red verdicts are reused too; nil for none.
    ///   - answers: whether verdicts are reused at all.
    ///   - redAnswers: whether red verdicts of all runs are reused.
    ///   - unstored: verdicts that are not in the store yet.
    ///   - record: called with new verdicts, to store them.
    static func cache(
        _ view: StoreView, plan: String, run: RunID?, answers: Bool, redAnswers: Bool = false, unstored: [Verdict] = [],
        record: @escaping @Sendable ([Verdict], [FlakeRate]) -> Void = { _, _ in }
    ) throws(StoreError) -> VerdictCache {
        let known = try view.verdicts(limit: VerdictRecord.most).map { record in
            VerdictCache.Known(
                verdict: record.verdict, passes: record.passes, failures: record.failures,
                // A reviewer's verdict depends only on what the reviewer sees, so a rejection is valid in any run.
                answers: record.verdict.result.outcome == .passed || record.run == run || redAnswers
                    || record.verdict.isOfReviewer)
        }
        let new = unstored.map { verdict in
            let passes = verdict.result.outcome == .passed ? 1 : 0
            return VerdictCache.Known(
                verdict: verdict, passes: passes, failures: verdict.runs - passes, answers: true)
        }
        return VerdictCache(
            known: new + known, rates: try view.flakeRates(of: plan), answers: answers, record: record)
    }

    /// Runs all checks of `verify.baseline` or `verify.final` on a whole tree.
    ///
    /// - Parameters:
    ///   - slots: slots in which no worker has run.
    ///   - setup: the set-up of the slot; nil for that of the plan.
    ///   - logs: absolute path of the folder for the logs.
    ///   - keepGoing: whether to run the checks that follow a failed one.
    /// - Throws: `CancellationError` if it was cancelled before the verdict.
    func check(
        _ list: [Check], rules: VerifyRules, at commit: ObjectID, of repository: Repository, in slots: SlotPool,
        setup: SetupRules? = nil, as run: RunID, logs: String, keepGoing: Bool = true
    ) async throws -> Fact.WholeChecked {
        let start = ContinuousClock.now
        let tree = try await blocking { () throws(GitError) in try repository.treeOf(commit) }
        let check = CommitCheck(
            checks: checks(rules), slots: slots, run: run, task: nil, logs: logs, keepGoing: keepGoing,
            setup: setup, elsewhere: elsewhere)
        let verdict = try await check.verdict(list, on: .init(commit: commit, tree: tree))
        return Fact.WholeChecked(
            commit: commit, tree: tree, checks: verdict.results, seconds: (ContinuousClock.now - start) / .seconds(1))
    }
}
