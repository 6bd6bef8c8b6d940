import ArgumentParser
import Model

struct StopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "End a run in good order; 'orchestrate resume' goes on with it.",
        discussion: "Nothing new is started, and what is under way ends and lands. The run ends with exit code 4.")

    @Flag(name: .long, help: "End the workers that are under way at once; their attempts are not counted.")
    var now = false

    @OptionGroup var choice: RunChoice

    func run() async throws { try await Asking(chosen: try choice.choose(), isKept: false).send(.stop(atOnce: now)) }
}
