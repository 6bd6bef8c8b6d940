import ArgumentParser
import Coordinator
import Executors
import Foundation
import Model

/// `orchestrate job`, the part of the program that runs on the machines of an executor.
struct JobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job", abstract: "Carry out an attempt on the machine of an executor.",
        subcommands: [JobRunCommand.self, JobPodCommand.self, JobHostCommand.self])
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
        let root = JobCommand.absolute(JobHost.expanded(root ?? ExecutorSettings.defaultFiles, Terminal.environment))
        let (folder, work) = (JobCommand.absolute(folder), JobCommand.work(in: folder, root: root))
        let signals = SignalListener { _ in work.cancel() }
        defer { withExtendedLifetime(signals) {} }
        try await JobCommand.finish(work, in: folder)
    }
}

extension JobCommand {
    static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

    /// Carries out the order in a folder.
    static func work(in folder: String, root: String) -> Task<JobResult, any Error> {
        let job = job(in: absolute(folder), root: root)
        return Task { try await job.run() }
    }

    static func job(in folder: String, root: String) -> JobRun {
        JobRun(folder: folder, root: root, environment: Terminal.environment, version: Version.current)
    }

    /// Waits for the result.
    /// - Throws: `Outcome` if the folder has no result.
    static func finish(_ work: Task<JobResult, any Error>, in folder: String) async throws {
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

struct JobPodCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pod", abstract: "Wait for one order in a pod, carry it out, and keep the result.",
        discussion: "The executor 'kubernetes' starts pods with it; docs/executors.md describes them.",
        shouldDisplay: false)

    @Argument(help: "Name of the job.")
    var job: String

    @Option(help: ArgumentHelp("Folder of objects, slots and jobs.", valueName: "folder"))
    var root: String

    @Option(help: ArgumentHelp("Seconds to wait for the order.", valueName: "seconds"))
    var wait: Double

    @Option(help: ArgumentHelp("Seconds to keep the result for.", valueName: "seconds"))
    var keep: Double

    func run() async throws {
        let root = JobCommand.absolute(root)
        let (keeper, seconds) = (PodKeeper(job: job, root: root), (wait: wait, keep: keep))
        let life = Task {
            guard await keeper.waitForOrder(seconds: seconds.wait) else {
                if Task.isCancelled { return }
                throw Outcome(code: .cannotServe, message: "error: no order came in \(Int(seconds.wait)) s")
            }
            let work = JobCommand.work(in: keeper.path, root: root)
            try await withTaskCancellationHandler {
                try await JobCommand.finish(work, in: keeper.path)
            } onCancel: {
                work.cancel()
            }
            await keeper.keepResult(seconds: seconds.keep)
        }
        let signals = SignalListener { _ in life.cancel() }
        defer { withExtendedLifetime(signals) {} }
        try await life.value
    }
}

struct JobHostCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "host", abstract: "Answer the requests of a coordinator about the jobs of this machine.",
        discussion: "Reads them from standard input and answers on standard output, until the input ends.",
        shouldDisplay: false)

    func run() async throws {
        let environment = Terminal.environment
        let host = JobHost(
            version: Version.current, program: Bundle.main.executablePath ?? "orchestrate", environment: environment,
            repositories: JobHost.Repositories(
                bases: { JobBase.kept(in: $0, environment: environment) },
                fetchBase: { try JobCommand.job(in: $0, root: $1).fetchBase() },
                forget: { try JobCommand.job(in: $0, root: $1).forget() }))
        await HostServer(host).serve(from: .standardInput, to: .standardOutput)
    }
}
