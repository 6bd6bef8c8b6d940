import Foundation
import Synchronization
import TestSupport
import Testing

@testable import ModelAPI

@Suite("Asking until there is an answer")
struct ModelClientTests {
    private static func client(
        _ address: String, _ dialect: Dialect, policy: RetryPolicy = RetryPolicy(firstWait: 0.01, longestWait: 1)
    ) throws -> ModelClient {
        ModelClient(
            try Endpoint(dialect: dialect, baseURL: TransferTests.base(address, dialect), model: "m", proxy: ""),
            policy: policy)
    }

    @Test(arguments: Dialect.allCases)
    func `a provider that is busy, cuts and breaks is asked again`(_ dialect: Dialect) async throws {
        let server = try ScriptedModelServer(
            script: #"""
                {"rules": [{"name": "busy", "times": 1, "fault": {"status": 529, "retry_after": 0}},
                 {"name": "limit", "times": 1, "fault": {"status": 429, "retry_after": 0}},
                 {"name": "cut", "times": 1, "say": "never whole", "fault": {"cut_after": 1}},
                 {"name": "ok", "say": "Well."}]}
                """#)
        let notices = Mutex<[RetryNotice]>([])
        let answer = try await Self.client(server.address, dialect).answer(TransferTests.request) { notice in
            notices.withLock { $0.append(notice) }
        }
        #expect(answer.text == "Well.")
        #expect(try server.bills().map(\.rule) == ["busy", "limit", "cut", "ok"])
        let statuses = notices.withLock { $0 }.map { notice -> Int? in
            if case .provider(let refusal) = notice.error { refusal.status } else { nil }
        }
        #expect(statuses == [529, 429, nil])
        #expect(notices.withLock { $0.map(\.attempt) } == [1, 2, 3])
    }

    @Test(arguments: Dialect.allCases) func `a limit is told with the time it lasts`(_ dialect: Dialect)
        async throws
    {
        let server = try ScriptedModelServer(
            script: #"{"rules": [{"name": "limit", "fault": {"status": 429, "retry_after": 90}}]}"#)
        let error = await #expect(throws: ModelError.self) {
            try await Self.client(server.address, dialect).answer(TransferTests.request)
        }
        guard case .limit(let refusal) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect((refusal.status, refusal.retryAfter) == (429, 90))
        #expect(try server.bills().count == 1)
    }

    @Test func `what will not pass is not tried again`() async throws {
        let server = try ScriptedModelServer(
            script: #"{"rules": [{"name": "no", "fault": {"status": 400, "message": "no such tool"}}]}"#)
        let error = await #expect(throws: ModelError.self) {
            try await Self.client(server.address, .anthropic).answer(TransferTests.request)
        }
        #expect(error?.description.contains("no such tool") == true)
        #expect(try server.bills().count == 1)
    }

    @Test func `cancellation ends a wait`() async throws {
        let server = try ScriptedModelServer(
            script: #"{"rules": [{"name": "busy", "fault": {"status": 529, "retry_after": 50}}]}"#)
        let client = try Self.client(server.address, .chat, policy: RetryPolicy())
        let (waits, waiting) = AsyncStream.makeStream(of: Void.self)
        let task = Task { try await client.answer(TransferTests.request) { _ in waiting.yield() } }
        for await _ in waits { break }
        task.cancel()
        await #expect(throws: ModelError.cancelled) { try await task.value }
    }
}

struct ModelWindowTests {
    @Test(
        arguments: [
            (#"{"data": [{"id": "m", "max_model_len": 4096}, {"id": "n", "max_model_len": 1}]}"#, 4096),
            (#"{"data": [{"id": "m", "context_length": 8192}]}"#, 8192),
            (#"{"data": [{"id": "/models/m.gguf", "meta": {"n_ctx": 2048, "n_ctx_train": 99}}]}"#, 2048),
            (#"{"data": [{"id": "a", "max_model_len": 1}, {"id": "b", "max_model_len": 2}]}"#, nil),
            (#"{"data": [{"id": "m"}]}"#, nil), ("<html>", nil),
            (#"{"object": "list", "data": [{"id": "m", "context_window": 131072, "active": true}]}"#, 131_072),
            (#"{"data": [{"id": "m", "max_context_length": 32768, "loaded_context_length": 4096}]}"#, 4096),
            (#"{"data": [{"id": "m", "max_context_length": 32768}]}"#, 32_768),
            (#"{"models": [], "data": [{"id": "x", "meta": {"n_ctx_train": 8192, "n_vocab": 49152}}]}"#, 8192),
            (#"[{"id": "m", "context_length": "16384"}]"#, 16_384),
            (#"{"data": [{"id": "m", "max_model_len": 0, "context_length": 8192}]}"#, 8192),
            (#"{"data": {"id": "m", "max_model_len": 4096}}"#, nil),
        ] as [(String, Int?)])
    func `the window is read from a server's list of models`(answer: String, window: Int?) {
        #expect(ModelClient.window(of: "m", in: Array(answer.utf8)) == window)
    }
}
