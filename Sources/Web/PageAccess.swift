/// Who may see the page and use its buttons.
///
/// Any web site that the person visits can make their browser send requests to this machine, and a name of its own can
/// resolve to this machine (DNS rebinding). So each request must name this server as its host, each request must carry the
/// token, and one that changes something must come from the page itself.
package struct PageAccess: Sendable {
    package enum Refusal: Int, Sendable, Equatable {
        /// No token, or a wrong one.
        case unknown = 401
        /// Another host or origin, or a change where only reading is allowed.
        case forbidden = 403
    }

    package let token: String
    package let isReadOnly: Bool
    private let hosts: Set<String>
    private let port: UInt16

    /// Words by which a browser on this machine names it.
    private static let local: Set<String> = ["127.0.0.1", "localhost", "[::1]"]

    /// - Parameters:
    ///   - port: the port of the server.
    ///   - host: a further name or address by which browsers reach the server.
    ///   - token: the secret of the page's address.
    package init(port: UInt16, host: String?, token: String, isReadOnly: Bool) {
        self.token = token
        self.isReadOnly = isReadOnly
        self.port = port
        hosts = Self.local.union(host.map { [$0.lowercased()] } ?? [])
    }

    /// The name of the cookie. Cookies are shared by all ports of a host, so the name has the port.
    package var cookie: String { "orchestrate-\(port)" }

    /// The head of a request, as far as access depends on it.
    package struct Request: Sendable {
        package var host: String?
        package var origin: String?
        package var authorization: String?
        package var cookies: String?
        /// The token in the address.
        package var query: String?
        /// Whether it may change something.
        package var isWrite: Bool

        package init(
            host: String?, origin: String? = nil, authorization: String? = nil, cookies: String? = nil,
            query: String? = nil, isWrite: Bool = false
        ) {
            self.host = host
            self.origin = origin
            self.authorization = authorization
            self.cookies = cookies
            self.query = query
            self.isWrite = isWrite
        }
    }

    /// Returns why a request is refused; nil if it is allowed.
    package func refusal(of request: Request) -> Refusal? {
        guard let host = request.host?.lowercased(), isOwn(host) else { return .forbidden }
        if let origin = request.origin?.lowercased(), origin != "http://\(host)", origin != "https://\(host)" {
            return .forbidden
        }
        guard carriesToken(request) else { return .unknown }
        guard request.isWrite else { return nil }
        if isReadOnly { return .forbidden }
        // A browser sends the origin with each request that may change something; a script sends the token itself.
        return request.origin == nil && bearer(request) == nil ? .forbidden : nil
    }

    private func isOwn(_ host: String) -> Bool {
        hosts.contains { host == "\($0):\(port)" || host == $0 && port == 80 }
    }

    private func carriesToken(_ request: Request) -> Bool {
        [bearer(request), cookieValue(request), request.query].contains { $0.map(isToken) ?? false }
    }

    private func bearer(_ request: Request) -> String? {
        let start = "Bearer "
        guard let text = request.authorization, text.hasPrefix(start) else { return nil }
        return String(text.dropFirst(start.count))
    }

    private func cookieValue(_ request: Request) -> String? {
        for part in (request.cookies ?? "").split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1).map { $0.drop { $0 == " " } }
            if pair.count == 2, pair[0] == cookie { return String(pair[1]) }
        }
        return nil
    }

    /// Compares in a time that does not depend on where the texts differ.
    private func isToken(_ text: String) -> Bool {
        let (given, wanted) = (Array(text.utf8), Array(token.utf8))
        guard given.count == wanted.count else { return false }
        return zip(given, wanted).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// A new token: 128 random bits.
    package static func newToken() -> String {
        var random = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let text = String(random.next(), radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
    }
}
