import ArgumentParser
import Coordinator
import Git
import Model
import Store

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Resume the unfinished run, using the plan it was started with.",
        discussion: """
            Landed tasks are not repeated, and verified tasks land without a new worker. With --plan, takes the budget, \
            the checkpoints and the landing rules from that file. For any other change of the plan, use 'orchestrate migrate'.
            """)

    @OptionGroup var choice: RunChoice
    @OptionGroup var verdicts: VerdictOptions
    @OptionGroup var display: DisplayOptions
    @OptionGroup var attendance: AttendanceOptions
    @OptionGroup var record: RecordOptions

    func run() async throws {
        let plan = try choice.unfinishedPlan()
        let setup = try RunSetup(
            plan: plan, environment: Terminal.environment, answersKnown: verdicts.answersKnown,
            executors: try ExecutorConfiguration.executors(for: plan))
        try await RunSession.run(try setup.prepareToResume(), display: display, attendance: attendance, record: record)
    }
}
