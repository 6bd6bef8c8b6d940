import ArgumentParser
import Executors
import Foundation
import Jobs
import Model

struct ExecutorsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "executors",
        abstract: "Check the machines on which attempts can run, and copy the program to them.",
        discussion: "They are named in ~/.config/orchestrate/executors.yaml; docs/executors.md describes it.",
        subcommands: [ExecutorsCheckCommand.self, ExecutorsInstallCommand.self],
        defaultSubcommand: ExecutorsCheckCommand.self)

    /// Returns the executors to work on.
    /// - Parameter name: one of them; nil for all.
    static func chosen(_ name: String?) throws -> [ExecutorSettings] {
        let all = try ExecutorConfiguration.settings()
        guard let name else { return all }
        guard let one = all.first(where: { $0.name == name }) else {
            let known = all.isEmpty ? "there are none" : all.map(\.name).joined(separator: ", ")
            throw Outcome(code: .usage, message: "error: no executor is called '\(name)'\n  hint: \(known)")
        }
        return [one]
    }

    static func runner() -> ProcessRunner { ProcessRunner(marker: "executors:\(getpid())") }
}

struct ExecutorsCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check each machine of executors with a small job.",
        discussion: """
            The job goes the way of any attempt: a base is sent, a worker runs in a sandbox, a check passes, and the result \
            comes back. Slurm gets one job, and Kubernetes two pods. Exit codes: 0 attempts can run on all machines; 3 they cannot on at least one.
            """)

    @Argument(help: "One executor; default: all.")
    var name: String?

    @Option(help: ArgumentHelp("How long a job may take, with the time in a queue.", valueName: "seconds"))
    var timeout = 120

    @Flag(help: "Print JSON instead of text; docs/executors.md describes it.")
    var json = false

    func validate() throws {
        if timeout < 1 { throw ValidationError("--timeout must be at least 1") }
    }

    func run() async throws {
        let chosen = try ExecutorsCommand.chosen(name)
        let set = ExecutorConfiguration.executors(chosen)
        var document = ExecutorCheck(executors: [])
        for settings in chosen {
            document.executors.append(
                .init(
                    name: settings.name, kind: settings.kind.rawValue, machines: await machines(of: settings, in: set)))
        }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            encoder.keyEncodingStrategy = .convertToSnakeCase
            Terminal.print(json: String(decoding: try encoder.encode(document), as: UTF8.self))
        } else if chosen.isEmpty {
            Terminal.print(
                "No executors. Attempts run in the slots of this machine. To add some, write "
                    + (ExecutorConfiguration.path ?? "executors.yaml"))
        } else {
            Terminal.print(document.text)
        }
        if document.hasFaults { throw Outcome(code: .cannotServe, message: nil) }
    }

    private func machines(of settings: ExecutorSettings, in set: ExecutorSet) async -> [ExecutorCheck.Machine] {
        let machines = settings.hosts.isEmpty ? [settings] : settings.hosts.map { settings.with(only: $0) }
        let patience = Double(timeout)
        return await withTaskGroup(of: (Int, ExecutorCheck.Machine).self) { group in
            for (index, machine) in machines.enumerated() {
                group.addTask { (index, await Self.check(machine, in: set, patience: patience)) }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private static func check(
        _ settings: ExecutorSettings, in set: ExecutorSet, patience: Double
    ) async -> ExecutorCheck.Machine {
        let runner = ExecutorsCommand.runner()
        let executor = set.executor(settings, runner: runner)
        let report = await executor.check().first
        var machine = ExecutorCheck.Machine(
            name: report?.machine ?? settings.name, slots: report?.slots ?? 0, freeBytes: report?.free)
        switch report?.fault {
        case .unreachable(_, let detail): machine.fault = "cannot be reached: \(detail)"
        case .refused(_, let reason): machine.fault = reason
        case nil:
            switch await ExecutorTrial(executor, runner: runner, patience: patience).run() {
            case .passed(let seconds): machine.jobSeconds = (seconds * 100).rounded() / 100
            case .failed(let reason): machine.fault = "a job failed there: \(reason)"
            }
        }
        await executor.close()
        return machine
    }
}

/// What `executors check` has found.
struct ExecutorCheck: Encodable {
    struct Machine: Encodable, Sendable {
        var name: String
        var slots: Int
        var freeBytes: Int?
        var jobSeconds: Double?
        /// nil if attempts can run there.
        var fault: String?
        var ok: Bool { fault == nil }

        private enum CodingKeys: String, CodingKey { case name, ok, slots, freeBytes, jobSeconds, fault }

        func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(name, forKey: .name)
            try values.encode(ok, forKey: .ok)
            try values.encode(slots, forKey: .slots)
            try values.encodeIfPresent(freeBytes, forKey: .freeBytes)
            try values.encodeIfPresent(jobSeconds, forKey: .jobSeconds)
            try values.encodeIfPresent(fault, forKey: .fault)
        }

        fileprivate var text: String {
            if let fault { return "  \(name): \(fault)" }
            let room = freeBytes.map { ", \($0 >> 30) GiB free" } ?? ""
            let time = jobSeconds.map { ", a job took \(String(format: "%.1f", $0)) s" } ?? ""
            return "  \(name): ok, \(Count.text(slots, "slot"))\(room)\(time)"
        }
    }

    struct Entry: Encodable {
        var name: String
        var kind: String
        var machines: [Machine]
    }

    var version = 1
    var executors: [Entry]

    var hasFaults: Bool { executors.contains { $0.machines.contains { !$0.ok } } }

    var text: String {
        executors.map { entry in
            (["\(entry.name)  \(entry.kind)"] + entry.machines.map(\.text)).joined(separator: "\n")
        }.joined(separator: "\n")
    }
}

extension ExecutorSettings {
    fileprivate func with(only host: Host) -> ExecutorSettings {
        var result = self
        result.hosts = [host]
        return result
    }
}

struct ExecutorsInstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install", abstract: "Copy this program to the machines of an executor.")

    @Argument(help: "The executor.")
    var name: String

    func run() async throws {
        guard let settings = try ExecutorsCommand.chosen(name).first else { return }
        if let pods = settings.pods {
            Terminal.print(
                "Executor '\(name)' runs in pods, with the program of the image \(pods.image).\n"
                    + "docs/executors.md says how to make an image with this one.")
            return
        }
        guard !settings.hosts.isEmpty else {
            Terminal.print("Executor '\(name)' runs on this machine, with this program.")
            return
        }
        let installer = ProgramInstaller(
            settings, program: Bundle.main.executablePath ?? "orchestrate", environment: Terminal.environment,
            runner: ExecutorsCommand.runner())
        var isBroken = false
        for host in settings.hosts {
            do {
                try await installer.install(on: host)
                Terminal.print("\(host.name): installed as \(installer.target)")
            } catch {
                isBroken = true
                Terminal.say("error: \(error)")
            }
        }
        if isBroken { throw Outcome(code: .cannotServe, message: nil) }
    }
}
