import Foundation
import Jobs
import Model
import TestSupport
import Testing
import Workers

@Suite("A worker's stream")
struct WorkerStreamTests {
    private func stream(_ limits: Worker.Limits = Worker.Limits(), longestLine: Int = 1000) throws -> WorkerStream {
        var worker = Worker(name: "w", run: "true", limits: limits)
        worker.events = .orchestrate
        worker.prices = TokenPrices(input: 2, cached: 1, output: 10)
        return try #require(WorkerStream(worker, longestLine: longestLine))
    }

    private func used(_ input: Int) -> String {
        #"{"event":"usage","input_tokens":\#(input),"output_tokens":0}"# + "\n"
    }

    @Test func `is nothing for a worker whose output is a log`() {
        #expect(WorkerStream(Worker(name: "w", run: "true")) == nil)
    }

    @Test(arguments: [1, 2, 7, 100, 100_000])
    func `is the same however the bytes are cut`(size: Int) throws {
        let bytes = try Recording("claude-code-plain.jsonl").bytes
        let whole = try #require(try Recording("claude-code-plain.jsonl").read(.claudeCode)).events
        var worker = Worker(name: "w", run: "true")
        worker.events = .claudeCode
        var stream = try #require(WorkerStream(worker))
        var told: [WorkerEvent] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            told += stream.take(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        #expect(told + stream.end() == whole)
    }

    @Test func `passes over a line that is too long, and goes on`() throws {
        var stream = try stream(longestLine: 100)
        _ = stream.take(Array((String(repeating: "x", count: 5000) + "\n" + used(7)).utf8))
        #expect(stream.usage?.inputTokens == 7)
        #expect(stream.droppedLines == 1)
    }

    @Test func `what was used once is not given back`() throws {
        var stream = try stream(Worker.Limits(usd: 3))
        let line = { (usd: Int, tokens: Int) in
            #"{"event":"usage","input_tokens":\#(tokens),"output_tokens":0,"usd":\#(usd)}"# + "\n"
        }
        let events = stream.take(Array((line(4, 10) + line(0, 20) + line(1, 5)).utf8))
        #expect(stream.usage == Usage(inputTokens: 20, usd: 4))
        #expect(events.last == .usage(Usage(inputTokens: 20, usd: 4)))
        #expect(stream.reasonToEnd == .overLimit("3.0 USD"))
    }

    @Test(arguments: ["1e300", "9223372036854775807", "1e12"])
    func `a figure that is too large counts as a large one`(figure: String) throws {
        var stream = try stream()
        for _ in 0..<100 {
            _ = stream.take(
                Array(
                    (#"{"event":"usage","input_tokens":\#(figure),"output_tokens":\#(figure),"usd":\#(figure)}"# + "\n")
                        .utf8))
            _ = stream.take(Array((#"{"event":"retry","after":\#(figure),"status":\#(figure)}"# + "\n").utf8))
        }
        #expect(stream.usage?.inputTokens == Usage.mostTokens && stream.usage?.usd == Usage.mostUSD)
    }

    @Test func `events hold no secret and no control character`() throws {
        var worker = Worker(name: "w", run: "true")
        worker.events = .orchestrate
        let redaction = Redaction([.init(name: "KEY", value: "v4lue/of/key")])
        var stream = try #require(WorkerStream(worker, redacted: redaction))
        let lines = [
            #"{"event":"text","text":"v4lue/of/key \u001b[31mred"}"#, #"{"event":"text","text":"v4lue\/of\/key"}"#,
            #"{"event":"text","text":"\u00764lue/of/key"}"#,
            #"{"event":"text","text":"\#(String(repeating: "x", count: 1995))v4lue/of/key"}"#,
            #"{"event":"finished","result":"error","message":"v4lue/of/key\rnext"}"#,
        ]
        let events = stream.take(Array(lines.map { $0 + "\n" }.joined().utf8))
        #expect(events[0] == .text("[KEY] red") && events[1] == .text("[KEY]") && events[2] == .text("[KEY]"))
        guard case .text(let cut) = events[3] else { return #expect(Bool(false), "no text") }
        #expect(!cut.contains("v4"))
        #expect(stream.result == WorkerResult(.error, message: "[KEY]\nnext"))
    }

    @Test func `knows the cost from the table of prices`() throws {
        var stream = try stream()
        _ = stream.take(Array(used(500_000).utf8))
        #expect(stream.usage?.usd == 1)
    }

    @Test func `ends what uses up its limit, not what keeps to it`() throws {
        var tokens = try stream(Worker.Limits(tokens: 100))
        _ = tokens.take(Array(used(100).utf8))
        #expect(tokens.reasonToEnd == nil)
        _ = tokens.take(Array(used(101).utf8))
        #expect(tokens.reasonToEnd == .overLimit("100 tokens"))
        var money = try stream(Worker.Limits(usd: 0.5))
        _ = money.take(Array(used(300_000).utf8))
        #expect(money.reasonToEnd == .overLimit("0.5 USD"))
        var turns = try stream(Worker.Limits(turns: 2))
        for expected in [nil, nil, WorkerStream.Reason.overLimit("2 turns")] {
            _ = turns.take(Array("{\"event\":\"turn\"}\n".utf8))
            #expect(turns.reasonToEnd == expected)
        }
    }

    @Test func `ends what waits long, or again and again, but not what got through`() throws {
        func retry(_ seconds: Double) -> [UInt8] {
            Array("{\"event\":\"retry\",\"status\":529,\"after\":\(seconds)}\n".utf8)
        }
        var long = try stream()
        _ = long.take(retry(60))
        #expect(long.reasonToEnd == .waiting(after: 60, status: 529))
        var often = try stream()
        for _ in 0..<3 { _ = often.take(retry(1)) }
        #expect(often.reasonToEnd == nil)
        _ = often.take(Array("{\"event\":\"turn\"}\n".utf8))
        for _ in 0..<3 { _ = often.take(retry(1)) }
        #expect(often.reasonToEnd == nil)
        _ = often.take(retry(1))
        #expect(often.reasonToEnd == .waiting(after: 1, status: 529))
    }

    private func call(_ name: String, _ input: String) -> [UInt8] {
        Array("{\"event\":\"tool_use\",\"name\":\"\(name)\",\"input\":\"\(input)\"}\n".utf8)
    }

    @Test(arguments: [["ls"], ["ls", "pwd"]])
    func `ends what makes the same call over and over, or two in turn`(calls: [String]) throws {
        var stream = try stream()
        _ = stream.take(call("bash", "first"))
        for number in 0..<11 { _ = stream.take(call("bash", calls[number % calls.count])) }
        #expect(stream.reasonToEnd == nil)
        _ = stream.take(call("bash", calls[11 % calls.count]))
        let first = calls[0]
        #expect(stream.reasonToEnd == .repeating(call: "bash \(first)", times: 12))
    }

    @Test func `leaves alone what does something else now and then, or what may differ where it is cut off`() throws {
        var stream = try stream()
        for number in 0..<60 { _ = stream.take(call("bash", number % 12 == 11 ? "edit \(number)" : "test")) }
        #expect(stream.reasonToEnd == nil)
        let long = String(repeating: "x", count: 500)
        for number in 0..<30 { _ = stream.take(call("write", "\(long) \(number)")) }
        #expect(stream.reasonToEnd == nil)
    }

    @Test func `an edit of the same file is another edit where its text is not told`() throws {
        var worker = Worker(name: "w", run: "true")
        worker.events = .aider
        var stream = try #require(WorkerStream(worker))
        for _ in 0..<30 { _ = stream.take(Array("Applied edit to a.py\n".utf8)) }
        #expect(stream.reasonToEnd == nil)
        #expect(stream.toolCalls == 30)
    }

    @Test(arguments: Worker.Events.allCases)
    func `stands whatever is written`(events: Worker.Events) throws {
        var generator = SeededGenerator(seed: 6)
        var worker = Worker(name: "w", run: "true")
        worker.events = events
        let recordings = try ["claude-code-denied.jsonl", "codex-plain.jsonl", "aider-plain.txt", "gemini-plain.jsonl"]
            .map { try Recording($0).bytes }
        for round in 0..<60 {
            var bytes = recordings[round % recordings.count]
            for _ in 0..<Int.random(in: 1...40, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[place] = .random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(contentsOf: Array("[{\"\\u".utf8), at: place)
                default: bytes.replaceSubrange(place..<min(place + 30, bytes.count), with: Array("-1e400".utf8))
                }
            }
            var stream = try #require(WorkerStream(worker, longestLine: 4096))
            _ = stream.take(bytes)
            _ = stream.end()
            #expect((stream.usage?.tokens ?? 0) >= 0)
        }
        var deep = try #require(WorkerStream(worker))
        let nested = String(repeating: "{\"message\":[", count: 20_000)
        _ = deep.take(Array((nested + "\n").utf8))
    }
}
