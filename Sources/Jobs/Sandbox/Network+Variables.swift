import Foundation
package import Model

extension Network {
    /// Replaces each `${NAME:-host}` by the host of the URL in the variable `NAME`.
    ///
    /// - Parameter variables: the process's environment. An empty variable counts as missing. A value that is not an HTTP
    ///   URL allows no host, because its interpretation by the program is unknown.
    package func filledIn(from variables: [String: String]) -> Network {
        guard case .hosts(let hosts) = self else { return self }
        var seen: Set<String> = []
        return .hosts(hosts.compactMap { Self.host($0, variables) }.filter { seen.insert($0).inserted })
    }

    private static func host(_ entry: String, _ variables: [String: String]) -> String? {
        guard let found = entry.wholeMatch(of: #/\$\{(\w+):-(.+)\}/#) else { return entry }
        guard let text = variables[String(found.output.1)], !text.isEmpty else { return String(found.output.2) }
        guard let url = URLComponents(string: text), let scheme = url.scheme?.lowercased(), let host = url.host,
            !host.isEmpty, let standard = ["http": 80, "https": 443][scheme]
        else { return nil }
        return "\(host):\(url.port ?? standard)"
    }
}
