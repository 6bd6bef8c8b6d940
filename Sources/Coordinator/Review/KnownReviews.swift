import Git
import Model

/// The known verdicts of the reviewers of `verify.done` on the same files. No reviewer is asked.
enum KnownReviews {
    /// All of them approve.
    case approved
    case rejected(CheckResult)
    /// This reviewer has no known verdict.
    case notAsked(Reviewer)

    init(
        _ reviewers: [Reviewer], of task: MigrationTask, in tree: ObjectID, _ repository: Repository,
        memory: ReviewMemory
    ) throws(GitError) {
        let subject = try ReviewQuestion.doneSubject(of: task, in: tree, repository)
        for reviewer in reviewers {
            let prompt = ReviewPrompt(plan: memory.plan, task: task, reviewer: reviewer)
            let key = memory.key(of: reviewer, on: subject, prompt: prompt.text)
            guard let result = memory.verdict(key, of: reviewer) else {
                self = .notAsked(reviewer)
                return
            }
            if result.outcome != .passed {
                self = .rejected(result)
                return
            }
        }
        self = .approved
    }
}
