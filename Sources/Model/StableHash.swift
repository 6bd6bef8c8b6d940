/// FNV-1a with 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/). Unlike Swift's own hashes it is the same in every
/// process, so decisions that use it can be replayed.
package enum StableHash {
    package static let start: UInt64 = 0xcbf2_9ce4_8422_2325

    /// Adds a text and a mark for its end, so that `ab`, `c` differs from `a`, `bc`.
    package static func add(_ text: String, to hash: UInt64) -> UInt64 {
        let prime: UInt64 = 0x0000_0100_0000_01b3
        return (text.utf8.reduce(hash) { ($0 ^ UInt64($1)) &* prime } ^ 0xFF) &* prime
    }

    /// Returns a pseudorandom number in 0..<1 that is always the same for the same text.
    package static func unit(_ text: String) -> Double {
        // The last bytes of a text hardly reach the high bits. The finalizer of MurmurHash3 mixes them in.
        var hash = add(text, to: start)
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        hash ^= hash >> 33
        return Double(hash >> 11) / Double(UInt64(1) << 53)
    }

    /// Returns 16 hexadecimal digits that are always the same for the same text.
    package static func hex(_ text: String) -> String {
        let digits = String(add(text, to: start), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
