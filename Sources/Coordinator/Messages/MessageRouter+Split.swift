import Jobs
import Model
import Synchronization

extension MessageRouter {
    /// Passes a worker's proposal for a split to the coordinator. A file that holds no proposal is answered at once.
    func takeSplit(
        _ bytes: [UInt8], file: String, from attempt: Attempt.ID, isLast: Bool, _ folders: inout JobMail.Folders
    ) {
        // The job has ended, so nobody waits for the answer.
        guard !isLast else {
            folders.outbox?.finish(file)
            return
        }
        switch SplitProposal.parse(bytes, redaction) {
        case .failure(let problem):
            let answer = Self.splitAnswer([], problems: [problem.reason])
            _ = try? folders.inbox?.deliver(IncomingMail("split", answer, passed: false, ref: file, time: .now))
            folders.outbox?.finish(file)
        case .success(let proposal):
            let isNew = state.withLock { $0.jobs[attempt]?.splitting.insert(file).inserted == true }
            guard isNew else { return }
            inbox.put(
                .splitProposed(
                    .init(task: attempt.task, attempt: attempt.number, request: file, proposal: proposal)))
        }
    }

    /// Delivers the decision about a proposal to the job, if it still runs. Blocks.
    func answerSplit(_ split: Decision.Split) {
        let attempt = Attempt.ID(task: split.task, number: split.attempt)
        let (mail, hook) = state.withLock { state in
            state.jobs[attempt]?.splitting.remove(split.request)
            return (state.jobs[attempt]?.mail, state.jobs[attempt]?.hooks.split)
        }
        let isAccepted = split.problems.isEmpty
        mail?.deliver(
            IncomingMail(
                "split", Self.splitAnswer(split.parts, problems: split.problems), passed: isAccepted,
                ref: split.request, time: .now))
        mail?.finish(split.request)
        if isAccepted { hook?() }
    }

    /// The answer to a proposal, as the worker reads it.
    static func splitAnswer(_ parts: [MigrationTask], problems: [String]) -> String {
        guard problems.isEmpty else {
            return (["refused:"] + problems.map { "- \($0)" }).joined(separator: "\n")
        }
        let lines = parts.map { "- \($0.id): \($0.files.joined(separator: ", "))" }
        return
            (["accepted; the parts are:"] + lines + [
                "End now. What you have changed in this attempt is dropped. You get a last turn once the parts are over."
            ]).joined(separator: "\n")
    }
}
