import Foundation
import Jobs
import Model

/// The way in which orders are started on a machine and looked at.
package struct JobEngine: Sendable {
    package struct Settings: Codable, Sendable, Equatable {
        package enum Kind: String, Codable, Sendable {
            /// Whoever asks starts the order.
            case caller
            /// A process in a session of its own.
            case process
            case slurm
            /// The process of a pod, which waits for the order.
            case pod
        }

        package var kind: Kind
        /// Absolute path of the folder with the files of jobs, slots and objects.
        package var root: String
        /// `NAME=value` for the orders.
        package var environment: [String]
        package var queue: String?
        /// Further options of `sbatch`.
        package var options: [String]

        package init(
            kind: Kind, root: String, environment: [String] = [], queue: String? = nil, options: [String] = []
        ) {
            self.kind = kind
            self.root = root
            self.environment = environment
            self.queue = queue
            self.options = options
        }
    }

    let settings: Settings
    /// Path of this program.
    let program: String
    let environment: [String: String]

    /// Returns the command that carries out an order.
    static func command(program: String, folder: String, root: String) -> [String] {
        [program, "job", "run", folder, "--root", root]
    }

    /// Returns the marker of the processes of an order.
    static func marker(_ folder: OrderFolder, _ order: JobOrder) -> String { "\(folder.path):\(order.token)" }

    private var variables: [String: String] {
        var result = environment.filter { !$0.key.hasPrefix("SLURM_") && !$0.key.hasPrefix("ORCHESTRATE_") }
        for entry in settings.environment {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if parts.count == 2 { result[parts[0]] = parts[1] }
        }
        return result
    }

    /// Starts an order that is stored.
    /// - Throws: a text for people.
    func start(_ folder: OrderFolder, _ order: JobOrder, resources: JobResources, seconds: Double) async throws {
        switch settings.kind {
        case .caller: break
        case .pod: try UntrustedFile.create(folder.process, [])
        case .process:
            var environment = variables
            environment[DetachedProcess.tokenVariable] = "\(Self.marker(folder, order)):run"
            let process = try DetachedProcess.start(
                Self.command(program: program, folder: folder.path, root: settings.root), environment: environment,
                output: folder.output)
            try Data(process.text.utf8).write(to: URL(fileURLWithPath: folder.process))
        case .slurm:
            try await slurm.submit(
                folder, order, command: Self.command(program: program, folder: folder.path, root: settings.root),
                variables: variables, resources: resources, seconds: seconds)
        }
    }

    private var slurm: SlurmCommands { SlurmCommands(settings: settings, environment: environment) }

    /// Returns the state of orders without a result, one for each folder.
    func states(_ folders: [OrderFolder]) async -> [Exchanged.State] {
        if settings.kind == .slurm { return await slurm.states(folders) }
        return folders.map { folder in
            if FileLock.isTaken(folder.lock) { return .running }
            if settings.kind == .caller || settings.kind == .pod { return .queued(reason: "its process starts") }
            let text = (try? String(contentsOfFile: folder.process, encoding: .utf8)) ?? ""
            if let process = DetachedProcess(text), process.isAlive { return .running }
            // It may have ended between the first look and this one.
            if FileManager.default.fileExists(atPath: folder.result) { return .ended }
            return .lost(reason: "its process ended without a result\(Self.lastWords(of: folder))")
        }
    }

    /// The last line that the process of an order has printed.
    static func lastWords(of folder: OrderFolder) -> String {
        guard let bytes = try? UntrustedFile.read(folder.output, limit: 1 << 20) else { return "" }
        let last = OutsideText.lines(String(decoding: bytes, as: UTF8.self)).split(separator: "\n").last
        return last.map { ": \($0.prefix(300))" } ?? ""
    }

    /// Ends orders, and returns when none of their processes is left on this machine.
    /// - Throws: a text for people if the engine did not do it.
    func end(_ folders: [OrderFolder]) async throws {
        if settings.kind == .slurm { try await slurm.cancel(folders) }
        await withDiscardingTaskGroup { group in
            for folder in folders {
                guard let order = try? folder.readOrder() else { continue }
                let runner = ProcessRunner(marker: Self.marker(folder, order))
                // The order's own process ends its worker in order, which takes the worker's grace.
                group.addTask { _ = await runner.sweep(grace: ProcessRequest.defaultGrace * 2) }
            }
        }
    }
}
