import ArgumentParser
import Model
import Store

struct SkipCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skip", abstract: "Give a task up; what needs it is held.",
        discussion: """
            'orchestrate retry' takes it up again. Said to a run that nobody works on, it is kept for the next \
            'orchestrate resume'.
            """)

    @Argument(help: "The task's name, or the path of one of its files.") var task: String
    @OptionGroup var choice: RunChoice

    func run() async throws {
        let chosen = try choice.choose()
        let id = try Asking.task(task, chosen).id
        try await Asking(chosen: chosen, isKept: chosen.state(is: .stopped, .running)).send(.skip(task: id))
    }
}
