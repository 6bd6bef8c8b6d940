import ArgumentParser
import Model

struct StopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Stop a run in order; 'orchestrate resume' continues it.",
        discussion: "Starts nothing new and lets running attempts end and land. The run then exits with 4.")

    @Flag(name: .long, help: "End running workers at once; their attempts are not counted.")
    var now = false

    @OptionGroup var choice: RunChoice

    func run() async throws {
        try await CommandSender(chosen: try choice.choose(), canQueue: false).send(.stop(atOnce: now))
    }
}
