import ArgumentParser
import Coordinator
import Model
import Reporting
import Store

struct AnswerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer", abstract: "Answer a worker's question.",
        discussion: """
            A worker that waits for the answer continues at once. A task that failed because it got no answer is taken \
            up again, by the running run or by the next 'resume' or 'migrate'.
            """)

    @Argument(help: "The number of the question, shown by 'orchestrate questions'.") var id: Int
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
                      hint: 'orchestrate questions' lists the open questions
                    """)
        }
        try WrittenAnswer(question: id, text: text).put(into: chosen.state.answers(to: chosen.plan.name))
        Terminal.say(try next(question.message, chosen))
    }

    /// The effect of the answer.
    private func next(_ question: Message, _ chosen: RunChoice.Chosen) throws -> String {
        let isActive = chosen.owner != nil
        let when = isActive ? "Sent" : "Queued"
        guard case .task(let id) = question.sender, let task = try? chosen.task(named: id.rawValue) else {
            return "\(when)."
        }
        let then =
            switch task.state {
            case .failed where isActive: "\(id) is taken up again with it."
            case .failed: "'orchestrate resume' or 'migrate' takes \(id) up again with it."
            case .landed, .alreadyDone: "Nothing needs it: \(id) is done already."
            case .running where isActive:
                "It is in the inbox of the worker of \(id), and in the prompt of a next attempt."
            case .waiting, .ready, .running, .verified, .landing, .skipped, .blocked:
                isActive
                    ? "It is in the next prompt of \(id)."
                    : "After 'orchestrate resume', it is in the next prompt of \(id)."
            }
        return "\(when). \(then)"
    }
}
