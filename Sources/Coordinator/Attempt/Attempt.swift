import Jobs
import Model
import Scheduling

/// One try of a worker at a task, from a fixed commit.
struct Attempt: Sendable {
    /// The name of an attempt within a run.
    struct ID: Hashable, Sendable {
        var task: TaskID
        /// Counted from 1 within the task.
        var number: Int
    }

    let task: MigrationTask
    /// Counted from 1 within the task.
    let number: Int
    /// The step of the ladder: the worker and how often it may try.
    let rung: Rung
    /// The commit that the attempt starts from.
    var base: ObjectID
    /// The failures of earlier attempts, oldest first.
    var failures: [Failure] = []
    /// A person's note on the task.
    var note: String?
    /// The failed attempt whose work only needs a review; nil if a worker has to do the task.
    var kept: Fact.AttemptFailed?
    /// The landed commits, in the order of the branch; empty for a task that reverts none.
    var landed: [RevertBuild.Landed] = []
    /// Why the task reverts others; nil if it does not.
    var revertReason: String?
    /// What became of the task's parts; nil unless it was split.
    var lastTurn: LastTurn?
    /// Maximum parts into which the worker may split the task; nil if it may not.
    var maxParts: Int?

    var id: ID { ID(task: task.id, number: number) }
    var worker: Worker { rung.worker }

    /// Returns the attempt for a reviewer's job: the same task and base, with the reviewer as the worker.
    func judged(by reviewer: Reviewer) -> Attempt {
        Attempt(task: task, number: number, rung: Rung(worker: reviewer.worker, attempts: 1), base: base)
    }
}

/// A slot and the worker's job folder, for one attempt.
struct Workplace: Sendable {
    let slot: SlotLease
    let job: JobFolder
    /// The values of the job's `ORCHESTRATE_*` variables.
    let jobPlace: JobPlace

    init(slot: SlotLease, job: JobFolder, run: RunID, attempt: Attempt.ID) {
        self.slot = slot
        self.job = job
        jobPlace = JobPlace(run: run, task: attempt.task, attempt: attempt.number, job: job.path, slot: slot.number)
    }
}

extension Attempt {
    /// Creates the attempt that the scheduler starts.
    ///
    /// - Parameters:
    ///   - ladder: the ladder of the task's stage.
    ///   - base: the commit to start from.
    ///   - fold: the state of the run, which has the failures of earlier attempts and what became of parts.
    init(_ task: MigrationTask, _ next: Scheduler.NextAttempt, ladder: [Rung], base: ObjectID, in fold: RunFold) {
        let memory = fold.memory
        self.task = task
        lastTurn = memory.lastTurn(of: task.id, parts: fold.scheduler.parts(of: task.id))
        maxParts = fold.scheduler.mostParts(of: task.id)
        number = next.number
        rung =
            next.request?.worker.map { worker in
                let step = ladder.first { $0.worker.name == worker.name } ?? ladder[next.rung]
                return Rung(worker: worker, attempts: 1, executor: step.executor, needs: step.needs)
            } ?? ladder[next.rung]
        note = next.request?.note
        failures = memory.failures[task.id, default: []]
        let kept = memory.unreviewed[task.id]
        self.kept = next.request?.worker == nil && kept?.unreviewed?.note == note ? kept : nil
        self.base = self.kept?.base ?? base
        if task.reverts != nil {
            landed = memory.landed
            revertReason = memory.revertReasons[task.id]
        }
    }
}
