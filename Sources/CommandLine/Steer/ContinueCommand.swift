import ArgumentParser
import Model
import Store

struct ContinueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "continue",
        abstract: "Have a run go on after 'pause' or a checkpoint, or let a task land that waits for approval.",
        discussion: """
            Said to a run that nobody works on, it is kept for the next 'orchestrate resume'. 'orchestrate retry TASK \
            --note TEXT' turns a task down that waits for approval.
            """,
        aliases: ["approve"])

    @Argument(help: "A task that waits for approval, by its name or the path of one of its files.") var task: String?
    @OptionGroup var choice: RunChoice

    func run() async throws {
        let chosen = try choice.choose()
        let asking = Asking(chosen: chosen, isKept: chosen.state(is: .stopped, .running))
        guard let task else { return try await asking.send(.proceed) }
        try await asking.send(.approve(task: try Asking.task(task, chosen).id))
    }
}
