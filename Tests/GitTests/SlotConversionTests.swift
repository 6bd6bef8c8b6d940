import Foundation
import Git
import Model
import TestSupport
import Testing

@Suite
struct SlotConversionTests {
    @Test func `CRLF and ident by attributes, on the way out and back`() throws {
        let bench = try SlotBench(["x": "1\n"]) { target in
            try target.write("raw.txt", "a\r\nb\r\n")
            try target.git("add", ".")
            try target.write(".gitattributes", "*.bat text eol=crlf\nid ident\nraw.txt -text\nodd.txt text\n")
            try target.write("win.bat", "a\r\nb\r\n")
            try target.write("id", "$Id$\n")
            let blob = try target.git("hash-object", "-w", "--stdin", input: Array("a\r\nb\n".utf8))
            // Stored with CRLF although the attributes say text: git calls it modified as soon as it looks.
            try target.git("update-index", "--add", "--cacheinfo", "100644,\(blob),odd.txt")
            try target.git("add", ".gitattributes", "win.bat", "id")
            try target.git("commit", "-qm", "odd")
            try target.git("checkout-index", "--all", "--force")
        }
        let commit = try bench.repository.resolve("HEAD~")
        try bench.slot.move(to: commit)
        #expect(try bench.tree.read("win.bat") == "a\r\nb\r\n")
        #expect(try bench.tree.read("raw.txt") == "a\r\nb\r\n")
        let blob = try bench.target.git("rev-parse", "HEAD~:id")
        #expect(try bench.tree.read("id") == "$Id: \(blob) $\n")
        #expect(try bench.slot.capture().changes == [])
        try bench.tree.write("odd.txt", "a\r\nb\n")
        #expect(try bench.slot.capture().changes == [])
        try bench.tree.write("win.bat", "a\r\nb\r\nc\r\n")
        try bench.tree.write("id", "$Id: something $\nmore\n")
        try bench.tree.write(".gitattributes", "* -text -ident\n")
        let capture = try bench.slot.capture()
        #expect(capture.changes.map(\.path) == [".gitattributes", "id", "win.bat"])
        func stored(_ path: String) throws -> String {
            let entry = try required(try bench.repository.entry(path, inTree: capture.tree))
            return String(decoding: try bench.repository.blob(entry.id), as: UTF8.self)
        }
        #expect(try stored("win.bat") == "a\nb\nc\n")
        #expect(try stored("id") == "$Id$\nmore\n")
    }

    @Test func `info/attributes of the target count, as in the user's own checkout`() throws {
        let bench = try SlotBench(["a.txt": "1\n"]) { target in
            try target.write(".git/info/attributes", "*.txt text eol=crlf\n")
        }
        try bench.slot.move(to: bench.first)
        #expect(try bench.tree.read("a.txt") == "1\r\n")
        #expect(try bench.tree.git("status", "--porcelain") == "")
        #expect(try bench.slot.capture().changes == [])
    }

    @Test func `an encoding goes through the git command line`() throws {
        let bench = try SlotBench([".gitattributes": "*.txt working-tree-encoding=UTF-16LE eol=lf\n", "b": "1\n"]) {
            target in
            try target.write(".gitattributes", "*.txt working-tree-encoding=UTF-16LE eol=lf\n")
            try target.write("dir/a b.txt", bytes: Array("hé\n".utf16).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
        }
        #expect(try bench.target.git("show", "HEAD:dir/a b.txt") == "hé")
        #expect(try bench.repository.obstacles(in: bench.first) == [])
        try bench.slot.move(to: bench.first)
        #expect(try bench.tree.bytes("dir/a b.txt") == [0x68, 0, 0xe9, 0, 0x0a, 0])
        #expect(try bench.slot.capture().changes == [])
        try bench.tree.write("dir/a b.txt", bytes: [0x69, 0, 0x0a, 0])
        let capture = try bench.slot.capture()
        #expect(capture.changes.map(\.path) == ["dir/a b.txt"])
        let entry = try required(try bench.repository.entry("dir/a b.txt", inTree: capture.tree))
        #expect(try bench.repository.blob(entry.id) == Array("i\n".utf8))
    }

    @Test(arguments: [false, true])
    func `a filter that the user configured is run, with what the commit's attributes say`(isExecutable: Bool) throws {
        let bench = try SlotBench(["plain": "ABC\n"]) { target in
            try Self.configure(target)
            try target.write(".gitattributes", "*.up filter=up\n")
            try target.write("x/a.up", "ABC\n", executable: isExecutable)
        }
        #expect(try bench.target.git("show", "HEAD:x/a.up") == "abc")
        #expect(try bench.repository.obstacles(in: bench.first) == [])
        try bench.slot.move(to: bench.first)
        #expect(try bench.tree.read("x/a.up") == "ABC\n")
        let attributes = try FileManager.default.attributesOfItem(atPath: bench.tree.appending("x/a.up"))
        #expect(((attributes[.posixPermissions] as? Int ?? 0) & 0o100 != 0) == isExecutable)
        try bench.tree.write(".gitattributes", "")
        try bench.tree.write("x/a.up", "ABCD\n")
        try bench.tree.write("new.up", "NEW\n")
        let capture = try bench.slot.capture()
        #expect(capture.changes.map(\.path) == [".gitattributes", "new.up", "x/a.up"])
        for (path, content) in [("x/a.up", "abcd\n"), ("new.up", "new\n")] {
            let entry = try required(try bench.repository.entry(path, inTree: capture.tree))
            #expect(try bench.repository.blob(entry.id) == Array(content.utf8))
        }
        try bench.slot.move(to: bench.first)
        #expect(try bench.tree.read("x/a.up") == "ABC\n")
    }

    @Test(arguments: ["missing", "not found", "fails"])
    func `a filter that is not configured, not found or fails stops the move and names the file`(kind: String) throws {
        let bench = try SlotBench(["plain": "ABC\n"]) { target in
            try Self.configure(target)
            try target.write(".gitattributes", "*.up filter=up\n")
            try target.write("x/a.up", "ABC\n")
        }
        switch kind {
        case "missing": try bench.target.git("config", "--remove-section", "filter.up")
        case "not found": try bench.target.git("config", "filter.up.smudge", "no-such-program-here %f")
        default: try bench.target.git("config", "filter.up.smudge", "cat >/dev/null; exit 3")
        }
        if kind != "fails" {
            let obstacles = try bench.repository.obstacles(in: bench.first)
            #expect(obstacles.map(\.path) == ["x/a.up"])
            #expect(throws: try required(obstacles.first).error(repository: bench.repository.location)) {
                try bench.slot.move(to: bench.first)
            }
        }
        let error = #expect(throws: GitError.self) { try bench.slot.move(to: bench.first) }
        guard case .filterUnavailable("x/a.up", "up", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(bench.slot.commit == nil && !bench.exists("x/a.up"))
    }

    private static func configure(_ target: ScratchRepository) throws {
        try target.git("config", "filter.up.clean", "tr A-Z a-z")
        try target.git("config", "filter.up.smudge", "tr a-z A-Z")
    }
}
