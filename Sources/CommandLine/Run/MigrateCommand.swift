import ArgumentParser
import Coordinator
import Model

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Carry out a plan, or continue its unfinished run.",
        discussion: """
            Builds the dependency graph of the base commit, cuts the scope into tasks, runs workers on them side by \
            side, and lands each task as one commit on the integration branch once that exact tree has passed the \
            landing checks. Your checkout, index, stash and branches are not touched.
            """)

    @OptionGroup var options: PlanOptions
    @OptionGroup var verdicts: VerdictOptions
    @OptionGroup var display: DisplayOptions
    @OptionGroup var attendance: AttendanceOptions
    @OptionGroup var record: RecordOptions

    func run() async throws {
        let plan = try options.load()
        let setup = try RunSetup(
            plan: plan, environment: Terminal.environment, answersKnown: verdicts.answersKnown,
            executors: try ExecutorConfiguration.executors(for: plan))
        let steps = plan.setup.steps.map(\.name)
        if !steps.isEmpty, !display.quiet { Terminal.say("setting up the slots: \(steps.joined(separator: ", "))") }
        if !plan.verify.baseline.isEmpty, !display.quiet { Terminal.say("running the baseline checks") }
        try await RunSession.run(
            try await Self.prepare(setup), display: display, attendance: attendance, record: record)
    }

    /// Separate from the run, so that one listener at a time catches signals.
    private static func prepare(_ setup: RunSetup) async throws -> PreparedRun {
        let signals = SignalListener { count in
            if count > 1 { Outcome.stoppedAtOnce.exit() }
            setup.stop()
        }
        defer { withExtendedLifetime(signals) {} }
        do {
            return try await setup.prepare()
        } catch is CancellationError {
            if !signals.isCaught { throw Outcome(code: .stopped, message: "stopped before the run started") }
            throw Outcome(code: .interrupted, message: "interrupted before the run started")
        }
    }
}
