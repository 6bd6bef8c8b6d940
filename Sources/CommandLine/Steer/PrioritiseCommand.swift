import ArgumentParser
import Model
import Store

struct PrioritiseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prioritise", abstract: "Start a task, and what it needs, before all others.",
        discussion: "Said to a run that nobody works on, it is kept for the next 'orchestrate resume'.",
        aliases: ["prioritize"])

    @Argument(help: "The task's name, or the path of one of its files.") var task: String
    @OptionGroup var choice: RunChoice

    func run() async throws {
        let chosen = try choice.choose()
        let id = try Asking.task(task, chosen).id
        try await Asking(chosen: chosen, isKept: chosen.state(is: .stopped, .running)).send(.prioritise(task: id))
    }
}
