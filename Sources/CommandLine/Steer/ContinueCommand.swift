import ArgumentParser
import Model
import Store

struct ContinueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "continue",
        abstract: "Continue a run after 'pause' or a checkpoint, or approve a task that waits for approval.",
        discussion: """
            If the run is not running, the next 'orchestrate resume' applies it. To reject a task that waits for \
            approval, use 'orchestrate retry TASK --note TEXT'.
            """,
        aliases: ["approve"])

    @Argument(help: TaskWord.help("The task to approve"), completion: TaskWord.completion) var task: String?
    @OptionGroup var choice: RunChoice

    func run() async throws {
        guard let task else { return try await choice.senderToWholeRun(canQueue: true).send(.proceed) }
        let chosen = try choice.choose()
        let sender = CommandSender(chosen: chosen, canQueue: chosen.canQueueCommands)
        try await sender.send(.approve(task: try chosen.task(named: task).id))
    }
}
