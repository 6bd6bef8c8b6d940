#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A pack with its index (gitformat-pack(5), version 2), open for reading.
///
/// Both files never change, and they stay readable when `git gc` deletes them. The index is mapped. The pack is not, because
/// what is read of it would count as memory of this process.
final class PackFile {
    private let file: Int32
    private let index: UnsafeMutableRawBufferPointer
    private let count: Int

    private static let fanOutStart = 8
    private static let namesStart = fanOutStart + 256 * 4

    /// - Parameter path: of the index.
    /// - Returns: nil if one of the two files is missing or of another form.
    init?(index path: String) {
        guard let mapped = Self.map(path) else { return nil }
        let bytes = UnsafeRawBufferPointer(mapped)
        let isKnown = bytes.count >= Self.namesStart + 40 && Self.number(bytes, 0) == 0xFF74_4F63
        let count = isKnown && Self.number(bytes, 4) == 2 ? Int(Self.number(bytes, Self.namesStart - 4)) : -1
        let pack = open(path.dropLast(3) + "pack", O_RDONLY | O_CLOEXEC)
        guard count >= 0, bytes.count >= Self.namesStart + count * 28 + 40, pack >= 0 else {
            munmap(mapped.baseAddress, mapped.count)
            if pack >= 0 { close(pack) }
            return nil
        }
        self.count = count
        index = mapped
        file = pack
    }

    deinit {
        munmap(index.baseAddress, index.count)
        close(file)
    }

    private static func map(_ path: String) -> UnsafeMutableRawBufferPointer? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_size > 0 else { return nil }
        let size = Int(status.st_size)
        let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0)
        return start == MAP_FAILED ? nil : UnsafeMutableRawBufferPointer(start: start, count: size)
    }

    private static func number(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
        UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// The offset of an object in the pack, or nil if it is not there.
    func offset(of id: RawID) -> Int? {
        let bytes = UnsafeRawBufferPointer(index)
        let first = Int(id.firstByte)
        var low = first == 0 ? 0 : Int(Self.number(bytes, Self.fanOutStart + first * 4 - 4))
        var high = Int(Self.number(bytes, Self.fanOutStart + first * 4))
        guard high <= count else { return nil }
        while low < high {
            let middle = (low + high) / 2
            let start = Self.namesStart + middle * 20
            let name = UnsafeRawBufferPointer(rebasing: bytes[start..<start + 20])
            guard let base = name.baseAddress else { return nil }
            let found = RawID(bytes: base)
            if found == id { return offset(at: middle) }
            if found.precedes(id) { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    private func offset(at place: Int) -> Int? {
        let bytes = UnsafeRawBufferPointer(index)
        let small = Self.number(bytes, Self.namesStart + count * 24 + place * 4)
        guard small & 1 << 31 != 0 else { return Int(small) }
        let start = Self.namesStart + count * 28 + Int(small & ~(1 << 31)) * 8
        guard start + 8 <= bytes.count else { return nil }
        return Int(exactly: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)))
    }

    /// Reads bytes of the pack.
    /// - Returns: how many there are, less than wanted at the end of the pack; nil if it cannot be read.
    func read(at offset: Int, into room: UnsafeMutableRawBufferPointer) -> Int? {
        var done = 0
        while done < room.count {
            let count = pread(file, room.baseAddress.map { $0 + done }, room.count - done, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            done += count
        }
        return done
    }
}
