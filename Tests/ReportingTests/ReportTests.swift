import Model
import Store
import TestSupport
import Testing

@testable import Reporting

@Suite("Reports look as recorded")
struct ReportTests {
    static let wide = Layout(width: 80, clockOffset: 3600)
    static let narrow = Layout(width: 40)
    static let colored = Layout(width: 80, style: Style(isColored: true))

    @Test func `status of a run under way`() throws {
        let sample = try SampleRun()
        let report = try StatusReport(sample.reader, run: nil, owner: SampleRun.owner, now: SampleRun.now)
        try expectGolden("status.txt", try report.render(.text, Self.wide))
        try expectGolden("status-narrow.txt", try report.render(.text, Self.narrow))
        try expectGolden("status-colored.txt", try report.render(.text, Self.colored))
        try expectGolden("status.json", try report.render(.json, Self.wide))
    }

    @Test func `failures of a run by class`() throws {
        let sample = try SampleRun()
        let report = try FailuresReport(sample.reader, run: nil)
        let text = try report.render(.text, Self.wide)
        #expect(text.hasPrefix("modernise-typing-1: "))
        #expect(text.contains("lib-broken.py"))
        #expect(text.contains("next: orchestrate "))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(try report.render(.json, Self.wide).contains("\"version\" : 1"))
    }

    @Test func `figures of a run for a monitoring system`() throws {
        let sample = try SampleRun()
        let report = try MetricsReport(sample.reader, run: nil, owner: SampleRun.owner, now: SampleRun.now)
        let lines = report.text.split(separator: "\n")
        #expect(lines.last == "# EOF")
        #expect(lines.contains { $0.hasPrefix("orchestrate_tasks{run=\"modernise-typing-1\",state=\"landed\"} ") })
        #expect(lines.allSatisfy { $0.hasPrefix("# ") || $0.contains("{run=") })
    }

    @Test func `the page's document of a run`() throws {
        let sample = try SampleRun()
        let report = try StatusReport(sample.reader, run: nil, owner: SampleRun.owner, now: SampleRun.now)
        let document = try PageDocument(sample.reader, report)
        let json = try document.json()
        #expect(!json.contains("\n"))
        #expect(json.contains("\"version\":2"))
        #expect(json.contains("\"task\":\"lib-broken.py\""))
    }

    @Test func `status of a run whose coordinator is gone`() throws {
        let sample = try SampleRun()
        let report = try StatusReport(sample.reader, run: SampleRun.id, owner: nil, now: SampleRun.now)
        try expectGolden("status-interrupted.txt", try report.render(.text, Self.wide))
    }

    @Test(arguments: [
        ("landed-after-conflict", "lib-légende-図.py"), ("already-done", "lib/paths.py"),
        ("failed", "lib-broken.py"),
        ("blocked", "app-plugin.py"), ("waiting", "app-end.py"), ("running", "app-api.py"),
        ("landing", "app-main.py"),
        ("verified", "app-cli.py"), ("landed-before", "lib-old.py"),
    ])
    func `explanation of a task in each state`(name: String, task: String) throws {
        let sample = try SampleRun()
        let report = try ExplainReport(sample.reader, run: nil, task: task, owner: SampleRun.owner, now: SampleRun.now)
        try expectGolden("explain-\(name).txt", report.text(Self.wide, now: SampleRun.now))
    }

    @Test func `timeline of a task`() throws {
        let sample = try SampleRun()
        try expectGolden("log.txt", try TaskLog(sample.reader, run: nil, task: "lib-légende-図.py").text(Self.wide))
        try expectGolden(
            "log-failed.txt", try TaskLog(sample.reader, run: nil, task: "lib-broken.py").text(Self.wide))
    }

    @Test func `review of all that landed, and of one task`() throws {
        let sample = try SampleRun(finished: true)
        let all = try ReviewReport(sample.reader, run: nil)
        try expectGolden("review.txt", all.text(Self.wide))
        #expect(all.commits.count == 8)
        let one = try ReviewReport(sample.reader, run: nil, task: "lib-errors.py")
        try expectGolden("review-one.txt", one.text(Self.wide, diff: "--- a/lib/errors.py\n+++ b/lib/errors.py\n"))
        let none = try ReviewReport(sample.reader, run: nil, task: "lib-broken.py")
        try expectGolden("review-not-landed.txt", none.text(Self.wide))
    }

    @Test func `what is said at the end`() throws {
        let sample = try SampleRun(finished: true)
        let report = try FinalReport(sample.reader, run: nil, now: SampleRun.now)
        try expectGolden("final.txt", report.text(Self.wide))
        #expect(!report.isAllGreen)
        let open = try FinalReport(try SampleRun().reader, run: nil, now: SampleRun.now)
        try expectGolden("final-open.txt", open.text(Self.wide))
    }

    @Test func `a task that does not exist is answered with those that sound like it`() throws {
        let sample = try SampleRun()
        #expect(
            throws: StoreError.unknownTask(
                TaskID("plugin"), run: SampleRun.id, similar: [TaskID("app-plugin.py")])
        ) { try TaskLog(sample.reader, run: nil, task: "plugin") }
    }
}
