/// Where a model is asked, and how the way there is.
package struct Endpoint: Sendable {
    package var dialect: Dialect
    /// Without what the dialect puts behind it; a query (`?api-version=…`) stays at the end.
    package var baseURL: String
    package var model: String
    package var key: APIKey?
    /// The header that carries the key, such as `api-key` for Azure; nil for the dialect's own.
    package var keyHeader: String?
    /// More headers. They win over the dialect's own of the same name.
    package var headers: [String: String]
    /// URL of a proxy; nil for what `HTTPS_PROXY` and its like say, empty for none.
    package var proxy: String?
    /// File of certificates in PEM that are trusted; nil for the system's.
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
            throw .configuration("the base URL '\(baseURL)' does not begin with http:// or https://")
        }
        guard !baseURL.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) else {
            throw .configuration("the base URL holds characters that no URL has")
        }
        let host = baseURL.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first ?? ""
        guard !host.isEmpty, !host.contains("@") else {
            throw .configuration("the base URL names no host, or holds a password; keys have places of their own")
        }
        guard !model.isEmpty else { throw .configuration("no model is named") }
        let all = headers.merging(keyHeader.map { [$0: ""] } ?? [:]) { value, _ in value }
        for (name, value) in all
        where name.isEmpty || name.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F || $0 == UInt8(ascii: ":") })
            || value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        {
            throw .configuration("the header '\(name)' cannot be sent as it is")
        }
    }

    /// The URL that requests go to.
    package var url: String {
        let parts = baseURL.split(separator: "?", maxSplits: 1).map(String.init)
        var base = parts[0]
        while base.hasSuffix("/") { base.removeLast() }
        return base + dialect.path + (parts.count > 1 ? "?\(parts[1])" : "")
    }

    /// All headers of a request, sorted by name.
    var allHeaders: [(name: String, value: String)] {
        var all = [
            "content-type": "application/json", "accept": "text/event-stream", "user-agent": "orchestrate",
            // Without it libcurl asks the server to agree before it sends a large body, and waits for that.
            "expect": "",
        ]
        for header in dialect.headers(key: keyHeader == nil ? key : nil) { all[header.name] = header.value }
        if let keyHeader, let key { all[keyHeader.lowercased()] = key.value }
        for (name, value) in headers { all[name.lowercased()] = value }
        return all.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Removes what is secret from a text for people: the key, and the values of headers that were added.
    func redacted(_ text: String) -> String {
        var result = key?.redacted(text) ?? text
        for value in headers.values where value.utf8.count >= Self.shortestSecret {
            if let secret = try? APIKey(value) { result = secret.redacted(result) }
        }
        return result
    }

    /// Shorter values would be found inside ordinary words.
    private static let shortestSecret = 8
}
