import Git
import Jobs
import Model
import Prompts
import Store
import Verification
import Workers

/// Carries one attempt from a free slot to a verified commit, or to the reason why there is none.
struct AttemptRunner {
    let context: RunContext
    let inbox: FactInbox
    let observer: any RunObserver

    /// What the attempt has come to know; a failure is reported with it.
    struct Progress {
        let task: MigrationTask
        let stage: RunContext.StageContext
        let attempt: Int
        let rung: Rung
        /// What a person has said about the task.
        let note: String?
        let base: ObjectID
        let start = ContinuousClock.now
        var checks: [CheckResult] = []
        /// What the worker told of itself while it ran.
        var stream: WorkerStream?
        var usage: Usage?

        var worker: Worker { rung.worker }

        var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
    }

    /// An attempt that ends here and now.
    enum Stop: Error {
        case failed(Failure)
        case found(done: [CheckResult])
        /// The run is being stopped.
        case cancelled
    }

    /// - Returns: what came of it; nil if it was cancelled.
    /// - Parameter order: what a person wants of the attempt.
    func run(
        _ id: TaskID, attempt: Int, rung: Int, base: ObjectID, failures: [Failure], order: RetryRequest
    ) async -> Fact? {
        guard let task = context.desk.task(id) else { return nil }
        let stage = context.stage(of: task)
        var step = stage.stage.ladder[rung]
        if let worker = order.worker { step = Rung(worker: worker, attempts: 1) }
        var progress = Progress(
            task: task, stage: stage, attempt: attempt, rung: step, note: order.note, base: base)
        if task.isGate {
            return .foundDone(.init(task: id, attempt: attempt, base: base, checks: [], seconds: progress.seconds))
        }
        do {
            return try await context.workerSlots.withSlot { number, slot in
                try await self.attempt(&progress, number, slot, failures)
            }
        } catch Stop.cancelled {
            return nil
        } catch Stop.found(let checks) {
            return .foundDone(
                .init(
                    task: id, attempt: attempt, base: base, checks: checks, seconds: progress.seconds,
                    usage: progress.usage))
        } catch Stop.failed(let failure) {
            return failed(progress, failure)
        } catch {
            return failed(progress, Failure(kind: .infrastructure, summary: "\(error)"))
        }
    }

    private func failed(_ progress: Progress, _ failure: Failure) -> Fact {
        .attemptFailed(
            .init(
                task: progress.task.id, attempt: progress.attempt, worker: progress.worker.name, base: progress.base,
                failure: failure.withEvents(of: progress.stream), checks: progress.checks, seconds: progress.seconds,
                usage: progress.usage))
    }

    private func attempt(
        _ progress: inout Progress, _ number: Int, _ slot: Slot, _ failures: [Failure]
    ) async throws -> Fact {
        let base = progress.base
        let conversation = Conversation(in: folder(of: progress.task.id), worker: progress.worker.name)
        let resumed = WorkerRun.resumes(progress.rung, after: failures) ? conversation.last() : nil
        let job = try makeJob(progress, failures, isResumed: resumed != nil)
        var place = context.place(
            slot,
            job: .init(
                run: context.run, task: progress.task.id, attempt: progress.attempt, job: job.path, slot: number),
            logs: job.path, subject: try context.subject(base: base, in: slot))
        observer.entered(.preparing, task: progress.task.id)
        _ = try await blocking { () throws(GitError) in try slot.move(to: base) }
        try await stopIfDone(&progress, slot, place)
        inbox.putSoon(
            .workerStarted(
                .init(
                    task: progress.task.id, attempt: progress.attempt, worker: progress.worker.name, slot: number,
                    base: base)))
        observer.entered(.working, task: progress.task.id)
        let key = MessageDesk.JobKey(task: progress.task.id, attempt: progress.attempt)
        let run = WorkerRun(
            context: context, task: progress.task, rung: progress.rung, job: job, checkout: slot.treePath,
            place: place.job, conversation: conversation, resumed: resumed, used: usageReport(progress),
            isWaiting: { [desk = context.desk] in desk.isWaited(by: key) })
        let outcome = try await work(&progress, run, slot)
        observer.entered(.judging, task: progress.task.id)
        let files = progress.task.files
        let capture = try await record(slot, files)
        let (kept, discarded) = progress.stage.guards.split(capture.changes)
        let tree = discarded.isEmpty ? capture.tree : try context.tree(of: base, with: kept)
        let guards = GuardRun(context: context, stage: progress.stage, task: progress.task, job: job, place: place)
        if let failure = try await guards.judge(kept, from: base, to: tree, by: progress.worker) {
            throw Stop.failed(failure)
        }
        if Task.isCancelled { throw Stop.cancelled }
        observer.entered(.checking, task: progress.task.id)
        // A check may ask git, whose configuration there was the worker's: what is found is to hold elsewhere too.
        if capture.isWhole { try await blocking { () throws(GitError) in try slot.renewRepository() } }
        place.subject = context.subject(capture, of: progress.task, in: slot)
        try await verify(&progress, place)
        try await askReviewers(&progress, kept, tree, slot, place)
        observer.entered(.committing, task: progress.task.id)
        return try await commit(progress, kept, tree, report: outcome.report)
    }

    /// What the worker left; names and sizes that no commit can hold are the worker's fault.
    private func record(_ slot: Slot, _ files: [String]) async throws -> Capture {
        do {
            return try await blocking { () throws(GitError) in try slot.capture(including: files) }
        } catch {
            switch error {
            case .unsafePath(let path, _), .fileTooLarge(let path, _, _):
                throw Stop.failed(Failure(kind: .guardRule, summary: error.message, places: [path]))
            default: throw error
            }
        }
    }

    /// The folder in which each attempt at a task has its job folder.
    func folder(of task: TaskID) -> String { "\(context.state.jobs)/\(context.run)/\(task)" }

    private func makeJob(
        _ progress: Progress, _ failures: [Failure], isResumed: Bool
    ) throws(JobsError) -> JobFolder {
        let rules = progress.stage.guards.inWords
        let assembled = context.prompts.prompt(
            for: progress.task, worker: progress.worker, base: progress.base, attempt: progress.attempt,
            failures: failures, notes: progress.note.map { [$0] } ?? [])
        var prompt = assembled.text
        if isResumed, let last = failures.last {
            prompt = ResumePrompt(task: progress.task, failure: last, rules: rules, note: progress.note).text
        }
        let job = try JobFolder.create(
            at: "\(folder(of: progress.task.id))/\(progress.attempt)",
            description: JobDescription(
                run: context.run, task: progress.task, rules: rules, base: progress.base, attempt: progress.attempt,
                worker: progress.worker.name, limits: progress.worker.limits),
            prompt: prompt)
        if !assembled.messages.isEmpty, !isResumed {
            inbox.putSoon(
                .messagesGiven(
                    .init(
                        task: progress.task.id, attempt: progress.attempt, messages: assembled.messages, way: .prompt)))
        }
        if progress.worker.prompt != .none { try context.prompts.writeGraph(of: progress.task, into: job) }
        return job
    }

    /// Passes on what the worker of an attempt, or a reviewer, has used so far, on top of what was used before it.
    func usageReport(_ progress: Progress) -> @Sendable (Usage) -> Void {
        let inbox = inbox
        let (task, attempt, before) = (progress.task.id, progress.attempt, progress.usage ?? Usage())
        return { usage in inbox.put(.usage(.init(task: task, attempt: attempt, usage: before + usage))) }
    }

    /// Verify-first: no worker is started for what is done already.
    private func stopIfDone(_ progress: inout Progress, _ slot: Slot, _ place: CheckRunner.Place) async throws {
        // A derived task is there for what another has changed, of which the plan's own checks know nothing.
        guard progress.stage.stage.verify.knowsDone, progress.task.derivedFrom == nil else { return }
        observer.entered(.lookingFirst, task: progress.task.id)
        var results = await progress.stage.checks.run(
            progress.stage.stage.verify.done, files: progress.task.files, task: progress.task.id, in: place)
        try stopForFault(results)
        if results.allSatisfy({ $0.outcome == .passed }) {
            let tree = try context.repository.treeOf(progress.base)
            let asked = try await askWhetherDone(&progress, progress.base, tree, slot, place, isAfter: false)
            results += asked.results
            if asked.rejection == nil { throw Stop.found(done: results) }
        }
        // A check may leave things behind or rewrite files; none of that is the worker's doing.
        let base = progress.base
        _ = try await blocking { () throws(GitError) in try slot.move(to: base) }
    }

    private func work(_ progress: inout Progress, _ run: WorkerRun, _ slot: Slot) async throws -> JobOutcome {
        let outcome: JobOutcome
        let blocked: Message?
        let mail = MailedRun(
            desk: context.desk, key: .init(task: progress.task.id, attempt: progress.attempt), folder: run.job)
        let requests = CheckRequest(
            context: context, task: progress.task, attempt: progress.attempt, base: progress.base, slot: slot,
            folder: run.job)
        do {
            ((outcome, progress.stream), blocked) = try await mail.run(answering: requests) { try await run.run() }
        } catch let error as CommandExpansionError {
            throw Stop.failed(Failure(kind: .workerStart, summary: "\(error)"))
        }
        if let own = progress.stream?.usage ?? outcome.report?.usage {
            progress.usage = (progress.usage ?? Usage()) + own
        }
        if let blocked, !outcome.process.succeeded, !Task.isCancelled {
            throw Stop.failed(
                Failure(kind: .blocked, summary: "question \(blocked.id) had no answer in time", detail: blocked.body))
        }
        if outcome.process.ending == .cancelled, !outcome.endedByWatch { throw Stop.cancelled }
        if let failure = Failure(ending: outcome, of: progress.worker, told: progress.stream) {
            // What was told is better than what was written beside.
            let isTold = progress.stream?.result != nil || [.budget, .providerLimit].contains(failure.kind)
            throw Stop.failed(
                isTold ? failure : failure.withDetail(ofLogAt: outcome.log, checkout: run.checkout))
        }
        return outcome
    }

    /// Runs the `done` checks, which must hold now, and the task checks.
    private func verify(_ progress: inout Progress, _ place: CheckRunner.Place) async throws {
        let stage = progress.stage
        let kinds: [(checks: [Check], kind: Failure.Kind, keepGoing: Bool)] = [
            (stage.stage.verify.done, .doneCheck, true), (stage.stage.verify.task, .taskCheck, false),
        ]
        for (checks, kind, keepGoing) in kinds where !checks.isEmpty {
            let results = await stage.checks.run(
                checks, files: progress.task.files, tests: progress.task.tests, task: progress.task.id, in: place,
                keepGoing: keepGoing)
            progress.checks += results
            try stopForFault(results)
            if let failure = Failure(kind: kind, of: results) { throw Stop.failed(failure) }
        }
    }

    func verified(
        _ progress: Progress, _ changes: [FileChange], _ tree: ObjectID, reason: String
    ) -> Fact.AttemptVerified {
        Fact.AttemptVerified(
            task: progress.task.id, attempt: progress.attempt, worker: progress.worker.name, commit: progress.base,
            base: progress.base, tree: tree,
            changes: changes.map { ChangedPath(path: $0.path, added: $0.added, removed: $0.removed) },
            checks: progress.checks, seconds: progress.seconds, reason: reason, usage: progress.usage)
    }

    private func stopForFault(_ results: [CheckResult]) throws(Stop) {
        if Task.isCancelled { throw .cancelled }
        if let fault = results.first(where: { $0.outcome == .infrastructure }) {
            throw .failed(
                Failure(kind: .infrastructure, summary: "check '\(fault.name)' could not be run", detail: fault.digest))
        }
    }

    private func commit(
        _ progress: Progress, _ changes: [FileChange], _ tree: ObjectID, report: JobReport?
    ) async throws -> Fact {
        var verified = verified(progress, changes, tree, reason: report?.reason ?? report?.summary ?? "")
        let draft = verified
        let context = context
        verified.commit = try await blocking { () throws(GitError) in
            let commit = try context.commit(draft, of: progress.task, tree: tree, parent: progress.base)
            try context.moveTaskBranch(progress.task.id, to: commit)
            return commit
        }
        return .attemptVerified(verified)
    }
}
