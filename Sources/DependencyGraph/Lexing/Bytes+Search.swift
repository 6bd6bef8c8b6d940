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

    package var string: String { String(decoding: self, as: UTF8.self) }
}
