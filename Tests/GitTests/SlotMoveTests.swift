import Foundation
import Git
import Model
import TestSupport
import Testing

@Suite
struct SlotMoveTests {
    @Test func `a fresh slot holds the files of the commit, and git finds it clean`() throws {
        let bench = try SlotBench(["a.txt": "a\n", "dir/b.txt": "b\n", "dir/sub/ü \"q\"\n.txt": "c\n"])
        try bench.slot.move(to: bench.first)
        #expect(try bench.tree.read("dir/b.txt") == "b\n")
        #expect(try bench.tree.read("dir/sub/ü \"q\"\n.txt") == "c\n")
        #expect(try bench.tree.git("status", "--porcelain", "--ignored") == "")
        #expect(try bench.tree.git("rev-parse", "HEAD") == bench.first.hex)
        #expect(try bench.tree.gitResult(["symbolic-ref", "HEAD"]).status != 0)
        #expect(bench.slot.commit == bench.first)
    }

    @Test func `edits, deletions, new files and new directories are undone; the rest is not written again`() throws {
        let bench = try SlotBench(["a.txt": "a\n", "b.txt": "b\n", "keep.txt": "k\n", "dir/c.txt": "c\n"])
        try bench.slot.move(to: bench.first)
        let before = try bench.inode("keep.txt")
        try bench.tree.write("a.txt", "changed\n")
        try bench.tree.remove("b.txt")
        try bench.tree.remove("dir")
        try bench.tree.write("dir", "a file now\n")
        try bench.tree.write("new/deep/file", "x")
        let move = try bench.slot.move(to: bench.first)
        #expect(move.written == 3)
        #expect(try bench.tree.git("status", "--porcelain", "--ignored") == "")
        #expect(try bench.tree.read("dir/c.txt") == "c\n")
        #expect(try bench.inode("keep.txt") == before)
        #expect(!FileManager.default.fileExists(atPath: bench.tree.appending("new")))
    }

    @Test func `between commits only the differing files are written, also directories that become files`() throws {
        let bench = try SlotBench(["a": "1", "dir/x": "x", "dir/y": "y", "same": "s"])
        try bench.target.remove("dir")
        let second = try bench.commit(["dir": "file", "a/b": "2"], removing: ["a"])
        try bench.slot.move(to: bench.first)
        let before = try bench.inode("same")
        #expect(try bench.slot.move(to: second).written == 2)
        #expect(try bench.tree.read("a/b") == "2")
        #expect(try bench.tree.read("dir") == "file")
        #expect(try bench.inode("same") == before)
        #expect(try bench.tree.git("status", "--porcelain") == "")
        try bench.slot.move(to: bench.first)
        #expect(try bench.tree.read("dir/y") == "y")
        #expect(try bench.tree.git("status", "--porcelain") == "")
    }
}
