#if os(Linux)
import Foundation
import Jobs
import Model
import TestSupport
import Testing

/// Network access of a process in a sandbox.
@Suite(.enabled(if: SandboxSupport.probe().kind == .bubblewrap)) struct SandboxNetworkTests {
    private let place: SandboxScene
    private let server: LoopbackServer

    init() throws {
        place = try SandboxScene()
        server = try LoopbackServer()
    }

    /// A TCP client. A shell has none, but perl comes with the system.
    private static let client = #"""
        perl -MIO::Socket::INET -e '
        my ($host, $port, @lines) = @ARGV;
        my $s = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port, Timeout => 5) or do { print "no: $!\n"; exit 1 };
        print $s map { "$_\r\n" } @lines; local $/; print <$s>;'
        """#

    private func proxied(_ lines: String) -> String {
        "\(Self.client) 127.0.0.1 ${HTTPS_PROXY##*:} \(lines)"
    }

    @Test func `without a network no host is reached`() async {
        let result = await place.run("\(Self.client) 127.0.0.1 \(server.port) hello")
        #expect(result.ending == .exited(1))
        #expect(server.received.isEmpty)
    }

    @Test func `without a network each process has its own loopback`() async throws {
        // Each listens until the other one has connected, so that both have the port at the same time.
        let shared = try place.scene.directory.makeDirectory("shared")
        func script(_ own: String, _ other: String) -> String {
            """
            perl -MIO::Socket::INET -e '
            my $l = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1", LocalPort => 8080) or die;
            my $c = IO::Socket::INET->new("127.0.0.1:8080") or die; print "connected\\n";
            open F, ">\(shared)/\(own)" or die; close F;
            select undef, undef, undef, 0.01 until -e "\(shared)/\(other)"'
            """
        }
        let other = try SandboxScene()
        async let first = place.run(script("a", "b")) { $0.sandbox?.writable.append(shared) }
        async let second = other.run(script("b", "a")) { $0.sandbox?.writable.append(shared) }
        #expect(await first.text == "connected\n")
        #expect(await second.text == "connected\n")
    }

    @Test func `the host network is the machine's`() async {
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

    @Test func `nothing is reached around the proxy`() async {
        let result = await place.run(
            "\(Self.client) 127.0.0.1 \(server.port) hello", network: .hosts(["127.0.0.1:\(server.port)"]))
        #expect(result.ending == .exited(1))
        #expect(server.received.isEmpty)
    }

    @Test func `a malformed request is answered with 400`() async {
        #expect(await place.run(proxied("nonsense ''"), network: .hosts(["a.example"])).text.contains("HTTP/1.1 400"))
    }
}
#endif
