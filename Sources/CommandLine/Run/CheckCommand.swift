import ArgumentParser
import Coordinator
import Decomposition
import Foundation
import Git
import Model
import Reporting

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "List which tasks of a plan are done already, without starting a worker.",
        discussion: """
            Runs the 'done' checks of every task on the integration branch, or on the base if that branch does not \
            exist yet. With --at, on any commit. Exits with 0 if every task is done, else with 1.
            """)

    @OptionGroup var options: PlanOptions
    @OptionGroup var verdicts: VerdictOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Also write the graph to this file, with done tasks green and open ones red.", valueName: "file")
    )
    var html: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The commit to look at, in place of the integration branch.", valueName: "revision"))
    var at: String?

    func run() async throws {
        var plan = try options.load()
        if let at {
            plan.base = at
            // A branch that no run makes, so the tasks are those of the named commit.
            plan.integration = "\(BranchNames.integrations)/\(plan.name).check"
        }
        let setup = try RunSetup(plan: plan, environment: Terminal.environment)
        let outlook = try await setup.outlook()
        let commit = outlook.tip
        let total = outlook.list.tasks.count { !$0.isGate }
        let isInteractive = Terminal.isInteractive
        let findings = try await DoneSweep(
            setup, environment: Terminal.environment, answersKnown: verdicts.answersKnown
        ).findings(outlook.list.tasks, at: commit) { count in
            if isInteractive { Terminal.write("\r\(count) of \(total)", to: 2, lineBreak: false) }
        }
        if isInteractive { Terminal.write("\r\u{1B}[K", to: 2, lineBreak: false) }
        if let html { try write(findings, of: outlook, setup: setup, to: html) }
        let style = Terminal.layout.style
        for finding in findings {
            let word = finding.isDone ? style.paint("done", .good) : style.paint("open", .bad)
            let note = finding.needsReview ? "  (reviewers were not asked)" : ""
            Terminal.print("\(word)  \(finding.task)\(note)")
        }
        let done = findings.filter(\.isDone).count
        Terminal.print(
            "\(done) of \(Count.text(findings.count, "task")) \(findings.count == 1 ? "is" : "are") done at \(commit.short)"
        )
        if let note = outlook.movedBaseNote(plan) { Terminal.say("note: \(note)") }
        if done < findings.count { throw Outcome(code: .notDone, message: nil) }
    }

    private func write(
        _ findings: [DoneSweep.Finding], of outlook: RunSetup.Outlook, setup: RunSetup, to path: String
    ) throws {
        var tasks = GraphTasks(plan: setup.plan.name, tasks: outlook.list.tasks)
        tasks.take(
            openBecause: Dictionary(
                uniqueKeysWithValues: findings.map { finding in
                    (finding.task, finding.openCheck.map { "check '\($0)' fails" })
                }))
        let report = GraphReport(
            graph: outlook.graph, commit: outlook.base,
            name: URL(fileURLWithPath: setup.repository.location).lastPathComponent, tasks: tasks)
        do {
            try Data(report.render(.html, Layout())).write(to: URL(fileURLWithPath: path))
        } catch {
            throw Outcome(
                code: .cannotServe,
                message: "error: cannot write '\(path)': \(error.localizedDescription)\n  hint: name another file")
        }
    }
}
