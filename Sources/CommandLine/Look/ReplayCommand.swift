import ArgumentParser
import Coordinator
import Model
import Store

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Replay a run's events and compare the scheduler's decisions with the recorded ones.",
        discussion: """
            Changes nothing. Exits with 0 if all decisions are equal; prints the first difference and exits with 1 \
            otherwise.
            """)

    @Argument(help: "The run, such as 'modernise-2'; default: the last one.") var name: String?
    @OptionGroup var choice: RunChoice

    func run() throws {
        var choice = choice
        choice.run = name ?? choice.run
        let chosen = try choice.choose()
        guard let replay = RunReplay(try chosen.reader.read({ try $0.events(of: chosen.run) })) else {
            throw Outcome(
                code: .cannotServe,
                message:
                    "error: the log of \(chosen.run) has no start event\n  hint: 'orchestrate doctor' checks the store")
        }
        if let difference = replay.difference {
            throw Outcome(code: .notDone, message: "the decisions of \(chosen.run) differ\n\(difference)")
        }
        Terminal.print(
            "\(chosen.run): \(replay.facts) events give the same \(replay.decisions) decisions")
    }
}
