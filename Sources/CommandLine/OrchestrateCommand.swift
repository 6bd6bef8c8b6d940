package import ArgumentParser
import CVersion
import Foundation

/// The command `orchestrate`; each of its verbs has its own file.
package struct OrchestrateCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "orchestrate",
        abstract: "Carry out migrations that are too large for one agent, one verified commit at a time.",
        discussion: """
            Exit codes: 0 all tasks are done; 1 the run ended and some tasks are not done; 2 the plan has errors, nothing \
            was started; 3 the repository or this machine cannot be used; 4 the run stopped before its end; 5 another \
            orchestrate works on the plan; 6 a baseline check failed or a landing check does not see the files in scope, \
            nothing was started; 64 wrong usage; 75 timed out while waiting for a message or an answer; 130 interrupted.
            """,
        version: Version.current,
        subcommands: [
            InitCommand.self, MigrateCommand.self, ResumeCommand.self, PlanCommand.self, SimulateCommand.self,
            StatusCommand.self, WatchCommand.self,
            ReviewCommand.self,
            LandCommand.self, PrsCommand.self, ProgressCommand.self, ReportCommand.self, ExplainCommand.self,
            FailuresCommand.self, MetricsCommand.self, ServeCommand.self, LogCommand.self, PromptCommand.self,
            PlaybookCommand.self, MessageCommand.self,
            QuestionsCommand.self, AnswerCommand.self, PauseCommand.self, ContinueCommand.self, StopCommand.self,
            RetryCommand.self, SkipCommand.self, PrioritiseCommand.self, ReplayCommand.self, GraphCommand.self,
            WorkersCommand.self, CleanCommand.self, DoctorCommand.self, CheckCommand.self, AgentCommand.self,
            MCPCommand.self, SplitCommand.self, ACPCommand.self, ExecutorsCommand.self, JobCommand.self,
            ManualCommand.self,
        ])

    package init() {}

    /// Runs the verb that the program was started with and exits.
    package static func run() async {
        if let unknown = UnknownVerb(in: Array(ProcessInfo.processInfo.arguments.dropFirst())) {
            unknown.outcome.exit()
        }
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
            guard let outcome = Outcome(describing: error) else { exit(showing: error) }
            outcome.exit()
        }
    }

    /// Shows a help text or an error of the arguments, which may repeat anything that was typed, and exits.
    private static func exit(showing error: any Error) -> Never {
        let (code, text) = (exitCode(for: error), fullMessage(for: error))
        if !text.isEmpty {
            if code == .success { Terminal.print(text) } else { Terminal.say(text) }
        }
        Foundation.exit(code.rawValue)
    }
}

/// The version of the program, and the commit that it was built from.
enum Version {
    static let number = "0.1.0"

    static let current: String = {
        let commit = String(cString: orchestrate_commit())
        return commit.isEmpty ? "\(number) (unknown commit; scripts/install records it)" : "\(number) (\(commit))"
    }()
}
