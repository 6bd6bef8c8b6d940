import Foundation
import Model
import TestSupport
import Testing

@testable import Git

/// An object database for tests, whose macros cannot capture what is not copyable.
private final class Objects {
    private let database: ObjectDatabase

    init(of scratch: ScratchRepository) throws {
        database = try ObjectDatabase(
            objects: scratch.appending(".git/objects"), repository: scratch.path, isPartialClone: false)
    }

    func write(_ bytes: [UInt8]) throws -> RawID { try database.write(bytes, as: .blob) }
    func bytes(_ id: RawID, as kind: ObjectKind = .blob) throws -> [UInt8] { try database.bytes(id, as: kind) }
    func size(_ id: RawID) throws -> Int { try database.size(id) }
    func contains(_ id: RawID) -> Bool { database.contains(id) }

    func apply(_ edits: [TreeEditor.Edit], to base: RawID?) throws -> RawID {
        try TreeEditor.apply(edits, to: base, in: database)
    }

    func lookUp(_ path: RawPath, in tree: RawID) throws -> RawEntry? {
        try RawTree.lookUp(path, in: tree, database)
    }

    func differences(from old: RawID?, to new: RawID?) throws -> [TreeDifference] {
        try TreeComparison.differences(from: old, to: new, in: database)
    }
}

@Suite struct ObjectTests {
    private let scratch: ScratchRepository
    private let objects: Objects

    init() throws {
        scratch = try ScratchRepository()
        objects = try Objects(of: scratch)
    }

    private func path(_ text: String) -> RawPath { Array(text.utf8) }

    private func side(_ text: String, _ mode: FileMode = .regular) throws -> TreeDifference.Side {
        TreeDifference.Side(mode: mode, id: try objects.write(Array(text.utf8)))
    }

    private func tree(_ files: [String: String]) throws -> RawID {
        try objects.apply(
            files.map { .init(path: path($0.key), entry: try side($0.value)) }, to: nil)
    }

    @Test func `an id is the same as bytes, as text and as a value of libgit2`() throws {
        let hex = "0123456789abcdef0123456789abcdef01234567"
        let id = try required(RawID(hex: hex))
        #expect(id.hex == hex)
        #expect(id.bytes == [UInt8](hex: hex))
        #expect(RawID(id.oid) == id)
        #expect(RawID(id.objectID) == id)
        #expect(!id.isZero && RawID().isZero)
        #expect(RawID(hex: "xyz") == nil)
        for place in [0, 20, 39] {
            var digits = Array(hex)
            digits[place] = "f"
            let other = RawID(hex: String(digits))
            #expect(other != id)
            #expect(other?.isZero == false)
        }
        // Each third of the bytes makes an id other than zero.
        for place in [0, 20, 39] {
            var digits = [Character](repeating: "0", count: 40)
            digits[place] = "1"
            #expect(RawID(hex: String(digits))?.isZero == false)
        }
    }

    @Test func `objects are stored, found, measured and told by kind`() throws {
        let id = try objects.write(path("abc"))
        #expect(try ObjectDatabase.hash(path("abc")) == id)
        #expect(try objects.bytes(id) == path("abc"))
        #expect(try objects.size(id) == 3)
        #expect(objects.contains(id))
        #expect(throws: GitError.malformedObject(id.hex, reason: "it is not a tree")) {
            try objects.bytes(id, as: .tree)
        }
        let missing = try required(RawID(hex: String(repeating: "1", count: 40)))
        #expect(!objects.contains(missing))
        let error = GitError.missingObject(missing.hex, repository: scratch.path, partialClone: false)
        #expect(throws: error) { try objects.bytes(missing) }
        #expect(throws: error) { try objects.size(missing) }
        #expect(ObjectKind.commit.word == "commit" && ObjectKind.tree.word == "tree" && ObjectKind.blob.word == "blob")
    }

    @Test func `a tree that is cut off is refused`() throws {
        let id = try required(RawID(hex: String(repeating: "1", count: 40)))
        let entry = path("100644 a") + [0] + [UInt8](repeating: 7, count: 20)
        func parse(_ bytes: some Sequence<UInt8>) throws -> [RawEntry] {
            try Array(bytes).withUnsafeBytes { buffer in try RawTree.parse(buffer, id: id) }
        }
        let good = try parse(entry)
        #expect(good.map(\.name) == [path("a")])
        #expect(good.map(\.mode) == [0o100644])
        #expect(good.first?.id.bytes == [UInt8](repeating: 7, count: 20))
        for count in [1, 6, 7, 8, 9, entry.count - 1] {
            #expect(throws: GitError.self, "\(count)") { try parse(entry.prefix(count)) }
        }
    }

    @Test func `a directory sorts as if its name ended in a slash`() throws {
        let id = RawID()
        func entry(_ name: String, isDirectory: Bool = false) -> RawEntry {
            RawEntry(mode: isDirectory ? 0o040000 : 0o100644, name: path(name), id: id)
        }
        let sorted = [entry("a.b"), entry("a", isDirectory: true), entry("a0"), entry("ab"), entry("b")]
        for (i, first) in sorted.enumerated() {
            for (j, second) in sorted.enumerated() {
                #expect(RawEntry.inTreeOrder(first, second) == (i < j), "\(i) \(j)")
            }
        }
        #expect(RawEntry.inTreeOrder(entry("a"), entry("a.b")))
        #expect(entry("a") != entry("a", isDirectory: true))
    }

    @Test func `entries are looked up at any depth`() throws {
        let tree = try tree(["a/b/c": "1", "a.b": "2"])
        #expect(try objects.lookUp(path("a/b/c"), in: tree)?.fileMode == .regular)
        #expect(try objects.lookUp(path("a/b"), in: tree)?.isDirectory == true)
        for missing in ["", "a/c", "a.b/c", "x"] {
            #expect(try objects.lookUp(path(missing), in: tree) == nil, "\(missing)")
        }
    }

    @Test func `a comparison gives both sides of each path, in order`() throws {
        let old = try tree(["a": "1", "b/x": "1", "b/y": "1", "c": "1", "d": "1"])
        let new = try tree(["a": "1", "b/x": "2", "b/y": "1", "c/z": "1", "e": "1"])
        let found = try objects.differences(from: old, to: new)
        #expect(
            found.map { "\($0.path.display) \($0.old == nil ? "-" : "o")\($0.new == nil ? "-" : "n")" }
                == ["b/x on", "c o-", "c/z -n", "d o-", "e -n"])
        let reverse = try objects.differences(from: new, to: old)
        #expect(reverse.map(\.path) == found.map(\.path))
        #expect(zip(reverse, found).allSatisfy { $0.old == $1.new && $0.new == $1.old })
        #expect(try objects.differences(from: old, to: old).isEmpty)
        #expect(try objects.differences(from: old, to: nil).count == 5)
    }

    @Test func `a change of mode alone is a difference`() throws {
        let old = try tree(["a": "1"])
        let new = try objects.apply(
            [.init(path: path("a"), entry: try side("1", .executable))], to: old)
        let found = try objects.differences(from: old, to: new)
        #expect(found.count == 1 && found[0].old?.id == found[0].new?.id)
        #expect(found[0].old?.mode == .regular && found[0].new?.mode == .executable)
    }

    @Test func `deleting a directory's path leaves the directory`() throws {
        let base = try tree(["a/b": "1", "c": "1"])
        let edited = try objects.apply(
            [.init(path: path("a"), entry: nil), .init(path: path("c/d"), entry: nil)], to: base)
        #expect(edited == base)
    }
}

extension [UInt8] {
    fileprivate init(hex: String) {
        let digits = hex.compactMap(\.hexDigitValue)
        self = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
