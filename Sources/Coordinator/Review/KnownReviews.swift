import Git
import Model

/// What reviewers of `verify.done` have said before of the very same files, without asking any.
enum KnownReviews {
    /// All have answered, up to the first that did not approve.
    case decided([CheckResult])
    /// One would have to be asked.
    case undecided

    init(
        _ reviewers: [Reviewer], of task: MigrationTask, in tree: ObjectID, _ repository: Repository,
        memory: ReviewMemory
    ) throws(GitError) {
        let subject = try ReviewQuestion.doneSubject(of: task, in: tree, repository)
        var results: [CheckResult] = []
        for reviewer in reviewers {
            let prompt = ReviewPrompt(plan: memory.plan, task: task, reviewer: reviewer)
            let key = memory.key(of: reviewer, on: subject, prompt: prompt.text)
            guard let result = memory.verdict(key, of: reviewer) else {
                self = .undecided
                return
            }
            results.append(result)
            if result.outcome != .passed { break }
        }
        self = .decided(results)
    }
}
