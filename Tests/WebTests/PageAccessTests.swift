import Foundation
import Testing

@testable import Web

/// Who may see the page and use its buttons.
struct PageAccessTests {
    private let token = String(repeating: "ab", count: 16)

    private func access(host: String? = nil, readOnly: Bool = false) -> PageAccess {
        PageAccess(port: 8123, host: host, token: token, isReadOnly: readOnly)
    }

    private func request(
        _ host: String? = "127.0.0.1:8123", origin: String? = nil, bearer: String? = nil, cookie: String? = nil,
        query: String? = nil, isWrite: Bool = false
    ) -> PageAccess.Request {
        PageAccess.Request(
            host: host, origin: origin, authorization: bearer.map { "Bearer \($0)" },
            cookies: cookie.map { "a=b; orchestrate-8123=\($0); c=d" }, query: query, isWrite: isWrite)
    }

    @Test func `the token is taken from the address, a cookie or a header`() {
        let access = access()
        #expect(access.refusal(of: request(query: token)) == nil)
        #expect(access.refusal(of: request(cookie: token)) == nil)
        #expect(access.refusal(of: request(bearer: token)) == nil)
    }

    @Test func `nothing is shown without the token`() {
        let access = access()
        #expect(access.refusal(of: request()) == .unknown)
        for wrong in ["", "x", String(token.dropLast()), token + "a", String(repeating: "ac", count: 16)] {
            #expect(access.refusal(of: request(bearer: wrong, cookie: wrong, query: wrong)) == .unknown, "\(wrong)")
        }
        var other = request()
        other.cookies = "orchestrate-9999=\(token)"
        #expect(access.refusal(of: other) == .unknown)
    }

    @Test(arguments: [
        "evil.example", "evil.example:8123", "127.0.0.1:9", "127.0.0.1.evil.example:8123", "localhost", "",
    ])
    func `another host is refused, whatever it resolves to`(host: String) {
        #expect(access().refusal(of: request(host, cookie: token)) == .forbidden)
    }

    @Test func `a request without a host is refused`() {
        #expect(access().refusal(of: request(nil, cookie: token)) == .forbidden)
    }

    @Test func `this machine has several names, and may get one more`() {
        for host in ["localhost:8123", "LOCALHOST:8123", "[::1]:8123"] {
            #expect(access().refusal(of: request(host, cookie: token)) == nil, "\(host)")
        }
        #expect(access().refusal(of: request("builder:8123", cookie: token)) == .forbidden)
        #expect(access(host: "Builder").refusal(of: request("builder:8123", cookie: token)) == nil)
    }

    @Test(arguments: ["http://evil.example", "null", "http://127.0.0.1:9", "http://localhost:8123"])
    func `another origin neither reads nor writes`(origin: String) {
        let access = access()
        #expect(access.refusal(of: request(origin: origin, cookie: token)) == .forbidden)
        #expect(access.refusal(of: request(origin: origin, cookie: token, isWrite: true)) == .forbidden)
    }

    @Test func `a command comes from the page, or carries the token itself`() {
        let access = access()
        let own = "http://127.0.0.1:8123"
        #expect(access.refusal(of: request(origin: own, cookie: token, isWrite: true)) == nil)
        #expect(access.refusal(of: request(cookie: token, isWrite: true)) == .forbidden)
        #expect(access.refusal(of: request(bearer: token, isWrite: true)) == nil)
        #expect(access.refusal(of: request(origin: own, isWrite: true)) == .unknown)
    }

    @Test func `a page that is only read takes no command`() {
        let access = access(readOnly: true)
        #expect(access.refusal(of: request(cookie: token)) == nil)
        #expect(access.refusal(of: request(bearer: token, isWrite: true)) == .forbidden)
    }

    @Test func `tokens are long and differ`() {
        let tokens = Set((0..<50).map { _ in PageAccess.newToken() })
        #expect(tokens.count == 50)
        #expect(tokens.allSatisfy { $0.count == 32 })
    }

    @Test func `the page asks no other server for anything`() {
        let html = Page.html(nonce: "n1", isReadOnly: false)
        let addresses = html.ranges(of: "//").map { html[$0.lowerBound...].prefix(24) }
        #expect(addresses.allSatisfy { $0.hasPrefix("//www.w3.org/2000/svg") }, "\(addresses)")
        #expect(!html.contains("innerHTML"))
        #expect(html.components(separatedBy: "<script").count == 2)
        #expect(html.contains("<script nonce=\"n1\">"))
    }
}
