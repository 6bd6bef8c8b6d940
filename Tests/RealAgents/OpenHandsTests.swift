import Foundation
import Model
import Store
import TestSupport
import Testing

/// OpenHands with the shipped worker. It needs Python 3.12 or later, so it may not be installed.
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

    private func workshop(limits: String) throws -> AgentWorkshop {
        let workshop = try AgentWorkshop(files: 2, script: Self.script)
        try workshop.worker("openhands", limits: limits, more: AgentCase.prices)
        return workshop
    }

    @Test func `does a migration, and its tokens are those that were billed`() throws {
        let workshop = try workshop(limits: "{ timeout: 3m }")
        let result = try workshop.migrate("openhands", environment: ["LLM_MODEL=openai/scripted"])
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        for number in 1...2 {
            let file = AgentWorkshop.file(number)
            let attempts = try #require(try workshop.attempts()[file])
            #expect(try workshop.landed(file) && attempts.count == 1)
            let billed = try workshop.billed(file)
            let told = try #require(attempts[0].usage)
            #expect(told.inputTokens == billed.inputTokens && told.outputTokens == billed.outputTokens)
            #expect(abs((told.usd ?? 0) - (billed.usd ?? 0)) < 1e-6)
            let events = try workshop.jobFile("events", of: file, attempt: 1)
            #expect(events.contains(#""result":"success""#), "\(events)")
        }
    }

    @Test func `a budget holds although its usage comes at the end`() throws {
        let workshop = try workshop(limits: "{ timeout: 3m, usd: 0.001 }")
        let result = try workshop.migrate("openhands", environment: ["LLM_MODEL=openai/scripted"])
        #expect(result.status == 1, "\(result.text)\(result.errorText)")
        let attempts = try #require(try workshop.attempts()[AgentWorkshop.file(1)])
        #expect(attempts.allSatisfy { $0.failure?.kind == .budget }, "\(attempts.compactMap(\.failure?.summary))")
        #expect(try !workshop.landed(AgentWorkshop.file(1)))
    }
}
