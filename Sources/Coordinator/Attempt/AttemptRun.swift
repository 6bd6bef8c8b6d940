import Git
import Jobs
import Model
import Verification
import Workers

/// The execution of one attempt, from a free slot to a verified commit or a failure.
struct AttemptRun {
    let context: WorkContext
    let attempt: Attempt
    let checks: RunChecks.StageChecks
    /// The results of checks so far; a failure is reported with them.
    var results: [CheckResult] = []
    /// The worker's events; nil until it has ended, or for a worker without events.
    var stream: WorkerStream?
    var usage: Usage?
    /// What the worker said at its end.
    var said = ""
    /// The verified work, while reviewers judge it.
    var unreviewed: Fact.UnreviewedWork?
    /// The conversation to resume; nil for a new one.
    var resumed: Conversation.Record?
    /// Whether nothing has to be changed in the last turn of a split task: its checks have passed before, or it has none
    /// and all parts are done.
    var mayChangeNothing = false
    private let start = ContinuousClock.now

    /// A reason to end the attempt early.
    enum Stop: Error {
        case failed(Failure)
        case found(done: [CheckResult])
        /// The task was split.
        case split
        /// The run is being stopped.
        case cancelled
    }

    /// A worker's changes, without the discarded ones.
    struct Change: Sendable {
        let files: [FileChange]
        let tree: ObjectID
        /// A commit of the tree, for slots to be moved to. It is held until the attempt ends.
        let commit: ObjectID
    }

    init(_ attempt: Attempt, in context: WorkContext) {
        self.attempt = attempt
        self.context = context
        checks = context.checks.stage(of: attempt.task)
    }

    /// Seconds since the attempt began.
    var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

    /// Runs the attempt.
    /// - Returns: the fact that ends the attempt; nil if it was cancelled.
    mutating func run() async -> Fact? {
        if attempt.task.isGate { return foundDone([]) }
        let fact = await runInSlot()
        let task = attempt.task.id
        // A reference that stays only keeps objects; the next attempt or coordinator removes it.
        try? await context.git { (git) throws(GitError) in try git.release(.attempt(task)) }
        return fact
    }

    private mutating func runInSlot() async -> Fact? {
        do {
            return try await context.slots.workers.withSlot(checks.stage.setup) { try await proceed(in: $0) }
        } catch Stop.cancelled {
            return nil
        } catch Stop.found(let checks) {
            return foundDone(checks)
        } catch Stop.split {
            return .attemptSplit(
                .init(
                    task: attempt.task.id, attempt: attempt.number, worker: attempt.worker.name, base: attempt.base,
                    seconds: seconds, usage: usage))
        } catch Stop.failed(let failure) {
            return failed(failure)
        } catch let broken as SetupFailure {
            results.append(broken.asCheck)
            return failed(
                Failure(
                    kind: broken.commit == attempt.base ? .infrastructure : .taskCheck,
                    summary: "set-up step '\(broken.step)' \(broken.summary)", detail: broken.detail))
        } catch is CancellationError {
            return nil
        } catch {
            return failed(Failure(kind: .infrastructure, summary: "\(error)"))
        }
    }

    private mutating func proceed(in slot: SlotLease) async throws -> Fact {
        let workplace = try await prepare(slot)
        if let kept = attempt.kept?.unreviewed, let change = try await change(of: kept) {
            results = kept.checks
            try await review(change, in: workplace, reason: kept.reason)
            return try await commit(change, reason: kept.reason)
        }
        try await lookFirst(in: workplace)
        let outcome = try await work(in: workplace)
        said = [outcome.report?.reason, outcome.report?.summary, stream?.lastText, stream?.result?.message]
            .compactMap { $0 }.joined(separator: "\n")
        let change = try await judge(in: workplace)
        try await verify(change, in: workplace)
        let reason = outcome.report?.reason ?? outcome.report?.summary ?? ""
        try await review(change, in: workplace, reason: reason)
        return try await commit(change, reason: reason)
    }

    private func foundDone(_ checks: [CheckResult]) -> Fact {
        .foundDone(
            .init(
                task: attempt.task.id, attempt: attempt.number, base: attempt.base, checks: checks, seconds: seconds,
                usage: usage))
    }

    /// Returns the failure of the attempt as a fact.
    func failed(_ failure: Failure) -> Fact {
        .attemptFailed(
            .init(
                task: attempt.task.id, attempt: attempt.number, worker: attempt.kept?.worker ?? attempt.worker.name,
                base: attempt.base,
                failure: failure.asExit(said: said).withEvents(of: stream).redacted(by: context.jobs.redaction),
                checks: results.map { $0.redacted(by: context.jobs.redaction) }, seconds: seconds, usage: usage,
                unreviewed: unreviewed))
    }

    func enter(_ phase: RunPhase) { context.observer.entered(phase, task: attempt.task.id) }

    /// Reports the usage of the attempt's worker or reviewer so far, added to the usage before it.
    var usageReport: UsageReport {
        let (inbox, attempt, before) = (context.inbox, attempt.id, usage ?? Usage())
        return { usage, requests in
            inbox.put(
                .usage(
                    .init(
                        task: attempt.task, attempt: attempt.number, usage: usage.map { before + $0 },
                        requests: requests > 0 ? requests : nil)))
        }
    }

    mutating func add(_ more: Usage?) {
        if let more { usage = (usage ?? Usage()) + more }
    }

    /// Ends the attempt if a check could not be run.
    /// - Parameter isOnBase: whether the checks ran on the base, before the worker.
    /// - Throws: `Stop.cancelled` if the run is being stopped, `Stop.failed` if a check could not be run.
    func stopForFault(in results: [CheckResult], isOnBase: Bool = false) throws(Stop) {
        if Task.isCancelled { throw .cancelled }
        if let broken = Failure(missingProgramIn: results, isOnBase: isOnBase) { throw .failed(broken) }
        if let fault = results.first(where: { $0.outcome == .infrastructure }) {
            throw .failed(
                Failure(kind: .infrastructure, summary: "check '\(fault.name)' could not be run", detail: fault.digest))
        }
    }

    /// Returns the attempt as a fact, before its commit exists.
    func verified(_ change: Change, reason: String) -> Fact.AttemptVerified {
        Fact.AttemptVerified(
            task: attempt.task.id, attempt: attempt.number, worker: attempt.kept?.worker ?? attempt.worker.name,
            commit: attempt.base,
            base: attempt.base, tree: change.tree,
            changes: change.files.map { ChangedPath(path: $0.path, added: $0.added, removed: $0.removed) },
            checks: results.map { $0.redacted(by: context.jobs.redaction) }, seconds: seconds,
            reason: context.jobs.redaction.text(reason), usage: usage)
    }
}
