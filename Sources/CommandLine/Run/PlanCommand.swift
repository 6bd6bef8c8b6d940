import ArgumentParser
import Coordinator
import Decomposition
import Foundation
import Model
import PlanFile

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Check or show a plan without carrying it out.",
        subcommands: [PlanCheckCommand.self, PlanShowCommand.self, PlanSchemaCommand.self])
}

/// The plan of a verb that only reads it.
struct PlanArgument: ParsableArguments {
    @Argument(help: "The file of the plan.") var plan: String

    @Option(name: .long, help: ArgumentHelp("The repository; default: the plan's.", valueName: "path"))
    var repo: String?

    /// Reads the plan; warnings go to standard error.
    func load() throws -> LoadedPlan {
        let loaded = try PlanFolders.load(plan, repository: repo)
        for warning in loaded.warnings { Terminal.say(warning.description) }
        return loaded
    }
}

struct PlanCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Report all errors of a plan, with line, column and a hint; exit with 2 if there are any.",
        discussion: """
            Also looks at the repository: branches that are in the way, and checks that would test your checkout in place \
            of the work.
            """)

    @OptionGroup var argument: PlanArgument

    func run() throws {
        let loaded = try argument.load()
        // A plan may be written before its repository is there.
        if let setup = try? RunSetup(plan: loaded.plan, environment: Terminal.environment) {
            let found = try setup.inspect()
            for note in found.notes { Terminal.say("note: \(note)") }
            for problem in found.problems { Terminal.say("error: \(problem)") }
            if !found.problems.isEmpty { throw Outcome(code: .planRefused, message: nil) }
        }
        Terminal.print("\(argument.plan): no errors in plan '\(loaded.plan.name)'")
    }
}

struct PlanSchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of plans, for use in editors.")

    func run() throws { Terminal.print(PlanSchema.json()) }
}

struct PlanShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the tasks of a plan, their order and the commands, without running anything.")

    @OptionGroup var argument: PlanArgument

    @Option(name: .long, help: "Sort tasks by order, lines, fan-in, fan-out, cycle, tests or difficulty.")
    var sort = TaskSorting.order

    func run() async throws {
        let loaded = try argument.load()
        let setup = try RunSetup(plan: loaded.plan, environment: Terminal.environment)
        Terminal.print(PlanOverview(plan: loaded.plan, outlook: try await setup.outlook(), sorting: sort).text)
    }
}
