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

    /// Runs the commands.
    /// - Parameter base: the commit to check out for the commands, in a separate slot.
    /// - Returns: the tasks by the stage's position.
    func run(at base: ObjectID) async throws -> [Int: [ListedTask]] {
        var listed: [Int: [ListedTask]] = [:]
        for (position, stage) in plan.stages.enumerated() {
            guard case .command(let command)? = stage.decompose.list else { continue }
            listed[position] = try await tasks(of: stage, position, command, base)
        }
        return listed
    }

    private func tasks(
        of stage: Stage, _ position: Int, _ command: String, _ base: ObjectID
    ) async throws -> [ListedTask] {
        try state.make()
        let repository = repository
        let folder = "\(state.slots)/\(plan.name)/list"
        let slot = try await blocking { () throws(GitError) in
            let slot = try Slot(at: folder, target: repository)
            try slot.move(to: base)
            return slot
        }
        let logs = "\(state.logs)/\(plan.name)-list"
        try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
        let output = "\(logs)/\(position).json"
        let talk = "\(logs)/\(position).log"
        for path in [output, talk] { try? FileManager.default.removeItem(atPath: path) }
        let variables = environment.environment(general: stage.verify.environment, place: nil).variables
        let sandbox = try SandboxPolicy(plan, of: repository, state: state, environment: environment)
        let outcome = await ProcessRunner(marker: "\(state.path):\(plan.name)-list").run(
            ProcessRequest(
                command: .shell(command), directory: slot.treePath,
                environment: variables, output: .separate(out: output, error: talk), timeout: Self.timeout,
                outputLimit: Self.largestList,
                sandbox: sandbox.sandbox(writable: [slot.treePath], network: nil, path: variables["PATH"]),
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
