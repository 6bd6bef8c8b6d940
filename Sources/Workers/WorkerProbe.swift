import Foundation
package import Jobs
package import Model

/// The state of a worker on this machine.
package struct WorkerStatus: Sendable, Encodable {
    package var name: String
    package var description: String
    /// The worker's folder.
    package var path: String
    /// Whether its program was found; nil without a probe, or if the probe did not answer.
    package var isFound: Bool?
    /// Why it is unknown whether the program was found; nil if it is known, or without a probe.
    package var problem: String?
    /// The first line of the program's version.
    package var version: String?
    /// nil without a login command, or if the program was not found.
    package var isLoggedIn: Bool?
    package var events: Worker.Events?
    package var network: String
    package var home: Worker.Home
    package var capabilities: [String]
}

/// Checks whether the programs of workers are available.
package struct WorkerProbe: Sendable {
    private let runner: ProcessRunner
    private let environment: BaseEnvironment
    /// Folder for the output of the programs. The caller deletes it.
    private let scratch: String

    /// Seconds for one command.
    private let timeout: Double

    /// A program usually starts within a few seconds, but a large one may need 20 on a busy machine.
    package static let standardTimeout: Double = 45
    private static let longestVersion = 60

    /// - Parameters:
    ///   - scratch: an empty folder.
    ///   - timeout: seconds for one command.
    package init(
        runner: ProcessRunner, environment: BaseEnvironment, scratch: String,
        timeout: Double = WorkerProbe.standardTimeout
    ) {
        self.runner = runner
        self.environment = environment
        self.scratch = scratch
        self.timeout = timeout
    }

    /// Checks all workers in parallel.
    ///
    /// - Parameter workers: each worker with the path of its folder.
    /// - Returns: the states, sorted by name.
    package func ask(_ workers: [(worker: Worker, path: String)]) async -> [WorkerStatus] {
        await withTaskGroup(of: WorkerStatus.self) { group in
            for (worker, path) in workers { group.addTask { await ask(worker, path) } }
            var all: [WorkerStatus] = []
            for await one in group { all.append(one) }
            return all.sorted { $0.name < $1.name }
        }
    }

    private func ask(_ worker: Worker, _ path: String) async -> WorkerStatus {
        var standing = WorkerStatus(
            name: worker.name, description: worker.summary, path: path, events: worker.events,
            network: worker.network.map(Self.words) ?? "none", home: worker.home ?? .user,
            capabilities: (worker.capabilities ?? []).map(\.rawValue) + (worker.canResume ? ["resume"] : []))
        if let probe = worker.probe {
            let answer = await run(probe, of: worker, log: "\(scratch)/\(worker.name).probe")
            standing.isFound = answer.isSilent ? nil : answer.isGood
            if answer.isSilent { standing.problem = "did not answer in \(Self.seconds(timeout)) s" }
            if answer.isGood, !answer.line.isEmpty { standing.version = answer.line.shortened(to: Self.longestVersion) }
        }
        if let login = worker.login, standing.isFound != false, standing.problem == nil {
            standing.isLoggedIn = await run(login, of: worker, log: "\(scratch)/\(worker.name).login").isGood
        }
        return standing
    }

    private static func seconds(_ value: Double) -> String { value == value.rounded() ? "\(Int(value))" : "\(value)" }

    private struct Answer {
        var isGood: Bool
        /// The time was over before the end of the program.
        var isSilent: Bool
        var line: String
    }

    private func run(_ command: String, of worker: Worker, log: String) async -> Answer {
        let outcome = await runner.run(
            ProcessRequest(
                command: .shell(command), directory: scratch,
                environment: environment.environment(own: worker.environment, place: nil).variables,
                output: .separate(out: log, error: log + ".error"), timeout: timeout, outputLimit: 1 << 20,
                grace: 1))
        let bytes = (try? UntrustedFile.read(log, limit: 2 << 20)) ?? []
        let line =
            String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        return Answer(
            isGood: outcome.succeeded, isSilent: outcome.ending == .timedOut, line: OutsideText.line(line).onOneLine)
    }

    private static func words(_ network: Network) -> String {
        switch network {
        case .none: "none"
        case .host: "host"
        case .hosts(let names): names.joined(separator: ", ")
        }
    }
}
