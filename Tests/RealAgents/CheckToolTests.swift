import Foundation
import Model
import Store
import TestSupport
import Testing

/// An agent asks the coordinator of its run for its checks while it works, over MCP or with a tool of its own.
@Suite("Checks asked for by real agents", .ownThreads, .serialized, .enabled(if: AgentWorkshop.installed != nil))
struct CheckToolTests {
    struct Asker: Sendable, CustomTestStringConvertible {
        var worker: String
        var program: String?
        var environment: [String]
        /// Its name for the tool, and the words that the verdict begins with.
        var tool: String
        /// The same in the events.
        var event: String
        var failed: String
        var passed: String
        var edit: String
        var done = #""say": "Done.""#
        var testDescription: String { worker }
    }

    static let askers = [
        Asker(
            worker: "claude-code", program: "claude", environment: ["ANTHROPIC_MODEL=claude-sonnet-4-5"],
            tool: "mcp__orchestrate__check", event: "mcp__orchestrate__check", failed: "failed\\\\n",
            passed: "passed\\\\n",
            edit: #"{"tool": "Bash", "arguments": {"command": "sed -i s/old/new/ shop/m01.py"}}"#),
        Asker(
            worker: "codex", program: "codex", environment: ["CODEX_MODEL=scripted"],
            tool: "mcp__orchestrate__check", event: "orchestrate.check", failed: "failed\\\\n", passed: "passed\\\\n",
            edit: #"{"tool": "exec_command", "arguments": {"cmd": "sed -i s/old/new/ shop/m01.py"}}"#),
        Asker(
            worker: "agent", environment: ["ORCHESTRATE_MODEL=scripted", "ORCHESTRATE_BASE_URL"],
            tool: "run_checks", event: "run_checks", failed: "The checks failed", passed: "All checks passed",
            edit: #"{"tool": "edit", "arguments": {"path": "shop/m01.py", "old": "old", "new": "new"}}"#,
            done: #""call": [{"tool": "done", "arguments": {"summary": "Done."}}]"#),
    ]

    @Test(arguments: askers)
    func `are run on the work as it is`(_ asker: Asker) throws {
        if let program = asker.program {
            try #require(AgentWorkshop.has(program), "\(program) was not installed")
        }
        let task = ##""any": "# Task: shop/m01""##
        let workshop = try AgentWorkshop(
            files: [1],
            script: """
                {"rules": [
                  {"name": "ask", "when": {"turn": 0, \(task)}, "call": [{"tool": "\(asker.tool)", "arguments": {}}]},
                  {"name": "edit", "when": {\(task), "last": "\(asker.failed)"}, "call": [\(asker.edit)]},
                  {"name": "ask again", "when": {"turn": 2, \(task)},
                   "call": [{"tool": "\(asker.tool)", "arguments": {}}]},
                  {"name": "end", "when": {\(task), "last": "\(asker.passed)"}, \(asker.done)},
                  {"name": "lost", "when": {\(task)}, "say": "Nobody has told me anything."}
                ]}
                """)
        try workshop.worker(asker.worker, limits: "{ timeout: 2m, turns: 8 }")
        let result = try workshop.migrate(
            asker.worker, environment: asker.environment, extra: "context: { share: messages }")
        let rules = try workshop.server.bills().map(\.rule).filter { !$0.isEmpty }
        #expect(rules == ["ask", "edit", "ask again", "end"], "\(result.text)\(result.errorText)")
        #expect(result.status == 0)
        #expect(try workshop.landed("shop/m01.py"))
        let events = try workshop.jobFile("events", of: "shop/m01.py", attempt: 1)
        #expect(events.contains(asker.event), "\(events)")
    }
}
