import ArgumentParser
import Model
import Reporting

struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Show everything that happened to a task, in order.")

    @Argument(help: TaskWord.help("The task"), completion: TaskWord.completion) var task: String
    @OptionGroup var choice: RunChoice

    func run() throws {
        let chosen = try choice.choose()
        Terminal.print(
            try TaskLog(chosen.reader, run: chosen.run, task: try chosen.name(typed: task)).text(Terminal.layout))
    }
}
