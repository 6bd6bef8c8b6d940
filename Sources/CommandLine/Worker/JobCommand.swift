import ArgumentParser
import Coordinator
import Executors
import Foundation
import Model

/// `orchestrate job`, the part of the program that runs on the machines of an executor.
struct JobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job", abstract: "Carry out an attempt on the machine of an executor.",
        subcommands: [JobRunCommand.self, JobHostCommand.self])
}

struct JobRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Carry out the order in a folder and leave the result there.",
        discussion: """
            Fetches the base, moves a slot of this machine to it, runs set-up, worker and checks in this machine's \
            sandbox, and writes result.json and result.bundle. docs/executors.md describes the files. Exit codes: 0 a \
            result is there, whatever it says; 3 it could not be written; 5 another process carries the order out.
            """)

    @Argument(help: "The folder with order.json.", completion: .directory)
    var folder: String

    @Option(
        help: ArgumentHelp(
            "Where this machine keeps objects and slots; default: ~/.local/state/orchestrate-jobs.", valueName: "folder"
        ))
    var root: String?

    func run() async throws {
        let environment = Terminal.environment
        func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
        let root = JobHost.expanded(root ?? ExecutorSettings.defaultFiles, environment)
        let job = JobRun(
            folder: absolute(folder), root: absolute(root), environment: environment, version: Version.current)
        let work = Task { try await job.run() }
        let signals = SignalListener { _ in work.cancel() }
        defer { withExtendedLifetime(signals) {} }
        do {
            let result = try await work.value
            if case .broken(let reason) = result.ending { Terminal.say("error: \(reason)") }
        } catch is JobRun.AlreadyRunning {
            throw Outcome(code: .locked, message: "error: another process carries out the order in \(folder)")
        } catch {
            throw Outcome(
                code: .cannotServe, message: "error: the order in \(folder) cannot be carried out: \(error)")
        }
    }
}

struct JobHostCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "host", abstract: "Answer one request of a coordinator about the jobs of this machine.",
        discussion: "Reads the request from standard input and writes the answer to standard output.",
        shouldDisplay: false)

    func run() async throws {
        let environment = Terminal.environment
        let host = JobHost(
            version: Version.current, program: Bundle.main.executablePath ?? "orchestrate", environment: environment,
            bases: { JobBase.kept(in: $0, environment: environment) },
            fetch: { folder, root in
                try JobRun(folder: folder, root: root, environment: environment, version: Version.current).fetchBase()
            })
        try await host.answer(from: .standardInput, to: .standardOutput)
    }
}
