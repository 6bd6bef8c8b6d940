import Git
import Model

/// What reviewers of `verify.done` have said before of the very same files, without asking any.
enum KnownReviews {
    /// All of them approve.
    case approved
    case rejected(CheckResult)
    /// This one would have to be asked.
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
