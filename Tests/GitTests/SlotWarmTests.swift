import Foundation
import Git
import Model
import TestSupport
import Testing

@Suite
struct SlotWarmTests {
    @Test func `without a .gitignore everything that is not of the commit goes`() throws {
        let bench = try SlotBench(["a": "1\n"])
        try bench.slot.move(to: bench.first)
        try bench.tree.write("build/x.o", "1\n")
        try FileManager.default.createDirectory(
            atPath: bench.tree.appending("empty/deep"), withIntermediateDirectories: true)
        try bench.slot.move(to: bench.first)
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.slot.treePath).sorted() == [".git", "a"])
    }

    @Test(arguments: ["core.excludesFile", "info/exclude"])
    func `the user's own excludes have no say`(kind: String) throws {
        let bench = try SlotBench(["a": "1\n"])
        if kind == "info/exclude" {
            try bench.target.write(".git/info/exclude", "*.o\n")
        } else {
            try bench.target.write("excludes", "*.o\n")
            try bench.target.git("config", "core.excludesFile", bench.target.appending("excludes"))
        }
        try bench.slot.move(to: bench.first)
        try bench.tree.write("x.o", "1\n")
        #expect(try bench.slot.capture().changes.map(\.path) == ["x.o"])
    }

    @Test func `an ignored file in the way of one of the commit's goes, and one that is tracked no more too`() throws {
        let bench = try SlotBench([".gitignore": "build\nold.o\n", "a": "1\n"]) { target in
            try target.write("old.o", "1\n")
            try target.git("add", "--force", "old.o")
        }
        try bench.target.write("build/tracked", "2\n")
        try bench.target.git("add", "--force", "build/tracked")
        let second = try bench.commit(["a": "2\n"], removing: ["old.o"])
        try bench.slot.move(to: bench.first)
        try bench.tree.write("build", "a file\n")
        try bench.slot.move(to: second)
        #expect(try bench.tree.read("build/tracked") == "2\n")
        #expect(!bench.exists("old.o"))
        #expect(try bench.tree.git("status", "--porcelain", "--ignored") == "")
        try bench.tree.remove("a")
        try bench.tree.write("a/dir/file", "x")
        try bench.slot.move(to: bench.first)
        #expect(try bench.tree.read("a") == "1\n")
        #expect(!bench.exists("build"))
    }

    @Test func `a second opening knows where the first left off`() throws {
        let bench = try SlotBench(["a": "1\n", "b": "1\n"])
        try bench.slot.move(to: bench.first)
        try bench.tree.write("a", "2\n")
        let again = try Slot(at: bench.slot.directory, target: bench.repository)
        #expect(again.commit == bench.first)
        #expect(try again.capture().changes.map(\.path) == ["a"])
        let before = try bench.inode("b")
        #expect(try again.move(to: bench.first).written == 1)
        #expect(try bench.inode("b") == before)
    }

    @Test(arguments: ["index", "position", "control", "tree", "half index", "other commit", "lock"])
    func `whatever is broken, the next move puts it right`(part: String) throws {
        let bench = try SlotBench(["a": "1\n", "dir/b": "1\n"])
        let second = try bench.commit(["a": "2\n", "c": "2\n"])
        try bench.slot.move(to: bench.first)
        let control = "\(bench.slot.directory)/control"
        switch part {
        case "index": try Data("nonsense".utf8).write(to: URL(fileURLWithPath: "\(control)/index"))
        case "half index":
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(control)/index"))
            try data.prefix(data.count / 2).write(to: URL(fileURLWithPath: "\(control)/index"))
        case "position": try FileManager.default.removeItem(atPath: "\(control)/position")
        case "other commit":
            // As after a crash between the writing of the index and the end of a move.
            let other = try Slot(at: bench.slot.directory, target: bench.repository)
            try other.move(to: second)
            try FileManager.default.removeItem(atPath: "\(control)/position")
            try bench.tree.write("a", "1\n")
        case "control": try FileManager.default.removeItem(atPath: control)
        case "lock": try Data().write(to: URL(fileURLWithPath: "\(control)/index.lock"))
        default: try FileManager.default.removeItem(atPath: bench.slot.treePath)
        }
        let slot = try Slot(at: bench.slot.directory, target: bench.repository)
        try slot.move(to: second)
        #expect(try bench.tree.read("a") == "2\n" && bench.tree.read("dir/b") == "1\n")
        #expect(try bench.tree.git("status", "--porcelain", "--ignored") == "")
        #expect(try slot.capture().changes == [])
        try slot.move(to: bench.first)
        #expect(try bench.tree.git("status", "--porcelain", "--ignored") == "")
    }

    @Test func `a move that fails half way leaves a slot without a commit, and the next one puts it right`() throws {
        let bench = try SlotBench(["a": "1\n", "b": "1\n"])
        let second = try bench.commit(["a": "2\n", "b": "only here\n", "c": "2\n"])
        try bench.slot.move(to: bench.first)
        #expect(throws: GitError.self) { try bench.slot.move(to: id(String(repeating: "b", count: 40))) }
        let blob = try bench.target.git("rev-parse", "\(second.hex):b")
        try bench.target.remove(".git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))")
        #expect(throws: GitError.missingObject(blob, repository: bench.target.path, partialClone: false)) {
            try bench.slot.move(to: second)
        }
        #expect(bench.slot.commit == nil)
        #expect(throws: GitError.self) { try bench.slot.capture() }
        try bench.slot.move(to: bench.first)
        #expect(try bench.tree.read("a") == "1\n" && bench.tree.read("b") == "1\n")
        #expect(try bench.tree.git("status", "--porcelain", "--ignored") == "")
    }

    @Test func `a thousand files are written by several threads, also after the target was repacked`() throws {
        var files: [String: String] = [:]
        for number in 0..<1000 { files["d\(number % 7)/e\(number % 90)/f\(number)"] = "content \(number)\n" }
        let bench = try SlotBench(files)
        try bench.target.git("repack", "-adq")
        #expect(try bench.slot.move(to: bench.first).written == 1000)
        #expect(try bench.tree.git("status", "--porcelain", "--ignored") == "")
        #expect(try bench.tree.git("write-tree") == bench.repository.treeOf(bench.first).hex)
        #expect(try bench.slot.move(to: bench.first).written == 0)
    }

    @Test(arguments: ["new\nline", "q\"uote", "#hash ü", "back\\slash"])
    func `odd names of the target`(name: String) throws {
        let target = try ScratchRepository(name)
        let commit = try id(try target.commit(["a": "1\n"]))
        let repository = try Repository(at: target.path, environment: target.environment)
        let slot = try Slot(at: target.directory.appending("slot"), target: repository)
        try slot.move(to: commit)
        let tree = try ScratchRepository(existing: slot.treePath, in: target.directory)
        #expect(try tree.git("log", "--format=%H") == commit.hex)
        try tree.write("a", "2\n")
        #expect(try slot.capture().changes.map(\.path) == ["a"])
        #expect(try Slot(at: slot.directory, target: repository).commit == commit)
    }

    @Test func `slots of one target work side by side`() async throws {
        let bench = try SlotBench(["a": "1\n", "b": "1\n"])
        let second = try bench.commit(["a": "2\n"])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
                group.addTask {
                    let slot = try Slot(at: "\(bench.slot.directory)-\(number)", target: bench.repository)
                    for round in 0..<10 {
                        try slot.move(to: round % 2 == 0 ? bench.first : second)
                        let file = URL(fileURLWithPath: "\(slot.treePath)/b")
                        try Data("\(number) \(round)\n".utf8).write(to: file)
                        let capture = try slot.capture()
                        #expect(capture.changes.map(\.path) == ["b"])
                        let entry = try bench.repository.entry("b", inTree: capture.tree)
                        #expect(try bench.repository.blob(required(entry).id) == Array("\(number) \(round)\n".utf8))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `the worker may commit, branch and stash; nothing of it reaches the target`() throws {
        let bench = try SlotBench(["a": "1\n"])
        let before = try bench.target.git("for-each-ref")
        try bench.slot.move(to: bench.first)
        try bench.tree.write("a", "2\n")
        try bench.tree.git("checkout", "-q", "-b", "mine")
        try bench.tree.git("commit", "-q", "-a", "-m", "mine")
        try bench.tree.write("a", "3\n")
        try bench.tree.git("stash")
        try bench.tree.git("branch", "-f", "main", "HEAD")
        #expect(try bench.target.git("for-each-ref") == before)
        #expect(try bench.slot.capture().changes.map(\.path) == ["a"])
        let second = try bench.commit(["a": "9\n"])
        try bench.slot.move(to: second)
        #expect(try bench.tree.git("branch", "--list").contains("mine") == false)
        #expect(try bench.tree.git("log", "--format=%s") == "A commit\nfirst")
    }
}
