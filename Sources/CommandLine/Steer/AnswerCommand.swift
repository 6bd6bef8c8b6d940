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
        Terminal.say(try next(question.message, chosen))
    }

    /// What the answer does, and when.
    private func next(_ question: Message, _ chosen: RunChoice.Chosen) throws -> String {
        let isActive = chosen.owner != nil
        let when = isActive ? "handed to the run that is under way" : "kept"
        guard case .task(let id) = question.sender, let task = try? Asking.task(id.rawValue, chosen) else {
            return when
        }
        let then =
            switch task.state {
            case .failed where isActive: "\(id) is taken up again with it"
            case .failed: "'orchestrate resume' or 'migrate' takes \(id) up again with it"
            case .landed, .alreadyDone: "nothing waits for it: \(id) is green already"
            case .running where isActive:
                "the worker of \(id) has it in its inbox, and in its prompt if it is done again"
            case .waiting, .ready, .running, .verified, .landing, .skipped, .blocked:
                isActive
                    ? "it is in the next prompt of \(id)"
                    : "'orchestrate resume' goes on, and it is in the next prompt of \(id)"
            }
        return "\(when): \(then)"
    }
}
