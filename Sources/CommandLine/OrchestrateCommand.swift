package import ArgumentParser
import Foundation

/// `orchestrate`: the verbs, each in a file of its own.
package struct OrchestrateCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "orchestrate",
        abstract: "Carries out migrations that are too large for one agent, one verified commit at a time.",
        discussion: """
            Exit codes: 0 all tasks are green; 1 the run ended and some are not; 2 the plan is wrong, nothing was \
            started; 3 the repository or this machine cannot be used; 4 the run was stopped before its end; \
            5 another orchestrate works on the plan; 6 the base is red before anything was done; 64 wrong usage; 130 interrupted.
            """,
        version: Version.current,
        subcommands: [
            MigrateCommand.self, ResumeCommand.self, PlanCommand.self, SimulateCommand.self, StatusCommand.self,
            ReviewCommand.self,
            LandCommand.self, ExplainCommand.self, LogCommand.self, PromptCommand.self, MessageCommand.self,
            QuestionsCommand.self, AnswerCommand.self, PauseCommand.self, ContinueCommand.self, StopCommand.self,
            RetryCommand.self, SkipCommand.self, PrioritiseCommand.self, ReplayCommand.self, GraphCommand.self,
            WorkersCommand.self, CleanCommand.self, DoctorCommand.self, CheckCommand.self, AgentCommand.self,
            MCPCommand.self,
        ])

    package init() {}

    /// Runs the verb that the program was started with, and exits.
    package static func run() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            Outcome.done.exit()
        } catch let outcome as Outcome {
            outcome.exit()
        } catch let code as ExitCode {
            Foundation.exit(code.rawValue)
        } catch {
            guard let outcome = Outcome(describing: error) else { exit(withError: error) }
            outcome.exit()
        }
    }
}

/// The program's own version; the one place where it is written.
enum Version {
    static let current = "0.1.0"
}
