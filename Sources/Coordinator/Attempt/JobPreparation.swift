import Jobs
import Model
import Prompts

/// The source of the job folders of attempts.
protocol JobFolderSource: Sendable {
    /// Returns the job folder of an attempt, with its prompt.
    ///
    /// - Parameters:
    ///   - isResumed: whether the worker continues a conversation, so that the prompt only has the failure.
    ///   - rules: what the worker may change, in words.
    func folder(of attempt: Attempt, isResumed: Bool, rules: [String]) async throws -> JobFolder
}

/// Makes job folders with prompts assembled from all that the run knows.
struct JobPreparation: JobFolderSource {
    private let jobsFolder: String
    private let git: Blocking<RunRepository>
    private let inbox: FactInbox
    private let prompts: @Sendable (RunRepository) -> PromptSource

    init(
        jobsFolder: String, git: Blocking<RunRepository>, inbox: FactInbox,
        prompts: @escaping @Sendable (RunRepository) -> PromptSource
    ) {
        self.jobsFolder = jobsFolder
        self.git = git
        self.inbox = inbox
        self.prompts = prompts
    }

    func folder(of attempt: Attempt, isResumed: Bool, rules: [String]) async throws -> JobFolder {
        let (prompts, path) = (prompts, "\(jobsFolder)/\(attempt.task.id)/\(attempt.number)")
        let (job, messages) = try await git { git in
            let prompts = prompts(git)
            let assembled = prompts.prompt(for: attempt)
            var text = assembled.text
            if isResumed, let last = attempt.failures.last {
                text = ResumePrompt(task: attempt.task, failure: last.forWorkers, rules: rules, note: attempt.note).text
            }
            let job = try JobFolder.create(
                at: path,
                description: JobDescription(
                    run: prompts.run, task: attempt.task, rules: rules, base: attempt.base, attempt: attempt.number,
                    worker: attempt.worker.name, limits: attempt.worker.limits,
                    maxParts: attempt.maxParts),
                prompt: text)
            if attempt.worker.prompt != .none { try prompts.writeGraph(of: attempt.task, into: job) }
            return (job, isResumed ? [] : assembled.messages)
        }
        if !messages.isEmpty {
            inbox.putSoon(
                .messagesGiven(
                    .init(task: attempt.task.id, attempt: attempt.number, messages: messages, way: .prompt)))
        }
        return job
    }
}
