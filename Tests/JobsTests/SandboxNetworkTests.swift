#if os(Linux)
import Foundation
import Jobs
import Model
import TestSupport
import Testing

/// What of the network a process reaches.
@Suite(.enabled(if: SandboxSupport.probe().kind == .bubblewrap)) struct SandboxNetworkTests {
    private let place: SandboxScene
    private let server: LoopbackServer

    init() throws {
        place = try SandboxScene()
        server = try LoopbackServer()
    }

    /// A shell has no client of its own; perl comes with the system.
    private static let client = #"""
        perl -MIO::Socket::INET -e '
        my ($host, $port, @lines) = @ARGV;
        my $s = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port, Timeout => 5) or do { print "no: $!\n"; exit 1 };
        print $s map { "$_\r\n" } @lines; local $/; print <$s>;'
        """#

    private func proxied(_ lines: String) -> String {
        "\(Self.client) 127.0.0.1 ${HTTPS_PROXY##*:} \(lines)"
    }

    @Test func `none is none`() async {
        let result = await place.run("\(Self.client) 127.0.0.1 \(server.port) hello")
        #expect(result.ending == .exited(1))
        #expect(server.received.isEmpty)
    }

    @Test func `with none it has a loopback of its own`() async throws {
        let script = """
            perl -MIO::Socket::INET -e '
            my $l = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1", LocalPort => 8080) or die;
            my $c = IO::Socket::INET->new("127.0.0.1:8080") or die; print "connected\\n"; sleep 1'
            """
        async let first = place.run(script)
        let other = try SandboxScene()
        async let second = other.run(script)
        #expect(await first.text == "connected\n")
        #expect(await second.text == "connected\n")
    }

    @Test func `host is the machine's`() async {
        let result = await place.run("\(Self.client) 127.0.0.1 \(server.port) hello", network: .host)
        #expect(result.ending == .exited(0))
        #expect(result.text == "answer")
    }

    @Test func `an allowed host is reached through a tunnel`() async {
        let host = "127.0.0.1:\(server.port)"
        let result = await place.run(proxied("'CONNECT \(host) HTTP/1.1' '' hello"), network: .hosts([host]))
        #expect(result.text.hasPrefix("HTTP/1.1 200") && result.text.hasSuffix("answer"), "\(result.text)")
        #expect(server.received.contains("hello"))
    }

    @Test func `an allowed host is reached by plain HTTP`() async {
        let host = "127.0.0.1:\(server.port)"
        let result = await place.run(
            proxied("'GET http://\(host)/path?q HTTP/1.1' 'Host: \(host)' 'Connection: keep-alive' ''"),
            network: .hosts([host]))
        #expect(result.text == "answer")
        #expect(server.received.hasPrefix("GET /path?q HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"))
    }

    @Test func `another host is refused and named in the log`() async {
        let result = await place.run(
            proxied("'CONNECT 127.0.0.1:\(server.port) HTTP/1.1' ''"), network: .hosts(["api.example.com"]))
        #expect(result.text.contains("HTTP/1.1 403"))
        #expect(
            result.text.contains(
                "orchestrate: no connection to 127.0.0.1:\(server.port): the plan allows api.example.com:443"))
        #expect(server.received.isEmpty)
    }

    @Test func `past the proxy there is nothing`() async {
        let result = await place.run(
            "\(Self.client) 127.0.0.1 \(server.port) hello", network: .hosts(["127.0.0.1:\(server.port)"]))
        #expect(result.ending == .exited(1))
        #expect(server.received.isEmpty)
    }

    @Test func `what is no request is answered as such`() async {
        #expect(await place.run(proxied("nonsense ''"), network: .hosts(["a.example"])).text.contains("HTTP/1.1 400"))
    }
}

/// Answers every connection with a word, and keeps what it was sent.
private final class LoopbackServer: @unchecked Sendable {
    let port: UInt16
    private let listener: Int32
    private let lock = NSLock()
    /// Guarded by `lock`.
    private var bytes: [UInt8] = []

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 8) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        try #require(isListening)
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                var buffer = [UInt8](repeating: 0, count: 4096)
                let count = recv(client, &buffer, buffer.count, 0)
                if count > 0, let self { self.lock.withLock { self.bytes += buffer[..<count] } }
                _ = send(client, "answer", 6, Int32(MSG_NOSIGNAL))
                close(client)
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    var received: String { lock.withLock { String(decoding: bytes, as: UTF8.self) } }
}
#endif
