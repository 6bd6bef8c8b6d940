import ArgumentParser
import Coordinator
import Model

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Carry out a plan, or go on with it where it was left.",
        discussion: """
            Builds the dependency graph of the base commit, cuts the scope into tasks, runs workers on them side by \
            side, and lands each task as one commit on the integration branch once that exact tree has passed the \
            landing checks. Your checkout, index, stash and branches are not touched.
            """)

    @OptionGroup var options: PlanOptions
    @OptionGroup var display: DisplayOptions

    func run() async throws {
        let plan = try options.load()
        let setup = try RunSetup(plan: plan, environment: Terminal.environment)
        try await RunSession.run(try await setup.prepare(), display: display)
    }
}
