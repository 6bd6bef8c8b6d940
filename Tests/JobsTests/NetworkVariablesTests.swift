import Jobs
import Model
import Testing

/// Allowed hosts that depend on a URL in a variable.
@Suite struct NetworkVariablesTests {
    private static let entry = "${BASE_URL:-api.example.com}"

    @Test(
        arguments: [
            (nil, ["api.example.com"]), ("", ["api.example.com"]),
            ("https://models.example.org/v1", ["models.example.org:443"]),
            ("http://127.0.0.1:11434", ["127.0.0.1:11434"]), ("HTTP://localhost/", ["localhost:80"]),
            ("https://user:secret@one.example:8443/x?y=http://two.example", ["one.example:8443"]),
            ("one.example", []), ("ftp://one.example", []), ("https://", []), ("file:///etc/passwd", []),
        ] as [(String?, [String])])
    func `the host of the URL is allowed`(url: String?, hosts: [String]) {
        let network = Network.hosts([Self.entry]).filledIn(from: url.map { ["BASE_URL": $0] } ?? [:])
        #expect(network == .hosts(hosts))
    }

    @Test func `entries without a variable stay as they are`() {
        let variables = ["BASE_URL": "https://one.example", "OTHER": "https://one.example"]
        #expect(
            Network.hosts(["a.example", Self.entry, "${OTHER:-b.example}", "c.example:8443"]).filledIn(from: variables)
                == .hosts(["a.example", "one.example:443", "c.example:8443"]))
        #expect(Network.none.filledIn(from: variables) == .none)
        #expect(Network.host.filledIn(from: variables) == .host)
    }
}
