import Foundation
import Git
import Model
import TestSupport
import Testing

@Suite
struct DiffTests {
    private let scratch: ScratchRepository
    private let repository: Repository
    private let before: ObjectID
    private let after: ObjectID

    init() throws {
        scratch = try ScratchRepository()
        try scratch.write("edited", "a\nb\nc\n")
        try scratch.write("deleted ü", "x\ny\n")
        try scratch.write("mode", "m\n")
        try scratch.write("type", "t\n")
        try scratch.write("binary", bytes: [0, 1, 2])
        try scratch.write("dir/file", "f\n")
        try scratch.write(".gitattributes", "edited -diff\n")
        let first = try scratch.commit()
        try scratch.write("edited", "a\nB\nc\nd")
        try scratch.remove("deleted ü")
        try scratch.write("mode", "m\n", executable: true)
        try scratch.remove("type")
        try scratch.link("type", to: "mode")
        try scratch.write("binary", bytes: [0, 3, 2, 1])
        try scratch.remove("dir")
        try scratch.write("dir", "now a file\n")
        try scratch.write("new/deep/file", "n\n")
        let second = try scratch.commit()
        repository = try Repository(at: scratch.path, environment: scratch.environment)
        before = try repository.treeOf(try id(first))
        after = try repository.treeOf(try id(second))
    }

    @Test func `status, modes and line counts of every path`() throws {
        let changes = try repository.diff(from: before, to: after)
        let lines = changes.map { change in
            let counts = change.isBinary ? "-\t-" : "\(change.added)\t\(change.removed)"
            return "\(change.status) \(counts) \(change.path)"
        }
        #expect(
            lines == [
                "modified -\t- binary", "deleted 0\t2 deleted ü", "added 1\t0 dir", "deleted 0\t1 dir/file",
                "modified 2\t1 edited", "modified 0\t0 mode", "added 1\t0 new/deep/file", "typeChanged 1\t1 type",
            ])
        let mode = try #require(changes.first { $0.path == "mode" })
        #expect(mode.oldMode == .regular && mode.newMode == .executable && mode.oldID == mode.newID)
        let names = try scratch.git(
            "-c", "core.quotePath=false", "diff", "--no-renames", "--name-only", "HEAD~", "HEAD")
        #expect(Set(changes.map(\.path)) == Set(names.split(separator: "\n").map(String.init)))
    }

    @Test func `only below the paths that are asked for`() throws {
        let changes = try repository.diff(from: before, to: after, paths: ["new", "edited", "di"])
        #expect(changes.map(\.path) == ["edited", "new/deep/file"])
        #expect(try repository.patch(from: before, to: after, paths: ["mode"]).contains("old mode 100644"))
    }

    @Test func `the patch is one that git applies to get the other tree`() throws {
        // Binary files are only named in a patch, so they are left to git.
        let paths = try repository.diff(from: before, to: after).filter { !$0.isBinary }.map(\.path)
        let patch = try repository.patch(from: before, to: after, paths: paths)
        try scratch.git("read-tree", "HEAD~")
        try scratch.git(["apply", "--cached", "-"], input: Array(patch.utf8))
        try scratch.git("update-index", "--cacheinfo", "100644,\(scratch.git("rev-parse", "HEAD:binary")),binary")
        #expect(try scratch.git("write-tree") == after.hex)
    }

    @Test func `from nothing`() throws {
        #expect(try repository.diff(from: nil, to: before).count == 7)
        #expect(try repository.patch(from: nil, to: before).contains("new file mode"))
    }
}
