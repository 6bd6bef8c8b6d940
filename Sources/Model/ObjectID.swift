/// The name of a Git object: 40 lowercase hexadecimal digits.
package struct ObjectID: Sendable, Hashable, Codable, CustomStringConvertible, Comparable {
    package let hex: String

    /// - Parameter hex: 40 hexadecimal digits; nil is returned for anything else.
    package init?(hex: String) {
        guard hex.utf8.count == 40, hex.utf8.allSatisfy({ Self.isHexDigit($0) }) else { return nil }
        self.hex = hex.lowercased()
    }

    /// - Parameter bytes: exactly 20 bytes. This needs no checks of digits, which matters for large trees.
    package init(bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count == 20)
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value }
        hex = String(unsafeUninitializedCapacity: 40) { buffer in
            for (place, byte) in bytes.enumerated() {
                buffer[2 * place] = digit(byte >> 4)
                buffer[2 * place + 1] = digit(byte & 15)
            }
            return 40
        }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = ObjectID(hex: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not an object id")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }

    package var description: String { hex }

    /// The first ten digits, for people.
    package var short: String { String(hex.prefix(10)) }

    package static func < (a: ObjectID, b: ObjectID) -> Bool { a.hex < b.hex }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
