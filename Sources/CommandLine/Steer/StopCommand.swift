import ArgumentParser
import Model

struct StopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Stop a run in order; 'orchestrate resume' continues it.",
        discussion: """
            Starts nothing new, waits for running attempts and for candidates that are being checked, and says so. Verified \
            tasks stay in the landing queue. The run then exits with 4.
            """)

    @Flag(name: .long, help: "End running workers and checks at once; their attempts are not counted.")
    var now = false

    @OptionGroup var choice: RunChoice

    func run() async throws {
        try await choice.senderToWholeRun(canQueue: false).send(.stop(atOnce: now))
    }
}
