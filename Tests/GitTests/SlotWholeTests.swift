import Foundation
import Git
import Model
import TestSupport
import Testing

@Suite
struct SlotWholeTests {
    private func bench() throws -> SlotBench {
        let bench = try SlotBench(["a": "1\n", ".gitignore": "*.o\n"])
        try bench.slot.move(to: bench.first)
        return bench
    }

    @Test
    func `edits and new files are part of the tree`() throws {
        let bench = try bench()
        #expect(try bench.slot.capture().isWhole)
        try bench.tree.write("a", "2\n")
        try bench.tree.write("b/c", "new\n")
        #expect(try bench.slot.capture().isWhole)
    }

    @Test(arguments: ["x.o", "cache/.gitignore", "nested/.git/HEAD"])
    func `what is not recorded is beside it`(path: String) throws {
        let bench = try bench()
        try bench.tree.write(path, "*\n")
        #expect(try !bench.slot.capture().isWhole)
        try bench.tree.remove(String(path.prefix { $0 != "/" }))
        #expect(try bench.slot.capture().isWhole)
    }

    @Test
    func `a repository made anew knows nothing of what a worker did in it, and sees the same files`() throws {
        let bench = try bench()
        try bench.tree.write("a", "2\n")
        try bench.tree.git("config", "x.cheat", "yes")
        try bench.tree.git("commit", "--quiet", "--all", "--message", "mine")
        try bench.tree.write(".git/info/exclude", "b\n")
        try bench.tree.write("b", "new\n")
        let before = try bench.slot.capture()
        try bench.slot.renewRepository()
        #expect(try bench.slot.capture().tree == before.tree)
        #expect(try bench.tree.git("rev-parse", "HEAD").contains(bench.first.hex))
        let status = try bench.tree.git("status", "--porcelain")
        #expect(status.contains("M a\n") && status.contains("?? b"))
        #expect(try bench.tree.gitResult(["config", "x.cheat"]).status == 1)
    }
}
