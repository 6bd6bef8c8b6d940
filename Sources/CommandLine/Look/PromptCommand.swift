import ArgumentParser
import Coordinator
import Model
import PlanFile
import Prompts

struct PromptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompt", abstract: "Print the prompt of a task's next attempt.",
        discussion: """
            With --plan, also works before the first run of a plan, and shows what a changed plan would say. Prints the \
            tokens and the budget of each part, and what was cut and why, to standard error. docs/prompts.md describes \
            the parts.
            """)

    @Argument(help: TaskWord.help("The task"), completion: TaskWord.completion) var task: String
    @OptionGroup var choice: RunChoice

    func run() async throws {
        let preview = try await preview()
        Terminal.print(preview.prompt.text)
        Terminal.say(report(preview))
    }

    private func preview() async throws -> PromptPreview {
        guard let plan = choice.plan, choice.run == nil else { return try preview(of: choice.choose()) }
        let loaded = try PlanFolders.load(plan, repository: choice.repo)
        // A run of another plan says nothing about this one.
        if let chosen = try? choice.choose(), chosen.plan.isSameWork(as: loaded.plan) {
            return try preview(of: chosen)
        }
        let setup = try RunSetup(plan: loaded.plan, environment: Terminal.environment)
        let (preview, tasks) = try await setup.firstPrompt(of: task)
        guard let preview else {
            let names = tasks.prefix(3).map(\.rawValue).joined(separator: ", ")
            throw Outcome(
                code: .usage,
                message: """
                    error: the plan has no task '\(task)'; it has \(Count.text(tasks.count, "task")): \(names)\(tasks.count > 3 ? ", …" : "")
                      hint: 'orchestrate plan show \(plan)' lists them
                    """)
        }
        return preview
    }

    private func preview(of chosen: RunChoice.Chosen) throws -> PromptPreview {
        try PromptPreview(
            chosen.reader, run: chosen.run, task: try chosen.name(typed: task), repository: chosen.repository,
            state: chosen.state)
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
