import Foundation
import Jobs
import Model
import Workers

/// Takes a worker's usage so far, nil if it told none, and the number of requests since the last call.
typealias UsageReport = @Sendable (Usage?, _ requests: Int) -> Void

/// A run of one attempt's worker in its slot.
struct WorkerRun: Sendable {
    let context: WorkContext
    let attempt: Attempt
    let workplace: Workplace
    let conversation: Conversation
    /// The conversation to resume; nil for a new one.
    let resumed: Conversation.Record?
    /// Whether the worker is a reviewer.
    var isReview = false
    /// Called repeatedly while the worker runs.
    let used: UsageReport
    /// Called at each answer of the model.
    var answered: @Sendable () -> Void = {}
    /// Whether the worker waits for an answer or for its checks, and therefore is not idle.
    var isWaiting: @Sendable () -> Bool = { false }

    private var task: MigrationTask { attempt.task }
    private var rung: Rung { attempt.rung }
    private var job: JobFolder { workplace.job }
    private var checkout: String { workplace.slot.treePath }

    /// Returns whether an attempt after these failures resumes the last attempt's conversation.
    ///
    /// A conversation that got stuck or exceeded a limit would probably do so again.
    static func resumes(_ rung: Rung, after failures: [Failure]) -> Bool {
        guard rung.retry == .resume, rung.worker.canResume, let last = failures.last else { return false }
        switch last.kind {
        case .stuck, .budget, .workerTimeout, .workerStart: return false
        default: return true
        }
    }

    /// Runs the worker and waits for its end.
    /// - Throws: `CommandExpansionError`, before anything is started, if the command cannot be expanded.
    func run() async throws -> (outcome: JobOutcome, stream: WorkerStream?) {
        let request = try await blocking { try self.request() }
        let redaction = Redaction(request.environment.secrets)
        if limited.usesModel { used(nil, 1) }
        guard let stream = WorkerStream(limited, before: resumed?.usage, redacted: redaction) else {
            return (await context.jobs.worker.run(request), nil)
        }
        let events = job.events
        let watch = await blocking { [used, answered] in
            StreamWatch(stream, path: events, used: used, answered: answered)
        }
        var watched = request
        watched.watch = { watch.take($0) }
        let outcome = await context.jobs.worker.run(watched)
        let told = await blocking { watch.end() }
        let (conversation, resumed) = (conversation, resumed)
        await blocking { conversation.keep(session: told.session, usage: told.usage, after: resumed) }
        return (outcome, told)
    }

    /// Builds the job for the executor. Blocks: it reads the prompt and creates folders.
    private func request() throws -> Job {
        let worker = limited
        let commands = try CommandTemplate(resumed == nil ? worker.run : worker.resume ?? worker.run).expand(
            files: task.files, task: task.id, job: job.path, prompt: try promptText(), tests: task.tests,
            needsTests: false, session: resumed?.session)
        let environment = try environment()
        let home = worker.home == .task ? [conversation.home] : []
        var request = Job(
            folder: job, commands: commands, checkout: checkout, environment: environment,
            promptOnInput: worker.prompt == .stdin, hasTranscript: worker.events != nil,
            timeout: worker.limits.timeout, outputKept: worker.limits.output,
            sandbox: context.jobs.sandbox.sandbox(
                writable: [checkout, job.path] + home,
                network: worker.network?.filledIn(from: environment.variables), path: environment.variables["PATH"]),
            limits: worker.resources.completed(by: .standard))
        if let timeout = worker.limits.idle {
            request.idle = IdleRule(timeout: timeout, folders: [checkout, job.outbox] + home, isExcused: isWaiting)
        }
        return request
    }

    /// The worker, limited by the budget of its rung.
    private var limited: Worker {
        var worker = rung.worker
        worker.limits.usd = [worker.limits.usd, rung.budget?.usd].compactMap { $0 }.min()
        worker.limits.tokens = [worker.limits.tokens, rung.budget?.tokens].compactMap { $0 }.min()
        worker.limits.turns = [worker.limits.turns, rung.budget?.requests].compactMap { $0 }.min()
        worker.limits.timeout = min(worker.limits.timeout, rung.budget?.workerTime ?? .infinity)
        return worker
    }

    private func promptText() throws -> String? {
        switch rung.worker.prompt {
        case .none, .stdin: nil
        case .file: job.prompt
        case .argument: String(decoding: try UntrustedFile.read(job.prompt, limit: 1 << 20) ?? [], as: UTF8.self)
        }
    }

    private func environment() throws -> JobEnvironment {
        let worker = limited
        var environment = context.jobs.environment.environment(
            general: context.plan.workers.environment, own: worker.environment, place: workplace.jobPlace)
        environment.variables["ORCHESTRATE_PROGRAM"] = WorkContext.program
        if isReview { environment.variables["ORCHESTRATE_ROLE"] = "reviewer" }
        environment.variables["ORCHESTRATE_MAX_TURNS"] = worker.limits.turns.map { "\($0)" }
        environment.variables["ORCHESTRATE_MAX_USD"] = worker.limits.usd.map { "\($0)" }
        if environment.variables["ORCHESTRATE_PRICES"] == nil {
            environment.variables["ORCHESTRATE_PRICES"] = worker.prices?.asVariable
        }
        environment.variables["ORCHESTRATE_MAX_TOKENS"] = worker.limits.tokens.map { "\($0)" }
        // Programs that have their own sandbox cannot create it inside this one.
        environment.variables["ORCHESTRATE_SANDBOX"] = context.plan.sandbox.mode == .on ? "on" : nil
        if worker.home == .task {
            try conversation.makeHome()
            environment.variables["HOME"] = conversation.home
        }
        if worker.capabilities?.contains(.mcp) == true, context.plan.context.share != .none {
            try UntrustedFile.create(job.mcp, try MCPConfiguration(job: job.path).bytes())
            environment.variables["ORCHESTRATE_MCP"] = job.mcp
        }
        return environment
    }
}

extension TokenPrices {
    /// The prices in the format that `orchestrate agent` reads.
    fileprivate var asVariable: String {
        "input=\(input),output=\(output)" + (cached.map { ",cache_read=\($0)" } ?? "")
    }
}

/// A configuration that starts `orchestrate mcp` as a Model Context Protocol server, in the most common format.
struct MCPConfiguration: Encodable {
    struct Server: Encodable {
        var command: String
        var args: [String]
        var env: [String: String]
    }

    var mcpServers: [String: Server]

    init(job: String) {
        mcpServers = [
            "orchestrate": Server(command: WorkContext.program, args: ["mcp"], env: ["ORCHESTRATE_JOB": job])
        ]
    }

    func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }
}
