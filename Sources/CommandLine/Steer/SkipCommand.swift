import ArgumentParser
import Model
import Reporting
import Store

struct SkipCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skip",
        abstract: "Give up a task or the open tasks of a class of failures; tasks that depend on it are blocked.",
        discussion: """
            'orchestrate retry' takes it up again. If the run is not running, the next 'orchestrate resume' applies it.
            """)

    @Argument(help: TaskWord.help("The task"), completion: TaskWord.completion) var task: String?
    @OptionGroup var chosenClass: ClassOption
    @OptionGroup var choice: RunChoice

    func validate() throws { try chosenClass.validate(task: task) }

    func run() async throws {
        let chosen = try choice.choose()
        let sender = CommandSender(chosen: chosen, canQueue: chosen.canQueueCommands)
        if let name = chosenClass.name {
            let row = try chosen.failureClass(named: name)
            return try await sender.send(.forClass(.init(name: row.id, tasks: row.open, action: .skip)))
        }
        try await sender.send(.skip(task: try chosen.task(named: task ?? "").id))
    }
}
