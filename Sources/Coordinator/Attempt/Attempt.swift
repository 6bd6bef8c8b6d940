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
    /// Why earlier attempts were not accepted, the last one last.
    var failures: [Failure] = []
    /// What a person has said about the task.
    var note: String?

    var id: ID { ID(task: task.id, number: number) }
    var worker: Worker { rung.worker }

    /// The attempt as a reviewer's job sees it: the same task and base, with the reviewer as its worker.
    func judged(by reviewer: Reviewer) -> Attempt {
        Attempt(task: task, number: number, rung: Rung(worker: reviewer.worker, attempts: 1), base: base)
    }
}

/// Where an attempt is made: a slot, and a job folder for the worker.
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
    /// The attempt that the scheduler starts.
    ///
    /// - Parameters:
    ///   - ladder: of the task's stage.
    ///   - base: the commit to start from.
    ///   - memory: of the run, for the failures of earlier attempts.
    init(
        _ task: MigrationTask, _ next: Scheduler.NextAttempt, ladder: [Rung], base: ObjectID, memory: RunMemory
    ) {
        self.task = task
        number = next.number
        rung = next.request?.worker.map { Rung(worker: $0, attempts: 1) } ?? ladder[next.rung]
        note = next.request?.note
        failures = memory.failures[task.id, default: []]
        self.base = base
    }
}
