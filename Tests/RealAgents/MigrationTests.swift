import Foundation
import Model
import Store
import TestSupport
import Testing

/// A migration of twelve files by each real program, in which about everything happens that can. The program's work is
/// reviewed by the program itself, and the first task tells the others something.
@Suite("Real agents", .ownThreads, .serialized, .enabled(if: AgentWorkshop.installed != nil))
struct MigrationTests {
    @Test(arguments: AgentCase.all)
    func `do a migration`(_ agent: AgentCase) throws {
        guard agent.isOptional == false || AgentWorkshop.has(agent.program) else {
            return print("skipped: \(agent.program) is not installed")
        }
        try #require(AgentWorkshop.has(agent.program), "\(agent.program) was not installed")
        let workshop = try AgentWorkshop(
            files: agent.tasks, script: agent.script,
            hanging: agent.tellsItsEnd ? (agent.program, AgentCase.Part.hangsAtItsEnd.file) : nil)
        var before = ""
        if case .none = agent.lesson {
            before = #"[ "$ORCHESTRATE_TASK$ORCHESTRATE_ROLE" != shop-m01.py ] || "# + AgentCase.lessonCommand
        }
        try workshop.worker(agent.worker, limits: agent.limits, more: agent.more, before: before)
        try workshop.worker("agent", limits: "{ timeout: 1m }", more: AgentCase.prices)
        let (reviewer, own) = agent.reviewsItself ? (agent.worker, agent.environment) : ("agent", [])
        let environment = (own + ["ORCHESTRATE_MODEL=scripted"]).map { "\"\($0)\"" }.joined(separator: ", ")
        let result = try workshop.migrate(
            agent.worker, environment: agent.environment,
            extra: """
                context: { share: messages }
                reviewers: [{ use: \(reviewer), environment: [\(environment)] }]
                """)
        let attempts = try workshop.attempts()
        #expect(attempts.count == agent.tasks.count, "\(result.text)\(result.errorText)")

        let failing: Set = [AgentCase.Part.refuses, .goesOnAndOn]
        let twice: Set = failing.union([.isLazyOnce, .isRejected])
        for number in agent.tasks {
            let part = AgentCase.Part(rawValue: number)
            let file = AgentWorkshop.file(number)
            let made = try #require(attempts[file])
            let story = "\(file), \(part.map { "\($0)" } ?? "plain"): \(made.map { $0.failure?.summary ?? "good" })"
            let fails = part.map(failing.contains) ?? false
            #expect(try workshop.landed(file) == !fails, "\(story)")
            #expect(made.count == (part.map(twice.contains) == true ? 2 : 1), "\(story)")
            if part != .goesOnAndOn { try compareWithLedger(made, of: file, in: workshop, story) }
            try lookAtEvents(of: file, in: workshop, story)
        }
        if agent.tasks.contains(AgentCase.Part.refuses.rawValue) {
            let refused = try #require(attempts[AgentCase.Part.refuses.file]?.first?.failure)
            #expect(refused.kind.rawValue == agent.refusal)
        }
        let rejected = try #require(attempts[AgentCase.Part.isRejected.file]?.first?.failure)
        #expect(
            rejected.kind == .review && rejected.detail.contains("say why"), "\(rejected.summary) \(rejected.detail)")
        #expect(attempts[AgentCase.Part.isLazyOnce.file]?.first?.failure?.kind == .noChange)
        let endless = try #require(attempts[AgentCase.Part.goesOnAndOn.file]?.last?.failure)
        #expect(endless.kind == .budget, "\(endless.summary)")
        try lookAtRetries(agent, workshop)
        try lookAtLesson(workshop)
    }

    /// The first task's lesson is in the prompts of the tasks that began later, and the model worked with it.
    private func lookAtLesson(_ workshop: AgentWorkshop) throws {
        let sent = try workshop.lessons()
        #expect(sent == [AgentCase.lessonText])
        #expect(try workshop.server.bills().contains { $0.rule == "edit, told" })
        let prompt = try workshop.jobFile("prompt.md", of: AgentCase.Part.isBusy.file, attempt: 1)
        #expect(prompt.contains(AgentCase.lessonText), "\(prompt)")
    }

    /// What the attempts have used, as the program told it, is what the server billed.
    private func compareWithLedger(
        _ attempts: [AttemptRecord], of file: String, in workshop: AgentWorkshop, _ story: String
    ) throws {
        let billed = try workshop.billed(file)
        let told = attempts.compactMap(\.usage).reduce(Usage()) { $0 + $1 }
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
        let bills = try workshop.server.bills().filter {
            $0.label == AgentCase.Part.isLazyOnce.file && !AgentCase.reviewRules.contains($0.rule)
        }
        // The ledger tells conversations apart by their beginning, which is the failure's where it is told there.
        if agent.resumes { #expect(Set(bills.map(\.conversation)).count == 1) }
        #expect(bills.contains { $0.rule == "lazy, again" })
    }
}
