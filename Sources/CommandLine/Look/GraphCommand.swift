import ArgumentParser
import Coordinator
import Decomposition
import Foundation
import Git
import Model
import PlanFile
import Reporting
import Store

struct GraphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Show the dependency graph of a commit, or why one file depends on another.",
        discussion: """
            Needs no plan. With a plan, or in a repository that a run works on, shows the task of each file and its \
            state. With --why, exits with 1 if there is no chain.
            """)

    @Option(
        name: .long,
        help: ArgumentHelp("The repository; default: the plan's, or the current folder's.", valueName: "path"))
    var repo: String?

    @Option(name: .long, help: ArgumentHelp("The commit; default: the plan's base, or HEAD.", valueName: "ref"))
    var ref: String?

    @Option(name: .long, help: ArgumentHelp("Show the tasks of this plan.", valueName: "file"))
    var plan: String?

    @Option(name: .long, help: "The format: text, json (docs/output.md), dot, mermaid or html.")
    var format = GraphFormat.text

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp("Print a shortest chain of edges from the first file to the second.", valueName: "path"))
    var why: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Use edges of these kinds only: \(EdgeKinds.words).", valueName: "kind,…"))
    var kinds: EdgeKinds?

    @Option(name: .long, help: ArgumentHelp("Write to this file.", valueName: "file"))
    var output: String?

    func validate() throws {
        guard [0, 2].contains(why.count) else { throw ValidationError("--why takes two files") }
        guard why.isEmpty || format == .text else { throw ValidationError("--why prints text only") }
    }

    func run() async throws {
        let report = try await load()
        guard why.count == 2 else { return try deliver(report.render(format, layout)) }
        let root = try? Repository(at: repo ?? ".", environment: Terminal.environment)
        let ends = try why.map { try file($0, in: report.graph, root) }
        guard let chain = report.chainText(from: ends[0], to: ends[1], layout) else {
            let isReverse = report.graph.chain(from: ends[1], to: ends[0]) != nil
            throw Outcome(
                code: .notDone,
                message: "\(why[0]) does not depend on \(why[1])"
                    + (isReverse ? "\n  hint: \(why[1]) depends on \(why[0]); swap the two paths" : ""))
        }
        try deliver(Array(chain.utf8))
    }

    private var layout: Layout { output == nil ? Terminal.layout : Layout() }

    private func show(_ bytes: [UInt8]) {
        switch format {
        case .json: Terminal.print(json: bytes)
        case .html: Terminal.write(bytes, to: FileHandle.standardOutput.fileDescriptor)
        case .text, .dot, .mermaid: Terminal.print(String(decoding: bytes, as: UTF8.self))
        }
    }

    private func deliver(_ bytes: [UInt8]) throws {
        guard let output else { return show(bytes) }
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: output))
        } catch {
            throw Outcome(
                code: .cannotServe,
                message:
                    "error: cannot write '\(output)': \(error.localizedDescription)\n  hint: name another file with --output"
            )
        }
    }

    /// The file at a path that a person typed: relative to the current folder, or to the root of the repository.
    private func file(
        _ path: String, in graph: RepositoryGraph, _ root: Repository?
    ) throws -> RepositoryGraph.FileIndex {
        if let typed = root?.path(typed: path), let file = graph.index(of: typed) { return file }
        let plain = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
        if let file = graph.index(of: plain) { return file }
        let similar = graph.files.filter { $0.path.hasSuffix("/" + plain) }.prefix(3).map { "'\($0.path)'" }
        let hint =
            similar.isEmpty
            ? "name a path from the root of the repository, as 'git ls-files' prints it there"
            : "did you mean \(similar.joined(separator: " or "))?"
        throw Outcome(code: .usage, message: "error: the commit has no file '\(path)'\n  hint: \(hint)")
    }
}

extension GraphCommand {
    private func load() async throws -> GraphReport {
        if let plan { return try await load(plan: plan) }
        let repository = try Repository(at: repo ?? ".", environment: Terminal.environment)
        let commit = try repository.resolve(ref ?? "HEAD")
        let state = stateFolder(repository)
        let graph = try RepositoryGraph.load(from: repository, commit: commit, cachePath: state?.graphCache)
        let tasks = try state.flatMap { try lastRun($0, plan: nil) }.map { try GraphTasks($0.reader, run: $0.run) }
        return report(graph, commit: commit, repository: repository, tasks: tasks)
    }

    private func load(plan path: String) async throws -> GraphReport {
        let loaded = try PlanFolders.load(path, repository: repo)
        for warning in loaded.warnings { Terminal.say(warning.description) }
        var plan = loaded.plan
        if let ref { plan.base = ref }
        let setup = try RunSetup(plan: plan, environment: Terminal.environment)
        let outlook = try await setup.outlook()
        var tasks = GraphTasks(plan: plan.name, tasks: outlook.list.tasks)
        if let last = try lastRun(setup.state, plan: plan.name) { try tasks.takeStates(last.reader, run: last.run) }
        return report(outlook.graph, commit: outlook.base, repository: setup.repository, tasks: tasks)
    }

    private func report(
        _ graph: RepositoryGraph, commit: ObjectID, repository: Repository, tasks: GraphTasks?
    ) -> GraphReport {
        GraphReport(
            graph: kinds.map { graph.keeping($0.kinds) } ?? graph, commit: commit,
            name: URL(fileURLWithPath: repository.location).lastPathComponent, tasks: tasks)
    }

    /// The folder with the cache of scanned files; nil where it cannot be made, since a graph needs no cache.
    private func stateFolder(_ repository: Repository) -> StateFolder? {
        let folder = try? StateFolder(
            commonGitDirectory: repository.commonDirectory, environment: Terminal.environment)
        return (try? folder?.make()) == nil ? nil : folder
    }

    private func lastRun(_ state: StateFolder, plan: String?) throws -> (reader: StoreReader, run: RunRecord)? {
        guard FileManager.default.fileExists(atPath: state.store) else { return nil }
        let reader = try StoreReader(path: state.store)
        guard let run = try reader.read({ try $0.latestRun(plan: plan) }) else { return nil }
        return (reader, run)
    }
}

/// Kinds of edges, separated by commas.
struct EdgeKinds: ExpressibleByArgument {
    var kinds: Set<RepositoryGraph.EdgeKind> = []

    static let words = RepositoryGraph.EdgeKind.allCases.sorted(by: >).map(\.word).joined(separator: ", ")

    init?(argument: String) {
        for word in argument.split(separator: ",") {
            guard let kind = RepositoryGraph.EdgeKind.allCases.first(where: { $0.word == word }) else { return nil }
            kinds.insert(kind)
        }
        guard !kinds.isEmpty else { return nil }
    }
}

extension GraphFormat: ExpressibleByArgument {}
