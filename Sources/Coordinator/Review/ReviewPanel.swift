import Git
import Model

/// A question to reviewers about a commit.
struct ReviewQuestion: Sendable {
    let reviewers: [Reviewer]
    /// Number of approvals required.
    let needs: Int
    let commit: ObjectID
    let tree: ObjectID
    /// Git ids of the judged content. A known verdict on the same ids is reused.
    let subject: [String]
    /// nil if the question is whether the task is already done.
    let work: ReviewPrompt.Work?
    /// Prefix of the job folders' names.
    let jobName: String
    /// `review`, or `doneCheck` if the question is whether the task is already done.
    let rejection: Failure.Kind

    /// Returns the ids of the task's files, so that changes to other files do not repeat the question. For a task
    /// without files, returns the id of the whole tree.
    static func doneSubject(
        of task: MigrationTask, in tree: ObjectID, _ repository: Repository
    ) throws(GitError) -> [String] {
        if task.files.isEmpty { return [tree.hex] }
        var names: [String] = []
        for file in task.files {
            let entry = try repository.entry(file, inTree: tree)
            names.append("\(file) \(entry?.id.hex ?? "absent")")
        }
        return names
    }
}

/// A panel of reviewers, who are asked one after the other until the result is certain.
///
/// Each reviewer judges the exact commit that would be queued. Its tree was captured before, so a reviewer cannot
/// change it. The checks ran before, so an approval never replaces a check.
struct ReviewPanel {
    let job: ReviewJob

    struct Outcome: Sendable {
        /// One for each reviewer that has answered.
        var results: [CheckResult] = []
        var usage: Usage?
        /// nil if enough reviewers approve.
        var rejection: Failure?
        /// Set if a reviewer gave no answer.
        var fault: Failure?
    }

    /// Asks the reviewers.
    /// - Throws: `CancellationError` if a job was cancelled before an answer.
    func ask(_ question: ReviewQuestion) async throws -> Outcome {
        let memory = job.context.checks.reviewMemory
        let reviewers = question.reviewers
        var outcome = Outcome()
        var approvals = 0
        var rejections: [(reviewer: Reviewer, result: CheckResult)] = []
        for (number, reviewer) in reviewers.enumerated() {
            // The remaining reviewers cannot change the result.
            if approvals >= question.needs || rejections.count > reviewers.count - question.needs { break }
            let prompt = ReviewPrompt(
                plan: job.context.plan, task: job.attempt.task, reviewer: reviewer, work: question.work)
            let key = memory.key(of: reviewer, on: question.subject, prompt: prompt.text)
            let result: CheckResult
            if let known = memory.verdict(key, of: reviewer) {
                result = known
            } else {
                switch try await job.ask(
                    prompt, about: question.commit, jobName: "\(question.jobName)-\(number + 1)",
                    usage: &outcome.usage)
                {
                case .answer(let answer): result = answer
                case .none(let fault):
                    outcome.fault = fault
                    return outcome
                }
                memory.keep(result, key, tree: question.tree)
            }
            outcome.results.append(result)
            if result.outcome == .passed { approvals += 1 } else { rejections.append((reviewer, result)) }
        }
        if approvals < question.needs {
            outcome.rejection = Failure(
                kind: question.rejection, verb: question.work == nil ? "does not find it done" : "rejects",
                rejections: rejections, files: job.attempt.task.files)
        }
        return outcome
    }
}
