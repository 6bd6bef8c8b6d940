import Executors
import Foundation
import Git
import Jobs
import Model
import Synchronization
import Verification

/// One attempt on an executor. Its result is judged here as that of a local attempt.
struct RemoteAttempt {
    let context: RunContext
    let attempt: Attempt
    let jobs: RunningJobs
    private let start = ContinuousClock.now

    init(_ attempt: Attempt, on jobs: RunningJobs, in context: RunContext) {
        self.attempt = attempt
        self.jobs = jobs
        self.context = context
    }

    /// Runs the attempt.
    /// - Returns: the fact that ends the attempt; nil if it was cancelled.
    func run() async -> Fact? {
        context.observer.entered(.preparing, task: attempt.task.id)
        let rules = context.checks.stage(of: attempt.task).guards.inWords
        let router = context.router
        let job = RemoteJob(on: jobs, repository: await context.git { $0.repository }) { router.note($0) }
        do {
            let folder = try await context.work.prompts.folder(of: attempt, isResumed: false, rules: rules)
            context.observer.entered(.waitingForRoom, task: attempt.task.id)
            let ticket = try await job.submit(
                order(token: job.token), folder: folder.path, needs: attempt.rung.needs)
            context.observer.entered(.preparing, task: attempt.task.id)
            let fact = await follow(ticket, of: job, folder)
            await job.remove(ticket)
            return fact
        } catch let fault as ExecutorFault {
            if Task.isCancelled { return nil }
            return failed(Failure(kind: .infrastructure, summary: "\(fault)"))
        } catch {
            return failed(Failure(kind: .infrastructure, summary: "\(error)"))
        }
    }

    private var words: String { "attempt \(attempt.number) of \(attempt.task.id)" }

    // MARK: The order

    private func order(token: String) -> JobOrder {
        let plan = context.plan
        var order = JobOrder(
            program: context.executors.version, token: token, run: context.run, attempt: attempt.number,
            task: attempt.task, rung: attempt.rung, base: attempt.base, runBase: context.base,
            source: jobs.executor.settings.source, repository: context.repositoryName,
            plan: plan)
        order.lastTurn = attempt.lastTurn
        let passed = plan.passedVariables(for: attempt.task, on: attempt.rung)
        let given = context.jobs.environment.environment(general: passed.sorted(), place: nil).variables
        order.environment = given.filter { passed.contains($0.key) }
        return order
    }

    // MARK: While it runs

    /// Seconds in which a machine ends a job whose task was split: it gives the worker its own time before that.
    private static let splitGrace = MailedRun.splitGrace + 90

    /// The end of an attempt whose task was split.
    private var ended: Fact {
        .attemptSplit(
            .init(
                task: attempt.task.id, attempt: attempt.number, worker: attempt.worker.name, base: attempt.base,
                seconds: (ContinuousClock.now - start) / .seconds(1)))
    }

    private func follow(_ ticket: Ticket, of job: RemoteJob, _ folder: JobFolder) async -> Fact? {
        let work = Task { await job.follow(ticket, listener(folder)) }
        let router = context.router
        let split = SplitEnd(seconds: Self.splitGrace) { work.cancel() }
        let hooks = JobHooks(blocked: { work.cancel() }, check: { _ in }, split: { split.begin() })
        await blocking { router.open(folder, for: attempt.id, hooks: hooks) }
        let ending = await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            work.cancel()
        }
        let blocked = await blocking { router.close(attempt.id) }
        let isSplit = split.end()
        switch ending {
        case .ended:
            do {
                return try await judged(ticket, of: job)
            } catch {
                return failed(
                    Failure(kind: .interrupted, summary: "the result on \(ticket.machine) cannot be had: \(error)"))
            }
        case .lost(let reason):
            await job.end(ticket, words)
            return failed(Failure(kind: .interrupted, summary: "lost on \(ticket.machine): \(reason)"))
        case .failed(let kind, let reason):
            await job.end(ticket, words)
            return failed(Failure(kind: kind, summary: reason))
        case .cancelled:
            await job.end(ticket, words)
            if isSplit, !Task.isCancelled { return ended }
            guard let blocked, !Task.isCancelled else { return nil }
            return failed(
                Failure(kind: .blocked, summary: "question \(blocked.id) had no answer in time", detail: blocked.body))
        }
    }

    private func listener(_ folder: JobFolder) -> RunningJobs.Listener {
        let sent = Mutex<Set<String>>([])
        let (context, attempt) = (context, attempt)
        var listener = RunningJobs.Listener(
            outgoing: {
                guard let inbox = try? MailDirectory(folder.inbox) else { return [:] }
                let names = ((try? inbox.names(limit: Inbox.mostFiles)) ?? []).filter { name in
                    !sent.withLock { $0.contains(name) }
                }
                return names.reduce(into: [:]) { files, name in
                    files[name] = try? inbox.read(name, limit: OutgoingMail.largestFile)
                }
            },
            delivered: { names in sent.withLock { $0.formUnion(names) } },
            incoming: { files in
                guard let outbox = try? MailDirectory(folder.outbox) else { return [] }
                return files.filter { name, bytes in (try? outbox.write(name, bytes)) != nil }.map(\.key)
            },
            news: { lines in
                for line in lines {
                    if case .phase(let name) = line, let phase = RunPhase(rawValue: name) {
                        context.observer.entered(phase, task: attempt.task.id)
                    }
                    if let fact = line.report(of: attempt.task.id, attempt: attempt.number) {
                        context.inbox.putSoon(fact)
                    }
                }
            })
        let isTold = Mutex(false)
        listener.queued = {
            let isNew = isTold.withLock { told in
                defer { told = true }
                return !told
            }
            if isNew { context.observer.entered(.waitingForRoom, task: attempt.task.id) }
        }
        return listener
    }

    // MARK: The result

    private func judged(_ ticket: Ticket, of job: RemoteJob) async throws -> Fact? {
        let incoming = "\(context.work.jobsFolder(of: attempt.task.id))/\(attempt.number)-incoming"
        defer { try? FileManager.default.removeItem(atPath: incoming) }
        let result = try await job.fetch(ticket, into: incoming, words)
        RemoteJob.keepLogs(from: "\(incoming)/jobs", in: context.work.jobsFolder(of: attempt.task.id))
        switch result.ending {
        case .cancelled:
            return failed(Failure(kind: .interrupted, summary: "ended on \(ticket.machine) by someone else"))
        case .broken(let reason):
            return failed(Failure(kind: .infrastructure, summary: "\(ticket.machine): \(reason)"))
        case .attempt(let fact):
            let judge = RemoteResult(context: context.work, attempt: attempt, token: job.token)
            return try await judge.judge(fact, bundle: "\(incoming)/\(JobResult.bundleName)")
        case .checks, .notSetUp: throw RemoteJob.Foreign(machine: ticket.machine)
        }
    }

    private func failed(_ failure: Failure) -> Fact {
        .attemptFailed(
            .init(
                task: attempt.task.id, attempt: attempt.number, worker: attempt.worker.name, base: attempt.base,
                failure: failure.redacted(by: context.jobs.redaction), checks: [],
                seconds: (ContinuousClock.now - start) / .seconds(1)))
    }
}
