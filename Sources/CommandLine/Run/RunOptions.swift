import ArgumentParser
import Foundation
import Model
import PlanFile

/// `--plan` and `--repo` of the verbs that read a plan.
struct PlanOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The plan to carry out; default: the only one in '.orchestrate'.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var plan: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The repository to work on; default: the plan's.", valueName: "path"))
    var repo: String?

    /// Reads the plan; warnings go to standard error.
    func load() throws -> Plan {
        let path = try plan ?? PlanSearch(repository: repo).only()
        let loaded = try PlanFolders.load(path, repository: repo)
        for warning in loaded.warnings { Terminal.say(warning.description) }
        return loaded.plan
    }
}

/// Whether recorded verdicts are used.
struct VerdictOptions: ParsableArguments {
    @Flag(
        name: .customLong("no-cache"),
        help: "Run every check, even where its verdict on the same tree is known.")
    var noCache = false

    var answersKnown: Bool { !noCache }
}

/// The folders with the workers that a plan may name.
enum PlanFolders {
    /// - Parameter fallback: the repository of a plan that names none.
    static func load(_ path: String, repository: String?, fallback: String? = nil) throws -> LoadedPlan {
        try PlanLoader.load(
            path: path, repository: repository, fallback: fallback, workerFolders: workers(for: path)
        ).get()
    }

    /// Nearest first: beside the plan, beside its folder, the user's own, and those installed with the program.
    static func workers(for plan: String) -> [String] {
        let folder = URL(fileURLWithPath: plan).standardizedFileURL.deletingLastPathComponent()
        var folders = [
            folder.appendingPathComponent("workers").path,
            folder.deletingLastPathComponent().appendingPathComponent("workers").path,
        ]
        let environment = Terminal.environment
        if let own = environment["XDG_CONFIG_HOME"] ?? environment["HOME"].map({ "\($0)/.config" }) {
            folders.append("\(own)/orchestrate/workers")
        }
        if let program = Bundle.main.executablePath {
            let prefix = URL(fileURLWithPath: program).resolvingSymlinksInPath().deletingLastPathComponent()
                .deletingLastPathComponent()
            folders.append(prefix.appendingPathComponent("share/orchestrate/workers").path)
        }
        return folders
    }
}
