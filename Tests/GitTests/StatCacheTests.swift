import Foundation
import Model
import TestSupport
import Testing

@testable import Git

@Suite struct StatCacheTests {
    private let directory: ScratchDirectory
    private let cache: StatCache
    private let side: TreeDifference.Side

    init() throws {
        directory = try ScratchDirectory("cache")
        cache = try StatCache(path: directory.appending("index"))
        side = TreeDifference.Side(mode: .regular, id: try required(RawID(hex: String(repeating: "a", count: 40))))
    }

    private func path(_ text: String) -> RawPath { Array(text.utf8) }

    private func state(_ name: String) throws -> (status: stat, state: FileState) {
        var status = stat()
        #expect(lstat(directory.appending(name), &status) == 0)
        return (status, FileState(status))
    }

    @Test func `paths are found by binary search, in Git's order`() throws {
        let paths = ["a-", "a.b", "a/b", "a0", "ab", "b"]
        for text in paths.reversed() { try cache.set(path(text), side) }
        #expect(cache.count == 6)
        #expect((0..<6).map { String(decoding: cache.path($0), as: UTF8.self) } == paths)
        for (place, text) in paths.enumerated() {
            #expect(cache.find(path(text)) == place)
            #expect(cache.lowerBound(path(text), in: 0..<6) == place)
            #expect(cache.compare(place, path(text)) == 0)
        }
        for text in ["", "a", "a/", "a/bc", "c", "A"] { #expect(cache.find(path(text)) == nil, "\(text)") }
        #expect(cache.lowerBound(path("a/"), in: 0..<6) == 2)
        #expect(cache.lowerBound(path("c"), in: 0..<6) == 6)
        #expect(cache.lowerBound(path("a"), in: 3..<6) == 3)
        #expect(cache.compare(0, path("b")) < 0)
        #expect(cache.compare(5, path("a")) > 0)
        #expect(cache.compare(2, path("a")) > 0)
        #expect(cache.compare(0, path("a.b")) < 0)
    }

    @Test func `the paths below a directory are a range`() throws {
        for text in ["a-", "a.b", "a/b", "a/c/d", "a0", "b"] { try cache.set(path(text), side) }
        #expect(cache.range(below: path("a/"), in: 0..<6) == 2..<4)
        #expect(cache.range(below: [], in: 1..<5) == 1..<5)
        #expect(cache.range(below: path("c/"), in: 0..<6).isEmpty)
        #expect(cache.range(below: path("a/c/"), in: 2..<4) == 3..<4)
    }

    @Test func `an entry keeps mode, id and state, also on disk`() throws {
        try Data("x".utf8).write(to: URL(fileURLWithPath: directory.appending("file")))
        let (status, state) = try state("file")
        try cache.set(path("file"), side, state: state)
        try cache.set(path("link"), .init(mode: .symbolicLink, id: side.id))
        #expect(!cache.wasStored)
        try Data().write(to: URL(fileURLWithPath: directory.appending("index.lock")))
        try cache.write()
        let read = try StatCache(path: directory.appending("index"))
        #expect(read.wasStored)
        #expect(read.side(0) == side)
        #expect(read.mode(1) == .symbolicLink)
        #expect(read.state(0) == state)
        #expect(read.agrees(0, with: status))
        #expect(!read.agrees(1, with: status))
        read.remove(path("file"))
        read.remove(path("not there"))
        #expect(read.count == 1)
        try read.removeAll()
        #expect(read.count == 0)
    }

    @Test func `setting a path again replaces its entry`() throws {
        try cache.set(path("a"), side)
        try cache.set(path("a"), .init(mode: .executable, id: side.id))
        #expect(cache.count == 1)
        #expect(cache.mode(0) == .executable)
        #expect(cache.state(0) == FileState())
    }

    @Test func `a damaged file gives an empty cache`() throws {
        try Data("nonsense".utf8).write(to: URL(fileURLWithPath: directory.appending("bad")))
        let read = try StatCache(path: directory.appending("bad"))
        #expect(!read.wasStored)
        #expect(read.count == 0)
    }

    @Test func `an entry agrees only with a file of its kind, size and time`() throws {
        let file = directory.appending("file")
        try Data("x".utf8).write(to: URL(fileURLWithPath: file))
        let (status, known) = try state("file")
        try cache.set(path("file"), side, state: known)
        #expect(cache.agrees(0, with: status))
        let changes: [(inout stat) -> Void] = [
            { $0.st_size += 1 }, { $0.st_ino += 1 }, { $0.st_mode |= 0o100 }, { $0.st_mtim.tv_sec += 1 },
            { $0.st_mtim.tv_nsec += 1 }, { $0.st_ctim.tv_sec += 1 }, { $0.st_ctim.tv_nsec += 1 },
        ]
        for (number, change) in changes.enumerated() {
            var other = status
            change(&other)
            #expect(!cache.agrees(0, with: other), "change \(number)")
        }
    }

    @Test func `a mode agrees with files of its kind`() {
        let kinds: [(mode_t, FileMode?)] = [
            (S_IFREG | 0o644, .regular), (S_IFREG | 0o755, .executable), (S_IFREG | 0o100, .executable),
            (S_IFREG | 0o011, .regular), (S_IFLNK | 0o777, .symbolicLink), (S_IFDIR | 0o755, .submodule),
            (S_IFIFO | 0o644, nil),
        ]
        for (mode, expected) in kinds {
            var status = stat()
            status.st_mode = mode
            for each in [FileMode.regular, .executable, .symbolicLink, .submodule] {
                #expect(each.agrees(with: status) == (each == expected), "\(mode) \(each)")
            }
        }
    }
}

@Suite struct FileModeTests {
    @Test func `modes of trees, also those of old versions of Git`() {
        let modes: [(UInt32, FileMode?)] = [
            (0o100644, .regular), (0o100664, .regular), (0o100755, .executable), (0o120000, .symbolicLink),
            (0o160000, .submodule), (0o040000, nil), (0o100744, .executable),
        ]
        for (mode, expected) in modes { #expect(FileMode(tree: mode) == expected) }
        #expect(
            [FileMode.regular, .executable, .symbolicLink, .submodule].map(\.isFile) == [true, true, false, false])
        #expect(FileMode.executable.description == "100755")
    }
}
