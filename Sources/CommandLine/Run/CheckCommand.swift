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

            With --probe, lists the files in scope that no landing check sees instead. The landing checks run on the base \
            with all source files broken, then with half of them, and so on. Exits with 0 if every file is seen, else \
            with 1.

            With --ratchet, compares HEAD, or the commit that --at names, with the commit where it left the base. Exits with \
            1 if a file that was done is not any more, or a new file is not done.
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

    @Flag(name: .long, help: "List the files in scope that no landing check sees.") var probe = false

    @Flag(name: .long, help: "Refuse files that were done and are not any more, and new files that are not done.")
    var ratchet = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "With --ratchet: the branch to compare with; default: the plan's base.", valueName: "revision"))
    var base: String?

    @Option(
        name: .long,
        help: ArgumentHelp("With --probe: how often the landing checks may run; default: 200.", valueName: "number"))
    var limit: Int?

    func validate() throws {
        if limit != nil, !probe { throw ValidationError("--limit needs --probe") }
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more") }
        if base != nil, !ratchet { throw ValidationError("--base needs --ratchet") }
        if ratchet, probe || html != nil { throw ValidationError("--ratchet excludes --probe and --html") }
        if probe, html != nil { throw ValidationError("--probe and --html exclude each other") }
    }

    func run() async throws {
        if ratchet { return try await compare() }
        var plan = try options.load()
        if let at {
            plan.base = at
            // A branch that no run makes, so the tasks are those of the named commit.
            plan.integration = "\(BranchNames.integrations)/\(plan.name).check"
        }
        let setup = try RunSetup(
            plan: plan, environment: Terminal.environment, executors: try ExecutorConfiguration.executors(for: plan))
        let outlook = try await setup.outlook()
        if probe { return try await search(setup, outlook) }
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

    /// Prints the files that no landing check sees.
    private func search(_ setup: RunSetup, _ outlook: RunSetup.Outlook) async throws {
        let isInteractive = Terminal.isInteractive
        let sweep = ProbeSweep(setup, environment: Terminal.environment, answersKnown: verdicts.answersKnown)
        let findings = try await sweep.search(outlook, limit: limit ?? Self.mostRuns) { runs in
            if isInteractive { Terminal.write("\rlanding checks ran \(runs) times", to: 2, lineBreak: false) }
        }
        if isInteractive { Terminal.write("\r\u{1B}[K", to: 2, lineBreak: false) }
        guard findings.files > 0 else {
            throw Outcome(
                code: .notDone,
                message:
                    "error: the plan has no landing check to try, or no file to break\n  hint: write the project's "
                    + "tests under verify.landing; 'true' and checks with 'probe: off' do not count")
        }
        let style = Terminal.layout.style
        for path in findings.unseen { Terminal.print("\(style.paint("unseen", .bad))  \(path)") }
        for path in findings.open { Terminal.print("unknown  \(path)") }
        let ran = "the landing checks ran \(Count.text(findings.runs, "time"))"
        Terminal.print(
            "\(findings.unseen.count) of \(Count.text(findings.files, "file")) \(findings.unseen.count == 1 ? "is" : "are") "
                + "seen by no landing check at \(outlook.base.short); \(ran)")
        if !findings.open.isEmpty {
            Terminal.say("note: \(Count.text(findings.open.count, "file")) not decided; a larger --limit tells more")
        }
        if !findings.unseen.isEmpty || !findings.open.isEmpty { throw Outcome(code: .notDone, message: nil) }
    }

    /// The default of `--limit`.
    private static let mostRuns = 200

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
