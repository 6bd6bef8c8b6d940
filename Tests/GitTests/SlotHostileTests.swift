import Foundation
import Git
import Model
import TestSupport
import Testing

@Suite
struct SlotHostileTests {
    @Test func `configuration, hooks and file system monitors in tree/.git do not run and are gone after a move`()
        throws
    {
        let bench = try SlotBench(["a": "1\n", "b": "2\n"])
        let second = try bench.commit(["a": "3\n"])
        try bench.slot.move(to: bench.first)
        let trap = bench.target.directory.appending("trap")
        let script = "#!/bin/sh\ntouch '\(trap)'\n"
        for hook in ["post-checkout", "post-index-change", "fsmonitor-watchman", "reference-transaction", "pre-commit"]
        {
            try bench.tree.write(".git/hooks/\(hook)", script, executable: true)
        }
        try bench.tree.write("monitor", script, executable: true)
        try bench.tree.write(".gitattributes", "* filter=trap\n")
        let config = """
            [core]
            fsmonitor = \(bench.tree.appending("monitor"))
            hooksPath = \(bench.tree.appending(".git/hooks"))
            editor = \(bench.tree.appending("monitor"))
            [filter "trap"]
            clean = \(bench.tree.appending("monitor"))
            smudge = \(bench.tree.appending("monitor"))
            [diff]
            external = \(bench.tree.appending("monitor"))

            """
        try bench.tree.write(".git/config", config)
        try bench.tree.write("a", "edited\n")
        let capture = try bench.slot.capture()
        #expect(capture.changes.map(\.path) == [".gitattributes", "a", "monitor"])
        try bench.slot.move(to: second)
        #expect(!FileManager.default.fileExists(atPath: trap))
        #expect(!bench.exists(".git/hooks"))
        #expect(try !bench.tree.read(".git/config").contains("fsmonitor"))
        #expect(try bench.tree.git("status", "--porcelain") == "")
    }

    @Test func `excludes, index flags, replaced objects and grafts hide nothing`() throws {
        let bench = try SlotBench(["a": "1\n", "b": "2\n", "c": "3\n"])
        try bench.slot.move(to: bench.first)
        try bench.tree.git("update-index", "--assume-unchanged", "a")
        try bench.tree.git("update-index", "--skip-worktree", "b")
        try bench.tree.write(".git/info/exclude", "*\n")
        let blob = try bench.tree.git("hash-object", "-w", "--stdin", input: Array("3 changed\n".utf8))
        try bench.tree.git("replace", try bench.tree.git("rev-parse", "HEAD:c"), blob)
        try bench.tree.write(".git/info/grafts", "\(bench.first.hex)\n")
        try bench.tree.write("a", "hidden 1\n")
        try bench.tree.write("b", "hidden 2\n")
        try bench.tree.write("new", "hidden 3\n")
        #expect(try bench.slot.capture().changes.map(\.path) == ["a", "b", "new"])
        try bench.slot.move(to: bench.first)
        #expect(try bench.tree.read("a") == "1\n" && bench.tree.read("c") == "3\n")
        #expect(!bench.exists("new"))
    }

    @Test func `a worker's own .gitignore hides nothing, but a cache that ignores itself is set apart`() throws {
        let bench = try SlotBench([".gitignore": "*.o\n", "a": "1\n", "dir/b": "1\n"])
        try bench.slot.move(to: bench.first)
        try bench.tree.write(".gitignore", "*\n")
        try bench.tree.write("dir/.gitignore", "*\n")
        try bench.tree.write("dir/new", "x\n")
        try bench.tree.write("other/.gitignore", "secret\n")
        try bench.tree.write("other/secret", "x\n")
        try bench.tree.write(".cache/.gitignore", "# made by a tool\n*\n")
        try bench.tree.write(".cache/v/data", "x\n")
        let capture = try bench.slot.capture()
        #expect(
            capture.changes.map(\.path)
                == [".gitignore", "dir/.gitignore", "dir/new", "other/.gitignore", "other/secret"])
        #expect(capture.selfIgnored == [".cache"])
        try bench.slot.move(to: bench.first)
        #expect(try bench.tree.git("status", "--porcelain", "--ignored") == "")
    }

    @Test(arguments: ["file", "link", "nothing", "locked", "tree-link"])
    func `tree/.git may be anything`(kind: String) throws {
        let bench = try SlotBench(["a": "1\n"])
        let second = try bench.commit(["a": "2\n"])
        try bench.slot.move(to: bench.first)
        let outside = try bench.target.directory.makeDirectory("outside")
        try Data("precious".utf8).write(to: URL(fileURLWithPath: outside + "/a"))
        switch kind {
        case "file":
            try bench.tree.remove(".git")
            try bench.tree.write(".git", "gitdir: \(bench.target.appending(".git"))\n")
        case "link":
            try bench.tree.remove(".git")
            try bench.tree.link(".git", to: bench.target.appending(".git"))
        case "nothing": try bench.tree.remove(".git")
        case "locked": try bench.tree.write(".git/index.lock", "")
        default:
            try FileManager.default.removeItem(atPath: bench.slot.treePath)
            try FileManager.default.createSymbolicLink(atPath: bench.slot.treePath, withDestinationPath: outside)
        }
        let head = try bench.target.git("rev-parse", "HEAD")
        try bench.slot.move(to: second)
        #expect(try bench.tree.read("a") == "2\n")
        #expect(try bench.tree.git("rev-parse", "HEAD") == second.hex)
        #expect(try bench.tree.git("status", "--porcelain") == "")
        #expect(try bench.target.git("rev-parse", "HEAD") == head)
        #expect(try bench.target.git("status", "--porcelain") == "")
        #expect(try String(contentsOfFile: outside + "/a", encoding: .utf8) == "precious")
    }

    @Test func `links in place of directories are not followed, neither to write nor to delete`() throws {
        let bench = try SlotBench(["dir/a": "1\n", "dir/sub/b": "2\n", "c": "3\n"])
        try bench.slot.move(to: bench.first)
        let outside = try bench.target.directory.makeDirectory("outside")
        try FileManager.default.createDirectory(atPath: outside + "/sub", withIntermediateDirectories: true)
        for path in ["/a", "/sub/b", "/extra"] {
            try Data("precious".utf8).write(to: URL(fileURLWithPath: outside + path))
        }
        try bench.tree.remove("dir")
        try bench.tree.link("dir", to: outside)
        try bench.tree.link("new link", to: outside)
        try bench.tree.remove("c")
        try bench.tree.link("c", to: outside + "/extra")
        let capture = try bench.slot.capture(including: ["dir/extra", "new link/extra"])
        #expect(
            capture.changes.map { "\($0.path) \($0.newMode?.description ?? "-")" }
                == ["c 120000", "dir 120000", "dir/a -", "dir/sub/b -", "new link 120000"])
        #expect(capture.tree == (try bench.gitTree()))
        try bench.slot.move(to: bench.first)
        #expect(try bench.tree.git("status", "--porcelain") == "")
        for path in ["/a", "/sub/b", "/extra"] {
            #expect(try String(contentsOfFile: outside + path, encoding: .utf8) == "precious")
        }
    }

    @Test func `directories and files without permissions, deep trees and strange names are removed`() throws {
        let bench = try SlotBench(["a": "1\n", "dir/b": "2\n"])
        try bench.slot.move(to: bench.first)
        try bench.tree.write("new/locked/x", "x")
        try bench.tree.write("-rf \"q\" \n ü/$(touch x)", "x")
        let deep = Array(repeating: "d", count: 900).joined(separator: "/")
        try FileManager.default.createDirectory(
            atPath: bench.tree.appending("deep/\(deep)"), withIntermediateDirectories: true)
        mkfifo(bench.tree.appending("pipe"), 0o644)
        chmod(bench.tree.appending("a"), 0)
        chmod(bench.tree.appending("new/locked"), 0)
        chmod(bench.tree.appending("dir"), 0)
        try bench.slot.move(to: bench.first)
        #expect(try bench.tree.git("status", "--porcelain", "--ignored") == "")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: bench.slot.treePath).sorted() == [".git", "a", "dir"])
        let attributes = try FileManager.default.attributesOfItem(atPath: bench.tree.appending("a"))
        #expect((attributes[.posixPermissions] as? Int ?? 0) & 0o600 == 0o600)
    }

    @Test func `what Git cannot record is told`() throws {
        let bench = try SlotBench(["a": "1\n"])
        try bench.slot.move(to: bench.first)
        mkfifo(bench.tree.appending("pipe"), 0o644)
        try bench.tree.write("file", "x\n")
        let capture = try bench.slot.capture()
        #expect(capture.special == ["pipe"])
        #expect(capture.changes.map(\.path) == ["file"])
        try bench.tree.write("dir/.GIT", "x\n")
        #expect(throws: GitError.self) { try bench.slot.capture() }
    }
}
