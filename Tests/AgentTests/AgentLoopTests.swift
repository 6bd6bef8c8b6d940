import Model
import ModelAPI
import TestSupport
import Testing

@testable import Agent

@Suite("The agent's loop")
struct AgentLoopTests {
    private static let edit = ModelAnswer.calls(
        ("read", ["path": "a.py"]), ("edit", ["path": "a.py", "old": "x = old", "new": "x = new"]), text: "I look.")

    @Test func `reads, edits, is done, and says so in the job folder`() async throws {
        let bench = try Bench()
        let report = await bench.run(ScriptedSource(Self.edit, .done()), prices: PriceTable(input: 3, output: 15))
        #expect(report == AgentReport(.success, summary: "Did it.", reason: "because"))
        #expect(try bench.text("a.py") == "old = 1\nold = 1\nx = new\n")
        #expect(
            bench.names() == [
                "request", "usage", "turn", "text", "tool_use", "tool_result", "tool_use", "tool_result", "request",
                "usage", "turn", "tool_use", "tool_result", "finished",
            ])
        let usd = 200 * 3e-6 + 20 * 15e-6
        let last = try #require(bench.events.last)
        #expect(last["result"] == "success")
        #expect(last["input_tokens"] == 200 && last["output_tokens"] == 20)
        #expect(abs((last["usd"]?.number ?? 0) - usd) < 1e-12)
        let outcome = try #require(bench.outcome)
        #expect(outcome["usage"] == ["input_tokens": 200, "cached_tokens": 0, "output_tokens": 20])
        #expect(abs((outcome["cost_usd"]?.number ?? 0) - usd) < 1e-12)
        #expect(outcome["reason"] == "because")
    }

    @Test func `does the same, given the same answers`() async throws {
        var all: [[JSON]] = []
        var requests: [[ModelRequest]] = []
        for _ in 0..<2 {
            let bench = try Bench()
            let source = ScriptedSource(
                Self.edit,
                .calls(("run", ["command": "ls; exit 3"]), ("list", [:]), ("search", ["pattern": "old|new"])),
                .done())
            _ = await bench.run(source)
            all.append(bench.events)
            requests.append(source.received)
        }
        #expect(all[0] == all[1])
        #expect(requests[0] == requests[1])
    }

    @Test func `being done with nothing changed is objected to, once`() async throws {
        let bench = try Bench()
        let source = ScriptedSource(.done())
        #expect(await bench.run(source).result == .success)
        #expect(source.received.count == 2)
        #expect(Bench.results(source).first?.text.contains("Nothing has changed") == true)
    }

    @Test func `giving up is no success`() async throws {
        let bench = try Bench()
        #expect(await bench.run(ScriptedSource(.done("Cannot be.", outcome: "gave_up"))).result == .gaveUp)
        #expect(bench.outcome?["summary"] == "Cannot be.")
    }

    @Test func `a call that nobody can carry out is told back`() async throws {
        let bench = try Bench()
        let broken = ModelAnswer(
            parts: [.toolCall(ToolCall(id: "x", name: "edit", arguments: #"{"path": "a.p"#))], stop: .length)
        let source = ScriptedSource(.calls(("fly", [:]), ("read", [:])), broken, Self.edit, .done())
        #expect(await bench.run(source).result == .success)
        let texts = Bench.results(source).prefix(3).map(\.text)
        #expect(texts[0].contains("no tool 'fly'"))
        #expect(texts[1].contains("'path' is missing"))
        #expect(texts[2].contains("cut at its longest"))
        #expect(Bench.results(source).prefix(3).allSatisfy { $0.isError })
    }

    @Test func `the same call with the same result, four times`() async throws {
        let bench = try Bench()
        let source = ScriptedSource(.calls(("read", ["path": "a.py"])))
        #expect(await bench.run(source).result == .stuck)
        #expect(source.received.count == 4)
    }

    @Test func `talk without calls is reminded, then ended`() async throws {
        let bench = try Bench()
        let source = ScriptedSource(.says("I think…"))
        let report = await bench.run(source)
        #expect(report.result == .stuck && source.received.count == 3)
        #expect(report.summary.contains("the server or its chat template drops the tools"))
    }

    @Test func `caps: turns, tokens, money`() async throws {
        let looks = (0..<50).map { ModelAnswer.calls(("run", ["command": .string("echo \($0)")])) }
        func run(_ limits: AgentLimits) async throws -> (AgentResult, Int) {
            let bench = try Bench()
            let source = ScriptedSource(looks.map { .success($0) })
            let report = await bench.run(source, limits: limits, prices: PriceTable(input: 1000, output: 1000))
            return (report.result, source.received.count)
        }
        #expect(try await run(AgentLimits(turns: 5)) == (.turnLimit, 5))
        // 110 tokens a turn, and the next request reads at least 100.
        let (ending, count) = try await run(AgentLimits(tokens: 560))
        #expect(ending == .budgetLimit)
        #expect(count <= 5)
        #expect(try await run(AgentLimits(usd: 0.3)) == (.budgetLimit, 3))
    }

    @Test func `what becomes of a provider's failure`() async throws {
        let cases: [(ModelError, AgentResult, Int32)] = [
            (.limit(.init(status: 429, retryAfter: 90)), .providerLimit(retryAfter: 90), 75),
            (.connection("reset"), .unreachable, 13), (.provider(.init(status: 401)), .error, 1),
        ]
        for (error, ending, status) in cases {
            let bench = try Bench()
            let report = await bench.run(ScriptedSource([.success(Self.edit), .failure(error)]))
            #expect(report.result == ending)
            #expect(ending.exitStatus == status)
            #expect(bench.outcome?["usage"]?["input_tokens"] == 100)
        }
        let bench = try Bench()
        _ = await bench.run(ScriptedSource([.failure(cases[0].0)]))
        #expect(bench.events.last?["retry_after"] == 90)
        #expect(bench.events.last?["result"] == "provider-limit")
    }

    private static func tooLarge(_ message: String) -> Result<ModelAnswer, ModelError> {
        .failure(.provider(.init(status: 400, kind: "exceed_context_size_error", message: message)))
    }

    @Test func `a request larger than the window is shortened and made once more`() async throws {
        let bench = try Bench()
        try bench.repository.write("big.txt", String(repeating: "0123456789\n", count: 900))
        let look = ModelAnswer.calls(("run", ["command": "cat big.txt"])).uncounted
        let source = ScriptedSource([
            .success(look), .success(Self.edit.uncounted),
            Self.tooLarge("request (9000 tokens) exceeds the available context size (8192 tokens)"),
            .success(.done()),
        ])
        let report = await bench.run(source)
        #expect(report.result == .success, "\(report)")
        let sizes = source.received.map { request in
            request.messages.flatMap(\.parts).map { "\($0)".utf8.count }.reduce(0, +)
        }
        #expect(source.received.count == 4 && sizes[3] < sizes[2] / 2)
        #expect(source.received[3].messages[0] == source.received[0].messages[0])
        #expect(source.received[3].maxOutputTokens == 2048)
        #expect(bench.names().contains("context"))
    }

    @Test func `a small window gets few tools, described in short`() async throws {
        let bench = try Bench()
        let source = ScriptedSource([
            Self.tooLarge("request (2287 tokens) exceeds the available context size (2048 tokens) n_ctx = 2048"),
            .success(Self.edit), .success(.done()),
        ])
        #expect(await bench.run(source).result == .success)
        let (first, second) = (source.received[0], source.received[1])
        #expect(Set(second.tools.map(\.name)) == ["read", "run", "edit", "run_checks", "done"])
        #expect(second.tools.allSatisfy { !$0.parameters.text.contains("description") && !$0.summary.contains(". ") })
        #expect(first.tools.count == 11 && first.system.contains("'send_message'"))
        #expect(!second.system.contains("'send_message'") && second.system.contains("'edit'"))
        let sizes = [first, second].map { request in request.tools.reduce(0) { $0 + $1.size } }
        #expect(sizes[1] * 3 < sizes[0], "\(sizes)")
        #expect(bench.events.contains { $0["event"] == "context" && $0["tools"] == 5 })
    }

    @Test func `a limit that a person has set decides about the tools`() async throws {
        let bench = try Bench()
        let source = ScriptedSource([.success(Self.edit), .success(.done())])
        var limits = AgentLimits(context: 1500)
        limits.isContextSet = true
        #expect(await bench.run(source, limits: limits).result == .success)
        #expect(source.received[0].tools.count == 5)
        let wide = ScriptedSource([.success(Self.edit), .success(.done())])
        limits.context = 20_000
        #expect(await (try Bench()).run(wide, limits: limits).result == .success)
        #expect(wide.received[0].tools.count == 11)
    }

    @Test func `a prompt that no window takes fails in words`() async throws {
        let bench = try Bench()
        let source = ScriptedSource([Self.tooLarge("This model's maximum context length is 512 tokens.")])
        let report = await bench.run(source)
        #expect(report.result == .error && source.received.count == 2)
        #expect(report.summary.contains("set ORCHESTRATE_CONTEXT_TOKENS to 512 or less"), "\(report.summary)")
    }

    @Test func `a refusal of the model is told as such`() async throws {
        let bench = try Bench()
        #expect(
            await bench.run(ScriptedSource(ModelAnswer(parts: [.text("I cannot.")], stop: .refusal))).result == .refused
        )
    }

    @Test func `bulky results go to files once the conversation is long, and can be read again`() async throws {
        let bench = try Bench()
        try bench.repository.write("big.txt", String(repeating: "0123456789\n", count: 900))
        let reads = (0..<12).map { ModelAnswer.calls(("run", ["command": .string("cat big.txt; echo \($0)")])) }
        let source = ScriptedSource(
            reads.map { .success($0.uncounted) } + [
                .success(.calls(("read", ["path": "@results/c0.txt", "from": 2, "to": 3])))
            ]
                + [.success(.done())])
        let report = await bench.run(source, limits: AgentLimits(context: 20_000))
        #expect(report.result == .success)
        #expect(bench.names().contains("context"))
        let largest = source.received.map { request in
            request.messages.flatMap(\.parts).reduce(0) {
                if case .toolResult(let r) = $1 { $0 + r.text.utf8.count } else { $0 }
            }
        }
        #expect((largest.max() ?? 0) < 20_000 * 3 + 10_000)
        #expect(Bench.results(source).contains { $0.text.contains("2\t0123456789\n3\t0123456789") })
    }

    @Test func `what cannot be dropped is summarised, and the task stays`() async throws {
        let bench = try Bench()
        let talk = String(repeating: "words and more words ", count: 400)
        let looks = (0..<8).map { ModelAnswer.calls(("run", ["command": .string("echo \($0)")]), text: talk) }
        let source = ScriptedSource(
            looks.prefix(2).map { .success($0.uncounted) } + [.success(.says("SUMMARY"))] + [
                .success(Self.edit), .success(.done()),
            ])
        #expect(await bench.run(source, limits: AgentLimits(context: 5_000)).result == .success)
        let after = try #require(source.received.dropFirst(3).first)
        #expect(after.messages.count == 1)
        try #require(after.messages[0].parts.count == 2)
        guard case .text(let prompt) = after.messages[0].parts[0], case .text(let noted) = after.messages[0].parts[1]
        else {
            return
        }
        #expect(prompt == "Say new instead of old.")
        #expect(noted.contains("SUMMARY"))
    }

    @Test func `commands do not see the key, and events do not hold it`() async throws {
        let bench = try Bench()
        let source = ScriptedSource(.calls(("run", ["command": "env; echo end"])), .done("x", outcome: "gave_up"))
        _ = await bench.run(source)
        let text = try #require(Bench.results(source).first?.text)
        #expect(text.contains("SEEN=yes"))
        #expect(text.hasPrefix("[exit status 0]"))
        #expect(!text.contains("OPENAI_API_KEY"))
    }
}
