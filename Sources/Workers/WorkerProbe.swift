import Foundation
package import Jobs
package import Model

/// What is known of a worker on this machine without having it do anything.
package struct WorkerStanding: Sendable, Encodable {
    package var name: String
    package var description: String
    /// Its folder.
    package var path: String
    /// Whether its program is there; nil where the worker does not say how to ask.
    package var isFound: Bool?
    /// The first line that the program prints of its version.
    package var version: String?
    /// nil where the worker does not say how to ask, or its program is not there.
    package var isLoggedIn: Bool?
    package var events: Worker.Events?
    package var network: String
    package var home: Worker.Home
    package var capabilities: [String]
}

/// Asks workers whether their programs are there.
package struct WorkerProbe: Sendable {
    private let runner: ProcessRunner
    private let environment: BaseEnvironment
    /// Folder for what the programs print; deleted by the caller.
    private let scratch: String

    /// Seconds for one question; a program that is found starts within a few.
    private static let timeout: Double = 20
    private static let longestVersion = 60

    /// - Parameter scratch: an empty folder.
    package init(runner: ProcessRunner, environment: BaseEnvironment, scratch: String) {
        self.runner = runner
        self.environment = environment
        self.scratch = scratch
    }

    /// Asks all of them side by side.
    ///
    /// - Parameter workers: with the path of each one's folder.
    /// - Returns: in the order of their names.
    package func ask(_ workers: [(worker: Worker, path: String)]) async -> [WorkerStanding] {
        await withTaskGroup(of: WorkerStanding.self) { group in
            for (worker, path) in workers { group.addTask { await ask(worker, path) } }
            var all: [WorkerStanding] = []
            for await one in group { all.append(one) }
            return all.sorted { $0.name < $1.name }
        }
    }

    private func ask(_ worker: Worker, _ path: String) async -> WorkerStanding {
        var standing = WorkerStanding(
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
        return (outcome.succeeded, Self.withoutControls(line).onOneLine)
    }

    /// Colours and the like are the program's, not ours.
    private static func withoutControls(_ text: String) -> String {
        let plain = text.replacing(/\u{1B}\[[0-9;]*[A-Za-z]/, with: "")
        return String(
            String.UnicodeScalarView(plain.unicodeScalars.filter { $0.properties.generalCategory != .control }))
    }

    private static func words(_ network: Network) -> String {
        switch network {
        case .none: "none"
        case .host: "host"
        case .hosts(let names): names.joined(separator: ", ")
        }
    }
}
