import ArgumentParser
import Model
import Store

struct SkipCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skip", abstract: "Give up a task; tasks that depend on it are blocked.",
        discussion: """
            'orchestrate retry' takes it up again. If the run is not running, the next 'orchestrate resume' applies it.
            """)

    @Argument(help: TaskWord.help("The task"), completion: TaskWord.completion) var task: String
    @OptionGroup var choice: RunChoice

    func run() async throws {
        let chosen = try choice.choose()
        let id = try chosen.task(named: task).id
        try await CommandSender(chosen: chosen, canQueue: chosen.canQueueCommands).send(.skip(task: id))
    }
}
