#if os(Linux)
import Foundation
import TestSupport
import Testing

@testable import Jobs

/// The proxy by itself, without a sandbox around the client.
@Suite struct HostProxyTests {
    private let directory: ScratchDirectory
    private let log: FileHandle
    private let server: LoopbackServer

    init() throws {
        directory = try ScratchDirectory("proxy")
        try Data().write(to: URL(fileURLWithPath: directory.appending("log")))
        log = try #require(FileHandle(forWritingAtPath: directory.appending("log")))
        server = try LoopbackServer()
    }

    private func proxy(_ allowed: String...) -> HostProxy { HostProxy(allowed: allowed, log: log.fileDescriptor) }

    private func host(_ text: String, otherwise: UInt16 = 443) throws -> HostProxy.Host {
        try #require(HostProxy.Host(text, otherwise: otherwise))
    }

    private var logged: [Substring] {
        get throws {
            try String(contentsOfFile: directory.appending("log"), encoding: .utf8).split(separator: "\n")
        }
    }

    @Test func `only the named port of an allowed host is let through`() throws {
        let proxy = proxy("api.example.com", "b.example:8443")
        #expect(proxy.permits(try host("api.example.com:443")))
        #expect(proxy.permits(try host("b.example:8443")))
        for text in ["api.example.com:80", "api.example.com:8443", "b.example:443", "b.example:80"] {
            #expect(!proxy.permits(try host(text)), "\(text)")
        }
    }

    @Test func `only the exact name of an allowed host is let through`() throws {
        let proxy = proxy("api.example.com")
        #expect(proxy.permits(try host("API.Example.com.")))
        for text in ["example.com", "x.api.example.com", "api.example.com.evil.example", "pi.example.com"] {
            #expect(!proxy.permits(try host(text)), "\(text)")
        }
    }

    @Test func `each refused host is logged once, with the hosts that are allowed`() throws {
        let proxy = proxy("b.example", "a.example:80")
        for text in ["x.example", "x.example", "y.example:1"] { #expect(!proxy.permits(try host(text))) }
        #expect(
            try logged == [
                "orchestrate: no connection to x.example:443: the plan allows a.example:80, b.example:443",
                "orchestrate: no connection to y.example:1: the plan allows a.example:80, b.example:443",
            ])
    }

    @Test func `at most a hundred refused hosts are logged`() throws {
        let proxy = proxy("a.example")
        for number in 0..<150 { #expect(!proxy.permits(try host("x\(number).example"))) }
        #expect(try logged.count == 100)
    }

    @Test(
        arguments: [
            ("a.example", "a.example:443"), ("A.example:80", "a.example:80"), ("a.example.", "a.example:443"),
            ("[::1]", "::1:443"), ("[::1]:80", "::1:80"), ("a.example:65535", "a.example:65535"),
            ("", nil), (":80", nil), ("a.example:", nil), ("a.example:x", nil), ("a.example:65536", nil),
            ("a b", nil), ("a/b", nil), ("ä.example", nil), ("a\u{7F}", nil), (".", nil),
        ] as [(String, String?)])
    func `a host is a name and a port`(text: String, expected: String?) {
        #expect(HostProxy.Host(text, otherwise: 443)?.text == expected)
    }

    /// Sends a request through a proxy on the loopback and returns the answer.
    private func exchange(_ request: String, allowed: [String]) throws -> String {
        let access = try HostAccess(sharedPortFor: allowed, log: log.fileDescriptor)
        #expect(access.begin() == nil)
        defer { access.end() }
        return try TestClient(port: access.port).exchange(request)
    }

    private var allowedHost: String { "127.0.0.1:\(server.port)" }

    @Test func `a tunnel passes on what came with the request`() throws {
        let answer = try exchange("CONNECT \(allowedHost) HTTP/1.1\r\nA: b\r\n\r\nhello", allowed: [allowedHost])
        #expect(answer == "HTTP/1.1 200 Connection established\r\n\r\nanswer")
        #expect(server.received == "hello")
    }

    @Test(arguments: ["CONNECT %@ HTTP/1.1", "GET http://%@/ HTTP/1.1"])
    func `another port of an allowed host is refused and not connected to`(line: String) throws {
        let answer = try exchange(
            line.replacing("%@", with: allowedHost) + "\r\n\r\nhello", allowed: ["127.0.0.1", "127.0.0.1:1"])
        #expect(answer.hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
        #expect(answer.hasSuffix("\r\n\r\norchestrate: the plan does not allow \(allowedHost)\n"))
        #expect(server.received.isEmpty)
    }

    @Test func `a plain request without a port goes to port 80`() throws {
        let answer = try exchange("GET http://127.0.0.1/ HTTP/1.1\r\n\r\n", allowed: ["127.0.0.1", allowedHost])
        #expect(answer.contains("does not allow 127.0.0.1:80\n"))
    }

    @Test(arguments: [("/a?b", "/a?b"), ("", "/"), ("?q", "/?q"), ("/", "/")])
    func `a plain request is rewritten for the server`(path: String, sent: String) throws {
        let answer = try exchange(
            "POST HTTP://\(allowedHost)\(path) HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\nProxy-Connection: a\r\n"
                + "Keep-Alive: 5\r\nProxy-Authorization: secret\r\nAccept: */*\r\n\r\nbody", allowed: [allowedHost])
        #expect(answer == "answer")
        #expect(
            server.received == "POST \(sent) HTTP/1.0\r\nHost: x\r\nAccept: */*\r\nConnection: close\r\n\r\nbody")
    }

    @Test(arguments: [
        "nonsense\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET https://a.example/ HTTP/1.1\r\n\r\n",
        "CONNECT a.example:x HTTP/1.1\r\n\r\n", "CONNECT a.example\r\n\r\n", "GET http:// HTTP/1.1\r\n\r\n",
    ])
    func `a malformed request is answered with 400`(request: String) throws {
        #expect(try exchange(request, allowed: ["a.example"]).hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
    }

    @Test func `a host that does not answer is reported with 502`() throws {
        // Nobody listens on a port that was just closed.
        let closed = try LoopbackServer().port
        let answer = try exchange(
            "CONNECT 127.0.0.1:\(closed) HTTP/1.1\r\n\r\n", allowed: ["127.0.0.1:\(closed)"])
        #expect(answer.hasPrefix("HTTP/1.1 502 Bad Gateway\r\n"))
        #expect(answer.hasSuffix("127.0.0.1:\(closed) cannot be reached\n"))
    }

    @Test func `a request head that has no end is cut off`() throws {
        let answer = try exchange("GET " + String(repeating: "x", count: 100 << 10), allowed: ["a.example"])
        #expect(answer.isEmpty)
    }

    @Test func `a connection over the limit is closed and a finished one makes room`() async throws {
        let access = try HostAccess(sharedPortFor: ["a.example"], log: log.fileDescriptor)
        #expect(access.begin() == nil)
        defer { access.end() }
        var held: [TestClient] = []
        for _ in 0..<128 { held.append(try TestClient(port: access.port)) }
        #expect(try TestClient(port: access.port).exchange("").isEmpty)
        held.removeAll()
        try await until("there is room again") {
            (try? TestClient(port: access.port).exchange("nonsense\r\n\r\n"))?.contains("400") == true
        }
    }

    @Test func `programs are told about the proxy`() throws {
        let access = try HostAccess(["api.example.com"], log: log.fileDescriptor)
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
            #expect(access.variables[name] == "http://127.0.0.1:61999")
        }
        #expect(access.variables["NO_PROXY"] == "localhost,127.0.0.1,::1")
        #expect(access.variables["no_proxy"] == "localhost,127.0.0.1,::1")
        let local = try HostAccess(["127.0.0.1:8080", "localhost"], log: log.fileDescriptor)
        #expect(local.variables["NO_PROXY"] == "::1")
    }
}

/// A TCP connection to the loopback that waits at most a minute for an answer.
private final class TestClient {
    private let descriptor: Int32

    init(port: UInt16) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        try #require(isConnected)
    }

    deinit { close(descriptor) }

    /// Sends a text and returns all that comes until the other side closes.
    func exchange(_ text: String) throws -> String {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
            answer += buffer[..<count]
        }
    }
}
#endif
