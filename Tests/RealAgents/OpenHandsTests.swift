import Foundation
import Model
import Store
import TestSupport
import Testing

/// The budget of OpenHands, whose usage comes at its end. It needs Python 3.12 or later, so it may not be installed.
@Suite("OpenHands", .ownThreads, .serialized, .enabled(if: AgentWorkshop.has("openhands")))
struct OpenHandsTests {
    private static let script = ##"""
        {"rules": [
          {"name": "edit", "label": "${file}", "when": {"turn": 0, "any": "# Task: (?<file>shop/m\\d+\\.py)"},
           "say": "I change it.",
           "call": [{"tool": "terminal", "arguments": {"command": "sed -i s/old/new/ ${file}", "security_risk": "LOW"}}]},
          {"name": "done", "label": "${file}", "when": {"any": "# Task: (?<file>shop/m\\d+\\.py)"},
           "say": "Done.", "call": [{"tool": "finish", "arguments": {"message": "It says new."}}]}]}
        """##

    @Test func `a budget holds although its usage comes at the end, and its events come while it works`() throws {
        let workshop = try AgentWorkshop(files: [1], script: Self.script)
        try workshop.worker("openhands", limits: "{ timeout: 3m }", more: AgentCase.prices)
        let result = try workshop.migrate(
            "openhands", environment: ["LLM_MODEL=openai/scripted"], budget: "{ usd: 0.001 }")
        #expect(result.status == 1, "\(result.text)\(result.errorText)")
        let attempts = try #require(try workshop.attempts()[AgentWorkshop.file(1)])
        #expect(attempts.allSatisfy { $0.failure?.kind == .budget }, "\(attempts.compactMap(\.failure?.summary))")
        #expect(try !workshop.landed(AgentWorkshop.file(1)))

        let events = try workshop.jobFile("events", of: AgentWorkshop.file(1), attempt: 1)
        func time(_ event: String) throws -> Double {
            let line = try #require(events.split(separator: "\n").first { $0.contains("\"event\":\"\(event)\"") })
            let members = try JSONDecoder().decode([String: JSON].self, from: Data(line.utf8))
            return try #require(members["time"]?.number)
        }
        // Output that is held back until the end comes at once.
        #expect(try time("finished") - time("tool_use") > 0.05, "\(events)")
    }
}
