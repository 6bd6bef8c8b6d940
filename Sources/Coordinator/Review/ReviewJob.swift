import Git
import Jobs
import Model
import Workers

/// Asks one reviewer about a commit, in a job and a checkout of its own.
///
/// Neither holds anything of the author's conversation, and nothing that the reviewer writes gets anywhere.
struct ReviewJob {
    let context: RunContext
    let task: MigrationTask
    let attempt: Int
    let base: ObjectID
    let slot: Slot
    let place: JobPlace
    /// What the guards have found kept, in words.
    let rules: [String]
    /// Told what the reviewer has used so far.
    let used: @Sendable (Usage) -> Void

    enum Ending {
        case answer(CheckResult)
        /// It was asked more than once, or its provider takes no requests.
        case none(Failure)
    }

    /// Times that a reviewer is asked before it counts as one that gives no answer.
    private static let tries = 2

    /// - Parameters:
    ///   - commit: what is judged.
    ///   - path: of the job folder, which does not exist yet.
    ///   - diff: nil where there is none to judge.
    ///   - usage: what reviewers have used before, to which this one's is added.
    ///   - prompt: written for the job folder.
    /// - Throws: `CancellationError` if it was ended before it came to anything.
    func ask(
        _ reviewer: Reviewer, about commit: ObjectID, in path: String, diff: String?, usage: inout Usage?,
        prompt: (JobFolder) -> ReviewPrompt
    ) async throws -> Ending {
        var fault = Failure(kind: .infrastructure, summary: "reviewer '\(reviewer.name)' gave no answer that counts")
        for _ in 0..<Self.tries {
            // The one before may have left anything behind.
            _ = try await blocking { () throws(GitError) in try slot.move(to: commit) }
            let job = try makeJob(reviewer, path, diff, prompt(JobFolder(existing: path)).text)
            let before = usage ?? Usage()
            let run = WorkerRun(
                context: context, task: task, rung: Rung(worker: reviewer.worker, attempts: 1), job: job,
                checkout: slot.treePath,
                place: JobPlace(run: context.run, task: task.id, attempt: attempt, job: job.path, slot: place.slot),
                conversation: Conversation(in: job.path, worker: reviewer.worker.name), resumed: nil, isReview: true,
                used: { used(before + $0) })
            let (ended, stream) = try await run.run()
            if let own = stream?.usage ?? ended.report?.usage { usage = before + own }
            if ended.process.ending == .cancelled, !ended.endedByWatch { throw CancellationError() }
            let failure = Failure(ending: ended, of: reviewer.worker, told: stream)
            if let failure, failure.kind == .providerLimit { return .none(failure) }
            let answer = job.reviewAnswer() ?? stream.flatMap { ReviewAnswer.parse(endOf: $0.lastText) }
            if failure == nil, let answer {
                return .answer(CheckResult(of: reviewer, answer, seconds: ended.process.seconds))
            }
            fault.detail =
                failure?.withDetail(ofLogAt: ended.log, checkout: slot.treePath).detail
                ?? "it wrote no verdict into \(job.outcome)"
        }
        return .none(fault)
    }

    private func makeJob(
        _ reviewer: Reviewer, _ path: String, _ diff: String?, _ prompt: String
    ) throws(JobsError) -> JobFolder {
        let job = try JobFolder.create(
            at: path,
            description: JobDescription(
                run: context.run, task: task, rules: rules, base: base, attempt: attempt,
                worker: reviewer.worker.name, limits: reviewer.worker.limits),
            prompt: prompt)
        if let diff { try UntrustedFile.create(job.diff, Array(diff.utf8)) }
        return job
    }
}

extension CheckResult {
    /// A reviewer's answer; each reason is a line, after the summary.
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
    /// Rejections as one failure, for the next attempt's prompt.
    /// - Parameters:
    ///   - rejections: what `CheckResult(of:_:seconds:)` has made of them.
    ///   - verb: what the first reviewer does.
    ///   - files: of the task; a line that begins with one of them tells a place.
    init(kind: Kind, _ verb: String, _ rejections: [(reviewer: Reviewer, result: CheckResult)], files: [String]) {
        let lines = rejections.flatMap { $0.result.digest.split(separator: "\n").map(String.init) }
        let first = rejections.first.map { rejection in
            "'\(rejection.reviewer.name)' \(verb): \(rejection.result.digest.prefix { $0 != "\n" })"
        }
        let more = rejections.count > 1 ? ", and \(rejections.count - 1) more" : ""
        self.init(
            kind: kind, summary: "reviewer \(first ?? verb)\(more)", detail: lines.joined(separator: "\n"),
            places: lines.compactMap { Self.place(in: $0, Set(files)) })
    }

    /// The `path` or `path:line` that a reason begins with.
    private static func place(in line: String, _ files: Set<String>) -> String? {
        guard let end = line.firstRange(of: ": ")?.lowerBound else { return nil }
        let place = line[..<end]
        if files.contains(String(place)) { return String(place) }
        guard let colon = place.lastIndex(of: ":"), Int(place[place.index(after: colon)...]) != nil else { return nil }
        return String(place)
    }
}
