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

    /// Whether the bytes end with this word.
    package func ends(with word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard count >= length, let base = baseAddress else { return length == 0 }
        return memcmp(base + (count - length), word.utf8Start, length) == 0
    }

    /// How many newlines there are.
    package var newlines: Int {
        guard let base = baseAddress else { return 0 }
        let raw = UnsafeRawPointer(base)
        let ones: UInt64 = 0x0101_0101_0101_0101
        var total = 0
        var offset = 0
        while count &- offset >= 8 {
            // Eight counters of one byte each overflow after 255 steps.
            let far = offset &+ 255 &* 8
            let stop = far < count &- 7 ? far : count &- 7
            var counters: UInt64 = 0
            while offset < stop {
                let differs = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ (ones &* 0x0A)
                // The high bit of each byte is clear exactly if the byte is a newline.
                let high = ((differs & (ones &* 0x7F)) &+ (ones &* 0x7F)) | differs
                counters &+= (~high >> 7) & ones
                offset &+= 8
            }
            // Pairs first: the sum of all eight may not fit into one byte.
            let pairs = (counters & 0x00FF_00FF_00FF_00FF) &+ ((counters >> 8) & 0x00FF_00FF_00FF_00FF)
            total &+= Int((pairs &* 0x0001_0001_0001_0001) >> 48)
        }
        while offset < count {
            if base[offset] == 0x0A { total &+= 1 }
            offset &+= 1
        }
        return total
    }

    package var string: String { String(decoding: self, as: UTF8.self) }
}
