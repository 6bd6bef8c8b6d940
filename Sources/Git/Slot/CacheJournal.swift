#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The changes of a stat cache since its index was written.
struct CacheJournal {
    struct Change {
        var path: RawPath
        /// Nil for a path that was removed.
        var side: TreeDifference.Side?
        var state: FileState
    }

    private let path: String
    private var unwritten: [UInt8] = []
    /// Number of changes.
    private(set) var count = 0
    /// Bytes of the file.
    private(set) var size = 0
    /// Whether the file and the index have every change together.
    var isComplete = true

    /// Begins each record, after its size. Its last bytes are a checksum.
    private static let mark: UInt32 = 0x4f4a_4331
    private static let headSize = 12
    /// Mark, mode, six numbers of the state and the id.
    private static let fixedSize = 4 + 4 + 24 + 20

    init(path: String) { self.path = path }

    mutating func add(_ change: Change) {
        var record: [UInt8] = []
        record.reserveCapacity(Self.fixedSize + change.path.count)
        for number in [Self.mark, change.side?.mode.rawValue ?? 0] + change.state.fields {
            record.append(number: number)
        }
        record += (change.side?.id ?? RawID()).bytes
        record += change.path
        let checksum = Self.checksum(record[...])
        unwritten.append(number: UInt32(record.count))
        unwritten.append(number: UInt32(truncatingIfNeeded: checksum))
        unwritten.append(number: UInt32(truncatingIfNeeded: checksum >> 32))
        unwritten += record
        count += 1
    }

    /// Reads the file, up to the first record that is not whole.
    mutating func stored() -> [Change] {
        guard let bytes = FileSystem.read(path) else { return [] }
        var changes: [Change] = []
        var rest = bytes[...]
        while rest.count >= Self.headSize {
            let length = Int(rest.number(at: 0))
            let checksum = UInt64(rest.number(at: 1)) | UInt64(rest.number(at: 2)) << 32
            let record = rest.dropFirst(Self.headSize).prefix(length)
            guard record.count == length, Self.checksum(record) == checksum, let change = Self.change(record) else {
                break
            }
            changes.append(change)
            rest = rest.dropFirst(Self.headSize + length)
        }
        count = changes.count
        // A file with more than whole records has another size than the position says.
        size = bytes.count - rest.count
        if !rest.isEmpty { isComplete = false }
        return changes
    }

    /// Appends the new changes to the file.
    mutating func write() throws(GitError) {
        if unwritten.isEmpty { return }
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw .fileSystem(operation: "write", path: path, code: errno) }
        defer { close(file) }
        guard FileSystem.writeAll(file, unwritten) else {
            isComplete = false
            throw .fileSystem(operation: "write", path: path, code: errno)
        }
        size += unwritten.count
        unwritten = []
    }

    /// Deletes the file: the index has all changes.
    mutating func clear() {
        unlink(path)
        unwritten = []
        count = 0
        size = 0
    }

    private static func change(_ record: ArraySlice<UInt8>) -> Change? {
        guard record.count > fixedSize, record.number(at: 0) == mark else { return nil }
        let mode = record.number(at: 1)
        guard let state = FileState(fields: (2..<8).map { record.number(at: $0) }) else { return nil }
        let id = Array(record.dropFirst(fixedSize - 20).prefix(20)).withUnsafeBytes { bytes in
            bytes.baseAddress.map { RawID(bytes: $0) } ?? RawID()
        }
        let path = Array(record.dropFirst(fixedSize))
        if mode == 0 { return Change(path: path, side: nil, state: state) }
        return FileMode(tree: mode).map { Change(path: path, side: .init(mode: $0, id: id), state: state) }
    }

    /// FNV-1a with 64 bits.
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}

extension [UInt8] {
    /// Appends the bytes of a number, the highest first.
    mutating func append(number: UInt32) {
        append(UInt8(truncatingIfNeeded: number >> 24))
        append(UInt8(truncatingIfNeeded: number >> 16))
        append(UInt8(truncatingIfNeeded: number >> 8))
        append(UInt8(truncatingIfNeeded: number))
    }
}

extension ArraySlice<UInt8> {
    /// Returns a number of four bytes, the highest first.
    /// - Parameter place: counted in numbers.
    func number(at place: Int) -> UInt32 {
        dropFirst(place * 4).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
