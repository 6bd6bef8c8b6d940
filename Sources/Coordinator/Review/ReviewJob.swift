import Jobs
import Model
import Workers

/// A job that asks one reviewer about a commit.
///
/// The reviewer sees nothing of the author's conversation. Changes that it makes to the checkout are discarded.
struct ReviewJob {
    let context: RunContext
    let attempt: Attempt
    let slot: SlotLease
    /// Rules that the guards have checked, as text.
    let rules: [String]
    /// Called with the reviewers' usage so far.
    let used: UsageReport

    enum Ending {
        case answer(CheckResult)
        /// No valid answer after all tries, or the provider takes no requests.
        case none(Failure)
    }

    /// Number of times that a reviewer without a valid answer is asked.
    private static let tries = 2

    /// Asks the reviewer.
    /// - Parameters:
    ///   - prompt: the prompt, which names the reviewer.
    ///   - commit: the commit to judge.
    ///   - jobName: name of the job folder, which must not exist yet.
    ///   - usage: the usage of earlier reviewers; this reviewer's usage is added to it.
    /// - Throws: `CancellationError` if the job was cancelled before an answer.
    func ask(
        _ prompt: ReviewPrompt, about commit: ObjectID, jobName: String, usage: inout Usage?
    ) async throws -> Ending {
        let reviewer = prompt.reviewer
        let name = "reviewer '\(reviewer.name)'"
        var fault = Failure(kind: .infrastructure, summary: "\(name) gave no valid answer")
        let redaction = context.jobs.redaction
        for _ in 0..<Self.tries {
            // An earlier reviewer may have changed the checkout.
            try await slot.move(to: commit)
            let job = try await makeJob(prompt, name: jobName)
            let before = usage ?? Usage()
            let (ended, stream) = try await run(reviewer, in: job, before: before)
            if let own = stream?.usage ?? ended.report?.usage { usage = before + own }
            if ended.process.ending == .cancelled, !ended.endedByWatch { throw CancellationError() }
            let failure = Failure(ending: ended, of: reviewer.worker, told: stream)
            let cause = failure?.summary.replacing("worker '\(reviewer.worker.name)'", with: "its program")
            if var failure, failure.kind == .providerLimit {
                // Without a name, the worker's provider would be blamed.
                failure.provider = failure.provider ?? reviewer.worker.providerName
                return .none(failure)
            }
            if let failure, failure.isDeterministic == true {
                return .none(
                    Failure(
                        kind: .noReview,
                        summary: "\(name) cannot judge it: \(cause ?? ""); the work is kept, and "
                            + "'orchestrate retry \(attempt.task.id)' asks again",
                        detail: failure.detail))
            }
            let answer =
                await blocking { job.reviewAnswer(redaction) }
                ?? stream.flatMap { ReviewAnswer.parse(endOf: $0.lastText, redaction) }
            if failure == nil, let answer {
                return .answer(CheckResult(of: reviewer, answer, seconds: ended.process.seconds))
            }
            fault.summary =
                "\(name) gave no valid answer: \(cause ?? "it wrote no verdict to \(job.outcome)")"
            let checkout = slot.treePath
            fault.detail =
                await blocking { failure?.withDetail(ofLogAt: ended.log, checkout: checkout).detail }
                ?? "it wrote no verdict to \(job.outcome)"
        }
        return .none(fault)
    }

    /// Runs the reviewer's program, once the first one with the same beginning of its prompt has an answer.
    private func run(
        _ reviewer: Reviewer, in job: JobFolder, before: Usage
    ) async throws -> (outcome: JobOutcome, stream: WorkerStream?) {
        let (gate, task) = (context.cacheGate, attempt.task.id)
        let key = CacheGate.Key(stage: attempt.task.stage, worker: reviewer.worker.name, reviewer: reviewer.name)
        await context.waitForCache(key, reviewer.worker, for: attempt)
        defer { gate.ended(key, of: task) }
        if Task.isCancelled { throw CancellationError() }
        context.inbox.putSoon(.reviewStarted(.init(task: task, attempt: attempt.number, reviewer: reviewer.name)))
        return try await WorkerRun(
            context: context, attempt: attempt.judged(by: reviewer),
            workplace: Workplace(slot: slot, job: job, run: context.run, attempt: attempt.id),
            conversation: Conversation(in: job.path, worker: reviewer.worker.name), resumed: nil, isReview: true,
            used: { [used] usage, requests in used(usage.map { before + $0 }, requests) },
            answered: { gate.answered(key) }
        ).run()
    }

    private func makeJob(_ prompt: ReviewPrompt, name: String) async throws(JobsError) -> JobFolder {
        let path = "\(context.jobsFolder(of: attempt.task.id))/\(name)"
        var sent = prompt
        sent.outcomePath = JobFolder(existing: path).outcome
        sent.work?.diffPath = JobFolder(existing: path).diff
        let (text, diff, worker) = (sent.text, prompt.work?.diff, prompt.reviewer.worker)
        let description = JobDescription(
            run: context.run, task: attempt.task, rules: rules, base: attempt.base, attempt: attempt.number,
            worker: worker.name, limits: worker.limits)
        return try await blocking { () throws(JobsError) in
            let job = try JobFolder.create(at: path, description: description, prompt: text)
            if let diff { try UntrustedFile.create(job.diff, Array(diff.utf8)) }
            return job
        }
    }
}

extension CheckResult {
    /// Creates the result of a reviewer's answer. A rejection's digest has the summary, then one line per reason.
    init(of reviewer: Reviewer, _ answer: ReviewAnswer, seconds: Double) {
        let passes = answer.verdict == .approve
        let reasons = answer.reasons.map { reason in
            (reason.place.map { "\($0): " } ?? "")
                + reason.text.split(whereSeparator: \.isNewline).joined(separator: " ")
        }
        let lines = (answer.summary.isEmpty ? [] : [answer.summary]) + reasons
        self.init(
            name: reviewer.checkName, command: reviewer.worker.run, outcome: passes ? .passed : .failed,
            status: passes ? 0 : 1, seconds: seconds, digest: passes ? "" : lines.joined(separator: "\n"))
    }
}

extension Failure {
    /// Creates one failure from all rejections, for the next attempt's prompt.
    /// - Parameters:
    ///   - verb: the predicate of the summary, such as `rejects`.
    ///   - rejections: the reviewers with their results from `CheckResult(of:_:seconds:)`.
    ///   - files: the task's files. A line that begins with one of them names a place.
    init(kind: Kind, verb: String, rejections: [(reviewer: Reviewer, result: CheckResult)], files: [String]) {
        let lines = rejections.flatMap { $0.result.digest.split(separator: "\n").map(String.init) }
        let first = rejections.first.map { rejection in
            "'\(rejection.reviewer.name)' \(verb): \(rejection.result.digest.prefix { $0 != "\n" })"
        }
        let more = rejections.count > 1 ? ", and \(rejections.count - 1) more" : ""
        self.init(
            kind: kind, summary: "reviewer \(first ?? verb)\(more)", detail: lines.joined(separator: "\n"),
            places: lines.compactMap { Self.place(in: $0, Set(files)) })
    }

    /// Returns the `path` or `path:line` at the beginning of a reason.
    private static func place(in line: String, _ files: Set<String>) -> String? {
        guard let end = line.firstRange(of: ": ")?.lowerBound else { return nil }
        let place = line[..<end]
        if files.contains(String(place)) { return String(place) }
        guard let colon = place.lastIndex(of: ":"), Int(place[place.index(after: colon)...]) != nil else { return nil }
        return String(place)
    }
}
