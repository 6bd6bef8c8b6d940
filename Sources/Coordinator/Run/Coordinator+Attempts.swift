import Executors
import Model
import Scheduling

extension Coordinator {
    func carryOutAttempt(_ decision: Decision, _ fold: RunFold, in group: inout DiscardingTaskGroup) {
        switch decision {
        case .start(let start):
            guard let task = context.register[start.task] else { return }
            let next = Scheduler.NextAttempt(number: start.attempt, rung: start.rung, request: start.request)
            let attempt = Attempt(
                task, next, ladder: started.plan.stages[task.stage].ladder, base: fold.scheduler.tip,
                in: fold)
            attempts.add(attempt.id)
            group.addTask { await self.run(attempt, on: start.after) }
        case .end(let end): attempts.end(.init(task: end.task, number: end.attempt), end.failure)
        default: break
        }
    }

    /// Runs an attempt in a separate task, so that it can be ended alone, and reports its result.
    /// - Parameter candidate: the candidate to start from, as if it had landed; nil for the attempt's base.
    private func run(_ attempt: Attempt, on candidate: Int?) async {
        let work = Task { await result(of: attempt, on: candidate) }
        attempts.set(work, for: attempt.task.id)
        let fact = await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            work.cancel()
        }
        let ended = attempts.remove(attempt.task.id)
        if let fact {
            inbox.put(fact)
        } else if let ended {
            inbox.put(Self.unstarted(attempt, ended))
        }
    }

    private func result(of attempt: Attempt, on candidate: Int?) async -> Fact? {
        if attempt.task.reverts != nil { return await RevertRun(context: context, attempt: attempt).run() }
        var attempt = attempt
        if let candidate, attempt.kept == nil {
            guard let built = await builds.built(candidate) else {
                let summary = "candidate \(candidate), the base of the attempt, could not be built"
                return Self.unstarted(attempt, Failure(kind: .interrupted, summary: summary))
            }
            attempt.base = built.commit
        }
        if let name = attempt.rung.executor, !attempt.task.isGate, attempt.kept == nil {
            return await remote(attempt, on: name)
        }
        var run = AttemptRun(attempt, in: context.work)
        return await run.run()
    }

    private func remote(_ attempt: Attempt, on name: String) async -> Fact? {
        let jobs = context.executors.jobs(on: name, runner: context.jobs.runner)
        guard let jobs else {
            let summary =
                "executor '\(name)' is not in executors.yaml; type 'orchestrate executors check' to list all executors"
            return Self.unstarted(attempt, Failure(kind: .infrastructure, summary: summary))
        }
        return await RemoteAttempt(attempt, on: jobs, in: context).run()
    }

    /// Returns the failure of an attempt whose worker did not start.
    private static func unstarted(_ attempt: Attempt, _ failure: Failure) -> Fact {
        .attemptFailed(
            .init(
                task: attempt.task.id, attempt: attempt.number, worker: "", base: attempt.base, failure: failure,
                checks: [], seconds: 0))
    }
}
