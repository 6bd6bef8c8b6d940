import Foundation
import Model
import Store
import TestSupport
import Testing

/// A provider that refuses one worker is left alone by all of its workers, for as long as it asks.
@Suite("Cooldowns of a provider", .ownThreads)
struct ProviderLimitTests {
    private static let script = #"""
        {"rules": [
          {"name": "busy", "label": "${file}", "times": 1, "when": {"turn": 0, "prompt": "# Task: (?<file>m1\\.py)\\b"},
           "fault": {"status": STATUS, "retry_after": 1}},
          {"name": "edit", "label": "${file}", "when": {"turn": 0, "prompt": "# Task: (?<file>m\\d\\.py)\\b"},
           "call": [{"tool": "edit", "arguments": {"path": "${file}", "old": "old", "new": "new"}}]},
          {"name": "done", "label": "${file}", "when": {"turn": 1, "prompt": "# Task: (?<file>m\\d\\.py)\\b"},
           "call": [{"tool": "done", "arguments": {"summary": "Done."}}]}]}
        """#

    @Test(arguments: [429, 529])
    func `no worker is started meanwhile, and no attempt is lost`(_ status: Int) throws {
        let workshop = try Workshop()
        try workshop.repository.commit(
            Dictionary(uniqueKeysWithValues: (1...8).map { ("m\($0).py", "old\n") }))
        let server = try ScriptedModelServer(script: Self.script.replacing("STATUS", with: "\(status)"))
        try workshop.agentPlan(
            server, workers: "max_parallel: 2", step: "attempts: 1", environment: ["ORCHESTRATE_LONGEST_WAIT=0.5"])
        let result = try workshop.orchestrate("migrate", "--plan", workshop.planPath)
        // One attempt is all that a task has: the refused one has cost none.
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try workshop.landed().count == 8)

        let log = try workshop.recorded().log()
        let refused = log.compactMap { body -> Failure? in
            guard case .fact(.attemptFailed(let fact)) = body else { return nil }
            return fact.failure
        }
        #expect(refused.map(\.kind) == [.providerLimit] && refused[0].summary.contains("\(status)"), "\(refused)")
        let (before, after) = try Self.starts(log)
        #expect(before.contains("m1.py"))
        #expect(Set(before + after).count == 8 && before.count + after.count == 9)
        #expect(after.count >= 6, "hardly anybody was left to wait: \(after)")

        let bills = try server.bills()
        let refusal = try #require(bills.firstIndex { $0.status == status })
        #expect(bills.filter { $0.status == status }.count == 1)
        #expect(Set(bills[...refusal].map(\.label)).isSubset(of: before))
        #expect(Set(bills[(refusal + 1)...].map(\.label)).isSuperset(of: after))
    }

    /// Tasks in the order in which attempts at them began: before the cooldown, and after it; none did meanwhile.
    private static func starts(_ log: [LoggedEvent.Body]) throws -> (before: [String], after: [String]) {
        func tasks(_ part: ArraySlice<LoggedEvent.Body>) -> [String] {
            part.compactMap { body -> String? in
                guard case .decision(.start(let start)) = body else { return nil }
                return start.task.rawValue
            }
        }
        func isCooldown(_ body: LoggedEvent.Body) -> Bool {
            if case .decision(.cooldown(let cooldown)) = body {
                cooldown.provider == "agent" && cooldown.number == 1
            } else {
                false
            }
        }
        func isOver(_ body: LoggedEvent.Body) -> Bool {
            if case .fact(.waitOver(.cooldown("agent", 1))) = body { true } else { false }
        }
        let begin = try #require(log.firstIndex(where: isCooldown))
        let end = try #require(log.firstIndex(where: isOver))
        #expect(begin < end)
        #expect(tasks(log[begin..<end]) == [])
        return (tasks(log[..<begin]), tasks(log[end...]))
    }
}
