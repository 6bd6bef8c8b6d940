import ArgumentParser
import Coordinator
import Model
import Reporting
import Store

struct AnswerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer", abstract: "Answer a worker's question.",
        discussion: """
            A worker that waits for it goes on at once; a task that was set aside because of it is taken up again, by \
            the run that is under way or by the next 'resume' or 'migrate'.
            """)

    @Argument(help: "The question's number, as 'orchestrate questions' shows it.") var id: Int
    @Argument(help: "The answer.") var text: String
    @OptionGroup var choice: RunChoice

    func run() throws {
        let chosen = try choice.choose()
        let question = try chosen.reader.read { try $0.message(id, of: chosen.run) }
        guard let question, question.message.kind == .question else {
            throw Outcome(
                code: .usage,
                message: """
                    error: \(chosen.run) has no question \(id)
                      hint: 'orchestrate questions' shows those that wait for an answer
                    """)
        }
        try WrittenAnswer(question: id, text: text).put(into: chosen.state.answers(to: chosen.plan.name))
        let isActive = chosen.owner != nil
        Terminal.say(
            isActive ? "handed to the run that is under way" : "kept for the next 'orchestrate resume' or 'migrate'")
    }
}
