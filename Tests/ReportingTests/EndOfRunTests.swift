import Foundation
import Model
import Testing

@testable import Reporting
@testable import Store

/// The report at the end of a run, explanations, reviews, messages and workers, each on a run of a few events.
struct EndOfRunTests {
    private let store = SmallStore()

    /// - Parameter needs: tasks with their dependencies.
    private func start(_ needs: [(String, [String])], landedBefore: [String] = []) throws {
        var started = try SampleRun.started()
        started.tasks = needs.map { name, needs in
            MigrationTask(id: TaskID(name), title: name, files: [name], dependencies: needs.map { TaskID($0) })
        }
        started.landedBefore = try landedBefore.map { .init(task: TaskID($0), commit: try SampleRun.object(7)) }
        try store.add(.fact(.runStarted(started)))
        try store.add(.fact(.coordinatorStarted(.init(processID: 1, tip: started.tip))))
    }

    private func report() throws -> FinalReport { try FinalReport(store.reader, run: nil, now: SampleRun.now) }

    private func next() throws -> String {
        let lines = try report().text(Layout()).split(separator: "\n")
        return String(try #require(lines.last { $0.hasPrefix("next: ") }).dropFirst(6))
    }

    private func final(_ outcome: CheckResult.Outcome) throws {
        var check = SampleRun.check("whole", 3)
        check.outcome = outcome
        check.digest = "TOO BAD"
        let commit = try SampleRun.object(9)
        try store.add(.fact(.finalChecked(.init(commit: commit, tree: commit, checks: [check], seconds: 3))))
    }

    @Test func `an open task means resume`() throws {
        try start([("a", []), ("b", [])])
        try store.land("a", candidate: 1)
        #expect(try next() == "orchestrate resume")
        #expect(try !report().isAllGreen)
    }

    @Test func `a stop that names commands means the first of them`() throws {
        try start([("a", []), ("b", [])])
        try store.land("a", candidate: 1)
        try store.add(
            .decision(
                .suspend(reason: "look at the task's work with 'orchestrate review', then 'orchestrate continue'")))
        #expect(try next() == "orchestrate review")
    }

    @Test func `a failed task means explain`() throws {
        try start([("a", []), ("b", []), ("c", ["b"])])
        try store.land("a", candidate: 1)
        try store.add(.decision(.fail(.init(task: TaskID("b"), reason: "red"))))
        try store.add(.decision(.block(.init(task: TaskID("c"), cause: TaskID("b")))))
        #expect(try next() == "orchestrate explain b")
        #expect(try !report().isAllGreen)
        let text = try report().text(Layout())
        #expect(text.hasPrefix("modernise-typing-1: 1 of 3 tasks done after "))
        #expect(text.contains("\nfailed\n  b  red (after 0 attempts)\n"))
    }

    @Test func `several failed tasks mean failures by class`() throws {
        try start([("a", []), ("b", []), ("c", [])])
        try store.land("a", candidate: 1)
        for task in ["b", "c"] { try store.add(.decision(.fail(.init(task: TaskID(task), reason: "red")))) }
        #expect(try next() == "orchestrate failures")
        let status = try StatusReport(store.reader, run: nil, owner: nil, now: SampleRun.now)
        #expect(try status.render(.text, Layout()).hasSuffix("orchestrate resume\n"))
    }

    @Test func `a finished run means review, and the log where nothing landed now`() throws {
        try start([("a", [])], landedBefore: ["a"])
        #expect(try next() == "git log orchestrate/modernise-typing")
        #expect(try report().isAllGreen)
        #expect(try report().text(Layout()).contains("landed before  1  in earlier runs"))
        #expect(try !report().text(Layout()).contains("\n  landed  "))
        let other = EndOfRunTests()
        try other.start([("a", []), ("b", [])], landedBefore: ["a"])
        try other.store.land("b", candidate: 1)
        #expect(try other.next() == "orchestrate review")
    }

    @Test func `a failed final check is not done, and says what to do`() throws {
        try start([("a", [])])
        try store.land("a", candidate: 1)
        try final(.failed)
        #expect(try !report().isAllGreen)
        #expect(try next().hasPrefix("fix the branch by hand"))
        let text = try report().text(Layout())
        #expect(text.contains("final checks failed at \(try SampleRun.object(9).short)"))
        #expect(text.contains("    | TOO BAD"))
    }

    @Test func `a final check that passed is listed`() throws {
        try start([("a", [])])
        try store.land("a", candidate: 1)
        try final(.passed)
        #expect(try report().isAllGreen)
        let text = try report().text(Layout())
        #expect(text.contains("\nfinal checks\n  whole  3.0 s  passed\n") && !text.contains("TOO BAD"))
    }

    @Test func `baseline failures are shown, a passed baseline is not`() throws {
        let commit = try SampleRun.object(9)
        for isRed in [false, true] {
            let other = EndOfRunTests()
            try other.start([("a", [])])
            var check = SampleRun.check("tests", 3)
            if isRed { check.failedTests = ["t1"] }
            try other.store.add(
                .fact(.baselineChecked(.init(commit: commit, tree: commit, checks: [check], seconds: 3))))
            #expect(try other.report().text(Layout()).contains("failing on the base already") == isRed)
        }
    }

    private func explain(_ task: String, isActive: Bool = true) throws -> String {
        let owner = isActive ? SampleRun.owner : nil
        return try ExplainReport(store.reader, run: nil, task: task, owner: owner, now: SampleRun.now)
            .text(Layout(), now: SampleRun.now)
    }

    @Test func `at most five open dependencies are named`() throws {
        let names = ["a", "b", "c", "d", "e", "f"]
        try start(names.map { ($0, []) } + [("z", names), ("y", Array(names.prefix(5)))])
        #expect(try explain("z").contains("\nwhy\n  waits for 6 tasks that it depends on\n"))
        #expect(try explain("z").contains("e (ready) and 1 more\n"))
        #expect(try explain("y").contains("e (ready)\n"))
        try store.land("a", candidate: 1)
        #expect(try explain("y").contains("  waits for 4 tasks that it depends on\n"))
    }

    @Test func `an open task of a run without coordinator needs resume`() throws {
        try start([("a", []), ("b", ["a"])])
        #expect(try explain("a").contains("it starts as soon as a worker is free"))
        #expect(try explain("a", isActive: false).contains("\nnext\n  'orchestrate resume'; no coordinator"))
        try store.add(.decision(.fail(.init(task: TaskID("a"), reason: ""))))
        #expect(try explain("a").contains("\nwhy\n  failed after 0 attempts\n"))
        #expect(try explain("a").contains("fix the cause, then 'orchestrate retry a'\n"))
        #expect(try explain("a", isActive: false).contains("'orchestrate retry a' and 'orchestrate resume'\n"))
    }

    @Test func `commits are reviewed in the order of the branch`() throws {
        try start([("a", []), ("b", []), ("c", [])])
        try store.land("b", candidate: 1)
        try store.land("c", candidate: 2)
        try store.land("a", candidate: 3)
        let report = try ReviewReport(store.reader, run: nil)
        #expect(report.commits == (try [101, 102, 103].map { try SampleRun.object($0) }))
        let text = report.text(Layout())
        #expect(text.hasPrefix("orchestrate/modernise-typing  3 commits  "))
        let places = ["1. ", "2. ", "3. "].compactMap { text.range(of: "\n\($0)")?.lowerBound }
        #expect(places.count == 3 && places == places.sorted())
        let one = try ReviewReport(store.reader, run: nil, task: "c").text(Layout(), diff: "the diff\n")
        #expect(one.hasPrefix(try SampleRun.object(102).hex) && one.hasSuffix("\nthe diff\n"))
    }

    @Test func `a message shows its sender, its recipients and at most eight deliveries`() throws {
        var record = MessageRecord(
            message: Message(
                id: 3, kind: .question, sender: .task(TaskID("a")), audience: .human, body: "why?\n\u{1B}[2Jnow",
                files: ["x", "y"], thread: 2, time: SampleRun.now),
            attempt: 1, wait: nil, isAnswered: false, deliveries: [])
        let open = MessageReport([record]).text(Layout())
        #expect(open.hasPrefix("3  question from a to you, about 2  ") && open.contains("  open\n  x, y\n  | why?\n"))
        #expect(open.contains("  | now\n") && open.hasSuffix("  orchestrate answer 3 TEXT\n"))
        record.isAnswered = true
        record.deliveries = (1...9).map { .init(task: TaskID("t\($0)"), attempt: 1, way: .prompt, time: SampleRun.now) }
        let answered = MessageReport([record]).text(Layout())
        #expect(answered.contains("  answered\n") && !answered.contains("orchestrate answer"))
        #expect(answered.hasSuffix("t8 (prompt) and 1 more\n"))
        #expect(MessageReport([]).text(Layout()) == "no messages\n")
    }

    @Test func `a worker has a row with its figures per landed task`() throws {
        let usage = Usage(inputTokens: 3000, cachedTokens: 0, outputTokens: 1000, usd: 0.5)
        var agent = WorkerRecord(worker: "agent", attempts: 3, verified: 2, landed: 2, seconds: 180, usage: usage)
        agent.requests = 9
        let report = WorkersReport([agent, WorkerRecord(worker: "idle")])
        let rows = try report.render(.text, Layout()).split(separator: "\n").map { $0.split(separator: " ") }
        #expect(rows[1] == ["agent", "3", "67", "%", "2", "1.50", "4.5", "2000", "0.2500"])
        #expect(rows[2] == ["idle", "0", "-", "0", "-", "-", "-", "-"])
        let json = try report.render(.json, Layout())
        for part in [
            "\"success_rate\"", "\"minutes_per_landed\" : 1.5", "\"requests_per_landed\" : 4.5",
            "\"input_tokens\" : 3000", "\"verified\" : 2",
        ] {
            #expect(json.contains(part))
        }
    }
}
