import Foundation
import TestSupport
import Testing

/// The server that stands in for providers everywhere else.
@Suite("The scripted model")
struct ScriptedModelTests {
    private func ask(_ server: ScriptedModelServer, _ path: String, _ body: String) throws -> ScratchProcessResult {
        try run(
            "/usr/bin/env",
            ["curl", "-sSi", server.address + path, "-H", "content-type: application/json", "--data-binary", "@-"],
            in: "/", environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"],
            input: Array(body.utf8))
    }

    private func question(_ path: String, _ text: String, isStreamed: Bool) -> String {
        let stream = isStreamed ? #""stream": true, "stream_options": {"include_usage": true},"# : ""
        let messages = #"[{"role": "user", "content": "\#(text)"}]"#
        return #"{"model": "m", \#(stream) "\#(path == "/v1/responses" ? "input" : "messages")": \#(messages)}"#
    }

    static let script = #"""
        {"rules": [
          {"name": "busy", "times": 1, "when": {"prompt": "busy"}, "fault": {"status": 429, "retry_after": 7}},
          {"name": "cut", "times": 1, "when": {"prompt": "cut"}, "say": "never seen as a whole",
           "fault": {"cut_after": 1}},
          {"name": "edit", "label": "${file}", "when": {"turn": 0, "prompt": "change (?<file>[a-z.]+)"},
           "say": "I change ${file}.", "usage": {"input": 50, "cached": 20, "output": 5},
           "call": [{"tool": "sh", "arguments": {"command": "touch ${file}", "n": 1}}]}
        ]}
        """#

    @Test(arguments: ["/v1/messages", "/v1/chat/completions", "/v1/responses"], [true, false])
    func `says the same in every protocol, as a stream and as a whole`(path: String, isStreamed: Bool) throws {
        let server = try ScriptedModelServer(script: Self.script)
        let text = try ask(server, path, question(path, "change a.py", isStreamed: isStreamed)).text
        #expect(text.hasPrefix("HTTP/1.1 200"))
        #expect(text.contains(isStreamed ? "text/event-stream" : "application/json"))
        #expect(isStreamed || text.contains("I change a.py."))
        #expect(text.contains("sh"))
        let bill = try #require(try server.bills().first)
        #expect((bill.rule, bill.label) == ("edit", "a.py"))
        #expect((bill.input, bill.cached, bill.output) == (50, 20, 5))
        #expect(abs(bill.usd - (50 * 3 + 20 * 0.3 + 5 * 15) / 1_000_000) < 1e-12)
    }

    @Test func `is busy so often as the script says, and bills nothing for it`() throws {
        let server = try ScriptedModelServer(script: Self.script)
        let body = question("/v1/messages", "busy: change a.py", isStreamed: true)
        let refused = try ask(server, "/v1/messages", body).text
        #expect(refused.hasPrefix("HTTP/1.1 429"))
        #expect(refused.contains("Retry-After: 7"))
        #expect(refused.contains("rate_limit_error"))
        #expect(try ask(server, "/v1/messages", body).text.hasPrefix("HTTP/1.1 200"))
        #expect(try server.bills().map(\.input) == [0, 50])
    }

    @Test(arguments: ["/v1/messages", "/v1/chat/completions", "/v1/responses"])
    func `cuts a stream`(path: String) throws {
        let server = try ScriptedModelServer(script: Self.script)
        let result = try ask(server, path, question(path, "cut: change a.py", isStreamed: true))
        // curl: transfer closed with outstanding read data remaining.
        #expect(result.status == 18)
        #expect(!result.text.contains("[DONE]"))
        #expect(try server.bills().map(\.whole) == [false])
    }

    @Test func `counts the answers of a conversation, however the protocol writes them`() throws {
        let server = try ScriptedModelServer(
            script:
                #"{"rules": [{"name": "second", "when": {"turn": 1, "last": "^(?<said>\\w+)$"}, "say": "${said}!"}]}"#)
        let conversations = [
            "/v1/messages": #"""
            {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": []},
             {"role": "user", "content": [{"type": "tool_result", "content": [{"type": "text", "text": "found"}]}]}]}
            """#,
            "/v1/chat/completions": #"""
            {"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "a"},
             {"role": "assistant", "content": null}, {"role": "tool", "content": "found"}]}
            """#,
            "/v1/responses": #"""
            {"input": [{"role": "user", "content": "a"}, {"type": "reasoning"}, {"type": "function_call"},
             {"type": "function_call_output", "output": "found"}]}
            """#,
        ]
        for (path, body) in conversations { #expect(try ask(server, path, body).text.contains("found!"), "\(path)") }
    }

    @Test func `refuses what is no request, and tells its models`() throws {
        let server = try ScriptedModelServer(script: #"{"rules": []}"#)
        #expect(try ask(server, "/v1/messages", "{").text.hasPrefix("HTTP/1.1 400"))
        #expect(try ask(server, "/v1/nothing", "{}").text.hasPrefix("HTTP/1.1 404"))
        #expect(try ask(server, "/v1/models", "{}").text.contains("scripted"))
        #expect(try ask(server, "/v1/messages/count_tokens", #"{"messages": []}"#).text.contains("input_tokens"))
    }
}
