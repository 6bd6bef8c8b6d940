import Jobs
import Model
import Verification
import Workers

extension AttemptRun {
    /// Runs the worker in its slot and routes its messages meanwhile.
    mutating func work(in workplace: Workplace) async throws -> JobOutcome {
        let gate = context.cacheGate
        let key = CacheGate.Key(stage: attempt.task.stage, worker: attempt.worker.name)
        // A resumed conversation begins in its own way.
        if resumed == nil { await context.waitForCache(key, attempt.worker, for: attempt) }
        if Task.isCancelled { throw Stop.cancelled }
        context.inbox.putSoon(
            .workerStarted(
                .init(
                    task: attempt.task.id, attempt: attempt.number, worker: attempt.worker.name,
                    slot: workplace.slot.number, base: attempt.base)))
        enter(.working)
        let (router, id, task) = (context.mail, attempt.id, attempt.task.id)
        let run = WorkerRun(
            context: context, attempt: attempt, workplace: workplace, conversation: conversation, resumed: resumed,
            used: usageReport, answered: { gate.answered(key) }, isWaiting: { router.isWaited(by: id) })
        defer { gate.ended(key, of: task) }
        let mail = MailedRun(router: router, attempt: id, folder: workplace.job)
        let requests = CheckRequest(context: context, attempt: attempt, workplace: workplace)
        let outcome: JobOutcome
        let blocked: Message?
        let isSplit: Bool
        do {
            ((outcome, stream), blocked, isSplit) = try await mail.run(answering: requests) { try await run.run() }
        } catch let error as CommandExpansionError {
            throw Stop.failed(Failure(kind: .workerStart, summary: "\(error)"))
        }
        add(stream?.usage ?? outcome.report?.usage)
        if isSplit, !Task.isCancelled { throw Stop.split }
        if let blocked, !outcome.process.succeeded, !Task.isCancelled {
            throw Stop.failed(
                Failure(kind: .blocked, summary: "question \(blocked.id) had no answer in time", detail: blocked.body))
        }
        if outcome.process.ending == .cancelled, !outcome.endedByWatch { throw Stop.cancelled }
        if let failure = Failure(
            ending: outcome, of: attempt.worker, told: stream, budget: attempt.rung.budget)
        {
            // A reported result is more precise than the log.
            let isTold = stream?.result != nil || [.budget, .providerLimit].contains(failure.kind)
            if isTold { throw Stop.failed(failure) }
            let checkout = workplace.slot.treePath
            let missingFile = MissingFile(
                command: attempt.worker.run, checkout: checkout, hidden: context.jobs.sandbox.hidden)
            let detailed = await blocking {
                failure.withDetail(ofLogAt: outcome.log, checkout: checkout).withHint(of: missingFile)
            }
            let missing = Failure(
                missingProgramOf: "worker '\(attempt.worker.name)'", command: attempt.worker.run,
                status: outcome.process.status, output: detailed.detail)
            throw Stop.failed(missing ?? detailed)
        }
        return outcome
    }
}
