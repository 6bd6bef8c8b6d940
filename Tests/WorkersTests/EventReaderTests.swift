import Foundation
import Model
import Testing

@testable import Workers

@Suite struct LineSplitterTests {
    private func text(_ lines: [[UInt8]]) -> [String] { lines.map { String(decoding: $0, as: UTF8.self) } }

    @Test func `lines end at line feeds, without carriage returns and empty lines`() {
        var splitter = LineSplitter()
        #expect(text(splitter.take(Array("a\r\n\nb\r\r\nc".utf8))) == ["a", "b\r"])
        #expect(text(splitter.take(Array("d\n".utf8))) == ["cd"])
        #expect(text(splitter.end()).isEmpty)
        #expect(text(splitter.take(Array("e".utf8))).isEmpty)
        #expect(text(splitter.end()) == ["e"])
        #expect(text(splitter.end()).isEmpty)
    }

    @Test func `a line of exactly the limit is kept, and a longer one is counted`() {
        var splitter = LineSplitter(limit: 3)
        #expect(text(splitter.take(Array("abc\nabcd\nab".utf8))) == ["abc"])
        #expect(splitter.dropped == 1)
        _ = splitter.take(Array("cd".utf8))
        #expect(text(splitter.end()).isEmpty)
        #expect(splitter.dropped == 2)
    }
}

@Suite struct RepetitionDetectorTests {
    private func call(after inputs: [String]) -> String? {
        var detector = RepetitionDetector()
        for input in inputs { detector.take("run", input) }
        return detector.call
    }

    @Test func `twelve equal or alternating calls are a repetition`() {
        #expect(call(after: Array(repeating: "a", count: 11)) == nil)
        #expect(call(after: Array(repeating: "a", count: 12)) == "run a")
        #expect(call(after: (0..<12).map { $0 % 2 == 0 ? "a" : "b" }) == "run a")
        #expect(call(after: (0..<12).map { "\($0 % 3)" }) == nil)
        #expect(call(after: ["x"] + Array(repeating: "a", count: 12)) == "run a")
    }

    @Test func `a shortened call starts the count again`() {
        let calls = Array(repeating: "a", count: 11)
        #expect(call(after: calls + ["b..."] + calls) == nil)
        #expect(call(after: calls + ["b..."] + calls + ["a"]) == "run a")
    }
}

@Suite struct WorkerResultTests {
    @Test(
        arguments: [
            (nil, "overloaded", WorkerResult.Kind.providerLimit(retryAfter: nil)),
            (nil, "Rate limit reached", .providerLimit(retryAfter: nil)),
            (nil, "rate_limit_error", .providerLimit(retryAfter: nil)),
            (nil, "Too Many Requests", .providerLimit(retryAfter: nil)),
            (nil, "connection error", .unreachable), (nil, "Connection refused", .unreachable),
            (nil, "error sending request for url", .unreachable), (nil, "timed out", .unreachable),
            (nil, "HTTP 503", .providerLimit(retryAfter: nil)), (nil, "code: 404", .error), (nil, "error 399", .error),
            (408, "", .providerLimit(retryAfter: nil)), (429, "", .providerLimit(retryAfter: nil)),
            (499, "overloaded", .error), (500, "", .providerLimit(retryAfter: nil)), (400, "timed out", .error),
        ] as [(Int?, String, WorkerResult.Kind)])
    func `an error's kind comes from its status, else from its text`(
        status: Int?, message: String, kind: WorkerResult.Kind
    ) {
        let result = WorkerResult.failure(message, status: status)
        #expect(result.kind == kind && result.message == message)
    }

    @Test func `the built-in agent's words are read back`() {
        let kinds: [WorkerResult.Kind] = [
            .success, .error, .refused, .gaveUp, .stuck, .turnLimit, .budgetLimit, .providerLimit(retryAfter: 7),
            .unreachable,
        ]
        for kind in kinds {
            var dialect = OrchestrateDialect(before: nil)
            let line = #"{"event":"finished","result":"\#(kind.word)","message":"m","retry_after":7}"#
            #expect(dialect.read(Array(line.utf8)) == [.finished(WorkerResult(kind, message: "m"))])
        }
    }

    @Test func `a text is shortened only if it is longer`() {
        #expect("abc".shortened(to: 3) == "abc" && "abcd".shortened(to: 3) == "abc...")
        #expect(" a\n b\t".onOneLine == "a b")
    }
}

@Suite struct OrchestrateDialectTests {
    private func read(_ line: String) -> [WorkerEvent] {
        var dialect = OrchestrateDialect(before: nil)
        return dialect.read(Array(line.utf8))
    }

    @Test func `each event is read with its fields`() {
        #expect(read(#"{"event":"session","id":"s"}"#) == [.session("s")])
        #expect(read(#"{"event":"turn"}"#) == [.turn])
        #expect(read(#"{"event":"text","text":"t"}"#) == [.text("t")])
        #expect(
            read(#"{"event":"tool_use","name":"n","input":{"b":1,"a":"x"}}"#) == [.toolUse(name: "n", input: "a=x b=1")]
        )
        #expect(read(#"{"event":"tool_result","is_error":true}"#) == [.toolResult(isError: true)])
        #expect(read(#"{"event":"tool_result"}"#) == [.toolResult(isError: false)])
        #expect(read(#"{"event":"denied","name":"n"}"#) == [.denied(tool: "n")])
        #expect(read(#"{"event":"retry","after":1.5,"status":529}"#) == [.retry(after: 1.5, status: 529)])
        #expect(
            read(#"{"event":"usage","input_tokens":1,"cached_tokens":2,"output_tokens":3,"usd":0.5}"#)
                == [.usage(Usage(inputTokens: 1, cachedTokens: 2, outputTokens: 3, usd: 0.5))])
        #expect(read(#"{"event":"other"}"#).isEmpty && read("text").isEmpty && read("[1]").isEmpty)
    }
}

@Suite struct EventValueTests {
    private func value(_ text: String) throws -> EventValue { try #require(EventValue(line: Array(text.utf8))) }

    @Test func `a field of another type is missing, not an error`() throws {
        let value = try value(#" {"t":"x","n":2.9,"m":-1,"b":true,"l":[1],"o":{"k":null},"h":1e300}"#)
        #expect(value["t"].text == "x" && value["n"].text == nil)
        #expect(value["n"].count == 2 && value["n"].amount == 2.9)
        #expect(value["m"].count == nil && value["m"].amount == nil)
        // Too large a number counts as a large one.
        #expect(value["h"].count == 1_000_000_000_000 && value["h"].amount == 1e12)
        #expect(value["b"].isTrue && !value["t"].isTrue)
        #expect(value["l"].list.count == 1 && value["t"].list.isEmpty)
        #expect(value["o"].members.keys.sorted() == ["k"] && value["t"]["k"].text == nil)
    }

    @Test func `a digest is one line with sorted keys`() throws {
        #expect(try value(#"{"b":[1,"x y",null],"a":true}"#).digest == "a=true b=1 x y null")
    }
}

@Suite struct EventLineTests {
    private func line(_ event: WorkerEvent) -> String {
        String(decoding: EventLine(event, at: Timestamp(seconds: 5)).bytes, as: UTF8.self)
    }

    @Test func `each event is stored with its fields`() {
        #expect(line(.text("t")) == #"{"event":"text","text":"t","time":5}"# + "\n")
        #expect(
            line(.toolUse(name: "n", input: "i")) == #"{"event":"tool_use","input":"i","name":"n","time":5}"# + "\n")
        #expect(line(.toolResult(isError: true)) == #"{"event":"tool_result","is_error":true,"time":5}"# + "\n")
        #expect(line(.denied(tool: "n")) == #"{"event":"denied","name":"n","time":5}"# + "\n")
        #expect(line(.turn) == #"{"event":"turn","time":5}"# + "\n")
        #expect(
            line(.usage(Usage(inputTokens: 1, cachedTokens: 2, outputTokens: 3, usd: 4)))
                == #"{"cached_tokens":2,"event":"usage","input_tokens":1,"output_tokens":3,"time":5,"usd":4}"# + "\n")
        #expect(line(.retry(after: 2, status: 429)) == #"{"event":"retry","seconds":2,"status":429,"time":5}"# + "\n")
        #expect(line(.session("s")) == #"{"event":"session","name":"s","time":5}"# + "\n")
        #expect(
            line(.finished(WorkerResult(.gaveUp, message: "m")))
                == #"{"event":"finished","result":"gave-up","text":"m","time":5}"# + "\n")
    }
}

@Suite struct OtherDialectTests {
    private func read(_ dialect: any EventDialect, _ lines: String...) -> [WorkerEvent] {
        var dialect = dialect
        return lines.flatMap { dialect.read(Array($0.utf8)) }
    }

    @Test func `OpenHands counts each message and action of the agent as a turn`() {
        let events = read(
            OpenHandsDialect(before: nil),
            #"{"kind":"MessageEvent","source":"agent","llm_message":{"content":[{"text":"a"},{"text":"b"}]}}"#,
            #"{"kind":"MessageEvent","source":"user","llm_message":{"content":[{"text":"a"}]}}"#,
            #"{"kind":"ActionEvent","tool_name":"bash","action":{"command":"ls"}}"#,
            #"{"kind":"ObservationEvent","observation":{"is_error":true}}"#, #"{"kind":"AgentErrorEvent"}"#,
            #"{"kind":"ConversationErrorEvent","detail":"overloaded"}"#)
        #expect(
            events == [
                .turn, .text("a\nb"), .turn, .toolUse(name: "bash", input: "command=ls"), .toolResult(isError: true),
                .toolResult(isError: true),
                .finished(WorkerResult(.providerLimit(retryAfter: nil), message: "overloaded")),
            ])
    }

    @Test func `Claude Code counts an answer that broke off as little as its own sums do`() {
        func answer(_ id: String, _ tokens: Int) -> String {
            #"{"type":"assistant","message":{"id":"\#(id)","content":[],"usage":{"input_tokens":\#(tokens)}}}"#
        }
        let result = #"{"type":"user","message":{"content":[]}}"#
        let events = read(
            ClaudeCodeDialect(before: nil), answer("a", 1000), answer("b", 1000), result, answer("c", 1000),
            #"{"type":"system","subtype":"api_retry","retry_delay_ms":500}"#, answer("d", 1000), result)
        #expect(
            events == [
                .turn, .turn, .usage(Usage(inputTokens: 1000)), .turn, .retry(after: 0.5, status: nil), .turn,
                .usage(Usage(inputTokens: 2000)),
            ])
    }

    @Test func `OpenCode sums its steps and reports an error as the end`() {
        let step =
            #"{"type":"step_finish","sessionID":"s","part":{"cost":0.5,"tokens":{"input":1,"output":2,"reasoning":3,"cache":{"read":4,"write":5}}}}"#
        let events = read(
            OpenCodeDialect(before: nil), step, step,
            #"{"type":"error","error":{"data":{"message":"m","statusCode":429}}}"#)
        #expect(
            events == [
                .session("s"), .usage(Usage(inputTokens: 6, cachedTokens: 4, outputTokens: 5, usd: 0.5)),
                .usage(Usage(inputTokens: 12, cachedTokens: 8, outputTokens: 10, usd: 1)),
                .finished(WorkerResult(.providerLimit(retryAfter: nil), message: "m")),
            ])
    }

    @Test func `gemini ends with its turn limit or its last error`() {
        let limit = read(
            GeminiDialect(before: nil),
            #"{"type":"result","status":"error","error":{"type":"FatalMaxTurnsError","message":"m"},"stats":{"input_tokens":5,"cached":2,"output_tokens":1}}"#
        )
        #expect(
            limit == [
                .usage(Usage(inputTokens: 3, cachedTokens: 2, outputTokens: 1)),
                .finished(WorkerResult(.turnLimit, message: "m")),
            ])
        let error = read(
            GeminiDialect(before: nil), #"{"type":"error","message":"rate limit"}"#,
            #"{"type":"result","status":"error"}"#)
        #expect(error.last == .finished(WorkerResult(.providerLimit(retryAfter: nil), message: "rate limit")))
    }

    @Test func `pieces of one Gemini message are one turn`() {
        let events = read(
            GeminiDialect(before: nil), #"{"type":"message","role":"assistant","content":"a"}"#,
            #"{"type":"message","role":"assistant","content":"b","delta":true}"#,
            #"{"type":"message","role":"user","content":"c"}"#,
            #"{"type":"tool_use","tool_name":"n","parameters":{}}"#,
            #"{"type":"message","role":"assistant","content":"d","delta":true}"#)
        #expect(events == [.turn, .text("a"), .text("b"), .toolUse(name: "n", input: ""), .turn, .text("d")])
    }

    @Test func `mini-swe-agent reports waits, and a limit at its end`() {
        let dialect = MiniSWEAgentDialect(before: nil)
        #expect(
            read(dialect, "Retrying x in 8.5 seconds as it raised RateLimitError: y") == [
                .retry(after: 8.5, status: 429)
            ])
        #expect(read(dialect, "Retrying x in 2 seconds as it raised Oops: y") == [.retry(after: 2, status: nil)])
        #expect(read(dialect, "mini-swe-agent (step 2, $0.25):") == [.turn, .usage(Usage(usd: 0.25))])
        let end =
            #"{"messages":[{"extra":{"exit_status":"LimitsExceeded"}}],"info":{"model_stats":{"instance_cost":0}}}"#
        #expect(
            read(dialect, end) == [
                .usage(Usage()),
                .finished(WorkerResult(.turnLimit, message: "it used up its steps or its budget")),
            ])
    }

    @Test func `a later usage is reduced by an earlier one, never below 0`() {
        let usage = Usage(inputTokens: 10, cachedTokens: 5, outputTokens: 3, usd: 2)
        #expect(
            usage.since(Usage(inputTokens: 4, cachedTokens: 9, outputTokens: 1, usd: 0.5))
                == Usage(inputTokens: 6, cachedTokens: 0, outputTokens: 2, usd: 1.5))
        #expect(usage.since(nil) == usage)
        #expect(usage.since(Usage()).usd == 2)
    }
}
