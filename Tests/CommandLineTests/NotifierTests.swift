import Foundation
import Model
import TestSupport
import Testing

@testable import CommandLine

/// Messages about a run, sent by a real command.
struct NotifierTests {
    private func plan(_ notify: NotifyRules?) -> Plan {
        Plan(name: "demo", goal: "g", repository: "/r", workers: WorkerRules(ladder: []), notify: notify)
    }

    private func event(_ number: Int, _ decision: Decision) -> LoggedEvent {
        LoggedEvent(
            sequence: Int64(number), run: RunID("demo-1"), time: Timestamp(seconds: Double(number)),
            body: .decision(decision))
    }

    @Test func `nobody is told where nothing says so`() throws {
        #expect(Notifier(plan(nil), user: nil, folder: "/tmp") == nil)
        #expect(Notifier(plan(NotifyRules()), user: NotifyRules(), folder: "/tmp") == nil)
    }

    @Test func `what happens within the interval is sent together, and the end is not lost`() async throws {
        let scratch = try ScratchDirectory("notifier")
        let log = scratch.appending("told")
        let rules = NotifyRules(run: "cat >>'\(log)'", events: [.paused, .finished])
        let notifier = try #require(Notifier(plan(rules), user: nil, folder: scratch.path, interval: 1))
        notifier.began(RunID("demo-1"), tasks: [], events: [event(1, .pause(reason: "old"))], leftovers: 0)
        let sending = Task { await notifier.run() }
        notifier.happened([event(2, .pause(reason: "first"))], counts: [:])
        let deadline = Date().addingTimeInterval(60)
        while !FileManager.default.fileExists(atPath: log), Date() < deadline {
            try await Task.sleep(for: .milliseconds(10))
        }
        notifier.happened([event(3, .pause(reason: "second")), event(4, .finish)], counts: [:])
        notifier.end()
        await sending.value
        var waited = 0.0
        await notifier.finish { waited = $0 }
        #expect(waited <= 1)
        let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.contains("demo-1 is paused: first") == true)
        #expect(lines.last?.contains("demo-1 is paused: second\\ndemo-1 has finished") == true)
        #expect(!lines.contains { $0.contains("old") })
    }
}
