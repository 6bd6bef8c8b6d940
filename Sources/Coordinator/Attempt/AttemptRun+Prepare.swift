import Git
import Jobs
import Model
import Verification

extension AttemptRun {
    /// The task's stored conversation with the attempt's worker.
    var conversation: Conversation {
        Conversation(in: context.jobsFolder(of: attempt.task.id), worker: attempt.worker.name)
    }

    /// Creates the job folder and moves the slot to the attempt's base.
    mutating func prepare(_ slot: SlotLease) async throws -> Workplace {
        enter(.preparing)
        if WorkerRun.resumes(attempt.rung, after: attempt.failures) {
            let conversation = conversation
            resumed = await blocking { conversation.last() }
        }
        let job = try await context.prompts.folder(
            of: attempt, isResumed: resumed != nil, rules: checks.guards.inWords)
        enter(.settingUp)
        results += try await slot.move(to: attempt.base)
        return Workplace(slot: slot, job: job, run: context.run, attempt: attempt.id)
    }

    /// Runs the `done` checks before the worker starts, and ends the attempt if the task is already done.
    mutating func lookFirst(in workplace: Workplace) async throws {
        mayChangeNothing = attempt.lastTurn?.areAllDone == true && !checks.rules.knowsDone
        // A derived task follows a change of another task, which the plan's checks do not cover.
        guard checks.rules.knowsDone, attempt.task.derivedFrom == nil else { return }
        enter(.lookingFirst)
        let base = attempt.base
        let tree = try await context.git { (git) throws(GitError) in try git.repository.treeOf(base) }
        let found = await checks.runner.run(
            checks.rules.done, files: attempt.task.files, task: attempt.task.id,
            in: place(
                workplace,
                subject: .init(
                    tree: tree, isLanding: false, setup: try await workplace.slot.setupKey(of: base)
                ) {
                    await workplace.slot.restore(base)
                }))
        try stopForFault(in: found, isOnBase: true)
        let hasPassed = found.allSatisfy { $0.outcome == .passed }
        if hasPassed, attempt.lastTurn.map(\.collate.isEmpty) == false {
            // The worker said that something is left which these checks do not see.
            mayChangeNothing = true
        } else if hasPassed {
            let asked = try await askWhetherDone(base, tree: tree, in: workplace, isAfter: false)
            if asked.rejection == nil { throw Stop.found(done: found + asked.results) }
        }
        // A check may leave things behind or rewrite files; none of that is the worker's doing.
        let isUntouched = found.allSatisfy(\.isKnown) && checks.rules.doneReviewers.isEmpty
        if !isUntouched { try await workplace.slot.move(to: base) }
    }

    /// Returns the place in which the attempt's checks run.
    /// - Parameter subject: the content of the slot.
    func place(_ workplace: Workplace, subject: CheckRunner.Subject) -> CheckRunner.Place {
        CheckRunner.Place(
            checkout: workplace.slot.treePath, logs: workplace.job.path, job: workplace.jobPlace, subject: subject)
    }
}
