import Model
import Testing
import Workers

/// The conversation with an agent, as Mistral Vibe's `vibe-acp` leads it.
@Suite("Client of the Agent Client Protocol")
struct ACPClientTests {
    private func client(mode: String? = nil) -> ACPClient {
        ACPClient(ACPClient.Job(prompt: "Do it.", folder: "/work", mode: mode, servers: [["name": "s"]]), version: "1")
    }

    private func result(_ id: Int, _ result: JSON) -> JSON { ["jsonrpc": "2.0", "id": .integer(id), "result": result] }

    private func update(_ update: JSON) -> JSON {
        ["jsonrpc": "2.0", "method": "session/update", "params": ["update": update]]
    }

    /// A client that has sent its prompt.
    private func working(mode: String? = nil) -> ACPClient {
        var client = client(mode: mode)
        _ = client.take(result(1, ["protocolVersion": 1, "agentInfo": ["title": "Agent", "version": "2"]]))
        _ = client.take(result(2, ["sessionId": "s1"]))
        if mode != nil { _ = client.take(result(3, [:])) }
        return client
    }

    private func names(_ step: ACPClient.Step) -> [String] { step.events.compactMap { $0["event"]?.string } }

    @Test func `it starts a session in the checkout, with the servers, and sends the prompt`() {
        var client = client()
        #expect(client.greeting["method"] == "initialize")
        #expect(client.greeting["params"]?["clientCapabilities"]?["terminal"] == false)
        let session = client.take(result(1, ["protocolVersion": 1])).messages
        #expect(session.first?["method"] == "session/new")
        #expect(session.first?["params"] == ["cwd": "/work", "mcpServers": [["name": "s"]]])
        let step = client.take(result(2, ["sessionId": "s1"]))
        #expect(step.messages.first?["method"] == "session/prompt")
        #expect(step.messages.first?["params"]?["prompt"] == [["type": "text", "text": "Do it."]])
        #expect(step.events == [["event": "session", "id": "s1"], ["event": "request"]])
    }

    @Test func `a mode is set before the prompt`() {
        var client = client(mode: "auto")
        _ = client.take(result(1, [:]))
        let first = client.take(result(2, ["sessionId": "s1"]))
        #expect(first.messages.map { $0["method"] } == ["session/set_mode"])
        #expect(first.messages.first?["params"] == ["sessionId": "s1", "modeId": "auto"])
        #expect(client.take(result(3, [:])).messages.map { $0["method"] } == ["session/prompt"])
    }

    @Test func `pieces of text become one text, and an answer begins after a tool's result`() {
        var client = working()
        var told: [String] = []
        for piece in ["I change", " it."] {
            let step = client.take(
                update(["sessionUpdate": "agent_message_chunk", "messageId": "m", "content": ["text": .string(piece)]]))
            told += names(step)
        }
        let call = client.take(
            update([
                "sessionUpdate": "tool_call", "toolCallId": "c", "kind": "execute", "status": "in_progress",
                "rawInput": ["command": "false"],
            ]))
        #expect(told == ["turn"])
        #expect(
            call.events == [
                ["event": "text", "text": "I change it."],
                ["event": "tool_use", "name": "execute", "input": ["command": "false"]],
            ])
        let failed = client.take(update(["sessionUpdate": "tool_call_update", "toolCallId": "c", "status": "failed"]))
        #expect(failed.events == [["event": "tool_result", "is_error": true]])
        let next = client.take(update(["sessionUpdate": "agent_thought_chunk"]))
        #expect(names(next) == ["turn"])
        let end = client.take(result(4, ["stopReason": "end_turn"]))
        #expect(end.events == [["event": "finished", "result": "success", "message": ""]])
        #expect(client.isFinished && client.succeeded)
    }

    @Test(
        arguments: [
            (["totalTokens": 2200, "inputTokens": 2000, "outputTokens": 200, "cachedReadTokens": 500], 1500, 500, 200),
            (
                [
                    "totalTokens": 100, "inputTokens": 10, "outputTokens": 20, "cachedReadTokens": 30,
                    "cachedWriteTokens": 5, "thoughtTokens": 35,
                ], 15, 30, 55
            ),
        ] as [(JSON, Int, Int, Int)])
    func `cached tokens are counted once, and the last cost is kept`(usage: JSON, input: Int, cached: Int, output: Int)
    {
        var client = working()
        let live = client.take(
            update(["sessionUpdate": "usage_update", "used": 1, "cost": ["amount": .number(0.5), "currency": "USD"]]))
        #expect(live.events == [["event": "usage", "usd": .number(0.5)]])
        for cost: JSON in [["amount": 0, "currency": "USD"], ["amount": 7, "currency": "EUR"]] {
            #expect(client.take(update(["sessionUpdate": "usage_update", "cost": cost])).events.isEmpty)
        }
        let end = client.take(result(4, ["stopReason": "end_turn", "usage": usage]))
        #expect(
            end.events.first == [
                "event": "usage", "usd": .number(0.5), "input_tokens": .integer(input),
                "cached_tokens": .integer(cached),
                "output_tokens": .integer(output),
            ])
    }

    @Test func `every permission is given, and what the client does not offer is refused`() {
        var client = working()
        _ = client.take(update(["sessionUpdate": "tool_call", "toolCallId": "c", "kind": "execute"]))
        let options: JSON = [
            ["optionId": "no", "kind": "reject_once"], ["optionId": "once", "kind": "allow_once"],
            ["optionId": "always", "kind": "allow_always"],
        ]
        func ask(_ options: JSON) -> ACPClient.Step {
            client.take([
                "jsonrpc": "2.0", "id": "p1", "method": "session/request_permission",
                "params": ["toolCall": ["toolCallId": "c"], "options": options],
            ])
        }
        let given = ask(options)
        #expect(given.messages.first?["result"]?["outcome"] == ["outcome": "selected", "optionId": "always"])
        #expect(given.messages.first?["id"] == "p1" && given.events.isEmpty)
        let refused = ask([["optionId": "no", "kind": "reject_once"]])
        #expect(refused.messages.first?["result"]?["outcome"] == ["outcome": "cancelled"])
        #expect(refused.events == [["event": "denied", "name": "execute"]])
        let file = client.take(["jsonrpc": "2.0", "id": 7, "method": "fs/read_text_file", "params": [:]])
        #expect(file.messages.first?["error"]?["code"] == -32601)
    }

    @Test(arguments: [
        ("refusal", "refused"), ("max_turn_requests", "turn-limit"), ("max_tokens", "error"), ("cancelled", "error"),
        ("else", "error"),
    ])
    func `the reason of an end is kept`(reason: String, kind: String) {
        var client = working()
        let step = client.take(result(4, ["stopReason": .string(reason)]))
        #expect(step.events.last?["result"] == .string(kind))
        #expect(!client.succeeded)
    }

    @Test(arguments: [
        (-32000, "Authentication required", "error", "Agent 2 needs a login or a key: Authentication required"),
        (-32603, "HTTP 429", "provider-limit", "Agent 2 refused 'session/new': HTTP 429"),
    ])
    func `an error is told in words`(code: Int, message: String, kind: String, told: String) {
        var client = client()
        _ = client.take(result(1, ["agentInfo": ["title": "Agent", "version": "2"]]))
        let step = client.take([
            "jsonrpc": "2.0", "id": 2, "error": ["code": .integer(code), "message": .string(message)],
        ])
        #expect(step.events == [["event": "finished", "result": .string(kind), "message": .string(told)]])
    }

    @Test func `an agent that goes away has failed, and one that was done has not`() {
        var client = working()
        let gone = client.end(lastWords: "sh: 1: agent: not found").events
        #expect(gone.first?["result"] == "error")
        let message = "Agent 2 ended before it answered 'session/prompt': sh: 1: agent: not found"
        #expect(gone.first?["message"] == .string(message))
        var silent = working()
        #expect(silent.end().events.first?["message"]?.string?.contains("nothing on standard error") == true)
        #expect(client.end().events.isEmpty)
        var done = working()
        _ = done.take(result(4, ["stopReason": "end_turn"]))
        #expect(done.end().events.isEmpty && done.succeeded)
    }
}
