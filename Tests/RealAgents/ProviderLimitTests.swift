import Foundation
import Model
import Store
import TestSupport
import Testing

/// A provider refuses one Claude Code again and again; all the others leave it alone as well.
@Suite("Cooldowns behind Claude Code", .ownThreads, .serialized, .enabled(if: AgentWorkshop.has("claude")))
struct ProviderLimitTests {
    private static let files = 24

    private static func script(_ status: Int) -> String {
        let agent = AgentCase.claudeCode
        let task = ##""any": "# Task: (?<file>shop/m\\d+\\.py)""##
        return """
            {"rules": [
              {"name": "busy", "label": "${file}", "times": 4,
               "when": {"any": "# Task: (?<file>shop/m01\\\\.py)", \(agent.mark)},
               "fault": {"status": \(status), "retry_after": 1}},
              {"name": "edit", "label": "${file}", "when": {\(task), \(agent.mark), "last": "# Task: |not accepted"}, \(agent.edit)},
              {"name": "done", "label": "${file}", "when": {\(task), \(agent.mark)}, \(agent.done)}
            ]}
            """
    }

    @Test(arguments: [429, 529])
    func `no other is started meanwhile`(_ status: Int) throws {
        let agent = AgentCase.claudeCode
        let workshop = try AgentWorkshop(files: Array(1...Self.files), script: Self.script(status))
        try workshop.worker(agent.worker, limits: "{ timeout: 2m }")
        let result = try workshop.migrate(agent.worker, environment: agent.environment)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        let attempts = try workshop.attempts()
        let refused = attempts.values.joined().compactMap(\.failure)
        #expect(refused.map(\.kind) == [.providerLimit], "\(refused)")
        #expect(attempts["shop/m01.py"]?.count == 2)
        #expect(attempts.values.allSatisfy { $0.last?.state == .verified })

        let log = try workshop.log()
        func isCooldown(_ body: LoggedEvent.Body) -> Bool {
            if case .decision(.cooldown(let cooldown)) = body {
                cooldown.provider == "anthropic" && cooldown.number == 1
            } else {
                false
            }
        }
        func isOver(_ body: LoggedEvent.Body) -> Bool {
            if case .fact(.waitOver(.cooldown("anthropic", 1))) = body { true } else { false }
        }
        let begin = try #require(log.firstIndex(where: isCooldown))
        let end = try #require(log.firstIndex(where: isOver))
        #expect(Self.started(log[begin..<end]) == [])
        let (before, after) = (Self.started(log[..<begin]), Self.started(log[end...]))
        #expect(before.contains("shop-m01.py") && after.count > 4, "\(before) \(after)")

        // In the ledger too, whoever began after the cooldown asks after the last refusal.
        let bills = try workshop.server.bills().map { ($0.status, $0.label.replacing("/", with: "-")) }
        let refusal = try #require(bills.lastIndex { $0.0 == status })
        #expect(Set(bills[...refusal].map(\.1)).isSubset(of: before))
    }

    /// Tasks in the order in which attempts at them began.
    private static func started(_ part: ArraySlice<LoggedEvent.Body>) -> [String] {
        var tasks: [String] = []
        for case .decision(.start(let start)) in part { tasks.append(start.task.rawValue) }
        return tasks
    }
}
