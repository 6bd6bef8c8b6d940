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
        commandName: "check", abstract: "Check whether attempts can run on the machines of executors.")

    @Argument(help: "One executor; default: all.")
    var name: String?

    func run() async throws {
        let chosen = try ExecutorsCommand.chosen(name)
        if chosen.isEmpty {
            Terminal.print(
                "No executors. Attempts run in the slots of this machine. To add some, write "
                    + (ExecutorConfiguration.path ?? "executors.yaml"))
            return
        }
        let set = ExecutorConfiguration.executors(chosen)
        var isBroken = false
        for settings in chosen {
            let executor = set.executor(settings, runner: ExecutorsCommand.runner())
            Terminal.print("\(settings.name)  \(settings.kind.rawValue)")
            for report in await executor.check() {
                let words: String
                switch report.fault {
                case nil:
                    words = "ok, \(Count.text(report.slots, "slot")), \((report.free ?? 0) >> 30) GiB free"
                case .unreachable(_, let detail):
                    words = "cannot be reached: \(detail)"
                case .refused(_, let reason):
                    words = reason
                }
                isBroken = isBroken || report.fault != nil
                Terminal.print("  \(report.machine): \(words)")
            }
            await executor.close()
        }
        if isBroken { throw Outcome(code: .cannotServe, message: nil) }
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
