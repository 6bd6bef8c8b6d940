import Foundation
package import Model

extension JSON {
    /// Maximum depth of nesting. It is checked before parsing, since a recursive parser would run out of stack.
    /// JSONDecoder's own limit, 512, is too much for the stack of a pool thread.
    static let deepest = 64

    /// Parses JSON. Returns nil if it is malformed or nested too deep.
    package init?(parsing bytes: [UInt8]) {
        guard Self.depth(of: bytes) <= Self.deepest,
            let value = try? JSONDecoder().decode(JSON.self, from: Data(bytes))
        else { return nil }
        self = value
    }

    package init?(parsing text: String) { self.init(parsing: Array(text.utf8)) }

    /// The JSON in one line with sorted keys. Equal values give equal bytes, which a provider's cache needs.
    package var bytes: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Only an infinite number can fail, and a parser does not produce one.
        return (try? encoder.encode(self)).map(Array.init) ?? Array("null".utf8)
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    private static func depth(of bytes: [UInt8]) -> Int {
        var (depth, deepest, inString, isEscaped) = (0, 0, false, false)
        for byte in bytes {
            if inString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): inString = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                deepest = max(deepest, depth)
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        return deepest
    }
}
