import Foundation
import Git
import Jobs
import Model
import Store

/// The commands of a plan's stages that list their tasks.
struct ListCommands {
    let plan: Plan
    let repository: Repository
    let state: StateFolder
    let environment: BaseEnvironment

    /// Time limit of a command in seconds.
    private static let timeout: Double = 600
    /// Maximum size of a command's output in bytes.
    private static let largestList = 64 << 20

    /// A stage whose tasks a command lists.
    private struct Listing: Sendable {
        var position: Int
        var stage: Stage
        var command: String
    }

    /// Runs the commands, in a slot of their own with the set-up of their stage.
    ///
    /// - Parameters:
    ///   - base: the commit to check out for the commands.
    ///   - setup: of a run that begins; nil to use the set-up of the last run, or to make it.
    /// - Returns: the tasks by the stage's position.
    /// - Throws: `StoreError.locked` if the set-up must be made and a run of the plan is active.
    func run(at base: ObjectID, _ setup: SlotSetup?) async throws -> [Int: [ListedTask]] {
        let listings = plan.stages.enumerated().compactMap { position, stage -> Listing? in
            guard case .command(let command)? = stage.decompose.list else { return nil }
            return Listing(position: position, stage: stage, command: command)
        }
        if listings.isEmpty { return [:] }
        try state.make()
        if let setup { return try await run(listings, base, setup) }
        let own = try SlotSetup(plan, of: repository, state: state, environment: environment)
        var isMade = true
        for listing in listings { isMade = try await own.isMade(for: base, by: listing.stage.setup) && isMade }
        if isMade { return try await run(listings, base, own) }
        let lock = try RunLock(folder: state.path, plan: plan.name)
        let listed = try await run(listings, base, own)
        lock.release()
        return listed
    }

    private func run(
        _ listings: [Listing], _ base: ObjectID, _ setup: SlotSetup
    ) async throws -> [Int: [ListedTask]] {
        var listed: [Int: [ListedTask]] = [:]
        for listing in listings { listed[listing.position] = try await tasks(of: listing, base, setup) }
        return listed
    }

    private func tasks(
        of listing: Listing, _ base: ObjectID, _ setup: SlotSetup
    ) async throws -> [ListedTask] {
        let pool = SlotPool(
            folder: "\(state.slots)/\(plan.name)/list", target: repository, numbers: 0..<1, setup: setup)
        return try await pool.withSlot(listing.stage.setup) { slot in
            try await slot.move(to: base)
            return try await tasks(of: listing, in: slot.treePath)
        }
    }

    private func tasks(of listing: Listing, in tree: String) async throws -> [ListedTask] {
        let (stage, command) = (listing.stage, listing.command)
        let logs = "\(state.logs)/\(plan.name)-list"
        try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
        let output = "\(logs)/\(listing.position).json"
        let talk = "\(logs)/\(listing.position).log"
        for path in [output, talk] { try? FileManager.default.removeItem(atPath: path) }
        let variables = environment.environment(general: stage.verify.environment, place: nil).variables
        let sandbox = try SandboxPolicy(plan, of: repository, state: state, environment: environment)
        let outcome = await ProcessRunner(marker: "\(state.path):\(plan.name)-list").run(
            ProcessRequest(
                command: .shell(command), directory: tree,
                environment: variables, output: .separate(out: output, error: talk), timeout: Self.timeout,
                outputLimit: Self.largestList,
                sandbox: sandbox.sandbox(writable: [tree], network: nil, path: variables["PATH"]),
                limits: .standard))
        guard outcome.succeeded else {
            throw CoordinatorError.listFailed(stage: stage.name, command: command, status: outcome.status, log: talk)
        }
        let bytes = try UntrustedFile.read(output, limit: Self.largestList) ?? []
        do {
            return try JSONDecoder().decode([ListedTask].self, from: Data(bytes))
        } catch {
            throw CoordinatorError.listMalformed(stage: stage.name, path: output, reason: Self.words(error))
        }
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, let context): "\(place(context))the key '\(key.stringValue)' is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "\(place(context))\(context.debugDescription)"
        default: "it is not JSON"
        }
    }

    private static func place(_ context: DecodingError.Context) -> String {
        let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
        return path.isEmpty ? "" : "at \(path): "
    }
}
