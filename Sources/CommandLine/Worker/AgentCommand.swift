import Agent
import ArgumentParser
import Foundation
import Jobs
import ModelAPI

struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent", abstract: "Do one job with a model. The worker 'agent' runs this built-in agent.",
        discussion: """
            Works on the checkout in the current folder, with the job folder in ORCHESTRATE_JOB. The environment sets the \
            model: ORCHESTRATE_MODEL, ORCHESTRATE_DIALECT (anthropic, chat or responses), ORCHESTRATE_BASE_URL; \
            docs/agent.md describes all settings. Prints its events as JSON lines. Exit codes: 0 done; 1 error; 10 gave \
            up; 11 stuck; 12 over a limit; 13 provider unreachable; 64 wrong settings; 75 the provider's limit is used \
            up; 130 cancelled.
            """)

    @Option(help: ArgumentHelp("The prompt; default: prompt.md in the job folder.", valueName: "file"))
    var prompt: String?

    func run() async throws {
        let environment = Terminal.environment
        guard let job = environment["ORCHESTRATE_JOB"], !job.isEmpty else {
            throw Outcome(
                code: .usage,
                message: "error: ORCHESTRATE_JOB is not set\n  hint: use the worker 'agent' in a plan")
        }
        let folder = JobFolder(existing: job)
        let settings: AgentSettings
        do throws(ModelError) {
            settings = try AgentSettings(environment: environment)
        } catch {
            throw Outcome(code: .usage, message: "error: \(error)\n  hint: docs/agent.md describes all settings")
        }
        Self.hide(settings.secretVariables)
        guard let bytes = try UntrustedFile.read(prompt ?? folder.prompt, limit: 4 << 20), !bytes.isEmpty else {
            throw Outcome(
                code: .usage,
                message: "error: no prompt at '\(prompt ?? folder.prompt)'\n  hint: name the file with --prompt")
        }
        let agent = BuiltInAgent(
            folder: folder, checkout: FileManager.default.currentDirectoryPath, environment: environment,
            secrets: settings.secretVariables, role: settings.role)
        let report = await agent.run(
            prompt: String(decoding: bytes, as: UTF8.self), source: settings.client, limits: settings.limits,
            prices: settings.prices, events: EventLines { Terminal.print(json: $0) })
        if report.result != .success { Terminal.say("\(report.result.name): \(report.summary)") }
        throw ExitCode(report.result.exitStatus)
    }

    /// Overwrites secrets in this process's environment: a command of the model could read them in /proc, though it is
    /// not given the variables.
    private static func hide(_ names: Set<String>) {
        for name in names {
            guard let value = getenv(name) else { continue }
            memset(value, Int32(UInt8(ascii: "x")), strlen(value))
        }
    }
}
