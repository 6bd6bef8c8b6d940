import CProcess

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The bytes of an index of Git (gitformat-index(5), version 2), which follow the changes of a stat cache.
///
/// Every slot gets an index at each move. To make one from all entries would cost more than everything else.
struct IndexImage {
    private var bytes: [UInt8]
    /// Where each entry begins.
    private var starts: [Int]
    /// What has changed since the last write; nil if entries have come or gone.
    private var changed: [Range<Int>]?

    /// Entries from which the checksum is left out, as Git does with `index.skipHash`: it would take longer than the rest.
    private static let uncheckedCount = 50_000
    /// Bytes before the path of an entry: ten numbers, the id and the flags.
    private static let fixedSize = 62
    private static let longestName = 0xFFF

    var count: Int { starts.count }

    init(_ cache: StatCache) {
        bytes = []
        starts = []
        starts.reserveCapacity(cache.count)
        bytes.append(contentsOf: Array("DIRC".utf8))
        bytes.append(number: UInt32(2))
        bytes.append(number: UInt32(0))
        for place in 0..<cache.count {
            guard let side = cache.side(place) else { continue }
            starts.append(bytes.count)
            bytes += Self.entry(cache.path(place), side, cache.state(place))
        }
    }

    /// Adds or replaces an entry.
    /// - Parameters:
    ///   - place: its place in the cache now.
    ///   - count: number of entries of the cache now.
    mutating func set(
        _ path: RawPath, _ side: TreeDifference.Side, state: FileState, at place: Int?, of count: Int
    ) {
        guard let place else { return }
        let entry = Self.entry(path, side, state)
        if count == starts.count {
            let range = starts[place]..<(starts[place] + entry.count)
            bytes.replaceSubrange(range, with: entry)
            changed?.append(range)
        } else if count == starts.count + 1 {
            changed = nil
            let start = place < starts.count ? starts[place] : bytes.count
            bytes.insert(contentsOf: entry, at: start)
            starts.insert(start, at: place)
            for later in (place + 1)..<starts.count { starts[later] += entry.count }
        }
    }

    /// Removes an entry.
    /// - Parameter place: its place in the cache before that.
    mutating func remove(at place: Int?) {
        guard let place else { return }
        changed = nil
        let end = place + 1 < starts.count ? starts[place + 1] : bytes.count
        let size = end - starts[place]
        bytes.removeSubrange(starts[place]..<end)
        starts.remove(at: place)
        for later in place..<starts.count { starts[later] -= size }
    }

    /// - Parameter isKnown: whether the file is as the last call has left it.
    mutating func write(to path: String, isKnown: Bool) throws(GitError) {
        let number = UInt32(starts.count)
        for (place, shift) in [24, 16, 8, 0].enumerated() {
            bytes[8 + place] = UInt8(truncatingIfNeeded: number >> UInt32(shift))
        }
        var digest = [UInt8](repeating: 0, count: 20)
        if starts.count < Self.uncheckedCount {
            bytes.withUnsafeBytes { orchestrate_sha1($0.baseAddress, $0.count, &digest) }
        }
        let parts = isKnown ? changed : nil
        changed = nil
        let file = open(path, O_WRONLY | O_CREAT | (parts == nil ? O_TRUNC : 0) | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw .fileSystem(operation: "write", path: path, code: errno) }
        defer { close(file) }
        let isWritten: Bool
        if let parts {
            isWritten = (parts + [bytes.count..<bytes.count]).allSatisfy { part in
                let content = part.isEmpty ? digest : Array(bytes[part])
                return lseek(file, off_t(part.lowerBound), SEEK_SET) >= 0 && FileSystem.writeAll(file, content)
            }
        } else {
            isWritten = FileSystem.writeAll(file, bytes) && FileSystem.writeAll(file, digest)
        }
        if !isWritten { throw .fileSystem(operation: "write", path: path, code: errno) }
        changed = []
    }

    private static func entry(_ path: RawPath, _ side: TreeDifference.Side, _ state: FileState) -> [UInt8] {
        var entry: [UInt8] = []
        // At least one zero byte ends the path.
        let size = (fixedSize + path.count + 8) & ~7
        entry.reserveCapacity(size)
        let fields = state.fields
        for field in fields.prefix(4) { entry.append(number: field) }
        entry.append(number: 0)
        entry.append(number: fields[4])
        entry.append(number: side.mode.rawValue)
        entry.append(number: state.isUnknown ? 0 : getuid())
        entry.append(number: state.isUnknown ? 0 : getgid())
        entry.append(number: fields[5])
        entry += side.id.bytes
        let length = UInt32(min(path.count, longestName))
        entry.append(UInt8(truncatingIfNeeded: length >> 8))
        entry.append(UInt8(truncatingIfNeeded: length))
        entry += path
        entry.append(contentsOf: [UInt8](repeating: 0, count: size - entry.count))
        return entry
    }
}
