import Foundation
package import Jobs
package import Model

/// The state of a worker on this machine.
package struct WorkerStatus: Sendable, Encodable {
    package var name: String
    package var description: String
    /// The worker's folder.
    package var path: String
    /// Whether its program was found; nil without a probe.
    package var isFound: Bool?
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

    /// Seconds for one command. A program usually starts within a few.
    private static let timeout: Double = 20
    private static let longestVersion = 60

    /// - Parameter scratch: an empty folder.
    package init(runner: ProcessRunner, environment: BaseEnvironment, scratch: String) {
        self.runner = runner
        self.environment = environment
        self.scratch = scratch
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
            standing.isFound = answer.isGood
            if answer.isGood, !answer.line.isEmpty { standing.version = answer.line.shortened(to: Self.longestVersion) }
        }
        if let login = worker.login, standing.isFound != false {
            standing.isLoggedIn = await run(login, of: worker, log: "\(scratch)/\(worker.name).login").isGood
        }
        return standing
    }

    private func run(_ command: String, of worker: Worker, log: String) async -> (isGood: Bool, line: String) {
        let outcome = await runner.run(
            ProcessRequest(
                command: .shell(command), directory: scratch,
                environment: environment.environment(own: worker.environment, place: nil).variables,
                output: .separate(out: log, error: log + ".error"), timeout: Self.timeout, outputLimit: 1 << 20,
                grace: 1))
        let bytes = (try? UntrustedFile.read(log, limit: 2 << 20)) ?? []
        let line =
            String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        return (outcome.succeeded, OutsideText.line(line).onOneLine)
    }

    private static func words(_ network: Network) -> String {
        switch network {
        case .none: "none"
        case .host: "host"
        case .hosts(let names): names.joined(separator: ", ")
        }
    }
}
