import Foundation
import Model
import TestSupport
import Testing

@testable import ModelAPI

@Suite("What models answer")
struct DecoderTests {
    @Test(arguments: Dialect.allCases)
    func `texts, calls side by side and tokens are the same in every dialect`(_ dialect: Dialect) throws {
        let answer = try Streams.read(dialect, Streams.text(dialect)).get()
        #expect(answer == Streams.answer)
        #expect(answer.toolCalls.first?.input?["path"] == "é.py")
    }

    @Test(arguments: Dialect.allCases) func `the same however the bytes are split`(_ dialect: Dialect) throws {
        let bytes = Array(Streams.text(dialect).utf8)
        for size in [1, 2, 3, 7, 64, 1000] {
            let pieces = stride(from: 0, to: bytes.count, by: size).map {
                Array(bytes[$0..<min($0 + size, bytes.count)])
            }
            #expect(try Streams.read(dialect, pieces).get() == Streams.answer, "pieces of \(size)")
        }
    }

    @Test(arguments: Dialect.allCases)
    func `an answer that is cut anywhere is an error, or whole`(_ dialect: Dialect) throws {
        let bytes = Array(Streams.text(dialect).utf8)
        for count in 0..<bytes.count {
            switch Streams.read(dialect, [Array(bytes[..<count])]) {
            case .success(let answer):
                // Chat Completions tells tokens after its reason to finish.
                #expect(answer.parts == Streams.answer.parts, "cut at \(count)")
            case .failure(let error): #expect(error == .cutShort, "cut at \(count)")
            }
        }
    }

    @Test(arguments: Dialect.allCases, UInt64(0)..<150)
    func `damage is an error and no crash`(_ dialect: Dialect, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bytes = Array(Streams.text(dialect).utf8)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: ServerSentEventTests.noise(&random, count: 20), at: place)
            default:
                let other = Int.random(in: place..<bytes.count, using: &random)
                bytes.insert(contentsOf: bytes[place..<other], at: other)
            }
        }
        let whole = Streams.read(dialect, [bytes])
        #expect(Streams.read(dialect, bytes.map { [$0] }) == whole)
    }

    /// Every value of every event, one after the other, replaced by values of all kinds.
    @Test(arguments: Dialect.allCases)
    func `values of the wrong kind are an error and no crash`(_ dialect: Dialect) throws {
        let strange: [JSON] = [
            .null, true, -1, .number(1e300), .integer(.max), .integer(.min), "", .array([]), .object([:]), [[[1]]],
        ]
        var parser = ServerSentEventParser(limit: 1 << 20)
        let events = try parser.read(Array(Streams.text(dialect).utf8))
        var count = 0
        for index in events.indices {
            guard let value = JSON(parsing: events[index].data) else { continue }
            for replaced in Self.variants(of: value, strange) {
                var all = events
                all[index].data = replaced.text
                let text = Streams.sse(all.map { ($0.name, $0.data) })
                if case .success(let answer) = Streams.read(dialect, text) {
                    let tokens = answer.tokens
                    #expect(min(tokens.input, tokens.cacheRead, tokens.cacheWritten, tokens.output) >= 0)
                    _ = answer.tokens.usage(nil).tokens
                }
                count += 1
            }
        }
        #expect(count > 100)
    }

    private static func variants(of value: JSON, _ strange: [JSON]) -> [JSON] {
        var all = strange
        if case .object(let members) = value {
            for (key, member) in members {
                all += variants(of: member, strange).map { .object(members.merging([key: $0]) { $1 }) }
            }
        }
        if case .array(let values) = value {
            for (index, element) in values.enumerated() {
                all += variants(of: element, strange).map { variant in
                    var copy = values
                    copy[index] = variant
                    return .array(copy)
                }
            }
        }
        return all
    }

    @Test(arguments: Dialect.allCases) func `deep nesting is refused before it is read`(_ dialect: Dialect) {
        let deep = String(repeating: "[", count: 100_000)
        for text in ["{\"type\":" + deep, deep, String(repeating: "{\"a\":", count: 100_000)] {
            guard case .failure(.malformed) = Streams.read(dialect, "data: \(text)\n\n") else {
                Issue.record("was read")
                continue
            }
        }
        let levels = [64: true, 65: false]
        for (count, isRead) in levels {
            let text = String(repeating: "[", count: count) + String(repeating: "]", count: count)
            #expect((JSON(parsing: text) != nil) == isRead)
        }
        #expect(
            JSON(parsing: #"{"a": "[[[[[[[[[[[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}"#)
                != nil)
    }

    @Test(arguments: Dialect.allCases) func `an answer that is too large ends the transfer`(_ dialect: Dialect) {
        var reader = AnswerReader(dialect: dialect, limits: TransferLimits(bytes: 10_000), now: 0)
        reader.readHead(Array("HTTP/1.1 200 OK\r\n".utf8))
        var count = 0
        while !reader.isComplete, count < 1000 {
            reader.readBody(Array(": nothing but a comment that goes on and on\n".utf8))
            count += 1
        }
        #expect(count < 300)
        #expect(reader.failure == .tooLarge(10_000))
    }

    @Test func `an error amid a stream is the provider's`() {
        let cases: [(Dialect, String, Int, String)] = [
            (
                .anthropic, #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, 529,
                "overloaded_error"
            ),
            (.chat, #"{"error":{"code":502,"message":"upstream"}}"#, 502, ""),
            (.chat, #"{"error":{"type":"server_error","message":"m"}}"#, 500, "server_error"),
            (
                .responses, #"{"type":"error","code":"rate_limit_exceeded","message":"slow"}"#, 429,
                "rate_limit_exceeded"
            ),
            (
                .responses, #"{"type":"response.failed","response":{"error":{"code":"server_error","message":"m"}}}"#,
                500,
                "server_error"
            ),
        ]
        for (dialect, data, status, kind) in cases {
            guard case .failure(.provider(let refusal)) = Streams.read(dialect, "data: \(data)\n\n") else {
                Issue.record("no refusal: \(data)")
                continue
            }
            #expect((refusal.status, refusal.kind) == (status, kind))
        }
    }

    @Test func `refusals before a stream, with what the head says of waiting`() {
        let head =
            "HTTP/1.1 429 Too Many\r\nContent-Type: application/json\r\nRetry-After: 12\r\nx-should-retry: true\r\n"
        let body = Array(#"{"error":{"type":"rate_limit_error","message":"slow down"}}"#.utf8)
        #expect(
            Streams.read(.anthropic, [body], head: head)
                == .failure(
                    .provider(
                        .init(
                            status: 429, kind: "rate_limit_error", message: "slow down", retryAfter: 12,
                            shouldRetry: true))))
        let html = Streams.read(.chat, [Array("<html>502</html>".utf8)], head: "HTTP/1.1 502 Bad\r\n")
        #expect(html == .failure(.provider(.init(status: 502, message: "<html>502</html>"))))
        guard
            case .failure(.malformed) = Streams.read(
                .chat, [body], head: "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n")
        else {
            Issue.record("a page was taken for a stream")
            return
        }
    }

    @Test(
        arguments: [
            (
                400,
                #"{"error":{"code":400,"message":"the request exceeds it","type":"exceed_context_size_error","n_ctx":8192}}"#,
                8192
            ),
            (
                500,
                #"{"error":{"code":500,"message":"the request exceeds it","type":"exceed_context_size_error","n_ctx":2048}}"#,
                2048
            ),
            (400, #"{"error":"Cannot truncate prompt with n_keep (15028) >= n_ctx (7424)"}"#, 7424),
            (
                400,
                #"[{"error":{"code":400,"message":"The input token count (9) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}]"#,
                1_048_576
            ),
            (
                400,
                #"{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"This model's maximum context length is 4096 tokens","provider_name":"x"}}}"#,
                4096
            ),
            (
                429,
                #"{"error":{"message":"Request too large for m on tokens per minute (TPM): Limit 6000, Requested 9000","type":"tokens","code":"rate_limit_exceeded"}}"#,
                6000
            ),
        ] as [(Int, String, Int)])
    func `a refusal of what is too large tells the window and is not repeated`(status: Int, body: String, window: Int) {
        let head = "HTTP/1.1 \(status) No\r\nContent-Type: application/json\r\n"
        guard case .failure(let before) = Streams.read(.chat, [Array(body.utf8)], head: head) else {
            Issue.record("an error was taken for an answer")
            return
        }
        var refusals = [before]
        // The same amid a stream, where the answer has status 200. A list is no event.
        if body.hasPrefix("{"), case .failure(let amid) = Streams.read(.chat, "data: \(body)\n\n") {
            refusals.append(amid)
        }
        for refusal in refusals {
            #expect(refusal.windowExceeded?.window == window, "\(refusal)")
            #expect(RetryPolicy().step(after: refusal, attempt: 1, waited: 0, chance: 0) == .giveUp(refusal))
        }
    }

    @Test func `an error without its own words is told by its code`() {
        let body =
            #"{"error":{"message":"Reduce it.","type":"invalid_request_error","code":"context_length_exceeded"}}"#
        let read = Streams.read(.chat, [Array(body.utf8)], head: "HTTP/1.1 400 Bad\r\n")
        guard case .failure(let error) = read else { return }
        #expect(error.windowExceeded == WindowExceeded(message: "context_length_exceeded"))
        #expect(error.windowExceeded != nil)
    }

    static let json = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

    @Test(arguments: Dialect.allCases)
    func `an answer in one piece, from a server that does not stream`(_ dialect: Dialect) throws {
        let bytes = Array(Streams.whole(dialect).utf8)
        let answer = try Streams.read(dialect, bytes.map { [$0] }, head: Self.json).get()
        // Anthropic's arguments are an object here, so how they were written is not kept.
        #expect(answer.toolCalls.map(\.input) == Streams.answer.toolCalls.map(\.input))
        #expect(answer.toolCalls.map(\.id) == ["a1", "b2"])
        #expect((answer.text, answer.stop, answer.tokens) == ("Café, naïve.", .toolCalls, Streams.answer.tokens))
        for count in 0..<bytes.count {
            guard case .failure(.malformed) = Streams.read(dialect, [Array(bytes[..<count])], head: Self.json) else {
                Issue.record("cut at \(count)")
                continue
            }
        }
        let error = Array(#"{"error": {"type": "rate_limit_error", "code": "429"}}"#.utf8)
        guard case .failure(.provider(let refusal)) = Streams.read(dialect, [error], head: Self.json) else {
            Issue.record("an error was taken for an answer")
            return
        }
        #expect(refusal.status == 429)
    }

    /// As LiteLLM sends it: calls are in the closing event alone.
    @Test func `items of Responses that only the closing event has`() throws {
        let message = #"{"type":"message","content":[{"type":"output_text","text":"I look."}]}"#
        let call = #"{"type":"function_call","call_id":"1","name":"list","arguments":"{}"}"#
        let text = Streams.sse([
            ("", #"{"type":"response.output_item.done","output_index":0,"item":\#(message)}"#),
            ("", #"{"type":"response.completed","response":{"output":[\#(message),\#(call)]}}"#), ("", "[DONE]"),
        ])
        let answer = try Streams.read(.responses, text).get()
        #expect(answer.text == "I look.")
        #expect(answer.toolCalls.map(\.name) == ["list"])
        #expect(answer.stop == .toolCalls)
    }

    @Test func `servers with their own ways of Chat Completions`() throws {
        let withoutIndex = Streams.sse([
            ("", #"{"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]}}]}"#),
            (
                "",
                #"{"choices":[{"delta":{"tool_calls":[{"id":"b","function":{"name":"g","arguments":"{}"}}]},"finish_reason":"stop"}]}"#
            ),
        ])
        let answer = try Streams.read(.chat, withoutIndex).get()
        #expect(answer.toolCalls.map(\.id) == ["a", "b"])
        #expect(answer.stop == .toolCalls)
        let sameIndex = withoutIndex.replacingOccurrences(of: #"[{"id""#, with: #"[{"index":0,"id""#)
        #expect(try Streams.read(.chat, sameIndex).get().toolCalls.map(\.name) == ["f", "g"])
        let withoutID = Streams.sse([
            (
                "",
                #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}"#
            )
        ])
        #expect(try Streams.read(.chat, withoutID).get().toolCalls.map(\.id) == ["call_0"])
    }

    @Test func `a thought of Anthropic's comes back as it was`() throws {
        let text = Streams.sse([
            (
                "",
                #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#
            ),
            ("", #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#),
            ("", #"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"s=="}}"#),
            ("", #"{"type":"message_delta","delta":{"stop_reason":"end_turn"}}"#), ("", #"{"type":"message_stop"}"#),
        ])
        let thought: JSON = ["type": "thinking", "thinking": "hm", "signature": "s=="]
        let answer = try Streams.read(.anthropic, text).get()
        #expect(answer.parts == [.opaque(thought)])
        let request = ModelRequest(system: "", messages: [ChatMessage(.assistant, answer.parts)])
        #expect(Dialect.anthropic.body(request, model: "m")["messages"]?.array?.first?["content"] == [thought])
    }
}
