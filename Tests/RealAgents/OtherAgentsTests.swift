import Foundation
import Model
import Store
import TestSupport
import Testing

/// gptme, and the workers for any agent of a protocol: Mistral Vibe over ACP, and Claude Code as an agent with stream-json.
@Suite("Other agents", .ownThreads, .serialized, .enabled(if: AgentWorkshop.installed != nil))
struct OtherAgentsTests {
    struct Agent: Sendable, CustomTestStringConvertible {
        var worker: String
        var program: String
        var environment: [String]
        /// The model's tool and its argument that edit, and the answer at the end.
        var tool: String
        var done = #""say": "Done.""#
        var testDescription: String { worker }
    }

    private static let vibeSettings =
        #"mkdir -p ~/.vibe; printf '"#
        + #"active_model = \"own\"\\nenable_telemetry = false\\nenable_update_checks = false\\n"#
        + #"[experiments]\\nenable = false\\n[session_logging]\\ngenerate_titles = false\\n[[providers]]\\nname = \"own\"\\napi_base = \"%s\"\\n"#
        + #"api_key_env_var = \"MISTRAL_API_KEY\"\\n"#
        + #"[[models]]\\nname = \"scripted\"\\nprovider = \"own\"\\nalias = \"own\"\\ninput_price = 3\\noutput_price = 15\\n"#
        + #"' $MISTRAL_BASE_URL >~/.vibe/config.toml"#

    static let agents = [
        Agent(
            worker: "gptme", program: "gptme", environment: ["GPTME_MODEL=openai/scripted"], tool: "shell",
            done: #""say": "Done.", "call": [{"tool": "complete", "arguments": {}}]"#),
        Agent(
            worker: "acp", program: "vibe-acp",
            environment: ["ACP_COMMAND=vibe-acp", "ACP_SETUP=\(vibeSettings)", "MISTRAL_BASE_URL"], tool: "bash"),
        Agent(
            worker: "stream-json", program: "claude",
            environment: [
                "STREAM_JSON_COMMAND=claude -p --output-format stream-json --verbose --permission-mode acceptEdits "
                    + "--allowedTools Bash", "ANTHROPIC_MODEL=claude-sonnet-4-5",
            ], tool: "Bash"),
    ]

    private func script(_ agent: Agent, wrongKey: Bool = false) -> String {
        let fault =
            ##"{"name": "no", "label": "${file}", "when": {"any": "# Task: (?<file>shop/m02\\.py)"},"##
            + #" "fault": {"status": 401, "message": "the key is unknown"}},"#
        return """
            {"prices": {"input": 3, "output": 15}, "rules": [\(wrongKey ? fault : "")
              {"name": "edit", "label": "${file}", "when": {"turn": 0, "any": "# Task: (?<file>shop/m\\\\d+\\\\.py)"},
               "say": "I change it.",
               "call": [{"tool": "\(agent.tool)", "arguments": {"command": "sed -i s/old/new/ ${file}"}}]},
              {"name": "done", "label": "${file}", "when": {"any": "# Task: (?<file>shop/m\\\\d+\\\\.py)"}, \(agent.done)}
            ]}
            """
    }

    @Test(arguments: agents)
    func `do tasks, tell what was billed, and explain a refused key`(_ agent: Agent) throws {
        guard AgentWorkshop.has(agent.program) else { return print("skipped: \(agent.program) is not installed") }
        let workshop = try AgentWorkshop(files: [1, 2], script: script(agent, wrongKey: true))
        try workshop.worker(agent.worker, limits: "{ timeout: 2m }", more: AgentCase.prices)
        let result = try workshop.migrate(agent.worker, environment: agent.environment)
        #expect(result.status == 1, "\(result.text)\(result.errorText)")
        let attempts = try workshop.attempts()
        let good = try #require(attempts["shop/m01.py"])
        #expect(try workshop.landed("shop/m01.py"), "\(good.map { $0.failure?.summary ?? "good" })")
        let (billed, told) = (try workshop.billed("shop/m01.py"), try #require(good.last?.usage))
        #expect(told.inputTokens == billed.inputTokens && told.outputTokens == billed.outputTokens, "\(told)")
        #expect(abs((told.usd ?? 0) - (billed.usd ?? 0)) < 1e-6, "\(told)")
        let events = try workshop.jobFile("events", of: "shop/m01.py", attempt: 1)
        for part in [#""event":"turn""#, #""event":"tool_use""#, #""result":"success""#] {
            #expect(events.contains(part), "\(events)")
        }
        let bad = try #require(attempts["shop/m02.py"]?.last?.failure)
        #expect(try !workshop.landed("shop/m02.py"))
        #expect(bad.kind == .workerExit, "\(bad.summary)")
        let words = bad.summary + bad.detail
        #expect(words.contains("key") && !words.contains("{\""), "\(words)")
    }
}
