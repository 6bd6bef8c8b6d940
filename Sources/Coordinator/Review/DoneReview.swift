import Git
import Jobs
import Model

/// Has the reviewers of `verify.done` say whether a task's files are done: before a worker is started, and after it.
struct DoneReview {
    let job: ReviewJob
    let reviewers: [Reviewer]
    /// The folder in which each attempt at the task has its job folder.
    let folder: String

    struct Outcome {
        /// One for each reviewer that has answered; the last is the first that did not approve.
        var results: [CheckResult] = []
        var usage: Usage?
        /// They find something left to do; nil if they all approve.
        var rejection: Failure?
        /// One of them gave no answer.
        var fault: Failure?
    }

    /// - Parameters:
    ///   - commit: what is judged.
    ///   - isAfter: a worker has been at work on it.
    /// - Throws: `CancellationError` if it was ended before it came to anything.
    func run(_ commit: ObjectID, tree: ObjectID, isAfter: Bool) async throws -> Outcome {
        let (context, task) = (job.context, job.task)
        let memory = context.reviewMemory
        let subject = try Self.subject(of: task, in: tree, context.repository)
        var outcome = Outcome()
        for (number, reviewer) in reviewers.enumerated() {
            var prompt = ReviewPrompt(plan: context.plan, task: task, reviewer: reviewer)
            let key = memory.key(of: reviewer, on: subject, prompt: prompt.text)
            let result: CheckResult
            if let known = memory.verdict(key, of: reviewer) {
                result = known
            } else {
                let path = "\(folder)/\(job.attempt)-done-\(isAfter ? "after" : "before")-\(number + 1)"
                let ending = try await job.ask(reviewer, about: commit, in: path, diff: nil, usage: &outcome.usage) {
                    prompt.outcomePath = $0.outcome
                    return prompt
                }
                switch ending {
                case .answer(let answer): result = answer
                case .none(let fault):
                    outcome.fault = fault
                    return outcome
                }
                memory.keep(result, key, tree: tree)
            }
            outcome.results.append(result)
            guard result.outcome == .passed else {
                outcome.rejection = Failure(
                    kind: .doneCheck, "does not find it done", [(reviewer, result)], files: task.files)
                return outcome
            }
        }
        return outcome
    }

    /// The verdict of a task's reviewers as far as it is known without asking them.
    enum Known: Sendable {
        case approved
        case rejected(CheckResult)
        /// The first reviewer without a verdict; those before it approved.
        case notAsked(Reviewer)
    }

    /// Returns the verdict of reviewers from earlier answers, without asking any of them.
    static func known(
        _ reviewers: [Reviewer], of task: MigrationTask, in tree: ObjectID, repository: Repository,
        memory: ReviewMemory
    ) throws(GitError) -> Known {
        let subject = try subject(of: task, in: tree, repository)
        for reviewer in reviewers {
            let prompt = ReviewPrompt(plan: memory.plan, task: task, reviewer: reviewer)
            let key = memory.key(of: reviewer, on: subject, prompt: prompt.text)
            guard let result = memory.verdict(key, of: reviewer) else { return .notAsked(reviewer) }
            if result.outcome != .passed { return .rejected(result) }
        }
        return .approved
    }

    /// The task's files as Git names them, so that what lands elsewhere does not have the question asked again; the whole tree
    /// for a task without files.
    private static func subject(
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
