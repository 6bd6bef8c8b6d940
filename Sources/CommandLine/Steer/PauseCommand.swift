import ArgumentParser
import Model

struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Have a run start nothing new until 'continue'; what is under way lands.")

    @OptionGroup var choice: RunChoice

    func run() async throws { try await Asking(chosen: try choice.choose(), isKept: false).send(.pause) }
}
