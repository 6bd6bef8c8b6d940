import Git
import Jobs
import Model
import Verification
import Workers

/// Carries one attempt from a free slot to a verified commit, or to the reason why there is none.
struct AttemptRun {
    let context: RunContext
    let attempt: Attempt
    let checks: RunChecks.StageChecks
    /// The results of checks so far; a failure is reported with them.
    var results: [CheckResult] = []
    /// What the worker told while it ran.
    var stream: WorkerStream?
    var usage: Usage?
    /// The conversation that the worker goes on with; nil for a new one.
    var resumed: Conversation.Record?
    private let start = ContinuousClock.now

    /// An attempt that ends here and now.
    enum Stop: Error {
        case failed(Failure)
        case found(done: [CheckResult])
        /// The run is being stopped.
        case cancelled
    }

    /// What a worker left, without what is thrown away.
    struct Change: Sendable {
        let capture: Capture
        let files: [FileChange]
        let tree: ObjectID
    }

    init(_ attempt: Attempt, in context: RunContext) {
        self.attempt = attempt
        self.context = context
        checks = context.checks.stage(of: attempt.task)
    }

    /// Seconds since the attempt began.
    var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

    /// - Returns: the fact that ends the attempt; nil if it was cancelled.
    mutating func run() async -> Fact? {
        if attempt.task.isGate { return foundDone([]) }
        do {
            return try await context.slots.workers.withSlot { try await proceed(in: $0) }
        } catch Stop.cancelled {
            return nil
        } catch Stop.found(let checks) {
            return foundDone(checks)
        } catch Stop.failed(let failure) {
            return failed(failure)
        } catch {
            return failed(Failure(kind: .infrastructure, summary: "\(error)"))
        }
    }

    private mutating func proceed(in slot: SlotLease) async throws -> Fact {
        let workplace = try await prepare(slot)
        try await lookFirst(in: workplace)
        let outcome = try await work(in: workplace)
        let change = try await judge(in: workplace)
        try await verify(change, in: workplace)
        try await review(change, in: workplace)
        return try await commit(change, report: outcome.report)
    }

    private func foundDone(_ checks: [CheckResult]) -> Fact {
        .foundDone(
            .init(
                task: attempt.task.id, attempt: attempt.number, base: attempt.base, checks: checks, seconds: seconds,
                usage: usage))
    }

    private func failed(_ failure: Failure) -> Fact {
        .attemptFailed(
            .init(
                task: attempt.task.id, attempt: attempt.number, worker: attempt.worker.name, base: attempt.base,
                failure: failure.withEvents(of: stream), checks: results, seconds: seconds, usage: usage))
    }

    func enter(_ phase: RunPhase) { context.observer.entered(phase, task: attempt.task.id) }

    /// Passes on what the attempt's worker, or a reviewer, has used so far, on top of what was used before it.
    var usageReport: @Sendable (Usage) -> Void {
        let (inbox, attempt, before) = (context.inbox, attempt.id, usage ?? Usage())
        return { usage in
            inbox.put(.usage(.init(task: attempt.task, attempt: attempt.number, usage: before + usage)))
        }
    }

    mutating func add(_ more: Usage?) {
        if let more { usage = (usage ?? Usage()) + more }
    }

    /// - Parameter isOnBase: whether the checks ran on the base, before the worker.
    /// - Throws: `Stop` where the run is being stopped, or a check could not be run.
    func stopForFault(in results: [CheckResult], isOnBase: Bool = false) throws(Stop) {
        if Task.isCancelled { throw .cancelled }
        if let broken = Failure(missingProgramIn: results, isOnBase: isOnBase) { throw .failed(broken) }
        if let fault = results.first(where: { $0.outcome == .infrastructure }) {
            throw .failed(
                Failure(kind: .infrastructure, summary: "check '\(fault.name)' could not be run", detail: fault.digest))
        }
    }

    /// The attempt as a fact, before there is a commit.
    func verified(_ change: Change, reason: String) -> Fact.AttemptVerified {
        Fact.AttemptVerified(
            task: attempt.task.id, attempt: attempt.number, worker: attempt.worker.name, commit: attempt.base,
            base: attempt.base, tree: change.tree,
            changes: change.files.map { ChangedPath(path: $0.path, added: $0.added, removed: $0.removed) },
            checks: results, seconds: seconds, reason: reason, usage: usage)
    }
}
