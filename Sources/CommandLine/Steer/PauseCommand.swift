import ArgumentParser
import Model

struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Pause a run: start nothing new until 'continue'. Running attempts end and land.")

    @OptionGroup var choice: RunChoice

    func run() async throws { try await choice.senderToWholeRun(canQueue: false).send(.pause) }
}
