import Git
import Jobs
import Model
import Verification

extension AttemptRun {
    /// Asks the reviewers once guards and checks have passed: those of `verify.done` first, then the plan's.
    ///
    /// - Parameter reason: the reason for the change, in the worker's words.
    mutating func review(_ change: Change, in workplace: Workplace, reason: String) async throws {
        if context.plan.review == nil, checks.rules.doneReviewers.isEmpty { return }
        enter(.reviewing)
        let (task, draft) = (attempt.task, verified(change, reason: ""))
        let commit = try await context.git { (git) throws(GitError) in
            try git.commit(draft, of: task, tree: change.tree, parent: draft.base)
        }
        let passed = results
        unreviewed = .init(
            commit: commit, tree: change.tree, checks: passed.map { $0.redacted(by: context.jobs.redaction) },
            reason: context.jobs.redaction.text(reason), note: attempt.note)
        let asked = try await askWhetherDone(commit, tree: change.tree, in: workplace, isAfter: true)
        results += asked.results
        if let rejection = asked.rejection { try reject(rejection) }
        guard let rules = context.plan.review else { return }
        let (base, tree) = (attempt.base, change.tree)
        let diff = try await context.git { (git) throws(GitError) in
            try git.repository.patch(from: git.repository.treeOf(base), to: tree)
        }
        let work = ReviewPrompt.Work(
            rules: checks.guards.inWords, checks: checks.rules.shown(passed), diff: diff, diffPath: "changes.diff")
        let outcome = try await ask(
            ReviewQuestion(
                reviewers: rules.reviewers, needs: rules.needs, commit: commit, tree: tree, subject: [tree.hex],
                work: work, jobName: "\(attempt.number)-review", rejection: .review),
            in: workplace)
        results += outcome.results
        if let rejection = outcome.rejection { try reject(rejection) }
    }

    private mutating func reject(_ rejection: Failure) throws(Stop) {
        unreviewed = nil
        throw .failed(rejection)
    }

    /// Asks the reviewers of `verify.done`. They come after its commands, which cost less.
    ///
    /// - Parameters:
    ///   - commit: the commit to judge.
    ///   - isAfter: whether a worker has changed it.
    mutating func askWhetherDone(
        _ commit: ObjectID, tree: ObjectID, in workplace: Workplace, isAfter: Bool
    ) async throws -> ReviewPanel.Outcome {
        let (task, reviewers) = (attempt.task, checks.rules.doneReviewers)
        if reviewers.isEmpty { return .init() }
        let subject = try await context.git { (git) throws(GitError) in
            try ReviewQuestion.doneSubject(of: task, in: tree, git.repository)
        }
        return try await ask(
            ReviewQuestion(
                reviewers: reviewers, needs: reviewers.count, commit: commit, tree: tree, subject: subject, work: nil,
                jobName: "\(attempt.number)-done-\(isAfter ? "after" : "before")", rejection: .doneCheck),
            in: workplace)
    }

    private mutating func ask(_ question: ReviewQuestion, in workplace: Workplace) async throws -> ReviewPanel.Outcome {
        let panel = ReviewPanel(
            job: ReviewJob(
                context: context, attempt: attempt, slot: workplace.slot, rules: checks.guards.inWords,
                used: usageReport))
        let outcome: ReviewPanel.Outcome
        do {
            outcome = try await panel.ask(question)
        } catch is CancellationError {
            throw Stop.cancelled
        }
        if Task.isCancelled { throw Stop.cancelled }
        add(outcome.usage)
        if let fault = outcome.fault {
            // The branch keeps the commit from being collected.
            if let commit = unreviewed?.commit {
                let task = attempt.task.id
                try await context.git { (git) throws(GitError) in try git.moveTaskBranch(task, to: commit) }
            }
            throw Stop.failed(fault)
        }
        return outcome
    }
}
