import Git
import Jobs
import Model
import Store
import Verification

/// Carries one attempt from a free slot to a verified commit, or to the reason why there is none.
struct AttemptRunner {
    let context: RunContext
    let inbox: FactInbox
    let observer: any RunObserver

    /// What the attempt has come to know; a failure is reported with it.
    private struct Progress {
        let task: MigrationTask
        let stage: RunContext.StageContext
        let attempt: Int
        let worker: Worker
        let base: ObjectID
        let start = ContinuousClock.now
        var checks: [CheckResult] = []

        var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
    }

    /// An attempt that ends here and now.
    private enum Stop: Error {
        case failed(Failure)
        case found(done: [CheckResult])
        /// The run is being stopped.
        case cancelled
    }

    /// - Returns: what came of it; nil if it was cancelled.
    func run(_ id: TaskID, attempt: Int, rung: Int, base: ObjectID, failures: [Failure]) async -> Fact? {
        guard let task = context.tasks[id] else { return nil }
        let stage = context.stage(of: task)
        let worker = stage.stage.ladder[rung].worker
        var progress = Progress(task: task, stage: stage, attempt: attempt, worker: worker, base: base)
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
                .init(task: id, attempt: attempt, base: base, checks: checks, seconds: progress.seconds))
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
                failure: failure, checks: progress.checks, seconds: progress.seconds))
    }

    private func attempt(
        _ progress: inout Progress, _ number: Int, _ slot: Slot, _ failures: [Failure]
    ) async throws -> Fact {
        let base = progress.base
        let job = try makeJob(progress, failures)
        let place = context.place(
            slot,
            job: .init(
                run: context.run, task: progress.task.id, attempt: progress.attempt, job: job.path, slot: number),
            logs: job.path)
        observer.entered(.preparing, task: progress.task.id)
        _ = try await blocking { () throws(GitError) in try slot.move(to: base) }
        try await stopIfDone(progress, slot, place)
        inbox.putSoon(
            .workerStarted(
                .init(
                    task: progress.task.id, attempt: progress.attempt, worker: progress.worker.name, slot: number,
                    base: base)))
        observer.entered(.working, task: progress.task.id)
        let outcome = try await work(progress, job, slot, place)
        observer.entered(.judging, task: progress.task.id)
        let files = progress.task.files
        let capture = try await record(slot, files)
        let (kept, discarded) = progress.stage.guards.split(capture.changes)
        let tree = discarded.isEmpty ? capture.tree : try context.tree(of: base, with: kept)
        try await guardDiff(progress, kept, tree, job, place)
        observer.entered(.checking, task: progress.task.id)
        try await verify(&progress, place)
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

    private func makeJob(_ progress: Progress, _ failures: [Failure]) throws(JobsError) -> JobFolder {
        let rules = progress.stage.guards.inWords
        let prompt = PromptAssembly(
            plan: context.plan, stage: progress.stage.stage, task: progress.task, rules: rules,
            attempt: progress.attempt, failures: failures)
        return try JobFolder.create(
            at: "\(context.state.jobs)/\(context.run)/\(progress.task.id)/\(progress.attempt)",
            description: JobDescription(
                run: context.run, task: progress.task, rules: rules, base: progress.base, attempt: progress.attempt,
                worker: progress.worker.name, limits: progress.worker.limits),
            prompt: prompt.text)
    }

    /// Verify-first: no worker is started for what is done already.
    private func stopIfDone(_ progress: Progress, _ slot: Slot, _ place: CheckRunner.Place) async throws {
        guard !progress.stage.stage.verify.done.isEmpty else { return }
        observer.entered(.lookingFirst, task: progress.task.id)
        let results = await progress.stage.checks.run(
            progress.stage.stage.verify.done, files: progress.task.files, task: progress.task.id, in: place)
        try stopForFault(results)
        if results.allSatisfy({ $0.outcome == .passed }) { throw Stop.found(done: results) }
        // A check may leave things behind or rewrite files; none of that is the worker's doing.
        let base = progress.base
        _ = try await blocking { () throws(GitError) in try slot.move(to: base) }
    }

    private func work(
        _ progress: Progress, _ job: JobFolder, _ slot: Slot, _ place: CheckRunner.Place
    ) async throws -> JobOutcome {
        let worker = progress.worker
        let commands: [String]
        do {
            commands = try CommandTemplate(worker.run).expand(
                files: progress.task.files, task: progress.task.id, job: job.path, prompt: try promptText(worker, job),
                tests: progress.task.tests, needsTests: false)
        } catch let error as CommandExpansionError {
            throw Stop.failed(Failure(kind: .workerStart, summary: "\(error)"))
        }
        let environment = environment(of: worker, place)
        let outcome = await context.executor.run(
            Job(
                folder: job, commands: commands, checkout: slot.treePath, environment: environment,
                promptOnInput: worker.prompt == .stdin, timeout: worker.limits.timeout,
                outputKept: worker.limits.output))
        if let failure = try Self.failure(of: outcome, worker) {
            throw Stop.failed(failure.withDetail(ofLogAt: outcome.log, checkout: slot.treePath))
        }
        return outcome
    }

    private func environment(of worker: Worker, _ place: CheckRunner.Place) -> JobEnvironment {
        context.environment.environment(
            allowed: context.plan.workers.environment + worker.environment, place: place.job)
    }

    /// Asks the guards, the plan's own commands last.
    private func guardDiff(
        _ progress: Progress, _ changes: [FileChange], _ tree: ObjectID, _ job: JobFolder, _ place: CheckRunner.Place
    ) async throws {
        let secrets = environment(of: progress.worker, place).secrets
        let repository = context.repository
        let (task, base) = (progress.task, progress.base)
        let guards = progress.stage.guards
        let objection = try await blocking { () throws(GitError) in
            try guards.judge(changes, of: task, secrets: secrets) { (id) throws(GitError) in try repository.blob(id) }
        }
        if let objection { throw Stop.failed(objection) }
        let commands = progress.stage.stage.guards.custom
        guard !commands.isEmpty else { return }
        let patch = try await blocking { () throws(GitError) in
            try repository.patch(from: repository.treeOf(base), to: tree)
        }
        try UntrustedFile.create(job.diff, Array(patch.utf8))
        let failure = await progress.stage.checks.run(
            commands, diff: job.diff, changes: changes.map(\.path), task: task, in: place)
        if Task.isCancelled { throw Stop.cancelled }
        if let failure { throw Stop.failed(failure) }
    }

    private func promptText(_ worker: Worker, _ job: JobFolder) throws -> String? {
        switch worker.prompt {
        case .none, .stdin: nil
        case .file: job.prompt
        case .argument: String(decoding: try UntrustedFile.read(job.prompt, limit: 1 << 20) ?? [], as: UTF8.self)
        }
    }

    /// What the end of the worker says against its work, if anything.
    private static func failure(of outcome: JobOutcome, _ worker: Worker) throws(Stop) -> Failure? {
        switch outcome.process.ending {
        case .exited(0): nil
        case .exited(let status):
            Failure(kind: .workerExit, summary: "worker '\(worker.name)' exited with status \(status)")
        case .signalled(let number):
            Failure(kind: .infrastructure, summary: "worker '\(worker.name)' was ended by signal \(number)")
        case .timedOut:
            Failure(
                kind: .workerTimeout,
                summary: "worker '\(worker.name)' was still running after \(Int(worker.limits.timeout)) s; it was ended"
            )
        case .outputLimit:
            Failure(kind: .workerExit, summary: "worker '\(worker.name)' wrote output without end; it was ended")
        case .cancelled: throw .cancelled
        case .couldNotStart(let reason):
            Failure(kind: .infrastructure, summary: "worker '\(worker.name)' could not be started: \(reason)")
        }
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
        var verified = Fact.AttemptVerified(
            task: progress.task.id, attempt: progress.attempt, worker: progress.worker.name, commit: progress.base,
            base: progress.base, tree: tree,
            changes: changes.map { ChangedPath(path: $0.path, added: $0.added, removed: $0.removed) },
            checks: progress.checks, seconds: progress.seconds, reason: report?.reason ?? report?.summary ?? "")
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
