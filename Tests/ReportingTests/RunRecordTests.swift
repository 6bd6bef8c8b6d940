import Foundation
import Model
import Store
import Testing

@testable import Reporting

/// The record of a run, made of a store in which every state occurs.
@Suite struct RunRecordTests {
    private func report(_ sample: SampleRun) throws -> RunReport {
        try RunReport(sample.reader, run: nil, now: SampleRun.now)
    }

    @Test func `what landed is in the order of landing, and the rest is what was not done`() throws {
        let report = try report(try SampleRun())
        #expect(report.landed.map(\.id.rawValue) == ["lib-old.py", "lib-errors.py", "lib-légende-図.py"])
        #expect(report.landed.map(\.attempts) == [0, 1, 2], "one landed in an earlier run")
        let open = Set(report.notDone.map(\.id.rawValue))
        #expect(
            open.isSuperset(of: ["lib-broken.py", "app-plugin.py", "app-web.py"]) && !open.contains("lib-paths.py"))
        #expect(report.counts.map(\.count).reduce(0, +) == report.tasks.count)
        let finished = try self.report(try SampleRun(finished: true))
        #expect(finished.landed.last?.id.rawValue == "app-end.py")
        #expect(finished.notDone.allSatisfy { ["lib-broken.py", "app-plugin.py"].contains($0.id.rawValue) })
    }

    @Test func `failures are counted by class, and the figures of a worker add up`() throws {
        let report = try report(try SampleRun())
        #expect(report.failures.first.map { $0.count >= $0.count } == true)
        #expect(Set(report.failures.map(\.kind)).isSuperset(of: [.conflict]))
        #expect(report.failures.map(\.count) == report.failures.map(\.count).sorted(by: >))
        let tried = report.attempts.count { $0.worker != nil }
        #expect(report.workers.map(\.attempts).reduce(0, +) == tried && tried > 0)
        for worker in report.workers {
            #expect(worker.verified + worker.failed <= worker.attempts && worker.seconds >= 0)
        }
    }

    @Test func `the timeline has a row for each slot, then landing, and ends with the run`() throws {
        let report = try report(try SampleRun())
        let rows = report.bars.map(\.row).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        #expect(rows.suffix(2).last == "landing" && Set(rows).isSuperset(of: ["slot 0", "slot 2", "slot 3"]))
        #expect(report.bars.allSatisfy { $0.start <= $0.end && $0.end <= SampleRun.now })
        #expect(report.bars.contains { $0.row == "slot 3" && $0.end == SampleRun.now }, "an open attempt reaches now")
    }

    @Test func `decisions of people about commits are in the record, each once`() throws {
        let sample = try SampleRun(finished: true)
        let tasks = [TaskID("lib-errors.py"), TaskID("app-main.py")]
        let decisions: [ReviewDecision] = [
            .init(kind: .approve, tasks: tasks, person: "Ann <ann@example.com>"),
            .init(kind: .skip, tasks: [tasks[0]], person: "Ann <ann@example.com>"),
            .init(kind: .comment, tasks: [tasks[1]], text: "see <b>", person: "Bob <b@example.com>"),
        ]
        _ = try sample.store.append(
            decisions.map { .decision(.reviewed($0)) }, run: SampleRun.id, time: SampleRun.now)
        let report = try report(sample)
        let said = report.decisions.map(\.text)
        #expect(said.contains("2 commits approved by Ann <ann@example.com>"), "\(said)")
        #expect(said.contains("app-main.py commented by Bob <b@example.com>: see <b>"))
        #expect(!said.contains { $0.contains("skipped") })
        #expect(report.html.contains("see &lt;b&gt;") && !report.html.contains("see <b>"))
        #expect(report.markdown.contains("see &lt;b>"))
    }

    @Test func `no line of a drawing is filled`() throws {
        let report = ProgressReport(
            plan: "p", looks: [], landings: [Timestamp(seconds: 0), Timestamp(seconds: 9)], now: Timestamp(seconds: 20))
        for kind in ["polyline", ".axis"] { #expect(report.html.contains("\(kind) { fill: none;"), "\(kind)") }
        let page = try self.report(try SampleRun()).html
        let edges = page.components(separatedBy: "<path class=\"edge\"").count
        #expect(edges > 1 && page.firstMatch(of: /\.edge \{[^}]*fill: none/) != nil)
    }

    @Test func `both forms have every part that has something in it, and load nothing`() throws {
        let report = try report(try SampleRun())
        let parts = ["Why", "What landed", "What was not done", "Failures", "Workers"]
        for part in parts { #expect(report.markdown.contains("\n## \(part)\n"), "\(part)") }
        for part in parts + ["Timeline", "Tasks"] { #expect(report.html.contains("<h2>\(part)</h2>"), "\(part)") }
        #expect(!report.markdown.contains("## Questions"), "nobody asked")
        for word in ["<script", "http://", "https://", "url(", "@import"] {
            #expect(!report.html.contains(word), "\(word)")
        }
        for task in report.tasks { #expect(report.html.contains("\(task.title): \(task.state.words)</title>")) }
        #expect(report.html.contains("prefers-color-scheme: dark") && report.html.contains("@media print"))
    }
}
