import Foundation
import Model
import TestSupport
import Testing

@testable import PlanFile

/// The keys of `notify`, in a plan and in the user's configuration.
struct NotifyKeysTests {
    private func load(_ text: String) throws -> Result<NotifyRules, PlanProblems> {
        let scratch = try ScratchDirectory("notify")
        let path = scratch.appending(NotifyFile.name)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return NotifyFile.load(path)
    }

    @Test func `a command and a webhook with their events are read`() throws {
        let rules = try load("run: notify-send x\nwebhook: https://example.com/a\non: [needs-you, paused]\n").get()
        #expect(
            rules == NotifyRules(run: "notify-send x", webhook: "https://example.com/a", events: [.needsYou, .paused]))
        #expect(try load("run: x\n").get().events == NotifyRules.Event.allCases)
    }

    @Test(arguments: ["webhook: example.com", "on: [sometimes]", "on: []", "mail: a@b"])
    func `a wrong value is an error`(text: String) throws {
        #expect(throws: PlanProblems.self) { try load(text).get() }
    }

    @Test func `a change of notify is no other work`() {
        let plan = Plan(name: "a", goal: "b", repository: "/c", workers: WorkerRules(ladder: []))
        var other = plan
        other.notify = NotifyRules(run: "x")
        #expect(plan.isSameWork(as: other))
        #expect(plan.taking(limitsOf: other).notify == other.notify)
    }
}
