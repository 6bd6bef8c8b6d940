import Foundation
import Git
import Model
import TestSupport
import Testing

@Suite
struct SlotCaptureTests {
    @Test func `edits, additions, deletions, modes, links, odd names, and the user's own work stays untouched`() throws
    {
        let bench = try SlotBench([
            "edit": "1\n", "delete": "1\n", "mode": "1\n", "becomes dir": "1\n", "dir/x": "1\n", "dir/y": "1\n",
            "link me": "1\n", "touched": "1\n", ".gitignore": "*.o\nbuild/\n",
        ])
        try bench.target.write("edit", "the user's dirty edit\n")
        let before = try bench.target.git("status", "--porcelain=v2", "--branch")
        try bench.slot.move(to: bench.first)
        try bench.tree.write("edit", "2\n")
        try bench.tree.remove("delete")
        try bench.tree.write("mode", "1\n", executable: true)
        try bench.tree.remove("becomes dir")
        try bench.tree.write("becomes dir/inside", "1\n")
        try bench.tree.remove("dir")
        try bench.tree.write("dir", "1\n")
        try bench.tree.remove("link me")
        try bench.tree.link("link me", to: "/etc/passwd")
        try bench.tree.write("touched", "1\n")
        try bench.tree.write("new/ü \"quoted\"\nline", "1\n", executable: true)
        try bench.tree.write("new/x.o", "ignored")
        try bench.tree.write("build/y", "ignored")
        let long = Array(repeating: String(repeating: "n", count: 200), count: 12).joined(separator: "/")
        try bench.tree.write(long, "1\n")
        let capture = try bench.slot.capture()
        #expect(capture.tree == (try bench.gitTree()))
        #expect(
            capture.changes.map { "\($0.status) \($0.path)" } == [
                "deleted becomes dir", "added becomes dir/inside", "deleted delete", "added dir", "deleted dir/x",
                "deleted dir/y", "modified edit", "typeChanged link me", "modified mode",
                "added new/ü \"quoted\"\nline", "added \(long)",
            ])
        let edit = try #require(capture.changes.first { $0.path == "edit" })
        #expect(edit.added == 1 && edit.removed == 1)
        #expect(try bench.target.git("status", "--porcelain=v2", "--branch") == before)
        // Another commit on top of it is a real one.
        #expect(try bench.target.git("cat-file", "-t", capture.tree.hex) == "tree")
    }

    @Test func `an untouched slot gives the commit's own tree and no change`() throws {
        let bench = try SlotBench(["a": "1\n"])
        try bench.slot.move(to: bench.first)
        let capture = try bench.slot.capture()
        #expect(capture.changes == [])
        #expect(try capture.tree == bench.repository.treeOf(bench.first))
    }

    @Test func `an edit of the same size with its time set back to the nanosecond is seen`() throws {
        let bench = try SlotBench(["a": "1111\n", "b": "1111\n"])
        let path = bench.tree.appending("a")
        for round in 0..<30 {
            try bench.slot.move(to: bench.first)
            try overwrite(path, "222\(round % 10)\n")
            #expect(try bench.slot.capture().changes.map(\.path) == ["a"])
            try overwrite(path, "1111\n")
            #expect(try bench.slot.capture().changes == [])
            try overwrite(path, "3333\n")
            #expect(try bench.slot.capture().changes.map(\.path) == ["a"])
        }
    }

    /// Writes into the file that is there, and makes it look as old as it was.
    private func overwrite(_ path: String, _ text: String) throws {
        var status = stat()
        #expect(stat(path, &status) == 0)
        let handle = try required(FileHandle(forWritingAtPath: path))
        try handle.write(contentsOf: Array(text.utf8))
        try handle.close()
        #if canImport(Darwin)
        let times = [status.st_atimespec, status.st_mtimespec]
        #else
        let times = [status.st_atim, status.st_mtim]
        #endif
        #expect(utimensat(AT_FDCWD, path, times, 0) == 0)
    }

    @Test func `ignored files that are asked for are recorded, others in the same directory are not`() throws {
        let bench = try SlotBench([".gitignore": "build/\n*.gen\n", "a": "1\n", "kept/tracked": "1\n"])
        try bench.slot.move(to: bench.first)
        for path in ["build/deep/wanted", "build/deep/other", "build/all/x", "build/all/y", "z.gen", "q.gen"] {
            try bench.tree.write(path, "1\n")
        }
        let capture = try bench.slot.capture(including: ["build/deep/wanted", "build/all", "z.gen", "not/there"])
        #expect(capture.changes.map(\.path) == ["build/all/x", "build/all/y", "build/deep/wanted", "z.gen"])
        #expect(try bench.slot.capture().changes == [])
    }

    @Test func `ignored files that the commit has are watched like any other`() throws {
        let bench = try SlotBench(["a": "1\n"]) { target in
            try target.write(".gitignore", "build/\n")
            try target.write("build/tracked", "1\n")
            try target.git("add", "--force", "build/tracked")
        }
        try bench.slot.move(to: bench.first)
        try bench.tree.write("build/tracked", "2\n")
        try bench.tree.write("build/untracked", "2\n")
        #expect(try bench.slot.capture().changes.map(\.path) == ["build/tracked"])
        try bench.slot.move(to: bench.first)
        #expect(try bench.tree.read("build/tracked") == "1\n")
        #expect(!bench.exists("build/untracked"))
    }

    @Test func `nested repositories are told, not swallowed; submodules stay as they are`() throws {
        let library = try ScratchRepository("library")
        try library.commit(["l": "1\n"])
        let bench = try SlotBench(["a": "1\n", "src/b": "1\n"]) { target in
            try target.git("submodule", "--quiet", "add", library.path, "lib/sub")
        }
        try bench.slot.move(to: bench.first)
        #expect(bench.exists("lib/sub"))
        #expect(try bench.slot.capture().changes == [])
        try bench.tree.git("init", "-q", "nested")
        try bench.tree.write("nested/file", "1\n")
        try bench.tree.git("init", "-q", "src")
        try bench.tree.write("src/new", "1\n")
        try bench.tree.write("half/.git/not-a-repository", "1\n")
        try bench.tree.write("half/file", "1\n")
        try bench.tree.write("lib/sub/x", "1\n")
        let capture = try bench.slot.capture()
        #expect(capture.changes.map(\.path) == ["half/file", "src/new", "nested"])
        #expect(capture.changes.last?.newMode == .submodule)
        #expect(capture.repositories == ["nested", "lib/sub"])
        try bench.slot.move(to: bench.first)
        #expect(!bench.exists("nested") && !bench.exists("src/.git") && !bench.exists("lib/sub/x"))
        #expect(bench.exists("lib/sub"))
        try bench.tree.remove("lib")
        #expect(try bench.slot.capture().changes.map { "\($0.status) \($0.path)" } == ["deleted lib/sub"])
    }

    @Test func `before any move there is nothing to compare with`() throws {
        let bench = try SlotBench(["a": "1\n"])
        #expect(throws: GitError.self) { try bench.slot.capture() }
    }
}
