import ArgumentParser
import Coordinator
import Model
import Store

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Hold a run's decisions against what the same events make of them now.",
        discussion: """
            Feeds the recorded log to the scheduler, which does nothing but decide. Exit code 0 if every decision is \
            the one that was recorded; 1 with the first that is not.
            """)

    @Argument(help: "A run by its name, such as 'modernise-2'; the last one if left out.") var name: String?
    @OptionGroup var choice: RunChoice

    func run() throws {
        var choice = choice
        choice.run = name ?? choice.run
        let chosen = try choice.choose()
        guard let replay = RunReplay(try chosen.reader.read({ try $0.events(of: chosen.run) })) else {
            throw Outcome(code: .cannotServe, message: "error: the log of \(chosen.run) does not begin with its start")
        }
        if let difference = replay.difference {
            throw Outcome(code: .notAllGreen, message: "\(chosen.run) is decided otherwise now\n\(difference)")
        }
        Terminal.print(
            "\(chosen.run): \(replay.facts) events give the same \(replay.decisions) decisions")
    }
}
