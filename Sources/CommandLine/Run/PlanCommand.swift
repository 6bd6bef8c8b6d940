import ArgumentParser
import Coordinator
import Decomposition
import Foundation
import Git
import Model
import PlanFile

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Check or show a plan without carrying it out.",
        subcommands: [PlanCheckCommand.self, PlanShowCommand.self, PlanSchemaCommand.self])
}

/// The plan of a verb that only reads it: `FILE` or `--plan FILE`.
struct PlanArgument: ParsableArguments {
    @Argument(
        help: "The file of the plan; default: the only one in '.orchestrate'.",
        completion: .file(extensions: ["yaml", "yml"]))
    var file: String?

    @Option(
        name: .customLong("plan"), help: ArgumentHelp("The file of the plan.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var option: String?

    @Option(name: .long, help: ArgumentHelp("The repository; default: the plan's.", valueName: "path"))
    var repo: String?

    mutating func validate() throws {
        if file != nil, option != nil { throw ValidationError("Name one plan, as FILE or with --plan FILE.") }
    }

    var named: String? { file ?? option }

    /// The path of the plan.
    /// - Throws: an `Outcome` if none is named and there is not exactly one.
    func path() throws -> String { try named ?? PlanSearch(repository: repo).only() }

    /// Reads the plan; warnings go to standard error.
    func load(_ path: String) throws -> LoadedPlan {
        let loaded = try PlanFolders.load(path, repository: repo)
        for warning in loaded.warnings { Terminal.say(warning.description) }
        return loaded
    }
}

struct PlanCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Report all errors of a plan, with line, column and a hint; exit with 2 if there are any.",
        discussion: """
            Also reports what does not fit the repository: a base that does not exist, a scope or a task without files, a \
            file in two tasks, branches that are in the way, and checks that would test your checkout instead of the work. \
            Notes say what would hurt: no limit on an agent, a base behind its upstream, slow landing checks, large cycles, \
            programs that a slot or the sandbox does not have. Runs no command of the plan. With 'commit' in the plan, shows a \
            commit in that form, and signs one as a trial if commits are to be signed.
            """)

    @OptionGroup var argument: PlanArgument

    func run() throws {
        let path = try argument.path()
        let loaded = try argument.load(path)
        let found = loaded.problems(try faults(of: loaded.plan), shown: path).diagnostics
        for problem in found { Terminal.say(problem.description) }
        // A plan may be written before its repository is there.
        let looked = try? RunSetup(plan: loaded.plan, environment: Terminal.environment).inspect()
        for note in looked?.notes ?? [] { Terminal.say("note: \(note)") }
        for problem in looked?.problems ?? [] { Terminal.say("error: \(problem)") }
        if found.contains(where: { $0.severity == .error }) || looked?.problems.isEmpty == false {
            throw Outcome(code: .planRefused, message: nil)
        }
        Terminal.print("\(path): no errors in plan '\(loaded.plan.name)'")
        // Without the repository, there is no committer to show.
        if let example = try? RunSetup(plan: loaded.plan, environment: Terminal.environment).exampleOfCommit() {
            Terminal.print(Self.shown(example))
        }
    }

    private static func shown(_ example: (message: String, author: String, note: String?)) -> String {
        func indented(_ text: String) -> String {
            text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    \($0)" }
                .joined(separator: "\n")
        }
        var text =
            "\nA commit of this plan, with an invented task:\n\nAuthor: \(example.author)\n\n\(indented(example.message))"
        if let note = example.note { text += "\nNotes (\(Repository.notesReference)):\n\n\(indented(note))" }
        return text
    }

    private func faults(of plan: Plan) throws -> [PlanFault] {
        do {
            return try RunSetup(plan: plan, environment: Terminal.environment).faults()
        } catch let error as GitError {
            return [PlanFault(.repository, message: error.message, hint: error.hint)]
        }
    }
}

struct PlanSchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of plans, for use in editors.")

    func run() throws { Terminal.print(json: PlanSchema.json()) }
}

struct PlanShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the tasks of a plan, their order and the commands, without running anything.")

    @OptionGroup var argument: PlanArgument

    @Option(name: .long, help: "Sort tasks by order, lines, fan-in, fan-out, cycle, tests or difficulty.")
    var sort = TaskSorting.order

    func run() async throws {
        let loaded = try argument.load(try argument.path())
        let setup = try RunSetup(plan: loaded.plan, environment: Terminal.environment)
        Terminal.print(PlanOverview(plan: loaded.plan, outlook: try await setup.outlook(), sorting: sort).text)
    }
}
