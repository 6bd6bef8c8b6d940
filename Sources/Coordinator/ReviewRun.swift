import Git
import Jobs
import Model
import Verification
import Workers

/// Has reviewers look at work that has passed its checks.
///
/// Each has a job folder of its own and a checkout of the very commit that would be queued; neither holds anything of the
/// author's conversation. The tree that lands was taken before, so nothing that a reviewer writes gets into it, and the
/// checks have been run before, so no approval stands in for one.
struct ReviewRun {
    let context: RunContext
    let rules: ReviewRules
    let stage: RunContext.StageContext
    let task: MigrationTask
    let attempt: Int
    let base: ObjectID
    let slot: Slot
    let place: JobPlace
    /// The folder in which each attempt at the task has its job folder.
    let folder: String
    /// Told what all reviewers have used so far.
    let used: @Sendable (Usage) -> Void

    struct Outcome {
        /// One for each reviewer that has answered.
        var results: [CheckResult] = []
        var usage: Usage?
        /// nil if enough of them approve.
        var failure: Failure?
    }

    /// Times that a reviewer is asked before it counts as one that gives no answer.
    private static let tries = 2

    /// - Parameters:
    ///   - commit: what is judged; it has `base` as its parent.
    ///   - checks: what the checks gave.
    func run(_ commit: ObjectID, checks: [CheckResult]) async throws -> Outcome {
        let (repository, base) = (context.repository, base)
        let diff = try await blocking { () throws(GitError) in
            try repository.patch(from: repository.treeOf(base), to: repository.treeOf(commit))
        }
        var outcome = Outcome()
        var approvals = 0
        var rejections: [(reviewer: Reviewer, answer: ReviewAnswer)] = []
        for (number, reviewer) in rules.reviewers.enumerated() {
            // What is decided is not asked again.
            if approvals >= rules.needs || rejections.count > rules.reviewers.count - rules.needs { break }
            let asked = try await ask(reviewer, number + 1, commit, diff, checks, &outcome)
            guard let answer = asked.answer else {
                outcome.failure = asked.fault
                return outcome
            }
            if answer.verdict == .approve { approvals += 1 } else { rejections.append((reviewer, answer)) }
        }
        if approvals < rules.needs { outcome.failure = Self.failure(rejections) }
        return outcome
    }

    private func ask(
        _ reviewer: Reviewer, _ number: Int, _ commit: ObjectID, _ diff: String, _ checks: [CheckResult],
        _ outcome: inout Outcome
    ) async throws -> (answer: ReviewAnswer?, fault: Failure?) {
        var fault: Failure?
        for _ in 0..<Self.tries {
            // The one before may have left anything behind.
            _ = try await blocking { () throws(GitError) in try slot.move(to: commit) }
            let job = try makeJob(reviewer, number, diff, checks)
            let before = outcome.usage ?? Usage()
            let run = WorkerRun(
                context: context, task: task, rung: Rung(worker: reviewer.worker, attempts: 1), job: job,
                checkout: slot.treePath, place: place(job),
                conversation: Conversation(in: job.path, worker: reviewer.worker.name), resumed: nil,
                used: { used(before + $0) })
            let (ended, stream) = try await run.run()
            if let own = stream?.usage ?? ended.report?.usage { outcome.usage = before + own }
            if ended.process.ending == .cancelled, !ended.endedByWatch { throw CancellationError() }
            let failure = Failure(ending: ended, of: reviewer.worker, told: stream)
            if let failure, failure.kind == .providerLimit { return (nil, failure) }
            let answer = job.reviewAnswer() ?? stream.flatMap { ReviewAnswer.parse(endOf: $0.lastText) }
            if failure == nil, let answer {
                outcome.results.append(Self.result(reviewer, answer, seconds: ended.process.seconds))
                return (answer, nil)
            }
            fault = Failure(
                kind: .infrastructure, summary: "reviewer '\(reviewer.name)' gave no answer that counts",
                detail: failure?.withDetail(ofLogAt: ended.log, checkout: slot.treePath).detail
                    ?? "it wrote no verdict into \(job.outcome)")
        }
        return (nil, fault)
    }

    private func makeJob(
        _ reviewer: Reviewer, _ number: Int, _ diff: String, _ checks: [CheckResult]
    ) throws(JobsError) -> JobFolder {
        let path = "\(folder)/\(attempt)-review-\(number)"
        let named = JobFolder(existing: path)
        let rules = stage.guards.inWords
        let prompt = ReviewPrompt(
            plan: context.plan, task: task, reviewer: reviewer, rules: rules, checks: checks, diff: diff,
            diffPath: named.diff, outcomePath: named.outcome)
        let job = try JobFolder.create(
            at: path,
            description: JobDescription(
                run: context.run, task: task, rules: rules, base: base, attempt: attempt,
                worker: reviewer.worker.name, limits: reviewer.worker.limits),
            prompt: prompt.text)
        try UntrustedFile.create(job.diff, Array(diff.utf8))
        return job
    }

    private func place(_ job: JobFolder) -> JobPlace {
        JobPlace(run: context.run, task: task.id, attempt: attempt, job: job.path, slot: place.slot)
    }

    private static func result(_ reviewer: Reviewer, _ answer: ReviewAnswer, seconds: Double) -> CheckResult {
        let passes = answer.verdict == .approve
        return CheckResult(
            name: "review: \(reviewer.name)", command: reviewer.worker.run, outcome: passes ? .passed : .failed,
            status: passes ? 0 : 1, seconds: seconds, digest: passes ? "" : lines(answer).joined(separator: "\n"))
    }

    /// The rejections as one failure, for the next attempt's prompt.
    private static func failure(_ rejections: [(reviewer: Reviewer, answer: ReviewAnswer)]) -> Failure {
        let first = rejections.first.map { "'\($0.reviewer.name)' rejects: \(lines($0.answer).first ?? "")" }
        let more = rejections.count > 1 ? ", and \(rejections.count - 1) more" : ""
        return Failure(
            kind: .review, summary: "reviewer \(first ?? "rejects")\(more)",
            detail: rejections.flatMap { lines($0.answer) }.joined(separator: "\n"),
            places: rejections.flatMap { $0.answer.reasons.compactMap(\.place) })
    }

    private static func lines(_ answer: ReviewAnswer) -> [String] {
        let reasons = answer.reasons.map { reason in
            (reason.place.map { "\($0): " } ?? "")
                + reason.text.split(whereSeparator: \.isNewline).joined(separator: " ")
        }
        return (answer.summary.isEmpty ? [] : [answer.summary]) + reasons
    }
}
