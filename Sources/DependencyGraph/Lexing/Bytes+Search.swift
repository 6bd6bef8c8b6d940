#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension UnsafeBufferPointer<UInt8> {
    /// Where a word first stands at or after `start`, or nil. Linear, for words whose first byte is not common.
    package func offset(of word: StaticString, from start: Int = 0) -> Int? {
        guard let base = baseAddress else { return nil }
        let length = word.utf8CodeUnitCount
        var offset = start
        while offset + length <= count,
            let found = memchr(base + offset, Int32(word.utf8Start[0]), count - length + 1 - offset)
        {
            offset = UnsafeRawPointer(found) - UnsafeRawPointer(base)
            if memcmp(base + offset, word.utf8Start, length) == 0 { return offset }
            offset += 1
        }
        return nil
    }

    /// Whether the bytes are exactly this word.
    package func equals(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount, let base = baseAddress else { return count == word.utf8CodeUnitCount }
        return memcmp(base, word.utf8Start, count) == 0
    }

    /// How many newlines there are.
    package var newlines: Int {
        guard let base = baseAddress else { return 0 }
        var total = 0
        var offset = 0
        while count &- offset >= 16 {
            // The byte-wide lanes overflow after 255 additions.
            var lanes = SIMD16<UInt8>(repeating: 0)
            let stop = offset &+ 254 &* 16 < count &- 16 ? offset &+ 254 &* 16 : count &- 16
            while offset <= stop {
                let block = UnsafeRawPointer(base).loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
                lanes.replace(with: lanes &+ 1, where: block .== 0x0A)
                offset &+= 16
            }
            total &+= Int(SIMD16<UInt16>(truncatingIfNeeded: lanes).wrappedSum())
        }
        while offset < count {
            if base[offset] == 0x0A { total &+= 1 }
            offset &+= 1
        }
        return total
    }

    package var string: String { String(decoding: self, as: UTF8.self) }
}
