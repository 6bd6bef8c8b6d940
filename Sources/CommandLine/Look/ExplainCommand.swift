import ArgumentParser
import Coordinator
import Model
import Reporting

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Explain why a task is in its state, and what has to happen next.")

    @Argument(help: TaskWord.help("The task"), completion: TaskWord.completion) var task: String
    @OptionGroup var choice: RunChoice

    func run() throws {
        let chosen = try choice.choose()
        let report = try ExplainReport(
            chosen.reader, run: chosen.run, task: try chosen.name(typed: task), owner: chosen.owner)
        Terminal.print(report.text(Terminal.layout, now: .now))
    }
}
