import CGit2
import Foundation

/// The paths of a slot's commit, each with the state its file had when it last matched the commit.
///
/// Stored in Git's index format by libgit2, for the filters that Git runs. What has changed since then is in a journal
/// beside it, so that storing a change does not write all paths again.
final class StatCache {
    private let pointer: OpaquePointer
    private let path: String
    /// Whether valid files were read.
    let wasStored: Bool
    private var journal: CacheJournal
    /// The entries in the format of an index, for workers; nil until it is needed.
    private var image: IndexImage?

    /// Reads the file at a path. A missing or damaged file gives an empty cache.
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
        journal = CacheJournal(path: "\(path).journal")
        if !wasStored { journal.clear() }
        for change in journal.stored() {
            if let side = change.side {
                try insert(change.path, side, state: change.state)
            } else {
                delete(change.path)
            }
        }
    }

    /// Bytes of the journal.
    var journalSize: Int { journal.size }

    deinit { git_index_free(pointer) }

    var count: Int { git_index_entrycount(pointer) }

    /// Returns the entry at a place. The pointer is valid until the next change of the cache.
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

    /// Returns whether a file has the entry's kind and is in the state in which it last matched.
    func agrees(_ place: Int, with status: stat) -> Bool {
        mode(place)?.agrees(with: status) == true && state(place) == FileState(status)
    }

    /// Returns the place of a path.
    func find(_ path: RawPath) -> Int? {
        let place = lowerBound(path, in: 0..<count)
        return place < count && compare(place, path) == 0 ? place : nil
    }

    /// Returns the first place in a range whose path is not less than the given one.
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

    /// Returns the places of all paths below a directory, which is given with a trailing slash.
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
        // strncmp stops at the end of the stored path. A longer stored path is greater.
        guard let base = path.baseAddress else { return stored[0] == 0 ? 0 : 1 }
        let order = base.withMemoryRebound(to: CChar.self, capacity: path.count) { strncmp(stored, $0, path.count) }
        return order != 0 ? order : stored[path.count] == 0 ? 0 : 1
    }

    /// Adds or replaces the entry of a path. Its file state is unknown unless one is given.
    func set(_ path: RawPath, _ side: TreeDifference.Side, state: FileState = FileState()) throws(GitError) {
        try insert(path, side, state: state)
        journal.add(CacheJournal.Change(path: path, side: side, state: state))
        image?.set(path, side, state: state, at: find(path), of: count)
    }

    private func insert(_ path: RawPath, _ side: TreeDifference.Side, state: FileState) throws(GitError) {
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
        image?.remove(at: find(path))
        delete(path)
        journal.add(CacheJournal.Change(path: path, side: nil, state: FileState()))
    }

    private func delete(_ path: RawPath) {
        // The only failure is that the path is not there.
        _ = path.withCPath { git_index_remove(pointer, $0, 0) }
    }

    func removeAll() throws(GitError) {
        try Library.check(git_index_clear(pointer), "clear '\(path)'")
        image = nil
        journal.isComplete = false
    }

    /// Stores what has changed.
    func keep() throws(GitError) {
        if journal.isComplete, journal.count < max(Self.longJournal, count / 4) {
            try journal.write()
        } else {
            try write()
        }
    }

    /// A journal of so many changes is not worth to be replaced by a new index.
    private static let longJournal = 1000

    /// Writes an index for Git in which every file is up to date.
    /// - Parameter isKnown: whether the file is as the last call has left it.
    func writeForWorker(to path: String, isKnown: Bool) throws(GitError) {
        if image?.count != count { image = IndexImage(self) }
        try image?.write(to: path, isKnown: isKnown)
    }

    /// Writes the cache to its file in one step.
    func write() throws(GitError) {
        // A crash may have left libgit2's lock file. The slot has one owner, so no process holds it.
        unlink("\(path).lock")
        try Library.check(git_index_write(pointer), "write '\(path)'")
        journal.clear()
        journal.isComplete = true
    }
}

/// The status of a file. Two equal states mean that the file was not written in between.
///
/// A program cannot set an inode's change time, so an edit is found even if size and modification time are the same. All
/// zero means unknown, which never equals the state of a file.
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

    /// Whether the file could change after `stamp` was taken without getting another change time.
    func isRacy(since stamp: FileState) -> Bool {
        (changed.seconds, changed.nanoseconds) >= (stamp.changed.seconds, stamp.changed.nanoseconds)
    }

    /// The numbers of an entry of an index, in its order.
    var fields: [UInt32] {
        [
            UInt32(bitPattern: changed.seconds), changed.nanoseconds, UInt32(bitPattern: modified.seconds),
            modified.nanoseconds, inode, size,
        ]
    }

    init?(fields: some Collection<UInt32>) {
        let fields = Array(fields)
        guard fields.count == 6 else { return nil }
        changed = git_index_time(seconds: Int32(bitPattern: fields[0]), nanoseconds: fields[1])
        modified = git_index_time(seconds: Int32(bitPattern: fields[2]), nanoseconds: fields[3])
        inode = fields[4]
        size = fields[5]
    }

    /// Whether it says nothing.
    var isUnknown: Bool { self == FileState() }

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
    /// Returns whether a file on disk is of this kind.
    func agrees(with status: stat) -> Bool {
        switch status.st_mode & S_IFMT {
        case S_IFREG: self == (status.st_mode & 0o100 != 0 ? .executable : .regular)
        case S_IFLNK: self == .symbolicLink
        case S_IFDIR: self == .submodule
        default: false
        }
    }
}
