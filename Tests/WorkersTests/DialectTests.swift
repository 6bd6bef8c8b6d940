import Model
import Testing
import Workers

/// Every dialect over the same little task: one edit, then "Done."; recorded from the program itself where that runs
/// without an account, else written after its documentation.
@Suite("Event dialects")
struct DialectTests {
    struct Expectation: Sendable, CustomTestStringConvertible {
        var file: String
        var events: Worker.Events
        var usage = Usage(inputTokens: 1500, cachedTokens: 200, outputTokens: 140, usd: 0.00666)
        var turns = 2
        var calls = 1
        var session = true
        var end: WorkerResult.Kind? = .success

        var testDescription: String { file }
    }

    static let plain: [Expectation] = [
        Expectation(file: "claude-code-plain.jsonl", events: .claudeCode),
        Expectation(
            file: "codex-plain.jsonl", events: .codex,
            usage: Usage(inputTokens: 1500, cachedTokens: 200, outputTokens: 140)),
        Expectation(
            file: "gemini-plain.jsonl", events: .gemini,
            usage: Usage(inputTokens: 1500, cachedTokens: 200, outputTokens: 140)),
        Expectation(file: "opencode-plain.jsonl", events: .opencode, end: nil),
        Expectation(
            file: "openhands-plain.jsonl", events: .openhands, usage: Usage(inputTokens: 2000, outputTokens: 200),
            session: false),
        Expectation(
            file: "aider-plain.txt", events: .aider, usage: Usage(inputTokens: 1000, outputTokens: 100), turns: 1,
            session: false),
        Expectation(
            file: "mini-swe-agent-plain.txt", events: .miniSWEAgent, usage: Usage(inputTokens: 2000, outputTokens: 200),
            calls: 2, session: false),
        Expectation(
            file: "vibe-plain.jsonl", events: .vibe, usage: Usage(inputTokens: 2000, outputTokens: 200)),
        Expectation(
            file: "gptme-plain.jsonl", events: .gptme, usage: Usage(inputTokens: 2000, outputTokens: 200),
            session: false),
        Expectation(file: "orchestrate-plain.jsonl", events: .orchestrate),
    ]

    @Test(arguments: plain)
    func `tell usage, turns, calls, the conversation and the end`(_ expected: Expectation) throws {
        let (stream, _) = try #require(try Recording(expected.file).read(expected.events))
        let usage = try #require(stream.usage)
        #expect(usage.inputTokens == expected.usage.inputTokens)
        #expect(usage.cachedTokens == expected.usage.cachedTokens)
        #expect(usage.outputTokens == expected.usage.outputTokens)
        #expect((usage.usd == nil) == (expected.usage.usd == nil))
        #expect(abs((usage.usd ?? 0) - (expected.usage.usd ?? 0)) < 1e-9)
        #expect(stream.turns == expected.turns)
        #expect(stream.toolCalls == expected.calls)
        #expect((stream.session != nil) == expected.session)
        #expect(stream.result?.kind == expected.end)
    }

    @Test func `an answer of Aider is one text, with JSON on lines of its own and without what Aider says`() {
        let log = #", "properties": {"prompt_tokens": 10, "completion_tokens": 2}, "user_id": "u", "time": 1}"#
        let told = events(
            [
                "Aider v0.86.2", #"{"event": "message_send_starting""# + log, "I looked at it.", "",
                #"{"verdict": "approve", "reasons": []}"#, #"{"event": "build"}"#, "", "Tokens: 10 sent, 2 received.",
                #"{"event": "message_send""# + log, "Only 3 reflections allowed, stopping.", #"{"event": "exit""# + log,
            ], .aider)
        let answer = "I looked at it.\n\n{\"verdict\": \"approve\", \"reasons\": []}\n{\"event\": \"build\"}"
        #expect(
            told == [
                .text("Aider v0.86.2"), .text(answer), .turn, .usage(Usage(inputTokens: 10, outputTokens: 2)),
                .finished(WorkerResult(.success)),
            ], "\(told)")
    }

    private func events(_ lines: [String], _ kind: Worker.Events) -> [WorkerEvent] {
        var dialect = kind.dialect.init(before: nil)
        return lines.flatMap { dialect.read(Array($0.utf8)) }
    }

    @Test(arguments: [
        ("finished", WorkerResult.Kind.success), ("turn_limit", .turnLimit), ("price_limit", .budgetLimit),
        ("token_limit", .budgetLimit), ("refusal", .refused), ("config_error", .error), ("length", .error),
    ])
    func `Vibe: the export tells the end, the cost and the answers without text`(
        outcome: String, kind: WorkerResult.Kind
    ) {
        let told = events(
            [
                #"{"type":"message","role":"assistant","sessionId":"s","content":[{"text":"a"}]}"#,
                #"{"outcome":"\#(outcome)","vibe_version":"3","steps":3,"cost_usd":0.5,"#
                    + #""usage":{"input_tokens":9,"cached_input_tokens":4,"output_tokens":2},"#
                    + #""subagents":[{"cost_usd":0.25,"usage":{"input_tokens":1,"output_tokens":1}}]}"#,
            ], .vibe)
        #expect(told.filter { $0 == .turn }.count == 3)
        #expect(told.contains(.usage(Usage(inputTokens: 6, cachedTokens: 4, outputTokens: 3, usd: 0.75))))
        guard case .finished(let end) = told.last else {
            Issue.record("\(told)")
            return
        }
        #expect(end.kind == kind)
    }

    @Test func `Vibe: a call that failed, and one that was not let`() {
        let told = events(
            [
                #"{"type":"effect","sessionId":"s","detail":{"toolName":"bash","input":{"command":"false"}},"#
                    + #""state":{"status":"completed","decision":"skip","display":{"success":false}}}"#
            ], .vibe)
        #expect(
            told == [
                .session("s"), .toolUse(name: "bash", input: "command=false"), .denied(tool: "bash"),
                .toolResult(isError: true),
            ])
    }

    @Test(arguments: [
        (
            "auth_error", "Error code: 401 - bad key",
            WorkerResult(.error, message: "Error code: 401 - bad key", status: 401)
        ),
        (
            "auth_error", "Error code: 401 - {'error': {'code': None, 'message': 'wrong key'}}",
            WorkerResult(.error, message: "Error code: 401: wrong key", status: 401)
        ),
        ("rate_limit", "quota", WorkerResult(.providerLimit(retryAfter: nil), message: "quota")),
    ])
    func `gptme: the last line of its log tells an error`(kind: String, message: String, result: WorkerResult) {
        let line =
            #"{"role":"system","content":"error: \#(kind)\n\#(message)","metadata":{"error":true,"error_class":"\#(kind)"}}"#
        #expect(events([line], .gptme) == [.finished(result)])
    }

    @Test func `mini-swe-agent: a model that runs no command is told in words`() {
        let line = #"{"messages":[{"role":"exit","extra":{"exit_status":"RepeatedFormatError"}}],"info":{}}"#
        let message = "the model answered again and again without a command (RepeatedFormatError)"
        #expect(events([line], .miniSWEAgent).last == .finished(WorkerResult(.error, message: message)))
    }

    @Test func `OpenHands: its state tells that it is stuck`() {
        func state(_ status: String) -> String {
            #"{"kind":"ConversationStateUpdateEvent","value":{"execution_status":"\#(status)"}}"#
        }
        guard case .finished(let end)? = events([state("stuck")], .openhands).last else {
            Issue.record("no end")
            return
        }
        #expect(end.kind == .stuck)
        #expect(events([state("finished"), state("running")], .openhands).isEmpty)
    }

    @Test func `gptme: its guess of a cost is not read, and a command that failed is an error`() {
        let told = events(
            [
                #"{"role":"assistant","content":"I run\n@shell(call_1): {\"command\":\"false\"}","metadata":{"cost":9,"#
                    + #""usage":{"input_tokens":5,"output_tokens":2,"cache_read_tokens":3}}}"#,
                #"{"role":"system","content":"Ran command: `false`\n\nReturn code: 1\n","metadata":{"tool":"shell"}}"#,
            ], .gptme)
        #expect(
            told.dropFirst(2) == [
                .toolUse(name: "shell", input: "command=false"),
                .usage(Usage(inputTokens: 5, cachedTokens: 3, outputTokens: 2)), .toolResult(isError: true),
            ])
    }

    @Test func `have a recording each, but the one without a form`() {
        #expect(Set(Self.plain.map(\.events)) == Set(Worker.Events.allCases.filter { $0 != .plain }))
    }

    @Test(arguments: [
        ("claude-code-turns.jsonl", Worker.Events.claudeCode, WorkerResult.Kind.turnLimit),
        ("claude-code-budget.jsonl", .claudeCode, .budgetLimit),
        ("claude-code-refuse.jsonl", .claudeCode, .refused),
        ("codex-never.jsonl", .codex, .providerLimit(retryAfter: nil)),
        ("codex-refuse.jsonl", .codex, .success),
    ])
    func `tell how a program ended`(file: String, events: Worker.Events, kind: WorkerResult.Kind) throws {
        let (stream, _) = try #require(try Recording(file).read(events))
        #expect(stream.result?.kind == kind)
    }

    @Test func `Claude Code: what a budget ended is counted to the last answer`() throws {
        let (stream, _) = try #require(try Recording("claude-code-budget.jsonl").read(.claudeCode))
        #expect(stream.usage?.inputTokens == 3000)
        #expect(stream.usage?.usd == 0.013500000000000002)
    }

    @Test func `of a conversation that goes on, only what is new counts`() throws {
        let before = Usage(inputTokens: 1500, cachedTokens: 200, outputTokens: 140, usd: 0.00666)
        let (claude, _) = try #require(try Recording("claude-code-resume.jsonl").read(.claudeCode, before: before))
        #expect(claude.usage?.inputTokens == 1000)
        #expect(claude.usage?.outputTokens == 100)
        #expect(abs((claude.usage?.usd ?? 0) - 0.0045) < 1e-9)
        let (codex, _) = try #require(try Recording("codex-plain.jsonl").read(.codex, before: before))
        #expect(codex.usage?.tokens == 0)
    }

    @Test func `names a tool that the model was not let use`() throws {
        let (stream, _) = try #require(try Recording("claude-code-denied.jsonl").read(.claudeCode))
        #expect(stream.denied == ["WebFetch"])
        #expect(stream.toolErrors == 1)
    }

    @Test(arguments: [
        ("claude-code-busy.jsonl", Worker.Events.claudeCode), ("claude-code-cut.jsonl", .claudeCode),
        ("codex-busy.jsonl", .codex), ("codex-cut.jsonl", .codex),
    ])
    func `pass over a refusal that was waited out`(file: String, events: Worker.Events) throws {
        let (stream, told) = try #require(try Recording(file).read(events))
        #expect(told.contains { if case .retry = $0 { true } else { false } })
        #expect(stream.reasonToEnd == .finished)
        #expect(stream.lastRetry == nil)
    }

    @Test func `end a worker that only waits for its provider`() throws {
        let (stream, _) = try #require(try Recording("claude-code-never.jsonl").read(.claudeCode))
        guard case .waiting(let seconds, let status) = stream.reasonToEnd else {
            Issue.record("\(String(describing: stream.reasonToEnd))")
            return
        }
        #expect(status == 429)
        #expect(try #require(seconds) > 1)
    }

    @Test(arguments: [
        ("API Error: 529 overloaded", WorkerResult.Kind.providerLimit(retryAfter: nil)),
        ("exceeded retry limit, last status: 429 Too Many Requests", .providerLimit(retryAfter: nil)),
        ("unexpected status 401 Unauthorized", .error), ("the file has 429 lines", .error),
        ("stream disconnected before completion", .unreachable), ("something else", .error),
    ])
    func `read from an error's words what kind it is`(message: String, kind: WorkerResult.Kind) {
        #expect(WorkerResult.failure(message).kind == kind)
    }
}
