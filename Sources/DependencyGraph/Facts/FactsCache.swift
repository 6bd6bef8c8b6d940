import Model

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Facts of earlier builds by blob and scanner, in one append-only file.
///
/// The file starts with 16 bytes of `magic`. Records follow: a head of 48 bytes and the flat facts. The first
/// incomplete record ends the useful part of the file, without an error. The file is read into memory and not mapped:
/// another process may replace it, and a mapping of a truncated file kills its reader.
// Everything is written before `init` returns; `append` touches the file only.
final class FactsCache: @unchecked Sendable {
    struct Key: Equatable {
        var low: UInt64 = 0
        var middle: UInt64 = 0
        var high: UInt32 = 0
        var scanner: UInt32

        static let zero = Key(scanner: 0)

        private init(scanner: UInt32) { self.scanner = scanner }

        init(blob: ObjectID, scanner: UInt32) {
            self.scanner = scanner
            (low, middle, high) = (blob.high, blob.middle, blob.low)
        }

        var hash: Int {
            let mixed = (low ^ middle ^ UInt64(high) ^ UInt64(scanner)) &* 0x9E37_79B9_7F4A_7C15
            return Int(truncatingIfNeeded: mixed >> 20)
        }
    }

    struct Record {
        var key: Key
        var facts: UnsafeRawBufferPointer
    }

    /// Head of a record in the file.
    struct Head {
        var mark: UInt32 = Head.mark
        var size: UInt32
        var checksum: UInt64
        var key: Key

        static let mark: UInt32 = 0x4F47_5246
        static let size = 40
    }

    static let magic: [UInt8] = Array("orchestrate-g01\n".utf8)

    let path: String
    private let buffer: UnsafeMutableRawBufferPointer
    /// Bytes of `buffer` that hold whole records.
    let useful: Int
    /// Open addressing over offsets of record heads. 0 is free: the magic is there.
    private var slots: [UInt32]

    /// Reads the cache. A missing file, or one that is not a cache, counts as empty.
    init(path: String) {
        self.path = path
        buffer = Self.load(path)
        var heads: [UInt32] = []
        var offset = Self.magic.count
        if buffer.count >= offset, buffer.prefix(offset).elementsEqual(Self.magic) {
            while let head = Self.head(UnsafeRawBufferPointer(buffer), offset) {
                heads.append(UInt32(offset))
                offset += Head.size + Int(head.size)
            }
            useful = offset
        } else {
            useful = 0
        }
        var size = 64
        while size < heads.count * 2 { size *= 2 }
        slots = [UInt32](repeating: 0, count: size)
        for offset in heads {
            let key = buffer.loadUnaligned(fromByteOffset: Int(offset), as: Head.self).key
            var slot = key.hash & (size - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = offset
        }
    }

    deinit { buffer.deallocate() }

    /// The bytes of the file, up to the last whole record.
    var usefulBytes: [UInt8] { Array(buffer[..<useful]) }

    /// The facts stored under a key, checked against their checksum.
    func find(_ key: Key) -> UnsafeRawBufferPointer? {
        let mask = slots.count - 1
        var slot = key.hash & mask
        while slots[slot] != 0 {
            let offset = Int(slots[slot])
            let head = buffer.loadUnaligned(fromByteOffset: offset, as: Head.self)
            if head.key == key {
                let start = offset + Head.size
                let facts = UnsafeRawBufferPointer(rebasing: buffer[start..<start + Int(head.size)])
                // A good record with the same key may follow a damaged one.
                if Self.checksum(key, facts) == head.checksum, FileFacts(checking: facts) != nil { return facts }
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// The record head at an offset, or nil if no whole record lies there.
    static func head(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Head? {
        guard offset + Head.size <= bytes.count, offset < Int(UInt32.max) else { return nil }
        let head = bytes.loadUnaligned(fromByteOffset: offset, as: Head.self)
        guard head.mark == Head.mark, head.size >= FileFacts.Header.size, head.size % 8 == 0,
            offset + Head.size + Int(head.size) <= bytes.count
        else { return nil }
        return head
    }

    static func checksum(_ key: Key, _ facts: UnsafeRawBufferPointer) -> UInt64 {
        hashBytes(facts.bindMemory(to: UInt8.self), seed: key.low ^ key.middle ^ UInt64(key.high) ^ UInt64(key.scanner))
    }

    /// The whole file; empty if it cannot be read.
    private static func load(_ path: String) -> UnsafeMutableRawBufferPointer {
        let none = UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 16)
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return none }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_size > 0, status.st_size < Int(UInt32.max) else { return none }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(status.st_size), alignment: 16)
        var done = 0
        while done < buffer.count {
            let count = pread(file, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(done))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                buffer.deallocate()
                return none
            }
            done += count
        }
        none.deallocate()
        return buffer
    }
}
