import CGit2
import Model

/// An object id as twenty bytes, so that comparing and hashing the ids of 50,000 files allocates nothing.
struct RawID: Hashable, Sendable {
    private var high: UInt64 = 0
    private var middle: UInt64 = 0
    private var low: UInt32 = 0

    init() {}

    /// - Parameter bytes: points to at least twenty bytes.
    init(bytes: UnsafeRawPointer) {
        high = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
        middle = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        low = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
    }

    init(_ oid: git_oid) {
        self = withUnsafeBytes(of: oid) { buffer in
            buffer.baseAddress.map { RawID(bytes: $0) } ?? RawID()
        }
    }

    init(_ id: ObjectID) {
        high = id.high
        middle = id.middle
        low = id.low
    }

    var isZero: Bool { high == 0 && middle == 0 && low == 0 }

    var oid: git_oid {
        var oid = git_oid()
        withUnsafeMutableBytes(of: &oid) { buffer in
            buffer.storeBytes(of: high.bigEndian, as: UInt64.self)
            buffer.storeBytes(of: middle.bigEndian, toByteOffset: 8, as: UInt64.self)
            buffer.storeBytes(of: low.bigEndian, toByteOffset: 16, as: UInt32.self)
        }
        return oid
    }

    var bytes: [UInt8] { withUnsafeBytes(of: oid) { Array($0) } }

    var hex: String { objectID.hex }

    var objectID: ObjectID { ObjectID(high: high, middle: middle, low: low) }

    var firstByte: UInt8 { UInt8(truncatingIfNeeded: high >> 56) }

    /// Whether the id comes first in the order of bytes.
    func precedes(_ other: RawID) -> Bool { (high, middle, low) < (other.high, other.middle, other.low) }
}

extension RawID {
    /// - Returns: nil unless the text is forty hexadecimal digits.
    init?(hex: String) {
        guard let id = ObjectID(hex: hex) else { return nil }
        self.init(id)
    }
}
