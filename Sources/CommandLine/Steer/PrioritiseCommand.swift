import ArgumentParser
import Model
import Store

struct PrioritiseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prioritise", abstract: "Start a task and its dependencies before all others.",
        discussion: "If the run is not running, the next 'orchestrate resume' applies it.",
        aliases: ["prioritize"])

    @Argument(help: TaskWord.help("The task"), completion: TaskWord.completion) var task: String
    @OptionGroup var choice: RunChoice

    func run() async throws {
        let chosen = try choice.choose()
        let id = try chosen.task(named: task).id
        try await CommandSender(chosen: chosen, canQueue: chosen.canQueueCommands).send(.prioritise(task: id))
    }
}
