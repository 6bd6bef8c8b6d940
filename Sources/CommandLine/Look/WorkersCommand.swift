import ArgumentParser
import Foundation
import Jobs
import Model
import PlanFile
import Reporting
import Workers

struct WorkersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workers", abstract: "Show the workers that a plan may name.",
        subcommands: [WorkersListCommand.self, WorkersStatsCommand.self], defaultSubcommand: WorkersListCommand.self)
}

struct WorkersListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the workers, whether their programs are found, and the sandbox of this machine.",
        discussion: """
            Asks the programs for their version. Sends nothing to a provider, so "logged in" only says whether the \
            variables and files that a login needs are there. Exits with 0 whatever is found.
            """)

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Look beside this plan; default: the folder '.orchestrate', or the current one.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var plan: String?

    @Flag(name: .long, help: "Print JSON, described in docs/output.md.")
    var json = false

    func run() async throws {
        let (standings, problems) = try await Self.standings(for: plan ?? PlanSearch().anchor)
        let support = SandboxSupport.probe()
        if json {
            Terminal.print(json: try Self.json(standings, support))
        } else {
            Terminal.print(WorkersTable(standings: standings).text + "\nsandbox\n")
            for line in support.words { Terminal.print("  \(line)\n") }
        }
        for problem in problems { Terminal.say(problem) }
    }

    /// The workers that a plan can name, and the problems in the files of others.
    static func standings(for plan: String) async throws -> (standings: [WorkerStatus], problems: [String]) {
        let found = PlanFolders.allWorkers(for: plan)
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("orchestrate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let probe = WorkerProbe(
            runner: ProcessRunner(marker: scratch.path),
            environment: BaseEnvironment(coordinator: Terminal.environment),
            scratch: scratch.path)
        return (await probe.ask(found.workers), found.problems.map(\.description))
    }

    private struct Listing: Encodable {
        struct Sandbox: Encodable {
            var kind: String?
            var words: [String]
        }

        var workers: [WorkerStatus]
        var sandbox: Sandbox
    }

    private static func json(_ standings: [WorkerStatus], _ support: SandboxSupport) throws -> String {
        let sandbox = Listing.Sandbox(kind: support.kind?.rawValue, words: support.words)
        return try DocumentJSON.text(Listing(workers: standings, sandbox: sandbox))
    }
}

/// The workers as a table for people.
struct WorkersTable {
    var standings: [WorkerStatus]

    var text: String {
        guard !standings.isEmpty else { return "no workers found\n" }
        let rows = [["worker", "program", "logged in", "events", "network", "can"]] + standings.map(Self.row)
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
            return cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces) + "\n"
        }.joined()
    }

    private static func row(_ standing: WorkerStatus) -> [String] {
        let program =
            switch standing.isFound {
            case nil: standing.problem ?? "unknown"
            case false?: "not found"
            case true?: standing.version ?? "found"
            }
        let login = standing.isLoggedIn.map { $0 ? "yes" : "no" } ?? ""
        return [
            standing.name, program, login, standing.events?.rawValue ?? "", standing.network,
            standing.capabilities.joined(separator: ", "),
        ]
    }
}

extension PlanFolders {
    /// Every worker that a plan may name, of each name the nearest, and the problems in the files of others.
    static func allWorkers(for plan: String) -> (workers: [(worker: Worker, path: String)], problems: [PlanProblems]) {
        var names: Set<String> = []
        var found: [(worker: Worker, path: String)] = []
        var problems: [PlanProblems] = []
        for folder in workers(for: plan) {
            let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            for name in entries.sorted() where !names.contains(name) {
                let path = "\(folder)/\(name)"
                guard FileManager.default.fileExists(atPath: "\(path)/\(WorkerFile.name)") else { continue }
                names.insert(name)
                switch WorkerFile.load("\(path)/\(WorkerFile.name)") {
                case .success(let worker): found.append((worker, path))
                case .failure(let problem): problems.append(problem)
                }
            }
        }
        return (found, problems)
    }
}
