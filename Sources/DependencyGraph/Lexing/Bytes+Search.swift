#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension UnsafeBufferPointer<UInt8> {
    /// Returns the first offset of a word of two or more bytes at or after `start`, or nil.
    ///
    /// Each step compares eight places with the first two bytes of the word (Mycroft's test for a zero byte, which may
    /// give false positives and never false negatives). Only where both match is the whole word compared.
    package func offset(of word: StaticString, from start: Int = 0) -> Int? {
        guard let base = baseAddress, word.utf8CodeUnitCount > 1 else { return nil }
        var offset = start
        while offset &+ 9 <= count {
            var hits = Self.pairs(base + offset, word)
            while hits != 0 {
                let place = offset &+ hits.trailingZeroBitCount / 8
                if has(word, at: place) { return place }
                hits &= hits &- 1
            }
            offset &+= 8
        }
        while offset < count {
            if has(word, at: offset) { return offset }
            offset &+= 1
        }
        return nil
    }

    /// Returns the last offset of a word of two or more bytes, or nil.
    package func lastOffset(of word: StaticString) -> Int? {
        guard let base = baseAddress, word.utf8CodeUnitCount > 1 else { return nil }
        // Places from this one on are done. The last place is checked separately, because a step of eight reads one
        // byte more.
        var end = count
        while end > 0, end == count || end % 8 != 0 {
            end &-= 1
            if has(word, at: end) { return end }
        }
        while end > 0 {
            end &-= 8
            var hits = Self.pairs(base + end, word)
            while hits != 0 {
                let bit = 63 &- hits.leadingZeroBitCount
                if has(word, at: end &+ bit / 8) { return end &+ bit / 8 }
                hits &= ~(1 << UInt64(bit))
            }
        }
        return nil
    }

    /// Sets the high bit of each of eight bytes at which the first two bytes of the word may be.
    @inline(__always)
    private static func pairs(_ start: UnsafePointer<UInt8>, _ word: StaticString) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let raw = UnsafeRawPointer(start)
        let first = UInt64(littleEndian: raw.loadUnaligned(as: UInt64.self)) ^ (ones &* UInt64(word.utf8Start[0]))
        let second =
            UInt64(littleEndian: (raw + 1).loadUnaligned(as: UInt64.self)) ^ (ones &* UInt64(word.utf8Start[1]))
        let differs = first | second
        return (differs &- ones) & ~differs & (ones &* 0x80)
    }

    @inline(__always)
    private func has(_ word: StaticString, at place: Int) -> Bool {
        guard let base = baseAddress, place &+ word.utf8CodeUnitCount <= count else { return false }
        return memcmp(base + place, word.utf8Start, word.utf8CodeUnitCount) == 0
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

    /// The number of newlines.
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
                // The high bit of a byte is clear if and only if the byte is a newline.
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
