import Foundation
package import Model

extension Network {
    /// With the hosts of URLs in variables filled in.
    ///
    /// - Parameter variables: of the process. One that is empty counts as none; one that is no URL of HTTP allows nothing,
    ///   since nobody knows what its reader would make of it.
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
