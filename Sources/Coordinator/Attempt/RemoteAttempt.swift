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
    private let token = Self.newToken()

    private var executor: any Executor { jobs.executor }

    init(_ attempt: Attempt, on jobs: RunningJobs, in context: RunContext) {
        self.attempt = attempt
        self.jobs = jobs
        self.context = context
    }

    private static func newToken() -> String {
        (0..<2).map { _ in
            let digits = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// Runs the attempt.
    /// - Returns: the fact that ends the attempt; nil if it was cancelled.
    func run() async -> Fact? {
        context.observer.entered(.preparing, task: attempt.task.id)
        let rules = context.checks.stage(of: attempt.task).guards.inWords
        do {
            let folder = try await context.work.prompts.folder(of: attempt, isResumed: false, rules: rules)
            let ticket = try await submit(folder)
            let fact = await follow(ticket, folder)
            // Not in this task, which may be cancelled: the machine must be asked all the same.
            await Task { await executor.remove(ticket) }.value
            return fact
        } catch let fault as ExecutorFault {
            if Task.isCancelled { return nil }
            return failed(Failure(kind: .infrastructure, summary: "\(fault)"))
        } catch {
            return failed(Failure(kind: .infrastructure, summary: "\(error)"))
        }
    }

    // MARK: The order

    private func submit(_ folder: JobFolder) async throws -> Ticket {
        let (context, attempt) = (context, attempt)
        let base = attempt.base
        let reference = JobOrder.baseReference(base, plan: context.plan.name)
        // The reference keeps the base from `git gc`, and names it in bundles. The end of the run removes it.
        try await context.git { (git) throws(GitError) in
            if try git.repository.value(of: reference) == nil {
                try git.repository.compareAndSwap(
                    reference: reference, from: nil, to: base, reason: "\(context.run)")
            }
        }
        let submission = Submission(
            order: order, folder: folder.path, resources: attempt.rung.needs ?? JobResources()
        ) { path, known in
            try await context.git { (git) throws(GitError) in
                try git.repository.bundle(reference, into: path, without: known)
            }
        }
        return try await executor.submit(submission) { reason in
            context.router.note(reason)
        }
    }

    private var order: JobOrder {
        let plan = context.plan
        var order = JobOrder(
            program: context.executors.version, token: token, run: context.run, attempt: attempt.number,
            task: attempt.task, rung: attempt.rung, base: attempt.base, runBase: context.base,
            source: executor.settings.source, repository: context.repositoryName,
            plan: plan)
        let passed = plan.passedVariables(for: attempt.task, on: attempt.rung)
        let given = context.jobs.environment.environment(general: passed.sorted(), place: nil).variables
        order.environment = given.filter { passed.contains($0.key) }
        return order
    }

    // MARK: While it runs

    private func follow(_ ticket: Ticket, _ folder: JobFolder) async -> Fact? {
        let work = Task { await jobs.follow(ticket, listener(folder)) }
        let router = context.router
        let hooks = JobHooks(blocked: { work.cancel() }, check: { _ in })
        await blocking { router.open(folder, for: attempt.id, hooks: hooks) }
        let ending = await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            work.cancel()
        }
        let blocked = await blocking { router.close(attempt.id) }
        switch ending {
        case .ended:
            do {
                return try await judged(ticket, folder)
            } catch {
                return failed(
                    Failure(kind: .interrupted, summary: "the result on \(ticket.machine) cannot be had: \(error)"))
            }
        case .lost(let reason):
            await end(ticket)
            return failed(Failure(kind: .interrupted, summary: "lost on \(ticket.machine): \(reason)"))
        case .failed(let kind, let reason):
            await end(ticket)
            return failed(Failure(kind: kind, summary: reason))
        case .cancelled:
            await end(ticket)
            guard let blocked, !Task.isCancelled else { return nil }
            return failed(
                Failure(kind: .blocked, summary: "question \(blocked.id) had no answer in time", detail: blocked.body))
        }
    }

    /// Ends what may still run. A machine that does not answer is asked again when the next run begins; whatever it
    /// makes of the attempt is never fetched.
    private func end(_ ticket: Ticket) async {
        // Not in this task, which may be cancelled: the machine must be asked all the same.
        let fault = await Task { () -> ExecutorFault? in
            do throws(ExecutorFault) {
                try await executor.cancel(ticket)
                return nil
            } catch {
                return error
            }
        }.value
        if let fault {
            context.router.note("attempt \(attempt.number) of \(attempt.task.id) may still run: \(fault)")
        }
    }

    private func listener(_ folder: JobFolder) -> RunningJobs.Listener {
        let sent = Mutex<Set<String>>([])
        let (context, attempt) = (context, attempt)
        return RunningJobs.Listener(
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
    }

    // MARK: The result

    private func judged(_ ticket: Ticket, _ folder: JobFolder) async throws -> Fact? {
        let incoming = "\(context.work.jobsFolder(of: attempt.task.id))/\(attempt.number)-incoming"
        try FileManager.default.createDirectory(
            atPath: incoming, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: incoming) }
        let result = try await executor.fetch(ticket, into: incoming)
        guard result.version == JobResult.currentVersion, result.token == token else {
            context.router.note(
                "a result of \(ticket.machine) for attempt \(attempt.number) of \(attempt.task.id) was refused: its "
                    + "token is that of another attempt")
            return failed(Failure(kind: .interrupted, summary: "the result on \(ticket.machine) is of another attempt"))
        }
        Self.keepLogs(from: "\(incoming)/jobs", in: context.work.jobsFolder(of: attempt.task.id))
        switch result.ending {
        case .cancelled:
            return failed(Failure(kind: .interrupted, summary: "ended on \(ticket.machine) by someone else"))
        case .broken(let reason):
            return failed(Failure(kind: .infrastructure, summary: "\(ticket.machine): \(reason)"))
        case .attempt(let fact):
            let judge = RemoteResult(context: context.work, attempt: attempt, token: token)
            return try await judge.judge(fact, bundle: "\(incoming)/\(JobResult.bundleName)")
        }
    }

    /// Moves the logs of the attempt to where those of local attempts are. They are only for people.
    private static func keepLogs(from source: String, in target: String) {
        let files = FileManager.default
        for path in files.enumerator(atPath: source)?.compactMap({ $0 as? String }) ?? [] {
            let destination = "\(target)/\(path)"
            var isFolder: ObjCBool = false
            guard files.fileExists(atPath: "\(source)/\(path)", isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            try? files.createDirectory(
                atPath: (destination as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            unlink(destination)
            try? files.moveItem(atPath: "\(source)/\(path)", toPath: destination)
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
