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
        high = bytes.loadUnaligned(as: UInt64.self)
        middle = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        low = bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self)
    }

    init(_ oid: git_oid) {
        self = withUnsafeBytes(of: oid) { buffer in
            buffer.baseAddress.map { RawID(bytes: $0) } ?? RawID()
        }
    }

    init(_ id: ObjectID) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20)
        var high: UInt8?
        for digit in id.hex.utf8 {
            let value = digit <= UInt8(ascii: "9") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        self = bytes.withUnsafeBytes { buffer in
            buffer.count == 20 ? buffer.baseAddress.map { RawID(bytes: $0) } ?? RawID() : RawID()
        }
    }

    var isZero: Bool { high == 0 && middle == 0 && low == 0 }

    var oid: git_oid {
        var oid = git_oid()
        withUnsafeMutableBytes(of: &oid) { buffer in
            buffer.storeBytes(of: high, as: UInt64.self)
            buffer.storeBytes(of: middle, toByteOffset: 8, as: UInt64.self)
            buffer.storeBytes(of: low, toByteOffset: 16, as: UInt32.self)
        }
        return oid
    }

    var bytes: [UInt8] { withUnsafeBytes(of: oid) { Array($0) } }

    var hex: String { objectID.hex }

    var objectID: ObjectID {
        var oid = oid
        return withUnsafeBytes(of: &oid) { ObjectID(bytes: $0) }
    }
}

extension RawID {
    /// - Returns: nil unless the text is forty hexadecimal digits.
    init?(hex: String) {
        guard let id = ObjectID(hex: hex) else { return nil }
        self.init(id)
    }
}
