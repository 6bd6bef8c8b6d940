import ArgumentParser
import Model
import Reporting
import Store

struct QuestionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "questions", abstract: "Show the questions of workers that wait for an answer.")

    @Flag(help: "Also those that have one.") var all = false
    @OptionGroup var choice: RunChoice

    func run() throws {
        let chosen = try choice.choose()
        let found = try chosen.reader.read { view in
            all ? try view.messages(of: chosen.run, kind: .question) : try view.openQuestions(of: chosen.run)
        }
        Terminal.print(found.isEmpty ? "no question waits for an answer" : MessageReport(found).text(Terminal.layout))
    }
}
