import Foundation
import Model
import TestSupport
import Testing

@testable import Git

/// Commits that travel in files.
@Suite struct BundleTests {
    @Test func `a bundle brings what the reader lacks, and is not written if it lacks nothing`() throws {
        let scratch = try ScratchRepository()
        let old = try #require(ObjectID(hex: try scratch.commit(["a": "1"])))
        let new = try #require(ObjectID(hex: try scratch.commit(["a": "2"])))
        try scratch.git("update-ref", "refs/bases/old", old.hex)
        try scratch.git("update-ref", "refs/bases/new", new.hex)
        let folder = try ScratchDirectory("bundles")
        let environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path]
        let repository = try Repository(at: scratch.path, environment: environment)
        let unknown = try #require(ObjectID(hex: String(repeating: "7", count: 40)))
        try repository.bundle("refs/bases/new", into: folder.appending("new"), without: [old, unknown])
        // The reader has a later commit, and so this one.
        try repository.bundle("refs/bases/old", into: folder.appending("old"), without: [new])
        try repository.bundle("refs/bases/new", into: folder.appending("same"), without: [new])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["new"])
        let reader = try Repository.bare(at: folder.appending("reader"), environment: environment)
        #expect(throws: GitError.self) { try reader.fetch("refs/bases/new", from: folder.appending("new")) }
        try repository.bundle("refs/bases/old", into: folder.appending("whole"), without: [])
        try reader.fetch("refs/bases/old", from: folder.appending("whole"))
        try reader.fetch("refs/bases/new", from: folder.appending("new"))
        #expect(reader.holds(new))
        #expect(throws: GitError.self) {
            try repository.bundle("refs/bases/none", into: folder.appending("none"), without: [])
        }
    }

    /// A repository whose newest commits change, add and delete files, and one that has only the oldest commit.
    private struct Pair {
        let scratch: ScratchRepository
        let writer: Repository
        let reader: Repository
        let folder: ScratchDirectory
        let (old, new): (ObjectID, ObjectID)

        init() throws {
            scratch = try ScratchRepository()
            let lines = (0..<200).map { "line \($0)" }
            old = try #require(
                ObjectID(
                    hex: try scratch.commit([
                        "a/b/c": lines.joined(separator: "\n"), "a/d": "1", "e/f": "1",
                        "g": String(repeating: "g", count: 99),
                    ])))
            try scratch.commit(["a/b/c": (lines + ["more"]).joined(separator: "\n"), "a/h": "2"])
            try scratch.git("rm", "-q", "e/f")
            new = try #require(ObjectID(hex: try scratch.commit(["a/d": "3"])))
            for (name, commit) in [("old", old), ("new", new)] {
                try scratch.git("update-ref", "refs/bases/\(name)", commit.hex)
            }
            folder = try ScratchDirectory("bundles")
            let environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path]
            writer = try Repository(at: scratch.path, environment: environment)
            reader = try Repository.bare(at: folder.appending("reader"), environment: environment)
            try writer.bundle("refs/bases/old", into: folder.appending("whole"), without: [])
            try reader.fetch("refs/bases/old", from: folder.appending("whole"))
            try reader.compareAndSwap(reference: "refs/bases/old", from: nil, to: old, reason: "test")
        }

        func expectComplete() throws {
            try reader.compareAndSwap(reference: "refs/bases/new", from: nil, to: new, reason: "test")
            try scratch.git("--git-dir", folder.appending("reader"), "fsck", "--full", "--strict")
            #expect(try reader.treeOf(new) == writer.treeOf(new))
        }
    }

    @Test func `a small bundle is one that Git reads`() throws {
        let pair = try Pair()
        let path = pair.folder.appending("small")
        #expect(try pair.writer.writeSmallBundle("refs/bases/new", into: path, without: [pair.old]))
        try pair.scratch.git("--git-dir", pair.folder.appending("reader"), "bundle", "verify", path)
        try pair.scratch.git(
            "--git-dir", pair.folder.appending("reader"), "-c", "fetch.fsckObjects=true", "fetch", "-q", path,
            "refs/bases/new")
        try pair.expectComplete()
        // Only what is new travels.
        let ids = try pair.scratch.git("rev-list", "--objects", "\(pair.old.hex)..\(pair.new.hex)")
        let count = ids.split(separator: "\n").count
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let pack = try #require(bytes.firstRange(of: Data("PACK".utf8)))
        let announced = bytes[(pack.lowerBound + 8)..<(pack.lowerBound + 12)].reduce(0) { $0 << 8 | Int($1) }
        #expect(announced == count)
    }

    @Test func `a small bundle is read as Git writes it`() throws {
        let pair = try Pair()
        let path = pair.folder.appending("thin")
        try pair.scratch.git("bundle", "create", "-q", path, "refs/bases/new", "^\(pair.old.hex)")
        #expect(try !pair.reader.readSmallBundle("refs/bases/other", from: path))
        #expect(try pair.reader.readSmallBundle("refs/bases/new", from: path))
        try pair.expectComplete()
        // Whole histories are for Git, and so is a bundle whose reader lacks what it builds on.
        #expect(try !pair.reader.readSmallBundle("refs/bases/old", from: pair.folder.appending("whole")))
        let empty = try Repository.bare(at: pair.folder.appending("empty"), environment: ["PATH": "/usr/bin:/bin"])
        #expect(try !empty.readSmallBundle("refs/bases/new", from: path))
        #expect(try !pair.writer.writeSmallBundle("refs/bases/new", into: path, without: []))
    }
}
