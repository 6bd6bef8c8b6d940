import CGit2
import Foundation

/// The paths of the commit that a slot stands at, each with the state its file had when it was last known to match.
///
/// Kept in Git's index format by libgit2, so that the worker's `.git` gets a copy of the same file.
final class StatCache {
    private let pointer: OpaquePointer
    private let path: String
    /// Whether there was a good file to read.
    let wasStored: Bool

    /// Reads the file at a path; one that is missing or damaged gives an empty cache.
    init(path: String) throws(GitError) {
        Library.start()
        self.path = path
        var opened: OpaquePointer?
        let exists = FileSystem.exists(path)
        let status = git_index_open(&opened, path)
        wasStored = exists && status == 0
        if status != 0 {
            unlink(path)
            try Library.check(git_index_open(&opened, path), "open '\(path)'")
        }
        guard let opened else { throw .library(operation: "open '\(path)'", message: "no handle") }
        pointer = opened
    }

    deinit { git_index_free(pointer) }

    var count: Int { git_index_entrycount(pointer) }

    /// The entry at a place; valid until the cache is changed next.
    func entry(_ place: Int) -> UnsafePointer<git_index_entry> {
        guard let entry = git_index_get_byindex(pointer, place) else {
            preconditionFailure("callers stay below count")
        }
        return entry
    }

    func path(_ place: Int) -> RawPath {
        let text = entry(place)
        guard let path = text.pointee.path else { return [] }
        return Array(UnsafeRawBufferPointer(start: path, count: strlen(path)))
    }

    func side(_ place: Int) -> TreeDifference.Side? {
        let entry = entry(place).pointee
        return FileMode(tree: entry.mode).map { TreeDifference.Side(mode: $0, id: RawID(entry.id)) }
    }

    func mode(_ place: Int) -> FileMode? { FileMode(tree: entry(place).pointee.mode) }

    func state(_ place: Int) -> FileState { FileState(entry(place).pointee) }

    /// Whether a file is of the entry's kind and in the state it was last known to match in.
    func agrees(_ place: Int, with status: stat) -> Bool {
        mode(place)?.agrees(with: status) == true && state(place) == FileState(status)
    }

    /// The place of a path.
    func find(_ path: RawPath) -> Int? {
        let place = lowerBound(path, in: 0..<count)
        return place < count && compare(place, path) == 0 ? place : nil
    }

    /// The first place in a range whose path does not come before the given one.
    func lowerBound(_ path: some Collection<UInt8>, in range: Range<Int>) -> Int {
        path.withContiguousStorageIfAvailable { bytes in
            var low = range.lowerBound
            var high = range.upperBound
            while low < high {
                let middle = (low + high) / 2
                if compare(middle, bytes) < 0 { low = middle + 1 } else { high = middle }
            }
            return low
        } ?? range.upperBound
    }

    /// The places of all paths below a directory, given with its slash at the end.
    func range(below directory: RawPath, in range: Range<Int>) -> Range<Int> {
        if directory.isEmpty { return range }
        let start = lowerBound(directory, in: range)
        var end = directory
        end[end.count - 1] = RawPath.slash + 1
        return start..<lowerBound(end, in: start..<range.upperBound)
    }

    func compare(_ place: Int, _ path: RawPath) -> Int32 {
        path.withUnsafeBufferPointer { compare(place, $0) }
    }

    private func compare(_ place: Int, _ path: UnsafeBufferPointer<UInt8>) -> Int32 {
        guard let stored = entry(place).pointee.path else { return -1 }
        // strncmp stops at the end of the stored path; a longer stored path comes after.
        guard let base = path.baseAddress else { return stored[0] == 0 ? 0 : 1 }
        let order = base.withMemoryRebound(to: CChar.self, capacity: path.count) { strncmp(stored, $0, path.count) }
        return order != 0 ? order : stored[path.count] == 0 ? 0 : 1
    }

    /// Sets a path, with an unknown file state unless one is given.
    func set(_ path: RawPath, _ side: TreeDifference.Side, state: FileState = FileState()) throws(GitError) {
        var entry = git_index_entry()
        entry.mode = side.mode.rawValue
        entry.id = side.id.oid
        state.store(in: &entry)
        let status = path.withCPath { text in
            entry.path = text
            return git_index_add(pointer, &entry)
        }
        try Library.check(status, "record '\(path.display)'")
    }

    func remove(_ path: RawPath) {
        // The only failure is that the path is not there.
        _ = path.withCPath { git_index_remove(pointer, $0, 0) }
    }

    func removeAll() throws(GitError) { try Library.check(git_index_clear(pointer), "clear '\(path)'") }

    /// Stores the cache in its file, in one step.
    func write() throws(GitError) {
        // A crash may have left the lock of libgit2; the slot has one owner, so nobody holds it.
        unlink("\(path).lock")
        try Library.check(git_index_write(pointer), "write '\(path)'")
    }
}

/// What the file system says of a file; two equal states mean that nobody wrote it in between.
///
/// The inode's change time cannot be set back by a program, so a file of the same size and modification time is still
/// found. Zero means unknown: never equal to the state of a file.
struct FileState: Equatable {
    private var changed = git_index_time()
    private var modified = git_index_time()
    private var inode: UInt32 = 0
    private var size: UInt32 = 0

    init() {}

    init(_ status: stat) {
        #if canImport(Darwin)
        let (change, modification) = (status.st_ctimespec, status.st_mtimespec)
        #else
        let (change, modification) = (status.st_ctim, status.st_mtim)
        #endif
        changed = Self.time(change)
        modified = Self.time(modification)
        inode = UInt32(truncatingIfNeeded: status.st_ino)
        size = UInt32(truncatingIfNeeded: status.st_size)
    }

    init(_ entry: git_index_entry) {
        changed = entry.ctime
        modified = entry.mtime
        inode = entry.ino
        size = entry.file_size
    }

    var isKnown: Bool { changed.seconds != 0 }

    /// Whether a change could have happened after `stamp` was taken and left the same change time.
    func isRacy(since stamp: FileState) -> Bool {
        (changed.seconds, changed.nanoseconds) >= (stamp.changed.seconds, stamp.changed.nanoseconds)
    }

    func store(in entry: inout git_index_entry) {
        entry.ctime = changed
        entry.mtime = modified
        entry.ino = inode
        entry.file_size = size
    }

    static func == (a: FileState, b: FileState) -> Bool {
        a.changed.seconds == b.changed.seconds && a.changed.nanoseconds == b.changed.nanoseconds
            && a.modified.seconds == b.modified.seconds && a.modified.nanoseconds == b.modified.nanoseconds
            && a.inode == b.inode && a.size == b.size
    }

    private static func time(_ time: timespec) -> git_index_time {
        git_index_time(
            seconds: Int32(truncatingIfNeeded: time.tv_sec), nanoseconds: UInt32(truncatingIfNeeded: time.tv_nsec))
    }
}

extension FileMode {
    /// Whether a file on disk is of this kind.
    func agrees(with status: stat) -> Bool {
        switch status.st_mode & S_IFMT {
        case S_IFREG: self == (status.st_mode & 0o100 != 0 ? .executable : .regular)
        case S_IFLNK: self == .symbolicLink
        case S_IFDIR: self == .submodule
        default: false
        }
    }
}
