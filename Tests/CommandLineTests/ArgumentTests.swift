import ArgumentParser
import Model
import Reporting
import Testing

@testable import CommandLine

/// What each verb makes of its arguments.
struct ArgumentTests {
    private func parse<Command: ParsableCommand>(_ type: Command.Type, _ arguments: String...) throws -> Command {
        try #require(try OrchestrateCommand.parseAsRoot(arguments) as? Command)
    }

    private func expectUsageError(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) {
        do {
            _ = try OrchestrateCommand.parseAsRoot(arguments)
            Issue.record("\(arguments) was taken", sourceLocation: sourceLocation)
        } catch {
            #expect(OrchestrateCommand.exitCode(for: error).rawValue == 64, sourceLocation: sourceLocation)
        }
    }

    @Test func `migrate takes a plan and how to show the run`() throws {
        let plain = try parse(MigrateCommand.self, "migrate", "--plan", "p.yaml")
        #expect(plain.options.plan == "p.yaml" && plain.options.repo == nil)
        #expect(!plain.display.quiet && !plain.display.plain && !plain.attendance.unattended)
        #expect(plain.verdicts.answersKnown)
        let full = try parse(
            MigrateCommand.self, "migrate", "--plan", "p.yaml", "--repo", "r", "-q", "--plain", "--unattended",
            "--no-cache")
        #expect(full.options.repo == "r" && full.display.quiet && full.display.plain)
        #expect(full.attendance.unattended && !full.verdicts.answersKnown)
        #expect(try parse(MigrateCommand.self, "migrate").options.plan == nil)
    }

    @Test func `the display is live on a terminal, unless options say otherwise`() throws {
        func mode(_ arguments: String...) throws -> (terminal: RunDisplay.Mode, pipe: RunDisplay.Mode) {
            let options = try DisplayOptions.parse(arguments)
            return (options.mode(isInteractive: true), options.mode(isInteractive: false))
        }
        #expect(try mode() == (.live, .lines))
        #expect(try mode("--plain") == (.lines, .lines))
        #expect(try mode("--quiet") == (.quiet, .quiet))
        #expect(try mode("--quiet", "--plain") == (.quiet, .quiet))
        #expect(try mode("--json") == (.json, .json))
    }

    @Test func `verbs about a run take the repository, a plan or a run`() throws {
        let choice = try parse(StatusCommand.self, "status", "--repo", "r", "--plan", "p", "--run", "demo-2").choice
        #expect(choice.repo == "r" && choice.plan == "p" && choice.run == "demo-2")
        let status = try parse(StatusCommand.self, "status")
        #expect(status.choice.repo == nil && status.choice.plan == nil && status.choice.run == nil)
        #expect(!status.watch && !status.json)
        #expect(try parse(StatusCommand.self, "status", "--watch").watch)
        #expect(try parse(StatusCommand.self, "status", "--json").json)
        #expect(try parse(ResumeCommand.self, "resume", "--run", "demo-1").choice.run == "demo-1")
    }

    @Test func `verbs about a task take its name`() throws {
        #expect(try parse(ExplainCommand.self, "explain", "a.py").task == "a.py")
        #expect(try parse(LogCommand.self, "log", "a.py").task == "a.py")
        #expect(try parse(PromptCommand.self, "prompt", "a.py").task == "a.py")
        #expect(try parse(SkipCommand.self, "skip", "a.py").task == "a.py")
        #expect(try parse(PrioritiseCommand.self, "prioritise", "a.py").task == "a.py")
        #expect(try parse(PrioritiseCommand.self, "prioritize", "a.py").task == "a.py")
        #expect(try parse(ExplainCommand.self, "explain").task == nil)
        for verb in ["log", "prompt", "skip", "prioritise", "retry"] { expectUsageError(verb) }
    }

    @Test func `retry takes a worker and a note`() throws {
        let retry = try parse(RetryCommand.self, "retry", "a.py", "--worker", "agent", "--note", "Mind the gap.")
        #expect(retry.task == "a.py" && retry.worker == "agent" && retry.note == "Mind the gap.")
        let plain = try parse(RetryCommand.self, "retry", "a.py")
        #expect(plain.worker == nil && plain.note == nil)
    }

    @Test func `continue takes a task or none, and is called approve too`() throws {
        #expect(try parse(ContinueCommand.self, "continue").task == nil)
        #expect(try parse(ContinueCommand.self, "approve", "a.py").task == "a.py")
    }

    @Test func `stop waits for workers unless told now`() throws {
        #expect(try parse(StopCommand.self, "stop").now == false)
        #expect(try parse(StopCommand.self, "stop", "--now").now)
        _ = try parse(PauseCommand.self, "pause")
    }

    @Test func `questions and answers take a number and a text`() throws {
        #expect(try parse(QuestionsCommand.self, "questions", "--all").all)
        let answer = try parse(AnswerCommand.self, "answer", "3", "blue")
        #expect(answer.id == 3 && answer.text == "blue")
        expectUsageError("answer", "three", "blue")
        expectUsageError("answer", "3")
    }

    @Test func `graph takes none or two files to explain, as text`() throws {
        let why = try parse(GraphCommand.self, "graph", "--why", "a.py", "b.py")
        #expect(why.why == ["a.py", "b.py"] && why.format == .text)
        #expect(try parse(GraphCommand.self, "graph", "--format", "mermaid").format == .mermaid)
        #expect(try parse(GraphCommand.self, "graph", "--kinds", "name,weak").kinds?.kinds == [.name, .weak])
        expectUsageError("graph", "--why", "a.py")
        expectUsageError("graph", "--why", "a.py", "b.py", "--format", "json")
        expectUsageError("graph", "--kinds", "name,strong")
        expectUsageError("graph", "--format", "png")
    }

    @Test func `land refuses options that exclude each other`() throws {
        let land = try parse(LandCommand.self, "land", "--into", "main", "--reverify", "--push", "upstream")
        #expect(land.into == "main" && land.reverify && land.push && land.remote == "upstream")
        #expect(try parse(LandCommand.self, "land").remote == "origin")
        #expect(try parse(LandCommand.self, "land", "--pr").request)
        expectUsageError("land", "--merge", "--ff-only")
        for option in ["--merge", "--ff-only", "--reverify", "--push"] { expectUsageError("land", "--pr", option) }
    }

    @Test func `clean forces only what is unlanded`() throws {
        let clean = try parse(CleanCommand.self, "clean", "-d", "--unlanded", "--force", "--plan", "demo")
        #expect(clean.dryRun && clean.unlanded && clean.force && clean.plan == "demo")
        expectUsageError("clean", "--force")
    }

    @Test func `simulate refuses figures out of range`() throws {
        let simulate = try parse(
            SimulateCommand.self, "simulate", "--plan", "p", "--failures", "99.5", "--runs", "10000")
        #expect(simulate.failures == 99.5 && simulate.runs == 10_000 && simulate.worker == nil)
        for figure in ["--worker=0", "--verify=0", "--runs=0", "--runs=10001", "--failures=100", "--rejections=-1"] {
            expectUsageError("simulate", "--plan", "p", figure)
        }
        expectUsageError("simulate", "--plan", "p", "--measure", "--verify", "3")
        let scaling = try parse(
            SimulateCommand.self, "simulate", "--plan", "p", "--workers", "16,4,4", "--verify-slots", "2", "--chart",
            "c")
        #expect(scaling.workers?.counts == [4, 16] && scaling.verifySlots == 2 && scaling.chart == "c")
        for figure in ["--workers=", "--workers=4,,8", "--workers=0", "--workers=4,x", "--workers=100001"] {
            expectUsageError("simulate", "--plan", "p", figure)
        }
        expectUsageError("simulate", "--plan", "p", "--chart", "c")
        expectUsageError("simulate", "--plan", "p", "--verify-slots", "2")
        expectUsageError("simulate", "--plan", "p", "--workers", "4", "--verify-slots", "0")
    }

    @Test func `plan has three verbs`() throws {
        #expect(try parse(PlanCheckCommand.self, "plan", "check", "p.yaml").argument.named == "p.yaml")
        #expect(try parse(PlanShowCommand.self, "plan", "show", "p.yaml", "--sort", "fan-in").sort == .fanIn)
        _ = try parse(PlanSchemaCommand.self, "plan", "schema")
        expectUsageError("plan", "show", "p.yaml", "--sort", "size")
    }

    @Test(arguments: ["check", "show"]) func `a plan is named with or without its option`(verb: String) throws {
        func plan(_ arguments: String...) throws -> String? {
            let command = try OrchestrateCommand.parseAsRoot(["plan", verb] + arguments)
            return (command as? PlanCheckCommand)?.argument.named ?? (command as? PlanShowCommand)?.argument.named
        }
        #expect(try plan("p.yaml") == "p.yaml")
        #expect(try plan("--plan", "p.yaml", "--repo", "r") == "p.yaml")
        #expect(try plan() == nil)
        expectUsageError("plan", verb, "p.yaml", "--plan", "q.yaml")
    }

    @Test(
        arguments: [
            (["nonsense", "--help"], "orchestrate", nil), (["nonsense"], "orchestrate", nil),
            (["migrat", "--plan", "p"], "orchestrate", "migrate"), (["--help", "statsu"], "orchestrate", "status"),
            (["help", "reviw"], "orchestrate", "review"), (["plan", "chek", "-h"], "orchestrate plan", "check"),
            (["message", "sent", "--help"], "orchestrate message", "send"),
        ] as [([String], String, String?)])
    func `an unknown verb is an error with a suggestion`(arguments: [String], command: String, near: String?) throws {
        let unknown = try #require(UnknownVerb(in: arguments))
        #expect(unknown.command == command && unknown.suggestion == near)
        #expect(unknown.outcome.code == .usage)
        let hint = near.map { "did you mean '\(command) \($0)'?" } ?? "'\(command) --help' lists the commands"
        #expect(unknown.outcome.message?.hasSuffix("\n  hint: \(hint)") == true)
    }

    @Test(arguments: [
        [], ["--help"], ["--version"], ["status", "--help"], ["help"], ["help", "plan", "check"], ["plan", "--help"],
        ["explain", "nonsense"], ["workers"], ["workers", "--json"], ["--generate-completion-script", "zsh"],
    ]) func `verbs, options and values are not taken for unknown verbs`(arguments: [String]) {
        #expect(UnknownVerb(in: arguments) == nil)
    }

    @Test func `workers lists by default`() throws {
        #expect(try parse(WorkersListCommand.self, "workers", "--json").json)
        #expect(try parse(WorkersListCommand.self, "workers", "list").plan == nil)
        #expect(try parse(WorkersStatsCommand.self, "workers", "stats", "--json").json)
    }

    @Test func `doctor, check, review and replay have their options`() throws {
        let doctor = try parse(DoctorCommand.self, "doctor", "--rebuild", "--json")
        #expect(doctor.rebuild && doctor.json)
        #expect(try parse(CheckCommand.self, "check", "--plan", "p", "--html", "g.html").html == "g.html")
        let review = try parse(ReviewCommand.self, "review", "a.py", "--no-pager")
        #expect(review.task == "a.py" && review.noPager)
        #expect(try parse(ReplayCommand.self, "replay", "demo-2").name == "demo-2")
    }

    @Test func `messages have a kind, a recipient and a time to wait`() throws {
        let send = try parse(
            MessageCommand.Send.self, "message", "send", "--kind", "question", "--to", "human", "--file", "a", "--file",
            "b", "--thread", "7", "--wait", "10m", "why?")
        #expect(send.kind == .question && send.to == "human" && send.file == ["a", "b"] && send.thread == 7)
        #expect(send.wait?.seconds == 600 && send.text == "why?")
        #expect(try parse(MessageCommand.Send.self, "message", "send", "hello").kind == .lesson)
        #expect(try parse(MessageCommand.Wait.self, "message", "wait").timeout.seconds == 600)
        #expect(try parse(MessageCommand.Search.self, "message", "search", "a", "b").words == ["a", "b"])
        expectUsageError("message", "search")
        expectUsageError("message", "send", "--kind", "gossip", "hello")
    }

    @Test(arguments: [("90", 90.0), ("90s", 90), ("10m", 600), ("2h", 7200), ("0.5m", 30)])
    func `a time has a unit or is in seconds`(text: String, seconds: Double) {
        #expect(WaitingTime(argument: text)?.seconds == seconds)
    }

    @Test(arguments: ["", "m", "0", "-5", "10d", "ten", "1000000"])
    func `what is not a time is refused`(text: String) { #expect(WaitingTime(argument: text) == nil) }

    @Test func `every help text begins with a verb in the imperative`() {
        var open: [any ParsableCommand.Type] = [OrchestrateCommand.self]
        var seen = 0
        while let command = open.popLast() {
            open += command.configuration.subcommands
            seen += 1
            let words = command.configuration.abstract.split(separator: " ")
            let first = words.first.map(String.init) ?? ""
            #expect(Self.verbs.contains(first), "\(command): \(command.configuration.abstract)")
        }
        #expect(seen > 30)
    }

    private static let verbs: Set<String> = [
        "Answer", "Carry", "Check", "Clean", "Continue", "Copy", "Do", "Explain", "Forecast", "Give", "List", "Move",
        "Pause",
        "Print", "Remove", "Replay", "Report", "Resume", "Retry", "Review", "Watch", "Send", "Serve", "Show", "Start",
        "Split", "Stop",
        "Wait", "Write",
    ]
}
