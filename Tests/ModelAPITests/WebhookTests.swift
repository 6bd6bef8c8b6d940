import Testing

@testable import ModelAPI

/// Documents that are posted to a URL.
struct WebhookTests {
    private func post(_ answer: String, path: String = "/hook?key=1") async throws -> String {
        let server = try LoopbackServer { connection in connection.send(answer) }
        try await Webhook.post(Array("{\"text\":\"hello\"}".utf8), to: server.address + path)
        return server.received.first ?? ""
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 202 Accepted\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n",
    ]) func `any answer of success will do`(answer: String) async throws {
        let request = try await post(answer)
        #expect(request.hasPrefix("POST /hook?key=1 HTTP/1.1"), "\(request)")
        #expect(request.lowercased().contains("content-type: application/json"))
    }

    @Test func `the end of the URL stays as it is`() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        #expect(try await post(answer, path: "/a/").hasPrefix("POST /a/ HTTP"))
        #expect(try await post(answer, path: "/a").hasPrefix("POST /a HTTP"))
        #expect(try await post(answer, path: "").hasPrefix("POST / HTTP"))
    }

    @Test func `a refusal and a silent port are errors`() async {
        await #expect(throws: ModelError.self) {
            _ = try await post("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        }
        await #expect(throws: ModelError.self) { try await Webhook.post([], to: "http://127.0.0.1:1/") }
    }
}
