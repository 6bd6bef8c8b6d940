import ModelAPI
import TestSupport
import Testing

@Suite("Server-sent events")
struct ServerSentEventTests {
    private static func events(_ pieces: [[UInt8]], limit: Int = 1 << 20) throws -> [ServerSentEvent] {
        var parser = ServerSentEventParser(limit: limit)
        return try pieces.flatMap { try parser.read($0) }
    }

    private static func events(_ text: String) throws -> [ServerSentEvent] { try events([Array(text.utf8)]) }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var stream: String
        var events: [ServerSentEvent]
    }

    /// Those of the HTML standard, 9.2.6, and what providers send.
    static let cases = [
        Case(
            testDescription: "lines of data are joined", stream: "data: YHOO\ndata: +2\ndata: 10\n\n",
            events: [ServerSentEvent(data: "YHOO\n+2\n10")]),
        Case(
            testDescription: "comments, and fields that mean nothing here",
            stream:
                ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\nretry: 3\ndata:  third event\n\n",
            events: [
                ServerSentEvent(data: "first event"), ServerSentEvent(data: "second event"),
                ServerSentEvent(data: " third event"),
            ]),
        Case(
            testDescription: "empty data is an event, none is not, and the last is incomplete",
            stream: "data\n\ndata\ndata\n\nevent: x\n\ndata:",
            events: [ServerSentEvent(data: ""), ServerSentEvent(data: "\n")]),
        Case(
            testDescription: "names, and all three line ends",
            stream: "event: ping\rdata: {}\r\revent: a\r\ndata: 1\r\n\r\ndata: 2\n\n",
            events: [
                ServerSentEvent(name: "ping", data: "{}"), ServerSentEvent(name: "a", data: "1"),
                ServerSentEvent(data: "2"),
            ]),
        Case(
            testDescription: "a byte order mark", stream: "\u{FEFF}data: x\n\n", events: [ServerSentEvent(data: "x")]),
        Case(
            testDescription: "a name is forgotten with its event", stream: "event: a\ndata: 1\n\ndata: 2\n\n",
            events: [ServerSentEvent(name: "a", data: "1"), ServerSentEvent(data: "2")]),
    ]

    @Test(arguments: cases) func `a stream of events is read`(_ given: Case) throws {
        #expect(try Self.events(given.stream) == given.events)
    }

    @Test(arguments: cases) func `reads the same however the bytes are split`(_ given: Case) throws {
        let bytes = Array(given.stream.utf8)
        #expect(try Self.events(bytes.map { [$0] }) == given.events)
        for cut in bytes.indices {
            #expect(try Self.events([Array(bytes[..<cut]), Array(bytes[cut...])]) == given.events, "cut at \(cut)")
        }
    }

    /// Bytes that mean something to the parser stand beside any others, so that chance meets the edges.
    static func noise(_ random: inout SeededGenerator, count: Int) -> [UInt8] {
        let pieces = ["data:", "event:", "\n", "\r", "\r\n", "\n\n", ":", " ", "x", "é", "\u{FEFF}"].map {
            Array($0.utf8)
        }
        var bytes: [UInt8] = []
        while bytes.count < count {
            bytes +=
                Int.random(in: 0..<8, using: &random) == 0
                ? [UInt8.random(in: 0...255, using: &random)] : pieces.randomElement(using: &random) ?? []
        }
        return bytes
    }

    @Test(arguments: UInt64(0)..<200) func `any bytes in any pieces give the same events`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let bytes = Self.noise(&random, count: 400)
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...17, using: &random)
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        #expect(try Self.events(pieces) == Self.events([bytes]))
    }

    @Test(arguments: ["data: ", "", "event: ", "data: x\n"])
    func `holds no more than its limit`(beginning: String) throws {
        var parser = ServerSentEventParser(limit: 1000)
        var count = 0
        #expect(throws: ServerSentEventParser.TooLarge.self) {
            while count < 10_000 {
                count += 1
                _ = try parser.read(Array((beginning + "yyyyyyyyyy" + (beginning.hasSuffix("\n") ? "\n" : "")).utf8))
            }
        }
        #expect(count < 600)
    }

    @Test func `a limit is that of one event and not of the stream`() throws {
        var parser = ServerSentEventParser(limit: 10)
        for _ in 0..<100 { #expect(try parser.read(Array("data: 1\n\n".utf8)).count == 1) }
    }
}
