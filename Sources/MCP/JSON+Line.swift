import Foundation
package import Model

extension JSON {
    /// Parses JSON. Returns nil if it is malformed.
    package init?(line: [UInt8]) {
        guard let value = try? JSONDecoder().decode(JSON.self, from: Data(line)) else { return nil }
        self = value
    }

    /// The JSON on one line, as the protocol requires.
    package var line: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
    }
}
