#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads blobs from the packs of a repository and its alternates, in half the time that libgit2 needs. It finds neither loose
/// objects nor packs that are made later, and takes no part in errors: what it cannot read, the caller asks libgit2 for.
///
/// Belongs to one thread.
final class PackedBlobs {
    private let packs: [PackFile]
    /// The pack with the latest object. Objects that are asked for one after the other are mostly in one pack.
    private var latest = 0
    private let inflater = Inflater()
    /// Bytes of a pack: from where, and how many.
    private var window = (pack: -1, start: 0, count: 0)
    private var input = Room(1 << 16)
    private var output = Room(1 << 16)
    /// The other side of `output` while deltas are applied, and the delta.
    private var before = Room(0)
    private var delta = Room(0)
    /// Contents that deltas of this pack were based on, by offset.
    private var bases: [Base: [UInt8]] = [:]
    private var basesSize = 0

    /// Larger blobs are left to libgit2.
    private static let largest = 64 << 20
    private static let mostBases = 8 << 20
    /// Git makes no longer chains.
    private static let longestChain = 4096
    private static let smallRead = 8 << 10
    private static let largeRead = 64 << 10

    private struct Base: Hashable {
        var pack: Int
        var offset: Int
    }

    /// The head of an object in a pack.
    private struct Head {
        var isDelta: Bool
        /// The size of the blob or of the delta.
        var size: Int
        /// Where the compressed data start.
        var data: Int
        /// The offset of the object that a delta is based on.
        var base = 0
    }

    /// - Parameter objects: the `objects` directory of the repository.
    init(objects: String) { packs = Self.folders(objects).flatMap { Self.packs($0) } }

    /// The directory and those that `objects/info/alternates` names, and so on.
    private static func folders(_ objects: String) -> [String] {
        var folders = [objects]
        var next = 0
        // Git follows five levels.
        while next < folders.count, folders.count < 64 {
            let folder = folders[next]
            next += 1
            for line in (text(folder + "/info/alternates") ?? "").split(separator: "\n") where !line.hasPrefix("#") {
                let path = line.hasPrefix("/") ? String(line) : folder + "/" + line
                if !folders.contains(path) { folders.append(path) }
            }
        }
        return folders
    }

    private static func text(_ path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    private static func packs(_ objects: String) -> [PackFile] {
        guard let stream = opendir(objects + "/pack") else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let item = readdir(stream) {
            let name = withUnsafePointer(to: &item.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
            }
            if name.hasSuffix(".idx") { names.append(name) }
        }
        return names.sorted().compactMap { PackFile(index: objects + "/pack/" + $0) }
    }

    /// Passes the content of a blob to `body`. The bytes are valid only inside it.
    /// - Returns: whether it was found.
    func read(_ id: RawID, _ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
        for step in packs.indices {
            let pack = (latest + step) % packs.count
            guard let offset = packs[pack].offset(of: id) else { continue }
            latest = pack
            guard let size = load(Base(pack: pack, offset: offset)) else { return false }
            body(UnsafeRawBufferPointer(start: output.start, count: size))
            return true
        }
        return false
    }

    /// Returns the content of a blob, or nil if it was not found.
    func bytes(_ id: RawID) -> [UInt8]? {
        var bytes: [UInt8]?
        _ = read(id) { bytes = Array($0) }
        return bytes
    }

    /// Reads the content of an object into `output`.
    /// - Returns: its size; nil if it is no blob, is too large or cannot be read.
    private func load(_ object: Base) -> Int? {
        var deltas: [(object: Base, head: Head)] = []
        var object = object
        var size = 0
        while true {
            if let known = bases[object] {
                output.reserve(known.count)
                known.withUnsafeBytes { bytes in
                    if let start = bytes.baseAddress { output.start.copyMemory(from: start, byteCount: bytes.count) }
                }
                size = known.count
                break
            }
            guard let head = head(object), head.size <= Self.largest, deltas.count < Self.longestChain else {
                return nil
            }
            guard head.isDelta else {
                guard inflate(head, object.pack, into: &output) else { return nil }
                size = head.size
                break
            }
            deltas.append((object, head))
            object.offset = head.base
        }
        if !deltas.isEmpty { keep(object, size) }
        while let (next, head) = deltas.popLast() {
            guard inflate(head, next.pack, into: &delta) else { return nil }
            let bytes = UnsafeRawBufferPointer(start: delta.start, count: head.size)
            guard let result = Delta.resultSize(bytes, base: size), result <= Self.largest else { return nil }
            swap(&output, &before)
            output.reserve(result)
            guard
                Delta.apply(
                    bytes, to: UnsafeRawBufferPointer(start: before.start, count: size),
                    into: UnsafeMutableRawBufferPointer(start: output.start, count: result))
            else { return nil }
            size = result
            if !deltas.isEmpty { keep(next, size) }
        }
        return size
    }

    /// Keeps the content of `output`, since more deltas may be based on it.
    private func keep(_ object: Base, _ size: Int) {
        guard size < Self.mostBases / 4, bases[object] == nil else { return }
        if basesSize + size > Self.mostBases {
            bases.removeAll(keepingCapacity: true)
            basesSize = 0
        }
        bases[object] = Array(UnsafeRawBufferPointer(start: output.start, count: size))
        basesSize += size
    }

    private func head(_ object: Base) -> Head? {
        // Type and size, then an offset or the name of an object.
        guard let bytes = bytes(object.pack, at: object.offset, count: 48), bytes.count > 24 else { return nil }
        var place = 1
        var size = Int(bytes[0] & 15)
        var shift = 4
        while bytes[place - 1] & 0x80 != 0 {
            guard shift < 40 else { return nil }
            size |= Int(bytes[place] & 0x7F) << shift
            shift += 7
            place += 1
        }
        var head = Head(isDelta: true, size: size, data: 0)
        switch bytes[0] >> 4 & 7 {
        case 3: head.isDelta = false
        case 6:
            var distance = Int(bytes[place] & 0x7F)
            while bytes[place] & 0x80 != 0 {
                place += 1
                guard place < 20 else { return nil }
                distance = (distance + 1) << 7 | Int(bytes[place] & 0x7F)
            }
            place += 1
            head.base = object.offset - distance
            guard distance > 0, head.base > 0 else { return nil }
        case 7:
            guard place + 20 <= bytes.count, let start = bytes.baseAddress,
                let base = packs[object.pack].offset(of: RawID(bytes: start + place))
            else { return nil }
            head.base = base
            place += 20
        default: return nil
        }
        head.data = object.offset + place
        return head
    }

    private func inflate(_ head: Head, _ pack: Int, into room: inout Room) -> Bool {
        room.reserve(head.size)
        let target = UnsafeMutableBufferPointer(
            start: room.start.assumingMemoryBound(to: UInt8.self), count: head.size)
        // Source shrinks to a third. No stream is larger than the second bound (RFC 1951, blocks that are not compressed).
        for bound in [head.size / 2 + 64, head.size + head.size / 1000 + 64] {
            guard let input = bytes(pack, at: head.data, count: bound) else { return false }
            if inflater.inflate(input, into: target) { return true }
        }
        return false
    }

    /// Bytes of a pack, valid until the next call, with `Inflater.slack` behind them. Fewer than wanted at its end.
    private func bytes(_ pack: Int, at offset: Int, count: Int) -> UnsafeRawBufferPointer? {
        if window.pack != pack || offset < window.start || offset + count > window.start + window.count {
            let end = window.start + window.count
            let follows = window.pack == pack && offset >= window.start && offset < end + Self.largeRead
            let size = max(count, follows ? Self.largeRead : Self.smallRead)
            input.reserve(size)
            let room = UnsafeMutableRawBufferPointer(start: input.start, count: size)
            window.pack = -1
            guard let read = packs[pack].read(at: offset, into: room) else { return nil }
            window = (pack, offset, read)
        }
        let start = offset - window.start
        return UnsafeRawBufferPointer(start: input.start + start, count: window.count - start)
    }
}

/// Memory that is reused, with `Inflater.slack` bytes behind it.
private struct Room: ~Copyable {
    private(set) var start: UnsafeMutableRawPointer
    private var size: Int

    /// Memory for one large object is not kept for the smaller ones that follow.
    private static let kept = 1 << 20

    init(_ size: Int) {
        self.size = size
        start = .allocate(byteCount: size + Inflater.slack, alignment: 16)
    }

    deinit { start.deallocate() }

    /// Makes room. The content is lost if it had to grow.
    mutating func reserve(_ wanted: Int) {
        guard wanted > size || size > Self.kept && wanted <= Self.kept else { return }
        start.deallocate()
        size = wanted > Self.kept ? wanted : max(1 << 12, wanted.nextPowerOfTwo)
        start = .allocate(byteCount: size + Inflater.slack, alignment: 16)
    }
}

extension Int {
    fileprivate var nextPowerOfTwo: Int { self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
