import Foundation
import TestSupport
import Testing

/// The worker `acp` with a small agent of the protocol, and without one.
@Suite("The worker for any ACP agent", .ownThreads)
struct ACPWorkerTests {
    /// Asks for a permission, edits the file that its prompt names, and tells what it has used.
    private static let agent = #"""
        import json, re, sys
        def send(message):
            print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)
        def update(**members):
            send({"method": "session/update", "params": {"sessionId": "s", "update": members}})
        print("this line is for people", flush=True)
        for line in sys.stdin:
            message = json.loads(line)
            if message.get("method") == "initialize":
                send({"id": message["id"], "result": {"protocolVersion": 1, "agentInfo": {"name": "toy", "version": "1"}}})
            elif message.get("method") == "session/new":
                send({"id": message["id"], "result": {"sessionId": "s"}})
            elif message.get("method") == "session/prompt":
                prompt, asked = message["params"]["prompt"][0]["text"], message["id"]
                if "# Task: b.py" in prompt:
                    print("Traceback: no more credit", file=sys.stderr)
                    sys.exit(3)
                update(sessionUpdate="tool_call", toolCallId="1", kind="edit", status="pending", rawInput={"path": "a.py"})
                send({"id": "p", "method": "session/request_permission", "params": {"sessionId": "s",
                      "toolCall": {"toolCallId": "1"}, "options": [{"optionId": "yes", "kind": "allow_once", "name": "Yes"}]}})
            elif message.get("id") == "p":
                if message["result"]["outcome"].get("optionId") == "yes":
                    open("a.py", "w").write("new\n")
                update(sessionUpdate="tool_call_update", toolCallId="1", status="completed")
                update(sessionUpdate="agent_message_chunk", content={"type": "text", "text": "It says new."})
                usage = {"totalTokens": 110, "inputTokens": 100, "outputTokens": 10}
                send({"id": asked, "result": {"stopReason": "end_turn", "usage": usage}})
        """#

    private func migrate(_ command: String = "") throws -> (Workshop, ScratchProcessResult) {
        let workshop = try Workshop()
        try workshop.repository.commit(["a.py": "old\n", "b.py": "old\n"])
        try ShippedWorker.put("acp", in: workshop.directory)
        try Self.agent.write(
            toFile: workshop.directory.appending("workers/acp/agent.py"), atomically: true, encoding: .utf8)
        let command = command.isEmpty ? "python3 \(workshop.directory.appending("workers/acp/agent.py"))" : command
        try workshop.plan(
            """
            scope: { include: ["*.py"] }
            workers:
              ladder: [{ use: acp, attempts: 1, environment: ["ACP_COMMAND=\(command)"], network: none }]
            sandbox: { read: [workers] }
            verify:
              probe: off
              done: [{ run: "! grep -q old {file}" }]
            """)
        return (workshop, try workshop.orchestrate("migrate", "--plan", workshop.planPath))
    }

    @Test func `does the work, tells what was used, and an agent that goes away says why`() throws {
        let (workshop, result) = try migrate()
        #expect(result.status == 1, "\(result.text)\(result.errorText)")
        #expect(try workshop.text("a.py") == "new")
        let gone = try workshop.orchestrate("explain", "b.py").text.replacing("\n", with: " ")
        #expect(gone.contains("toy 1 ended before it answered 'session/prompt': Traceback: no more credit"), "\(gone)")
        let jobs = try FileManager.default.subpathsOfDirectory(atPath: workshop.directory.appending("state"))
        let path = try #require(jobs.first { $0.hasSuffix("a.py/1/events") })
        let events = try String(contentsOfFile: workshop.directory.appending("state/\(path)"), encoding: .utf8)
        for part in [#""event":"turn""#, #""name":"edit""#, #""input_tokens":100"#, #""result":"success""#] {
            #expect(events.contains(part), "\(events)")
        }
    }

    @Test func `an agent that is not installed is named`() throws {
        let (workshop, result) = try migrate("no-such-agent --acp")
        #expect(result.status == 1)
        let told = try workshop.orchestrate("explain", "a.py").text
        #expect(told.contains("no-such-agent: not found"), "\(told)")
    }
}
