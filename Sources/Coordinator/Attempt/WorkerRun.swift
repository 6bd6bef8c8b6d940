import Foundation
import Jobs
import Model
import Workers

/// Runs the worker of one attempt in its slot, and reads what it tells.
struct WorkerRun {
    let context: RunContext
    let task: MigrationTask
    let rung: Rung
    let job: JobFolder
    /// Absolute path.
    let checkout: String
    let place: JobPlace
    let conversation: Conversation
    /// The conversation to go on with; nil for a new one.
    let resumed: Conversation.Record?
    /// It judges, and does no work.
    var isReview = false
    /// Told what the attempt has used so far, again and again.
    let used: @Sendable (Usage) -> Void
    /// Whether the worker waits for something that is not its own to do.
    var isWaiting: @Sendable () -> Bool = { false }

    /// Whether an attempt after these failures goes on with the conversation of the last one.
    ///
    /// One that went in circles, or on and on, would do so again.
    static func resumes(_ rung: Rung, after failures: [Failure]) -> Bool {
        guard rung.retry == .resume, rung.worker.canResume, let last = failures.last else { return false }
        switch last.kind {
        case .stuck, .budget, .workerTimeout, .workerStart: return false
        default: return true
        }
    }

    /// - Throws: `CommandExpansionError` for a command that cannot be filled in; nothing has been started then.
    func run() async throws -> (outcome: JobOutcome, stream: WorkerStream?) {
        let worker = limited
        let commands = try CommandTemplate(resumed == nil ? worker.run : worker.resume ?? worker.run).expand(
            files: task.files, task: task.id, job: job.path, prompt: try promptText(), tests: task.tests,
            needsTests: false, session: resumed?.session)
        let environment = try environment()
        var request = Job(
            folder: job, commands: commands, checkout: checkout, environment: environment,
            promptOnInput: worker.prompt == .stdin, hasTranscript: worker.events != nil,
            timeout: worker.limits.timeout, outputKept: worker.limits.output,
            sandbox: context.sandbox.sandbox(
                writable: [checkout, job.path] + (worker.home == .task ? [conversation.home] : []),
                network: worker.network?.filledIn(from: environment.variables), path: environment.variables["PATH"]),
            limits: worker.resources.completed(by: .standard))
        if let timeout = worker.limits.idle {
            request.idle = IdleRule(
                timeout: timeout, folders: [checkout, job.outbox] + (worker.home == .task ? [conversation.home] : []),
                isExcused: isWaiting)
        }
        guard let stream = WorkerStream(worker, before: resumed?.usage) else {
            return (await context.executor.run(request), nil)
        }
        let watch = StreamWatch(stream, path: job.events, secrets: environment.secrets, used: used)
        request.watch = { watch.take($0) }
        let outcome = await context.executor.run(request)
        let told = watch.end()
        conversation.keep(session: told.session, usage: told.usage, after: resumed)
        return (outcome, told)
    }

    /// The worker with the caps of its step in the ladder.
    private var limited: Worker {
        var worker = rung.worker
        worker.limits.usd = [worker.limits.usd, rung.budget?.usd].compactMap { $0 }.min()
        worker.limits.tokens = [worker.limits.tokens, rung.budget?.tokens].compactMap { $0 }.min()
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
        var environment = context.environment.environment(
            allowed: context.plan.workers.environment(of: worker), place: place)
        environment.variables["ORCHESTRATE_PROGRAM"] = RunContext.program
        if isReview { environment.variables["ORCHESTRATE_ROLE"] = "reviewer" }
        environment.variables["ORCHESTRATE_MAX_TURNS"] = worker.limits.turns.map { "\($0)" }
        environment.variables["ORCHESTRATE_MAX_USD"] = worker.limits.usd.map { "\($0)" }
        if environment.variables["ORCHESTRATE_PRICES"] == nil {
            environment.variables["ORCHESTRATE_PRICES"] = worker.prices?.asVariable
        }
        environment.variables["ORCHESTRATE_MAX_TOKENS"] = worker.limits.tokens.map { "\($0)" }
        // Programs with a sandbox of their own cannot make one inside of ours.
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
    /// As `orchestrate agent` reads them.
    fileprivate var asVariable: String {
        "input=\(input),output=\(output)" + (cached.map { ",cache_read=\($0)" } ?? "")
    }
}

/// How a program that speaks the Model Context Protocol starts our server, in the form that most of them read.
struct MCPConfiguration: Encodable {
    struct Server: Encodable {
        var command: String
        var args: [String]
        var env: [String: String]
    }

    var mcpServers: [String: Server]

    init(job: String) {
        mcpServers = [
            "orchestrate": Server(command: RunContext.program, args: ["mcp"], env: ["ORCHESTRATE_JOB": job])
        ]
    }

    func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }
}
