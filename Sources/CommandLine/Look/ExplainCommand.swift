import ArgumentParser
import Coordinator
import Model
import Reporting

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Explain why a task is in its state, and what has to happen next.",
        discussion: "Without a task, says which limits keep a run from starting and landing more at once.")

    @Argument(help: TaskWord.help("The task"), completion: TaskWord.completion) var task: String?
    @OptionGroup var choice: RunChoice

    func run() throws {
        let chosen = try choice.choose()
        let activity = ActivityReader(chosen.state, run: chosen.run).source
        guard let task else {
            let report = try LimitReport(
                chosen.reader, run: chosen.run, owner: chosen.owner, now: .now, activity: activity)
            return Terminal.print(report.text(Terminal.layout))
        }
        let report = try ExplainReport(
            chosen.reader, run: chosen.run, task: try chosen.name(typed: task), owner: chosen.owner, now: .now,
            activity: activity)
        Terminal.print(report.text(Terminal.layout, now: .now))
    }
}
