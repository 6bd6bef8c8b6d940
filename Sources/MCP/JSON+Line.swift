import Foundation
package import Model

extension JSON {
    /// Reads JSON; nil for what is none.
    init?(line: [UInt8]) {
        guard let value = try? JSONDecoder().decode(JSON.self, from: Data(line)) else { return nil }
        self = value
    }

    /// On one line, as the protocol wants it.
    package var line: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
    }
}
