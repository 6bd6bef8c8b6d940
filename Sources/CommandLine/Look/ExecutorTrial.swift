import Executors
import Foundation
import Jobs
import Model

/// A small job that shows whether attempts can run on a machine. It goes the way of any attempt: a base that is sent, a
/// slot, a worker in its sandbox, a check, and a result that is fetched.
struct ExecutorTrial: Sendable {
    enum Ending: Sendable {
        case passed(seconds: Double)
        case failed(reason: String)
    }

    private struct Broken: Error, CustomStringConvertible {
        var description: String
    }

    private let executor: any Executor
    private let runner: ProcessRunner
    private let patience: Double
    private let token = UUID().uuidString.replacing("-", with: "").lowercased()

    /// - Parameters:
    ///   - executor: has one machine.
    ///   - patience: seconds for the job to end.
    init(_ executor: any Executor, runner: ProcessRunner, patience: Double) {
        self.executor = executor
        self.runner = runner
        self.patience = patience
    }

    func run() async -> Ending {
        let folder = FileManager.default.temporaryDirectory.path + "/orchestrate-trial-\(token)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let start = ContinuousClock.now
        do {
            let base = try await makeRepository(in: folder)
            let reason = try await carryOut(order(base), in: folder)
            return reason.map { .failed(reason: $0) } ?? .passed(seconds: (ContinuousClock.now - start) / .seconds(1))
        } catch {
            return .failed(reason: "\(error)")
        }
    }

    // MARK: What the job is

    private static let plan = "executors-check"

    /// The same commit each time, so that a machine gets it once.
    private func makeRepository(in folder: String) async throws -> ObjectID {
        try FileManager.default.createDirectory(atPath: "\(folder)/repository", withIntermediateDirectories: true)
        try Data("old\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/repository/file.txt"))
        _ = try await git(["init", "-q", "--template="], in: folder)
        _ = try await git(["add", "file.txt"], in: folder)
        _ = try await git(["commit", "-q", "--no-gpg-sign", "-m", "A file to change"], in: folder)
        let text = try await git(["rev-parse", "HEAD"], in: folder)
        guard let base = ObjectID(hex: text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw Broken(description: "git gave no commit: \(text)")
        }
        _ = try await git(["update-ref", JobOrder.baseReference(base, plan: Self.plan), base.hex], in: folder)
        return base
    }

    private func git(_ arguments: [String], in folder: String) async throws -> String {
        let output = "\(folder)/git-output"
        let own = [
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "orchestrate",
            "GIT_AUTHOR_EMAIL": "orchestrate@localhost", "GIT_COMMITTER_NAME": "orchestrate",
            "GIT_COMMITTER_EMAIL": "orchestrate@localhost", "GIT_AUTHOR_DATE": "2000-01-01T00:00:00Z",
            "GIT_COMMITTER_DATE": "2000-01-01T00:00:00Z",
        ]
        let outside = Terminal.environment.filter { !$0.key.hasPrefix("GIT_") }
        let outcome = await runner.run(
            ProcessRequest(
                command: .arguments(["git"] + arguments), directory: "\(folder)/repository",
                environment: outside.merging(own) { $1 }, output: .combined(output), timeout: 60))
        let text = String(decoding: try UntrustedFile.read(output, limit: 1 << 20) ?? [], as: UTF8.self)
        guard outcome.succeeded else { throw Broken(description: "git \(arguments[0]) failed: \(text)") }
        return text
    }

    private let task = MigrationTask(id: TaskID("file.txt"), title: "Change file.txt", files: ["file.txt"])

    private var rung: Rung {
        var worker = Worker(name: "check", run: "echo new >{files}")
        worker.limits.timeout = patience
        return Rung(worker: worker)
    }

    private func order(_ base: ObjectID) -> JobOrder {
        let plan = Plan(
            name: Self.plan, goal: "Check a machine.", repository: "", workers: WorkerRules(ladder: [rung]),
            verify: VerifyRules(done: [Check(name: "done", run: "grep -q new {file}")]))
        return JobOrder(
            program: Version.current, token: token, run: RunID("check-\(token)"), attempt: 1,
            task: task, rung: rung, base: base, runBase: base, source: .bundle, repository: Self.plan, plan: plan)
    }

    // MARK: Running it

    /// - Returns: why attempts cannot run there; nil if they can.
    private func carryOut(_ order: JobOrder, in folder: String) async throws -> String? {
        let job = try JobFolder.create(
            at: "\(folder)/job",
            description: JobDescription(
                run: order.run, task: task, rules: [], base: order.base, attempt: 1, worker: "check",
                limits: rung.worker.limits),
            prompt: "Change file.txt.")
        let reference = JobOrder.baseReference(order.base, plan: Self.plan)
        let submission = Submission(order: order, folder: job.path) { path, known in
            _ = try await git(["bundle", "create", "-q", path, reference] + known.map { "^\($0.hex)" }, in: folder)
        }
        let ticket = try await executor.submit(submission) { _ in }
        let reason = await reason(ticket, in: folder)
        await executor.remove(ticket)
        return reason
    }

    private func reason(_ ticket: Ticket, in folder: String) async -> String? {
        let jobs = RunningJobs(executor, pause: .milliseconds(200))
        let listener = RunningJobs.Listener(
            outgoing: { [:] }, delivered: { _ in }, incoming: { Array($0.keys) }, news: { _ in })
        let work = Task { await jobs.follow(ticket, listener) }
        let bound = Task {
            try await Task.sleep(for: .seconds(patience))
            work.cancel()
        }
        let ending = await work.value
        bound.cancel()
        switch ending {
        case .lost(let reason), .failed(_, let reason): return reason
        case .cancelled: return await unfinished(ticket)
        case .ended: break
        }
        do {
            let files = "\(folder)/result"
            try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: true)
            return try await executor.fetch(ticket, into: files).fault(token: token)
        } catch {
            return "\(error)"
        }
    }

    private func unfinished(_ ticket: Ticket) async -> String {
        let state = await executor.exchange([Exchange(ticket: ticket)])[ticket]?.state
        try? await executor.cancel(ticket)
        let time = "after \(Int(patience)) s"
        switch state {
        case .queued(let reason): return "it has not started \(time) (\(reason))"
        case .unknown(let reason): return "the machine does not answer \(time): \(reason)"
        default: return "it has not ended \(time)"
        }
    }
}

extension JobResult {
    /// Why the result is not that of a job that did its work; nil if it is.
    fileprivate func fault(token: String) -> String? {
        guard self.token == token else { return "the result is of another job" }
        switch ending {
        case .attempt(.attemptVerified): return nil
        case .attempt(.attemptFailed(let fact)): return fact.failure.summary
        case .attempt: return "the worker was not started"
        case .checks: return "the result is of another job"
        case .notSetUp(let check): return "the set-up failed: \(check.digest)"
        case .cancelled: return "somebody else ended it"
        case .broken(let reason): return reason
        }
    }
}
