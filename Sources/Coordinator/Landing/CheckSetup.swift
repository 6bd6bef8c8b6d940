import Foundation
import Git
import Jobs
import Model
import Store
import Verification

/// What all checks on behalf of one plan have in common, those of a run and those before it.
struct CheckSetup: Sendable {
    let runner: ProcessRunner
    let environment: BaseEnvironment
    let sandbox: SandboxPolicy
    let cache: VerdictCache
    let known: KnownFailures
    /// One for everything: an exclusive check is alone among the checks of all stages.
    private let gate = CheckGate()

    init(
        runner: ProcessRunner, environment: BaseEnvironment, sandbox: SandboxPolicy, cache: VerdictCache,
        known: KnownFailures = .none
    ) {
        self.runner = runner
        self.environment = environment
        self.sandbox = sandbox
        self.cache = cache
        self.known = known
    }

    func checks(_ rules: VerifyRules) -> CheckRunner {
        CheckRunner(
            runner: runner, base: environment, allowed: rules.environment, gate: gate, sandbox: sandbox,
            cache: cache, known: known)
    }

    /// The verdicts that a store holds.
    ///
    /// - Parameters:
    ///   - run: whose red verdicts answer as well; nil for none.
    ///   - answers: whether any verdict answers.
    static func cache(
        _ view: StoreView, plan: String, run: RunID?, answers: Bool,
        record: @escaping @Sendable ([Verdict], [FlakeRate]) -> Void = { _, _ in }
    ) throws(StoreError) -> VerdictCache {
        let known = try view.verdicts(limit: VerdictRecord.most).map { record in
            VerdictCache.Known(
                verdict: record.verdict, passes: record.passes, failures: record.failures,
                // What a reviewer is shown is all that its verdict depends on, so a rejection holds in any run.
                answers: record.verdict.result.outcome == .passed || record.run == run || record.verdict.isOfReviewer)
        }
        return VerdictCache(
            known: known, rates: try view.flakeRates(of: plan), answers: answers, record: record)
    }

    /// Runs checks of a whole tree, all of them, in a slot that no worker has been in.
    ///
    /// - Parameters:
    ///   - checks: of a plan's `verify.baseline` or `verify.final`.
    ///   - logs: folder for the logs; made if it is not there.
    func run(
        _ checks: [Check], _ rules: VerifyRules, at commit: ObjectID, of repository: Repository, in slots: SlotPool,
        as run: RunID, logs: String
    ) async throws -> Fact.WholeChecked {
        let start = ContinuousClock.now
        let runner = self.checks(rules)
        let tree = try repository.treeOf(commit)
        var subject = CheckRunner.Subject(tree: tree, isClean: true, wantsClean: true)
        let known = runner.knownResults(
            checks, task: nil, of: subject, job: JobPlace(run: run, slot: 0), keepGoing: true)
        let results: [CheckResult]
        if let known {
            results = known
        } else {
            try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
            results = try await slots.withSlot { number, slot in
                _ = try await blocking { () throws(GitError) in try slot.move(to: commit) }
                subject.restore = { await slot.isPutBack(to: commit) }
                let place = CheckRunner.Place(
                    checkout: slot.treePath, logs: logs, job: JobPlace(run: run, slot: number), subject: subject)
                return await runner.run(checks, files: [], task: nil, in: place, keepGoing: true)
            }
        }
        try Task.checkCancellation()
        return Fact.WholeChecked(
            commit: commit, tree: tree, checks: results, seconds: (ContinuousClock.now - start) / .seconds(1))
    }
}

extension Slot {
    /// Puts a commit's files back before a check is run again.
    func isPutBack(to commit: ObjectID) async -> Bool {
        do {
            _ = try await blocking { () throws(GitError) in try self.move(to: commit) }
            return true
        } catch {
            return false
        }
    }

    /// Whether the files are those of a tree, as they were captured.
    func holds(_ tree: ObjectID, including files: [String]) async -> Bool {
        let captured = try? await blocking { () throws(GitError) in
            try self.capture(including: files, counting: false).tree
        }
        return captured == tree
    }
}
