import ArgumentParser
import Model
import Reporting
import Store

struct QuestionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "questions", abstract: "Show the questions of workers that have no answer yet.")

    @Flag(help: "Show answered questions too.") var all = false
    @OptionGroup var choice: RunChoice

    func run() throws {
        let chosen = try choice.choose()
        let found = try chosen.reader.read { view in
            all ? try view.messages(of: chosen.run, kind: .question) : try view.openQuestions(of: chosen.run)
        }
        Terminal.print(found.isEmpty ? "no open questions" : MessageReport(found).text(Terminal.layout))
    }
}
