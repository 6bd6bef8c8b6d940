import Git
import Model
import Verification

extension AttemptRunner {
    /// Asks the reviewers of `verify.done`, who come after its commands: those cost less.
    func askWhetherDone(
        _ progress: inout Progress, _ commit: ObjectID, _ tree: ObjectID, _ slot: Slot, _ place: CheckRunner.Place,
        isAfter: Bool
    ) async throws -> DoneReview.Outcome {
        let reviewers = progress.stage.stage.verify.doneReviewers
        if reviewers.isEmpty { return .init() }
        let review = DoneReview(
            job: reviewJob(progress, slot, place), reviewers: reviewers, folder: folder(of: progress.task.id))
        let outcome = try await unlessCancelled { try await review.run(commit, tree: tree, isAfter: isAfter) }
        if let usage = outcome.usage { progress.usage = (progress.usage ?? Usage()) + usage }
        if let fault = outcome.fault { throw Stop.failed(fault) }
        return outcome
    }

    private func reviewJob(_ progress: Progress, _ slot: Slot, _ place: CheckRunner.Place) -> ReviewJob {
        ReviewJob(
            context: context, task: progress.task, attempt: progress.attempt, base: progress.base, slot: slot,
            place: place.job, rules: progress.stage.guards.inWords, used: usageReport(progress))
    }

    private func unlessCancelled<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            let value = try await body()
            if Task.isCancelled { throw Stop.cancelled }
            return value
        } catch is CancellationError {
            throw Stop.cancelled
        }
    }

    /// Asks reviewers about work that has passed everything else: those of `verify.done`, then the plan's.
    func askReviewers(
        _ progress: inout Progress, _ changes: [FileChange], _ tree: ObjectID, _ slot: Slot, _ place: CheckRunner.Place
    ) async throws {
        if context.plan.review == nil, progress.stage.stage.verify.doneReviewers.isEmpty { return }
        let (context, task, draft) = (context, progress.task, verified(progress, changes, tree, reason: ""))
        let commit = try await blocking { () throws(GitError) in
            try context.commit(draft, of: task, tree: tree, parent: draft.base)
        }
        let asked = try await askWhetherDone(&progress, commit, tree, slot, place, isAfter: true)
        let checks = progress.checks
        progress.checks += asked.results
        if let rejection = asked.rejection { throw Stop.failed(rejection) }
        guard let rules = context.plan.review else { return }
        let review = ReviewRun(
            job: reviewJob(progress, slot, place), reviewRules: rules, folder: folder(of: task.id))
        let outcome = try await unlessCancelled { try await review.run(commit, tree: tree, checks: checks) }
        progress.checks += outcome.results
        if let usage = outcome.usage { progress.usage = (progress.usage ?? Usage()) + usage }
        if let failure = outcome.failure { throw Stop.failed(failure) }
    }
}
