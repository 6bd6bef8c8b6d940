/// The name of a Git object: 20 bytes, written as 40 lowercase hexadecimal digits.
package struct ObjectID: Sendable, Hashable, Codable, CustomStringConvertible, Comparable {
    /// The bytes in their order, as three numbers. A run on a large repository holds hundreds of thousands of names.
    package let high: UInt64
    package let middle: UInt64
    package let low: UInt32

    package init(high: UInt64, middle: UInt64, low: UInt32) {
        self.high = high
        self.middle = middle
        self.low = low
    }

    /// - Parameter hex: 40 hexadecimal digits; nil is returned for anything else.
    package init?(hex: String) {
        var text = hex
        let numbers = text.withUTF8 { digits -> (UInt64, UInt64, UInt64)? in
            guard digits.count == 40, let high = Self.number(digits[..<16]), let middle = Self.number(digits[16..<32]),
                let low = Self.number(digits[32...])
            else { return nil }
            return (high, middle, low)
        }
        guard let (high, middle, low) = numbers else { return nil }
        self.init(high: high, middle: middle, low: UInt32(truncatingIfNeeded: low))
    }

    /// - Parameter bytes: exactly 20 bytes.
    package init(bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count == 20)
        high = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
        middle = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        low = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
    }

    package var hex: String {
        String(unsafeUninitializedCapacity: 40) { buffer in
            for place in 0..<16 {
                buffer[place] = Self.digit(high >> UInt64(60 - 4 * place))
                buffer[place + 16] = Self.digit(middle >> UInt64(60 - 4 * place))
            }
            for place in 0..<8 { buffer[place + 32] = Self.digit(UInt64(low) >> UInt64(28 - 4 * place)) }
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

    package static func < (a: ObjectID, b: ObjectID) -> Bool {
        (a.high, a.middle, a.low) < (b.high, b.middle, b.low)
    }

    /// The lowest four bits as a lowercase digit.
    private static func digit(_ value: UInt64) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: value & 15)
        return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }

    private static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64? {
        var number: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): number = number << 4 | UInt64(digit - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return number
    }
}
