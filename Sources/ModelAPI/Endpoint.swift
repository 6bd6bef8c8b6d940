/// The address of a model and the settings of the connection.
package struct Endpoint: Sendable {
    package var dialect: Dialect
    /// Without the dialect's path. A query (`?api-version=…`) stays at the end.
    package var baseURL: String
    package var model: String
    /// Replaces the dialect's path; nil for that.
    var path: String?
    package var key: APIKey?
    /// The header that carries the key, such as `api-key` for Azure; nil for the dialect's own.
    package var keyHeader: String?
    /// Additional headers. They override the dialect's own headers.
    package var headers: [String: String]
    /// URL of a proxy; nil to use `HTTPS_PROXY` and similar variables, empty for no proxy.
    package var proxy: String?
    /// File of trusted certificates in PEM format; nil for those of the system.
    package var certificates: String?

    package init(
        dialect: Dialect, baseURL: String? = nil, model: String, key: APIKey? = nil, keyHeader: String? = nil,
        headers: [String: String] = [:], proxy: String? = nil, certificates: String? = nil
    ) throws(ModelError) {
        self.dialect = dialect
        self.baseURL = baseURL ?? dialect.defaultBaseURL
        self.model = model
        self.key = key
        self.keyHeader = keyHeader
        self.headers = headers
        self.proxy = proxy
        self.certificates = certificates
        try check()
    }

    private func check() throws(ModelError) {
        guard baseURL.hasPrefix("https://") || baseURL.hasPrefix("http://") else {
            throw .configuration("the base URL '\(baseURL)' does not start with http:// or https://")
        }
        guard !baseURL.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) else {
            throw .configuration("the base URL contains invalid characters")
        }
        let host = baseURL.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first ?? ""
        guard !host.isEmpty, !host.contains("@") else {
            throw .configuration("the base URL has no host, or contains a password; set the key in its own variable")
        }
        guard !model.isEmpty else { throw .configuration("the model is not set") }
        let all = headers.merging(keyHeader.map { [$0: ""] } ?? [:]) { value, _ in value }
        for (name, value) in all
        where name.isEmpty || name.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F || $0 == UInt8(ascii: ":") })
            || value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        {
            throw .configuration("the header '\(name)' contains invalid characters")
        }
    }

    /// The URL of requests.
    package var url: String {
        let parts = baseURL.split(separator: "?", maxSplits: 1).map(String.init)
        var base = parts[0]
        while base.hasSuffix("/") { base.removeLast() }
        return base + (path ?? dialect.path) + (parts.count > 1 ? "?\(parts[1])" : "")
    }

    /// All headers of a request, sorted by name.
    var allHeaders: [(name: String, value: String)] {
        var all = [
            "content-type": "application/json", "accept": "text/event-stream", "user-agent": "orchestrate",
            // Without this, libcurl waits for the server's consent before it sends a large body.
            "expect": "",
        ]
        for header in dialect.headers(key: keyHeader == nil ? key : nil) { all[header.name] = header.value }
        if let keyHeader, let key { all[keyHeader.lowercased()] = key.value }
        for (name, value) in headers { all[name.lowercased()] = value }
        return all.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Removes secrets from a text: the key and the values of additional headers.
    func redacted(_ text: String) -> String {
        var result = key?.redacted(text) ?? text
        for value in headers.values where value.utf8.count >= Self.shortestSecret {
            if let secret = try? APIKey(value) { result = secret.redacted(result) }
        }
        return result
    }

    /// Minimum length of a secret header value. Shorter ones could occur inside ordinary words.
    private static let shortestSecret = 8
}
