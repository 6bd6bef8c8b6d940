import Foundation
import Model
import TestSupport
import Testing

@testable import ModelAPI

@Suite("Transfers")
struct TransferTests {
    static let request = ModelRequest(
        system: "s", messages: [ChatMessage(.user, [.text("change a.py")])],
        tools: [ToolDefinition(name: "read", summary: "Reads.", parameters: ["type": "object", "properties": [:]])])

    static func base(_ address: String, _ dialect: Dialect) -> String {
        dialect == .anthropic ? address : address + "/v1"
    }

    private static func ask(
        _ address: String, _ dialect: Dialect = .chat, key: APIKey? = nil, limits: TransferLimits = TransferLimits(),
        proxy: String? = "", certificates: String? = nil
    ) async throws -> ModelAnswer {
        let endpoint = try Endpoint(
            dialect: dialect, baseURL: base(address, dialect), model: "m", key: key, proxy: proxy,
            certificates: certificates)
        return try await Transfer(
            endpoint: endpoint, body: dialect.body(request, model: "m").bytes, limits: limits
        ).run()
    }

    /// What the scripted model says, as every dialect tells it.
    @Test(arguments: Dialect.allCases) func `an answer of the scripted model`(_ dialect: Dialect) async throws {
        let server = try ScriptedModelServer(
            script: #"""
                {"rules": [{"name": "edit", "say": "I look.", "usage": {"input": 50, "cached": 20, "output": 5},
                 "call": [{"tool": "read", "arguments": {"path": "a.py"}}, {"tool": "read", "arguments": {"path": "é"}}]}]}
                """#)
        let answer = try await Self.ask(server.address, dialect)
        #expect(answer.text == "I look.")
        #expect(answer.toolCalls.map { $0.input?["path"] } == ["a.py", "é"])
        #expect(Set(answer.toolCalls.map(\.id)).count == 2)
        #expect(answer.stop == .toolCalls)
        #expect(answer.tokens == TokenCount(input: 50, cacheRead: 20, output: 5))
        #expect(try server.bills().map(\.whole) == [true])
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var fault: String
        var limits = TransferLimits()
        var error: ModelError?
    }

    @Test(
        arguments: Dialect.allCases,
        [
            Fault(testDescription: "cut", fault: #"{"cut_after": 2}"#, error: .cutShort),
            Fault(
                testDescription: "silence", fault: #"{"hang_after": 2}"#, limits: TransferLimits(idle: 0.2),
                error: .silent(0.2)),
            Fault(
                testDescription: "slow drip", fault: #"{"drip": 0.05, "endless": true}"#,
                limits: TransferLimits(idle: 60, total: 0.4), error: .tooSlow(0.4)),
            Fault(
                testDescription: "without end", fault: #"{"endless": true}"#, limits: TransferLimits(bytes: 300_000),
                error: .tooLarge(300_000)),
            Fault(testDescription: "no JSON", fault: #"{"malformed_at": 1}"#),
        ])
    func `faults of the scripted model are errors`(_ dialect: Dialect, _ fault: Fault) async throws {
        let server = try ScriptedModelServer(
            script: #"{"rules": [{"name": "f", "say": "one two three four five", "fault": \#(fault.fault)}]}"#)
        let error = await #expect(throws: ModelError.self) {
            try await Self.ask(server.address, dialect, limits: fault.limits)
        }
        if let expected = fault.error {
            #expect(error == expected)
        } else if case .malformed = error {
        } else {
            Issue.record("\(String(describing: error)) is not .malformed")
        }
    }

    @Test func `nobody listens`() async throws {
        let server = try LoopbackServer { _ in }
        server.stop()
        let error = await #expect(throws: ModelError.self) { try await Self.ask(server.address) }
        guard case .connection = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `a server that takes the request and says nothing`() async throws {
        let server = try LoopbackServer { $0.waitForClient() }
        await #expect(throws: ModelError.silent(0.2)) {
            try await Self.ask(server.address, limits: TransferLimits(firstByte: 0.2, idle: 60))
        }
    }

    @Test func `a head without end`() async throws {
        let server = try LoopbackServer { connection in
            connection.send("HTTP/1.1 200 OK\r\n")
            while connection.send("X-Filler: yes\r\n") {}
        }
        await #expect(throws: ModelError.tooLarge(10_000)) {
            try await Self.ask(server.address, limits: TransferLimits(headBytes: 10_000))
        }
    }

    @Test(arguments: ["", "SSH-2.0-OpenSSH\r\n", "HTTP/1.1 200 OK\r\n\r\n", "\0\0\0\0"])
    func `no HTTP at all`(_ text: String) async throws {
        let server = try LoopbackServer { $0.send(text) }
        let error = await #expect(throws: ModelError.self) { try await Self.ask(server.address) }
        switch error {
        case .connection, .cutShort, .malformed: break
        default: Issue.record("\(String(describing: error))")
        }
    }

    @Test func `a refusal without end is read no further than it says why`() async throws {
        let server = try LoopbackServer { connection in
            connection.send("HTTP/1.1 500 Broken\r\n\r\n")
            while connection.send(String(repeating: "why ", count: 1000)) {}
        }
        let error = await #expect(throws: ModelError.self) { try await Self.ask(server.address) }
        guard case .provider(let refusal) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(refusal.status == 500)
        #expect(refusal.message.utf8.count <= 500)
    }

    @Test func `a redirect is not followed: it would take the key along`() async throws {
        let other = try LoopbackServer { $0.send("HTTP/1.1 200 OK\r\n\r\n") }
        let target = other.address
        let server = try LoopbackServer {
            $0.send("HTTP/1.1 307 T\r\nLocation: \(target)/x\r\ncontent-length: 0\r\n\r\n")
        }
        let error = await #expect(throws: ModelError.self) {
            try await Self.ask(server.address, key: APIKey("sk-secret-1234"))
        }
        guard case .provider(let refusal) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(refusal.status == 307)
        #expect(other.received.isEmpty)
    }

    @Test(arguments: Dialect.allCases)
    func `the key is sent as the dialect says, and in no error`(_ dialect: Dialect) async throws {
        let server = try LoopbackServer { connection in
            // A provider that repeats what it was sent.
            connection.send("HTTP/1.1 401 No\r\n\r\n\(connection.request)")
        }
        let error = await #expect(throws: ModelError.self) {
            try await Self.ask(server.address, dialect, key: APIKey("sk-secret-1234"))
        }
        let header = dialect == .anthropic ? "x-api-key: sk-secret-1234" : "authorization: Bearer sk-secret-1234"
        #expect(server.received.first?.contains(header) == true)
        #expect(error?.description.contains("<key>") == true)
        #expect(error?.description.contains("secret") == false)
    }

    @Test(arguments: Dialect.allCases)
    func `the stream may stay open once the answer is complete`(_ dialect: Dialect) async throws {
        let text = Streams.text(dialect)
        let server = try LoopbackServer { connection in
            connection.send(LoopbackServer.Connection.head + text)
            connection.waitForClient()
        }
        #expect(try await Self.ask(server.address, dialect) == Streams.answer)
    }

    @Test func `a proxy is asked for the whole URL`() async throws {
        let text = Streams.text(.chat)
        let proxy = try LoopbackServer { $0.send(LoopbackServer.Connection.head + text) }
        #expect(try await Self.ask("http://model.invalid", proxy: proxy.address) == Streams.answer)
        #expect(proxy.received.first?.hasPrefix("POST http://model.invalid/v1/chat/completions HTTP/1.1") == true)
    }

    @Test func `cancellation ends a transfer at once`() async throws {
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let (gone, leave) = AsyncStream.makeStream(of: Void.self)
        let server = try LoopbackServer { connection in
            connection.send(LoopbackServer.Connection.head + "data: {}\n\n")
            begin.yield()
            connection.waitForClient()
            leave.yield()
        }
        let address = server.address
        let task = Task { try await Self.ask(address) }
        for await _ in begun { break }
        task.cancel()
        await #expect(throws: ModelError.cancelled) { try await task.value }
        // The connection is closed, and not left to time out.
        for await _ in gone { break }
    }

    @Test func `certificates that a file names are trusted, and others are not`() async throws {
        let scratch = try ScratchDirectory("tls")
        let environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
        let made = try run(
            "/usr/bin/env",
            [
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem",
                "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
            ], in: scratch.path, environment: environment, input: [])
        try #require(made.status == 0, "\(made.errorText)")
        // By the shell: Foundation's `Process` does not always notice that a program has ended.
        let started = try run(
            "/bin/sh",
            [
                "-c", "python3 -c \"$0\" \"$1\" >port 2>/dev/null & echo $!; until test -s port; do sleep 0.02; done",
                Self.encryptedServer, Streams.text(.chat),
            ], in: scratch.path, environment: environment, input: [])
        let process = try #require(pid_t(started.text.filter(\.isNumber)))
        defer { kill(process, SIGKILL) }
        let port = try String(contentsOfFile: scratch.appending("port"), encoding: .utf8)
        let address = "https://127.0.0.1:\(port.filter(\.isNumber))"
        let trusted = try await Self.ask(address, certificates: scratch.appending("cert.pem"))
        #expect(trusted == Streams.answer)
        let error = await #expect(throws: ModelError.self) { try await Self.ask(address) }
        #expect(error?.description.lowercased().contains("certificate") == true)
    }

    private static let encryptedServer = """
        import http.server, ssl, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["content-length"]))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(sys.argv[1].encode())
        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("cert.pem", "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print(server.server_port, flush=True)
        server.serve_forever()
        """
}
