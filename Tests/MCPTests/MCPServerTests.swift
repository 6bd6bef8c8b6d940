import Foundation
import Jobs
import MCP
import Model
import TestSupport
import Testing

@Suite("A Model Context Protocol server over a job folder")
struct MCPServerTests {
    private let directory: ScratchDirectory
    private let folder: JobFolder
    private let server: MCPServer

    init() throws {
        directory = try ScratchDirectory("mcp")
        folder = JobFolder(existing: try directory.makeDirectory("job"))
        try directory.makeDirectory("job/outbox")
        try directory.makeDirectory("job/inbox")
        server = MCPServer(JobMailbox(folder), version: "1.2.3", patience: 600)
    }

    private func ask(_ text: String) async throws -> JSON? {
        guard let answer = await server.answer(Array(text.utf8)) else { return nil }
        #expect(!answer.contains("\n"))
        return try JSONDecoder().decode(JSON.self, from: Data(answer.utf8))
    }

    private func call(_ tool: String, _ arguments: JSON = [:]) async throws -> (text: String, isError: Bool) {
        let request: JSON = [
            "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": ["name": .string(tool), "arguments": arguments],
        ]
        let result = try #require(try await ask(request.line)?["result"])
        guard case .array(let content)? = result["content"] else { return ("", true) }
        return (content.first?["text"]?.string ?? "", result["isError"]?.bool ?? false)
    }

    private func deliver(_ id: Int, _ body: String, ref: String? = nil) throws {
        var inbox = try Inbox(folder)
        let message = Message(
            id: id, kind: .answer, sender: .human, audience: .everyone, body: body, time: Timestamp(seconds: 1))
        #expect(try inbox.deliver(IncomingMail(message, ref: ref)))
    }

    @Test(arguments: [
        ("2024-11-05", "2024-11-05"), ("2025-06-18", "2025-06-18"), ("1999-01-01", "2025-11-25"),
    ])
    func `a version that both know is agreed on, else the latest`(asked: String, agreed: String) async throws {
        let answer = try await ask(
            #"{"jsonrpc":"2.0","id":"a","method":"initialize","params":{"protocolVersion":"\#(asked)"}}"#)
        #expect(answer?["id"]?.string == "a")
        #expect(answer?["result"]?["protocolVersion"]?.string == agreed)
        #expect(answer?["result"]?["serverInfo"]?["version"]?.string == "1.2.3")
    }

    @Test(arguments: [
        ("", -32700), ("{", -32700), ("\u{0}", -32700), ("7", -32600), ("null", -32600), ("[]", -32600),
        ("{}", -32600), (#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, -32600),
        (#"{"jsonrpc":"2.0","id":1}"#, -32600), (#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, -32600),
        (#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, -32600),
        (#"{"jsonrpc":"2.0","id":1,"method":"resources/list"}"#, -32601),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"rm"}}"#, -32602),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#, -32602),
        (String(repeating: "[", count: 100_000), -32700),
    ])
    func `what is no request is answered as the protocol says, and never ends the server`(text: String, code: Int)
        async throws
    {
        #expect(try await ask(text)?["error"]?["code"]?.integer == code)
    }

    @Test func `notifications and answers have no answer; a batch has one for each request`() async throws {
        #expect(try await ask(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#) == nil)
        #expect(try await ask(#"{"jsonrpc":"2.0","id":1,"result":{}}"#) == nil)
        let ping = #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#
        let answer = try await ask("[\(ping),\(#"{"jsonrpc":"2.0","method":"x"}"#),\(ping)]")
        #expect(answer == [["jsonrpc": "2.0", "id": 1, "result": [:]], ["jsonrpc": "2.0", "id": 1, "result": [:]]])
    }

    @Test func `a task is split by a tool, where that is allowed`() async throws {
        let list = try #require(try await ask(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#))
        #expect(!list.line.contains("\"split\""))
        try Data(#"{"max_parts": 3}"#.utf8).write(to: URL(fileURLWithPath: folder.description))
        let server = MCPServer(JobMailbox(folder), version: "1", patience: 600)
        func split(_ arguments: JSON) async throws -> String {
            let request: JSON = [
                "jsonrpc": "2.0", "id": 1, "method": "tools/call",
                "params": ["name": "split", "arguments": arguments],
            ]
            return try #require(await server.answer(Array(request.line.utf8)))
        }
        #expect(try await split(["parts": [["file": "a"]]]).contains("unknown key 'file'"))
        async let answer = split(["parts": [["files": ["a"]], ["files": ["b"], "after": ["1"]]], "collate": "c"])
        var outbox = try Outbox(folder)
        var arrivals: [Outbox.Arrival] = []
        while arrivals.isEmpty {
            arrivals = outbox.collect { _ in false }
            await Task.yield()
        }
        guard case .split(let bytes) = arrivals[0].content else { Issue.record("\(arrivals)"); return }
        let expected = SplitProposal(
            parts: [.init(files: ["a"]), .init(files: ["b"], after: ["1"])], collate: "c")
        #expect(try SplitProposal.parse(bytes).get() == expected)
        var inbox = try Inbox(folder)
        #expect(
            try inbox.deliver(
                IncomingMail(
                    "split", "refused:\n- no", passed: false, ref: arrivals[0].name, time: Timestamp(seconds: 1))))
        #expect(try await answer.contains("\"isError\":true"))
    }

    @Test func `messages are sent and read`() async throws {
        let sent = try await call("send_message", ["kind": "lesson", "body": "x", "to": "dependents", "files": ["a"]])
        #expect(sent == ("sent", false))
        var outbox = try Outbox(folder)
        let arrivals = outbox.collect { _ in false }
        #expect(
            arrivals.map(\.content) == [.mail(OutgoingMail(kind: .lesson, to: "dependents", body: "x", files: ["a"]))])
        #expect(try await call("read_messages").text == "no new messages")
        try deliver(4, "two\nlines")
        #expect(try await call("read_messages").text == "[4] answer from human\n| two\n| lines")
        #expect(try await call("read_messages").text == "no new messages")
        #expect(try await call("read_messages", ["all": true]).text.contains("two"))
    }

    @Test func `a question can be waited for`() async throws {
        async let answer = call("ask", ["body": "which?", "wait_seconds": 600])
        var outbox = try Outbox(folder)
        var arrivals: [Outbox.Arrival] = []
        while arrivals.isEmpty {
            arrivals = outbox.collect { _ in false }
            await Task.yield()
        }
        try deliver(5, "this one", ref: arrivals[0].name)
        #expect(try await answer.text == "[5] answer from human\n| this one")
        #expect(
            arrivals[0].content == .mail(OutgoingMail(kind: .question, to: "human", body: "which?", waitSeconds: 600)))
    }

    @Test func `the answer to a search is found`() async throws {
        async let answer = call("search_messages", ["words": "magic"])
        var outbox = try Outbox(folder)
        var arrivals: [Outbox.Arrival] = []
        while arrivals.isEmpty {
            arrivals = outbox.collect { _ in false }
            await Task.yield()
        }
        #expect(arrivals[0].content == .search("magic"))
        var inbox = try Inbox(folder)
        let mail = IncomingMail("search", "[1] lesson", passed: nil, ref: arrivals[0].name, time: Timestamp(seconds: 1))
        #expect(try inbox.deliver(mail))
        #expect(try await answer == ("[1] lesson", false))
        #expect(try JobMailbox(folder).unread().isEmpty)
    }

    @Test func `every tool that sends a text calls it body`() async throws {
        let tools = try #require(try await ask(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#)?["result"]?["tools"])
        guard case .array(let all) = tools else { Issue.record("no list"); return }
        let names = all.filter { $0["inputSchema"]?["properties"]?["body"] != nil }.compactMap { $0["name"]?.string }
        #expect(names == ["send_message", "ask"])
    }

    @Test func `the task's checks are asked for by a file and answered by one`() async throws {
        async let answer = call("check")
        var outbox = try Outbox(folder)
        var arrivals: [Outbox.Arrival] = []
        while arrivals.isEmpty {
            arrivals = outbox.collect { _ in false }
            await Task.yield()
        }
        #expect(arrivals[0].content == .check)
        var inbox = try Inbox(folder)
        let mail = IncomingMail("check", "x: failed", passed: false, ref: arrivals[0].name, time: Timestamp(seconds: 1))
        #expect(try inbox.deliver(mail))
        #expect(try await answer.text == "failed\nx: failed")
    }

    @Test func `a tool that cannot do it says so to the model`() async throws {
        for (tool, arguments) in [
            ("send_message", ["kind": "gossip", "body": "x"] as JSON), ("send_message", ["kind": "lesson"]),
            ("send_message", ["kind": 7, "body": []]), ("ask", [:]), ("graph_neighbours", [:]), ("ask", []),
            ("search_messages", "x"),
        ] {
            #expect(try await call(tool, arguments).isError, "\(tool)")
        }
    }

    @Test func `random bytes are answered and nothing more`() async throws {
        var random = SeededGenerator(seed: 7)
        let start = Array(
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ask","arguments":{}}}"#.utf8)
        for _ in 0..<500 {
            var bytes = start
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if let answer = await server.answer(bytes) {
                #expect((try? JSONDecoder().decode(JSON.self, from: Data(answer.utf8))) != nil)
            }
        }
    }

    @Test func `long lines are passed over, and what follows them is read`() throws {
        let path = directory.appending("input")
        let long = String(repeating: "x", count: 300_000)
        try Data("one\n\n\(long)\r\ntwo\r\n\(long)".utf8).write(to: URL(fileURLWithPath: path))
        let file = try #require(FileHandle(forReadingAtPath: path))
        var reader = LineReader(file.fileDescriptor, limit: 100_000)
        var lines: [LineReader.Line] = []
        while let line = reader.next() { lines.append(line) }
        #expect(lines == [.bytes(Array("one".utf8)), .tooLong, .bytes(Array("two".utf8)), .tooLong])
    }
}
