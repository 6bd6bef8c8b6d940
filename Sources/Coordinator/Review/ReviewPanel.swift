import Git
import Model

/// What reviewers are asked about a commit.
struct ReviewQuestion: Sendable {
    let reviewers: [Reviewer]
    /// Approvals that are needed.
    let needs: Int
    let commit: ObjectID
    let tree: ObjectID
    /// Git's names for what is judged; a verdict on the same answers again.
    let subject: [String]
    /// nil where the question is whether anything is left to do.
    let work: ReviewPrompt.Work?
    /// What the names of the job folders begin with.
    let jobName: String
    /// `review`, or `doneCheck` where the question is whether anything is left to do.
    let rejection: Failure.Kind

    /// The task's files as Git names them, so that a landing elsewhere does not have the question asked again; the
    /// whole tree for a task without files.
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

/// Asks reviewers one after the other, until their answers decide.
///
/// Each is shown the very commit that would be queued. The tree that lands was taken before, so nothing that a reviewer
/// writes gets into it, and the checks have been run before, so no approval replaces one.
struct ReviewPanel {
    let job: ReviewJob

    struct Outcome: Sendable {
        /// One for each reviewer that has answered.
        var results: [CheckResult] = []
        var usage: Usage?
        /// nil if enough of them approve.
        var rejection: Failure?
        /// One of them gave no answer.
        var fault: Failure?
    }

    /// - Throws: `CancellationError` if it was ended before there was an answer.
    func ask(_ question: ReviewQuestion) async throws -> Outcome {
        let memory = job.context.checks.reviewMemory
        let reviewers = question.reviewers
        var outcome = Outcome()
        var approvals = 0
        var rejections: [(reviewer: Reviewer, result: CheckResult)] = []
        for (number, reviewer) in reviewers.enumerated() {
            // What is decided is not asked again.
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
