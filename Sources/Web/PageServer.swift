import FlyingFox
import FlyingSocks
import Foundation

/// Serves the page of a run over HTTP.
package struct PageServer: Sendable {
    /// Where the server listens.
    package struct Place: Sendable {
        /// An IPv4 address of this machine.
        package var address: String
        package var port: UInt16

        package init(address: String, port: UInt16) {
            self.address = address
            self.port = port
        }
    }

    private let server: HTTPServer

    /// - Throws: if the address is none of IPv4.
    package init(at place: Place, access: PageAccess, source: some PageSource) throws {
        server = HTTPServer(
            address: try sockaddr_in.inet(ip4: place.address, port: place.port), timeout: Self.longestAnswer,
            logger: .disabled, handler: PageHandler(access: access, source: source))
    }

    /// Seconds after which an answer is given up. A verb waits up to 30 s for a coordinator.
    private static let longestAnswer = 40.0

    /// Returns a port at which a server can listen: the wanted one, or a free one for 0.
    package static func port(at address: String, wanted: UInt16) throws -> UInt16 {
        guard wanted == 0 else { return wanted }
        let socket = try Socket(domain: AF_INET)
        defer { try? socket.close() }
        try socket.bind(to: try sockaddr_in.inet(ip4: address, port: 0))
        guard case .ip4(_, let port) = try socket.sockname() else { return wanted }
        return port
    }

    /// Serves until the calling task is cancelled.
    package func run() async throws { try await server.run() }

    /// Waits until the server listens.
    package func waitUntilListening() async throws { try await server.waitUntilListening(timeout: 5) }
}

/// Answers the requests of browsers and of monitoring systems.
struct PageHandler: HTTPHandler {
    let access: PageAccess
    let source: any PageSource

    /// Bytes of a command.
    private static let longestCommand = 64 << 10
    private static let json = "application/json; charset=utf-8"

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        let query = Dictionary(request.query.map { ($0.name, $0.value) }) { first, _ in first }
        let head = PageAccess.Request(
            host: request.headers[.host], origin: request.headers[HTTPHeader("Origin")],
            authorization: request.headers[.authorization], cookies: request.headers[.cookie],
            query: query["token"], isWrite: request.method != .GET)
        if let refusal = access.refusal(of: head) { return self.refusal(refusal) }
        do {
            return try await answer(request, query)
        } catch {
            return text("\(error)\n", status: .internalServerError)
        }
    }

    private func answer(_ request: HTTPRequest, _ query: [String: String]) async throws -> HTTPResponse {
        switch (request.method, request.path) {
        case (.GET, "/"): return query["token"] == nil ? page() : welcome()
        case (.GET, "/api/run"): return text(try await source.overview(), type: Self.json)
        case (.GET, "/api/task"): return text(try await source.task(query["name"] ?? ""), type: Self.json)
        case (.GET, "/api/review"): return text(try await source.review(), type: Self.json)
        case (.GET, "/metrics"):
            let metrics = try await source.metrics()
            return text(metrics.text, type: metrics.contentType)
        case (.GET, "/events"): return events()
        case (.POST, "/api/command"): return try await command(request)
        default: return text("nothing is here\n", status: .notFound)
        }
    }

    private func command(_ request: HTTPRequest) async throws -> HTTPResponse {
        // A form of another site cannot have this type.
        guard request.headers[.contentType]?.hasPrefix("application/json") ?? false else {
            return text("a command is JSON\n", status: .unsupportedMediaType)
        }
        let body = try await request.bodyData
        guard body.count <= Self.longestCommand, let command = try? JSONDecoder().decode(PageCommand.self, from: body)
        else { return text("this is no command\n", status: .badRequest) }
        let answer = try await source.send(command)
        return text(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self), type: Self.json)
    }

    // MARK: Answers

    /// Moves the token from the address, which the browser remembers and shows, to a cookie.
    private func welcome() -> HTTPResponse {
        var headers = Self.headers("text/plain; charset=utf-8")
        headers[.setCookie] = "\(access.cookie)=\(access.token); HttpOnly; SameSite=Strict; Path=/"
        headers[.location] = "/"
        return HTTPResponse(statusCode: .seeOther, headers: headers)
    }

    private func page() -> HTTPResponse {
        let nonce = PageAccess.newToken()
        var headers = Self.headers("text/html; charset=utf-8")
        headers[HTTPHeader("Content-Security-Policy")] =
            "default-src 'none'; script-src 'nonce-\(nonce)'; style-src 'nonce-\(nonce)'; connect-src 'self'; "
            + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        let html = Page.html(nonce: nonce, isReadOnly: access.isReadOnly)
        return HTTPResponse(statusCode: .ok, headers: headers, body: Data(html.utf8))
    }

    private func events() -> HTTPResponse {
        var headers = Self.headers("text/event-stream; charset=utf-8")
        headers[.connection] = "close"
        return HTTPResponse(
            statusCode: .ok, headers: headers, body: HTTPBodySequence(from: EventStream(source: source)))
    }

    private func refusal(_ refusal: PageAccess.Refusal) -> HTTPResponse {
        switch refusal {
        case .unknown:
            text(
                "Open the address that 'orchestrate serve' printed: it has a token.\n",
                status: .unauthorized)
        case .forbidden:
            text("This is not allowed from here.\n", status: .forbidden)
        }
    }

    private func text(
        _ text: String, type: String = "text/plain; charset=utf-8", status: HTTPStatusCode = .ok
    ) -> HTTPResponse {
        HTTPResponse(statusCode: status, headers: Self.headers(type), body: Data(text.utf8))
    }

    private static func headers(_ type: String) -> HTTPHeaders {
        [
            .contentType: type, HTTPHeader("Cache-Control"): "no-store",
            HTTPHeader("X-Content-Type-Options"): "nosniff", HTTPHeader("Referrer-Policy"): "no-referrer",
            HTTPHeader("X-Frame-Options"): "DENY", HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin",
            HTTPHeader("Cross-Origin-Opener-Policy"): "same-origin",
        ]
    }
}

/// The changes of a run as server-sent events.
struct EventStream: AsyncBufferedSequence, Sendable {
    typealias Element = UInt8

    let source: any PageSource

    func makeAsyncIterator() -> Iterator { Iterator(source: source) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        let source: any PageSource
        private var last: String?

        init(source: any PageSource) { self.source = source }

        /// Time between two looks at the run.
        private static let pause = Duration.milliseconds(500)
        /// Looks without a change after which a comment is sent: a viewer that has gone is noticed by it.
        private static let mostSilent = 20

        mutating func next() async throws -> UInt8? {
            // The server reads pieces only; the protocol of sequences asks for single bytes as well.
            nil
        }

        mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
            var looks = 0
            while looks < Self.mostSilent {
                let text = try await source.overview()
                if text != last {
                    last = text
                    let lines = text.split(separator: "\n").map { "data: \($0)\n" }.joined()
                    return Array("event: run\n\(lines)\n".utf8)
                }
                looks += 1
                try await Task.sleep(for: Self.pause)
            }
            return Array(": still here\n\n".utf8)
        }
    }
}
