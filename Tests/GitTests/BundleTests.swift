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
}
