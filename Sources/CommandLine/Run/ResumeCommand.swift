import ArgumentParser
import Coordinator
import Git
import Model
import Store

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Go on with the unfinished run of a repository, as its plan was then.",
        discussion: """
            What has landed is not done again, and what was verified lands without a new worker. The plan is the one \
            that the run was started with; with --plan, the budget and the checkpoints are those that the file has \
            now. For any other change edit the file and use 'orchestrate migrate'.
            """)

    @OptionGroup var choice: RunChoice
    @OptionGroup var verdicts: VerdictOptions
    @OptionGroup var display: DisplayOptions
    @OptionGroup var attendance: AttendanceOptions

    func run() async throws {
        let plan = try choice.unfinishedPlan()
        let setup = try RunSetup(
            plan: plan, environment: Terminal.environment, answersKnown: verdicts.answersKnown)
        try await RunSession.run(try setup.prepareToResume(), display: display, attendance: attendance)
    }
}
