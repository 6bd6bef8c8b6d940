import Foundation
import Model
import Store
import TestSupport
import Testing

/// A migration of twelve files by each real program, in which about everything happens that can.
@Suite("Real agents", .ownThreads, .serialized, .enabled(if: AgentWorkshop.installed != nil))
struct MigrationTests {
    @Test(arguments: AgentCase.all)
    func `do a migration`(_ agent: AgentCase) throws {
        try #require(AgentWorkshop.has(agent.program), "\(agent.program) was not installed")
        let workshop = try AgentWorkshop(
            files: 12, script: agent.script,
            hanging: agent.tellsItsEnd ? (agent.program, AgentCase.Part.hangsAtItsEnd.file) : nil)
        try workshop.worker(agent.worker, limits: agent.limits, more: agent.more)
        let result = try workshop.migrate(agent.worker, environment: agent.environment)
        let attempts = try workshop.attempts()
        #expect(attempts.count == 12, "\(result.text)\(result.errorText)")

        let failing: Set = [AgentCase.Part.refuses, .goesOnAndOn]
        for number in 1...12 {
            let part = AgentCase.Part(rawValue: number)
            let file = AgentWorkshop.file(number)
            let made = try #require(attempts[file])
            let story = "\(file), \(part.map { "\($0)" } ?? "plain"): \(made.map { $0.failure?.summary ?? "good" })"
            let fails = part.map(failing.contains) ?? false
            #expect(try workshop.landed(file) == !fails, "\(story)")
            #expect(made.count == (fails || part == .isLazyOnce ? 2 : 1), "\(story)")
            if part == .isCutShort {
                try compareWithLedger(made, of: file, in: workshop, story, counting: .brokenAnswers)
            } else if part != .goesOnAndOn {
                try compareWithLedger(made, of: file, in: workshop, story)
            }
            try lookAtEvents(of: file, in: workshop, story)
        }
        let refused = try #require(attempts[AgentCase.Part.refuses.file]?.first?.failure)
        #expect(refused.kind.rawValue == agent.refusal)
        #expect(attempts[AgentCase.Part.isLazyOnce.file]?.first?.failure?.kind == .noChange)
        let endless = try #require(attempts[AgentCase.Part.goesOnAndOn.file]?.last?.failure)
        #expect(endless.kind == .budget, "\(endless.summary)")
        try lookAtRetries(agent, workshop)
    }

    /// Which answers a program may count.
    private enum Counting {
        case completeAnswers
        /// An answer that broke off too: while it runs, a sum never falls, and a provider may bill such an answer.
        case brokenAnswers
    }

    /// What the attempts have used, as the program told it, is what the server billed.
    private func compareWithLedger(
        _ attempts: [AttemptRecord], of file: String, in workshop: AgentWorkshop, _ story: String,
        counting: Counting = .completeAnswers
    ) throws {
        let billed = try workshop.billed(file)
        let told = attempts.compactMap(\.usage).reduce(Usage()) { $0 + $1 }
        guard counting == .completeAnswers else {
            #expect(told.inputTokens >= billed.inputTokens && told.inputTokens < 2 * billed.inputTokens, "\(story)")
            #expect((told.usd ?? 0) > (billed.usd ?? 0) - 1e-6 && (told.usd ?? 0) < 2 * (billed.usd ?? 0), "\(story)")
            return
        }
        #expect(told.inputTokens == billed.inputTokens, "\(story)")
        #expect(told.cachedTokens == billed.cachedTokens, "\(story)")
        #expect(told.outputTokens == billed.outputTokens, "\(story)")
        #expect(abs((told.usd ?? 0) - (billed.usd ?? 0)) < 1e-6, "\(story): \(told) is not \(billed)")
    }

    private func lookAtEvents(of file: String, in workshop: AgentWorkshop, _ story: String) throws {
        let events = try workshop.jobFile("events", of: file, attempt: 1)
        #expect(events.contains(#""event":"turn""#) || events.contains(#""event":"usage""#), "\(story)")
        #expect(!events.contains(AgentWorkshop.key), "\(story)")
        #expect(try !workshop.jobFile("transcript", of: file, attempt: 1).isEmpty, "\(story)")
    }

    /// The second attempt goes on where the program can do that, and is told of the failure in any case.
    private func lookAtRetries(_ agent: AgentCase, _ workshop: AgentWorkshop) throws {
        let bills = try workshop.server.bills().filter { $0.label == AgentCase.Part.isLazyOnce.file }
        // The ledger tells conversations apart by their beginning, which is the failure's where it is told there.
        if agent.resumes { #expect(Set(bills.map(\.conversation)).count == 1) }
        #expect(bills.contains { $0.rule == "lazy, again" })
    }
}
