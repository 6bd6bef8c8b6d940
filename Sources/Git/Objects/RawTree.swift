/// One entry of a tree object.
struct RawEntry: Equatable {
    /// As stored; old versions of Git wrote other modes than today's.
    var mode: UInt32
    var name: [UInt8]
    var id: RawID

    static let directoryMode: UInt32 = 0o040000

    var isDirectory: Bool { mode == Self.directoryMode }
    /// nil for a directory.
    var fileMode: FileMode? { FileMode(tree: mode) }

    static func == (a: RawEntry, b: RawEntry) -> Bool { a.id == b.id && a.mode == b.mode && a.name == b.name }

    /// Git's order inside a tree, in which a directory's name sorts as if it ended in a slash.
    static func inTreeOrder(_ a: RawEntry, _ b: RawEntry) -> Bool {
        let shared = min(a.name.count, b.name.count)
        for place in 0..<shared where a.name[place] != b.name[place] { return a.name[place] < b.name[place] }
        let restA = a.name.count > shared ? a.name[shared] : a.isDirectory ? RawPath.slash : 0
        let restB = b.name.count > shared ? b.name[shared] : b.isDirectory ? RawPath.slash : 0
        return restA < restB
    }
}

/// A tree object, parsed.
enum RawTree {
    /// The empty tree. Git knows it even if it is not stored; libgit2 does not.
    static let emptyHex = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

    static func entries(of id: RawID, in objects: borrowing ObjectDatabase) throws(GitError) -> [RawEntry] {
        if id.hex == emptyHex { return [] }
        return try objects.read(id, as: .tree) { (buffer) throws(GitError) in try parse(buffer, id: id) }
    }

    static func parse(_ buffer: UnsafeRawBufferPointer, id: RawID) throws(GitError) -> [RawEntry] {
        var entries: [RawEntry] = []
        entries.reserveCapacity(buffer.count / 36)
        var place = 0
        while place < buffer.count {
            var mode: UInt32 = 0
            while place < buffer.count, buffer[place] != UInt8(ascii: " ") {
                mode = mode &* 8 &+ UInt32(buffer[place] &- UInt8(ascii: "0"))
                place += 1
            }
            let start = place + 1
            var end = start
            while end < buffer.count, buffer[end] != 0 { end += 1 }
            guard end > start, end + 21 <= buffer.count, let base = buffer.baseAddress else {
                throw .malformedObject(id.hex, reason: "its tree entries are truncated")
            }
            entries.append(
                RawEntry(
                    mode: mode, name: Array(UnsafeRawBufferPointer(rebasing: buffer[start..<end])),
                    id: RawID(bytes: base + end + 1)))
            place = end + 21
        }
        return entries
    }

    /// Stores a tree.
    ///
    /// - Parameter entries: in any order, each name once.
    static func write(_ entries: [RawEntry], to objects: borrowing ObjectDatabase) throws(GitError) -> RawID {
        var bytes: [UInt8] = []
        for entry in entries.sorted(by: RawEntry.inTreeOrder) {
            bytes.append(contentsOf: String(entry.mode, radix: 8).utf8)
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: entry.name)
            bytes.append(0)
            bytes.append(contentsOf: entry.id.bytes)
        }
        return try objects.write(bytes, as: .tree)
    }
}

extension RawTree {
    /// Returns the entry at a path, be it a file or a directory, or nil if the tree has no such path.
    static func lookUp(
        _ path: RawPath, in tree: RawID, _ objects: borrowing ObjectDatabase
    ) throws(GitError) -> RawEntry? {
        var current = tree
        let parts = path.split(separator: RawPath.slash)
        for (depth, part) in parts.enumerated() {
            let entries = try entries(of: current, in: objects)
            guard let entry = entries.first(where: { $0.name.elementsEqual(part) }) else { return nil }
            if depth == parts.count - 1 { return entry }
            guard entry.isDirectory else { return nil }
            current = entry.id
        }
        return nil
    }
}
