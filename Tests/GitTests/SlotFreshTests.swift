import Foundation
import Model
import TestSupport
import Testing

@testable import Git

/// After a move, a slot is what a fresh one of the commit would be.
@Suite
struct SlotFreshTests {
    private static let files = [
        "a": "1\n", "b": "2\n", "run.sh": "#!/bin/sh\n", "dir/c": "3\n", "dir/sub/d": "4\n", "dir/sub/e": "5\n",
        "deep/er/f": "6\n", ".gitignore": "*.o\nbuild/\n",
    ]

    private func bench() throws -> SlotBench {
        let bench = try SlotBench(Self.files) { target in
            try target.link("link", to: "a")
            chmod(target.appending("run.sh"), 0o755)
        }
        try bench.slot.move(to: bench.first)
        return bench
    }

    /// Everything that the file system has of a checkout, except `.git` and the exact times.
    private func picture(_ bench: SlotBench) throws -> [String] {
        let root = bench.slot.treePath
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root).filter { path in
            path != ".git" && !path.hasPrefix(".git/")
        }
        return try ([""] + paths).sorted().map { path in
            let full = "\(root)/\(path)"
            var status = stat()
            #expect(lstat(full, &status) == 0)
            let isDirectory = status.st_mode & S_IFMT == S_IFDIR
            let isRecent = abs(Date().timeIntervalSince1970 - Double(status.st_mtim.tv_sec)) < 600
            let content =
                switch status.st_mode & S_IFMT {
                case S_IFREG: String(decoding: try Data(contentsOf: URL(fileURLWithPath: full)), as: UTF8.self)
                case S_IFLNK: try FileManager.default.destinationOfSymbolicLink(atPath: full)
                default: ""
                }
            // The number of a directory's links depends on the file system.
            let links = isDirectory ? 0 : Int(status.st_nlink)
            let attributes = Directory(path: full)?.attributeNames.count ?? 0
            return
                "\(path) \(String(status.st_mode, radix: 8)) \(status.st_uid):\(status.st_gid) \(links) \(attributes) "
                + "\(isRecent) \(content)"
        }
    }

    /// One thing that a worker may do to its slot, beside or instead of its work.
    private func harm(_ bench: SlotBench, _ random: inout SeededGenerator) throws {
        let root = bench.slot.treePath
        let files = ["a", "b", "run.sh", "dir/c", "dir/sub/d", "dir/sub/e", "deep/er/f"]
        let file = try #require(files.randomElement(using: &random))
        let folder = try #require(["", "dir", "dir/sub", "deep", "deep/er"].randomElement(using: &random))
        let either = "\(root)/\(try #require([file, folder].randomElement(using: &random)))"
        let modes: [mode_t] = [0, 0o444, 0o755, 0o777, 0o600, 0o4755, 0o2777, 0o1777]
        let mode = try #require(modes.randomElement(using: &random))
        let number = Int.random(in: 0..<1000, using: &random)
        let path = "\(root)/\(file)"
        switch Int.random(in: 0..<16, using: &random) {
        case 0: chmod(either, mode)
        case 1: lchown(either, uid_t(number + 1), gid_t(number + 1))
        case 2, 3:
            var times = [timespec(tv_sec: number * 1_000_000, tv_nsec: 0), timespec(tv_sec: number, tv_nsec: 1)]
            utimensat(AT_FDCWD, either, &times, AT_SYMLINK_NOFOLLOW)
        case 4:
            // Not every file system has such attributes.
            let script = "import os, sys; os.setxattr(sys.argv[1], 'user.mark', b'x')"
            _ = try run(
                "/usr/bin/env", ["python3", "-c", script, either], in: root, environment: bench.tree.environment,
                input: [])
        case 5: link(path, "\(root)/other-\(number)")
        case 6:
            try FileManager.default.createDirectory(
                atPath: "\(root)/\(folder)/empty/\(number)", withIntermediateDirectories: true)
        case 7: try bench.tree.write("\(folder.isEmpty ? "" : "\(folder)/")x\(number).o", "ignored")
        case 8: try bench.tree.write("build/deep/\(number)", "ignored")
        case 9: try bench.tree.write("cache\(number)/.gitignore", "*\n")
        case 10: try bench.tree.write("nested\(number)/.git/HEAD", "ref: refs/heads/main\n")
        case 11:
            try? bench.tree.remove(file)
            mkfifo(path, 0o644)
        case 12: try? bench.tree.remove(file)
        case 13:
            try? bench.tree.remove(file)
            try bench.tree.write("\(file)/inside", "a directory in place of a file")
        case 14:
            // The same size and the same time as before.
            var status = stat()
            guard lstat(path, &status) == 0, let handle = FileHandle(forWritingAtPath: path) else { return }
            try handle.write(contentsOf: Data("9".utf8))
            try handle.close()
            var times = [status.st_atim, status.st_mtim]
            utimensat(AT_FDCWD, path, &times, AT_SYMLINK_NOFOLLOW)
        default: try bench.tree.write(".git/info/exclude", "*\n")
        }
    }

    @Test(arguments: 0..<12)
    func `whatever a worker does to a slot, the next move undoes it`(seed: Int) throws {
        let bench = try bench()
        let fresh = try picture(bench)
        var random = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<8 {
            for _ in 0..<Int.random(in: 1...6, using: &random) { try? harm(bench, &random) }
            // A capture must not make the next move believe that what was touched is clean.
            if Bool.random(using: &random) { _ = try? bench.slot.capture() }
            try bench.slot.move(to: bench.first)
            #expect(try picture(bench) == fresh)
            #expect(try bench.tree.git("status", "--porcelain", "--ignored") == "")
        }
    }

    @Test func `a slot that was not touched is not written`() throws {
        let bench = try bench()
        let before = try Self.files.keys.map { try bench.inode($0) }
        for _ in 0..<3 {
            let move = try bench.slot.move(to: bench.first)
            #expect(move.written == 0 && move.deleted == 0)
        }
        #expect(try Self.files.keys.map { try bench.inode($0) } == before)
    }

    @Test func `a file that a capture has looked at is still restored`() throws {
        let bench = try bench()
        chmod(bench.tree.appending("a"), 0)
        #expect(try bench.slot.capture().changes == [])
        try bench.slot.move(to: bench.first)
        var status = stat()
        #expect(lstat(bench.tree.appending("a"), &status) == 0)
        #expect(status.st_mode & 0o600 == 0o600)
    }

    @Test func `ignored files do not reach the next commit`() throws {
        let bench = try bench()
        for path in ["x.o", "build/y", "dir/z.o", "build/r/.git/HEAD"] { try bench.tree.write(path, "1\n") }
        try bench.slot.move(to: bench.first)
        #expect(try bench.tree.git("status", "--porcelain", "--ignored") == "")
        #expect(!bench.exists("build"))
    }

    @Test func `a file whose attributes have changed is written as they say`() throws {
        let bench = try bench()
        let second = try bench.commit(["dir/.gitattributes": "c text eol=crlf\n"])
        try bench.slot.move(to: second)
        #expect(try bench.tree.read("dir/c") == "3\r\n")
        #expect(try bench.tree.read("a") == "1\n")
        try bench.slot.move(to: bench.first)
        #expect(try bench.tree.read("dir/c") == "3\n")
    }

    @Test(arguments: ["a", "dir", "build"])
    func `a pipe in place of a file or a directory is told, ignored or not`(path: String) throws {
        let bench = try SlotBench(["a": "1\n", "dir/c": "1\n", ".gitignore": "build\na\n"]) { target in
            try target.write("build/x", "1\n")
            try target.git("add", "--force", "a", "build/x")
        }
        try bench.slot.move(to: bench.first)
        try bench.tree.remove(path)
        mkfifo(bench.tree.appending(path), 0o644)
        #expect(try bench.slot.capture().special == [path])
        try bench.slot.move(to: bench.first)
        #expect(try bench.tree.git("status", "--porcelain", "--ignored") == "")
    }

    @Test func `a checkout that cannot be restored gives way to a new one`() throws {
        let bench = try bench()
        let change = { (flag: String, path: String) in
            try run(
                "/usr/bin/env", ["chattr", "-R", flag, path], in: "/", environment: bench.tree.environment, input: [])
        }
        guard try change("+i", bench.tree.appending("a")).status == 0 else {
            print("skipped: files cannot be made immutable here")
            return
        }
        try bench.slot.move(to: bench.first)
        let aside = "\(bench.slot.directory)/aside-0"
        #expect(FileManager.default.fileExists(atPath: aside))
        #expect(try bench.tree.read("a") == "1\n")
        #expect(try bench.tree.git("status", "--porcelain", "--ignored") == "")
        _ = try change("-i", aside)
    }

    @Test func `clearing leaves the commit alone, or nothing where there is no such commit`() throws {
        let bench = try bench()
        try bench.tree.write("secret", "x\n")
        try bench.tree.write("a", "secret\n")
        try bench.slot.clear(at: bench.first)
        #expect(try bench.tree.read("a") == "1\n")
        #expect(!bench.exists("secret"))
        try bench.tree.write("secret", "x\n")
        try bench.slot.clear(at: id(String(repeating: "b", count: 40)))
        #expect(!FileManager.default.fileExists(atPath: bench.slot.treePath))
        try bench.slot.move(to: bench.first)
        #expect(try bench.tree.read("a") == "1\n")
    }
}
