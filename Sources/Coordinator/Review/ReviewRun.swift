import Git
import Jobs
import Model

/// Has reviewers look at work that has passed its checks.
///
/// Each is shown the very commit that would be queued. The tree that lands was taken before, so nothing that a reviewer
/// writes gets into it, and the checks have been run before, so no approval stands in for one.
struct ReviewRun {
    let job: ReviewJob
    let reviewRules: ReviewRules
    /// The folder in which each attempt at the task has its job folder.
    let folder: String

    struct Outcome {
        /// One for each reviewer that has answered.
        var results: [CheckResult] = []
        var usage: Usage?
        /// nil if enough of them approve.
        var failure: Failure?
    }

    /// - Parameters:
    ///   - commit: what is judged; it has the attempt's base as its parent.
    ///   - checks: what the checks gave.
    /// - Throws: `CancellationError` if it was ended before it came to anything.
    func run(_ commit: ObjectID, tree: ObjectID, checks: [CheckResult]) async throws -> Outcome {
        let (repository, base) = (job.context.repository, job.base)
        let diff = try await blocking { () throws(GitError) in
            try repository.patch(from: repository.treeOf(base), to: tree)
        }
        let memory = job.context.reviewMemory
        let reviewers = reviewRules.reviewers
        var outcome = Outcome()
        var approvals = 0
        var rejections: [(reviewer: Reviewer, result: CheckResult)] = []
        for (number, reviewer) in reviewers.enumerated() {
            // What is decided is not asked again.
            if approvals >= reviewRules.needs || rejections.count > reviewers.count - reviewRules.needs { break }
            var prompt = ReviewPrompt(
                plan: job.context.plan, task: job.task, reviewer: reviewer,
                work: .init(rules: job.rules, checks: checks, diff: diff, diffPath: "changes.diff"))
            let key = memory.key(of: reviewer, on: [tree.hex], prompt: prompt.text)
            let result: CheckResult
            if let known = memory.verdict(key, of: reviewer) {
                result = known
            } else {
                let path = "\(folder)/\(job.attempt)-review-\(number + 1)"
                let ending = try await job.ask(reviewer, about: commit, in: path, diff: diff, usage: &outcome.usage) {
                    prompt.work?.diffPath = $0.diff
                    prompt.outcomePath = $0.outcome
                    return prompt
                }
                switch ending {
                case .answer(let answer): result = answer
                case .none(let fault):
                    outcome.failure = fault
                    return outcome
                }
                memory.keep(result, key, tree: tree)
            }
            outcome.results.append(result)
            if result.outcome == .passed { approvals += 1 } else { rejections.append((reviewer, result)) }
        }
        if approvals < reviewRules.needs {
            outcome.failure = Failure(kind: .review, "rejects", rejections, files: job.task.files)
        }
        return outcome
    }
}
