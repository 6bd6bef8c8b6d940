import ArgumentParser
import Coordinator
import Decomposition
import Foundation
import Model
import PlanFile

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Look at a plan without carrying it out.",
        subcommands: [PlanCheckCommand.self, PlanShowCommand.self, PlanSchemaCommand.self])
}

/// The plan that a verb looks at.
struct PlanArgument: ParsableArguments {
    @Argument(help: "The plan.") var plan: String

    @Option(name: .long, help: ArgumentHelp("The repository, in place of the plan's.", valueName: "path"))
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
        commandName: "check", abstract: "Say everything that is wrong with a plan; exit code 2 if anything is.")

    @OptionGroup var argument: PlanArgument

    func run() throws {
        let loaded = try argument.load()
        Terminal.print("\(argument.plan): the plan '\(loaded.plan.name)' is in order")
    }
}

struct PlanSchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of plans, for editors.")

    func run() throws { Terminal.print(PlanSchema.json()) }
}

struct PlanShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the tasks of a plan, their order and what would run; runs nothing.")

    @OptionGroup var argument: PlanArgument

    @Option(name: .long, help: "Sort tasks by order, lines, fan-in, fan-out, cycle, tests or difficulty.")
    var sort = TaskSorting.order

    func run() async throws {
        let loaded = try argument.load()
        let setup = try RunSetup(plan: loaded.plan, environment: Terminal.environment)
        Terminal.print(PlanOverview(plan: loaded.plan, outlook: try await setup.outlook(), sorting: sort).text)
    }
}
