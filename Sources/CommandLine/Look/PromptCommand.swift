import ArgumentParser
import Coordinator
import Model
import Prompts

struct PromptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompt", abstract: "Print the prompt of a task's next attempt.",
        discussion: "Prints the tokens and the budget of each part, and what was cut and why, to standard error.")

    @Argument(help: TaskWord.help("The task"), completion: TaskWord.completion) var task: String
    @OptionGroup var choice: RunChoice

    func run() throws {
        let chosen = try choice.choose()
        let preview = try PromptPreview(
            chosen.reader, run: chosen.run, task: try chosen.name(typed: task), repository: chosen.repository,
            state: chosen.state)
        Terminal.print(preview.prompt.text)
        Terminal.say(report(preview))
    }

    private func report(_ preview: PromptPreview) -> String {
        let head = "attempt \(preview.attempt) for worker \(preview.worker): about \(preview.prompt.tokens) tokens"
        let rows = preview.prompt.sections.map { section in
            let name = section.part.rawValue + String(repeating: " ", count: max(0, 12 - section.part.rawValue.count))
            let cut = section.cut.isEmpty ? "" : "; \(section.cut)"
            return "  \(name)\(section.tokens) of \(section.budget) tokens, \(section.kept) of \(section.offered)\(cut)"
        }
        return ([head] + rows).joined(separator: "\n")
    }
}
