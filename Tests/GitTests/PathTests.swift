import Foundation
import TestSupport
import Testing

@testable import Git

@Suite struct PathTests {
    private func path(_ text: String) -> RawPath { Array(text.utf8) }

    @Test func `a path has a parent, a name and paths below it`() {
        #expect(path("a/b/c").parent == path("a/b"))
        #expect(path("a").parent == [])
        #expect(Array(path("a/b/c").name) == path("c"))
        #expect(Array(path("a").name) == path("a"))
        #expect(path("a").appending(path("b")) == path("a/b"))
        #expect(path("").appending(path("b")) == path("b"))
        #expect(path("a/b").isBelow(path("a")))
        #expect(path("a/b/c").isBelow(path("a")))
        #expect(path("a").isBelow([]))
        for (inner, outer) in [("ab", "a"), ("a", "a"), ("b/a", "a"), ("a", "a/b"), ("", "")] {
            #expect(!path(inner).isBelow(path(outer)), "\(inner) \(outer)")
        }
    }

    @Test func `a path that is not UTF-8 is quoted as Git does`() {
        #expect(path("ü \"q\"").display == "ü \"q\"")
        #expect((path("a\"\\ ~\u{7f}\n") + [0xe9]).display == #""a\"\\ ~\177\012\351""#)
        #expect((path("a") + [0xe9]).decoded == nil)
        #expect(path("ü").decoded == "ü")
    }

    @Test(arguments: [
        ("", "empty"), (".", "'.'"), ("..", "'..'"), ("a\0b", "zero"), (".git", "'.git'"), (".GiT", "'.git'"),
        ("git~1", "'.git'"), ("GIT~1", "'.git'"), (".git. . ", "'.git'"), (".git:x", "'.git'"),
        (".g\u{200c}it", "'.git'"), ("\u{feff}.git", "'.git'"),
    ]) func `a name that a file system could take for another is refused`(name: String, words: String) throws {
        #expect(PathSafety.objection(to: Array(name.utf8))?.contains(words) == true)
        #expect(throws: GitError.self) { try PathSafety.check(path("a/\(name)/b")) }
    }

    @Test(arguments: ["...", ".gi", "git", "git~2", ".gitx", ". git", "a.git", ".git~1", "g", "ü", "..a"])
    func `other names are fine`(name: String) throws {
        #expect(PathSafety.objection(to: Array(name.utf8)) == nil)
        try PathSafety.check(path("a/\(name)/b"))
    }

    @Test func `a leading slash, a trailing one and two in a row are empty components`() {
        for text in ["/a", "a/", "a//b"] {
            #expect(throws: GitError.unsafePath(text, reason: "it has an empty component")) {
                try PathSafety.check(path(text))
            }
        }
    }

    @Test func `white space is trimmed at both ends`() {
        #expect(path(" \t\r\n\u{b}a b\n").trimmed().elementsEqual(path("a b")))
        #expect(path(" \n").trimmed().isEmpty)
        #expect(path("").trimmed().isEmpty)
    }
}

@Suite struct FileSystemTests {
    private let directory: ScratchDirectory

    init() throws { directory = try ScratchDirectory("files") }

    @Test func `files are written, replaced, read and measured`() throws {
        let file = directory.appending("f")
        #expect(FileSystem.read(file) == nil && FileSystem.text(file) == nil && FileSystem.size(file) == nil)
        #expect(!FileSystem.exists(file))
        let large = [UInt8](repeating: 7, count: 300_000)
        try FileSystem.write(large, to: file)
        #expect(FileSystem.read(file) == large)
        try FileSystem.write(Array(" ab\n".utf8), to: file)
        #expect(FileSystem.text(file) == "ab")
        #expect(FileSystem.size(file) == 4)
        try FileSystem.replace(file, with: Array("c".utf8))
        #expect(FileSystem.text(file) == "c")
        #expect(FileSystem.names(in: directory.path) == ["f"])
        #expect(throws: GitError.self) { try FileSystem.write([], to: directory.appending("no/file")) }
    }

    @Test func `directories are created with their parents`() throws {
        let deep = directory.appending("a/b/c")
        try FileSystem.makeDirectories(deep)
        try FileSystem.makeDirectories(deep)
        #expect(FileSystem.isDirectory(deep))
        #expect(FileSystem.names(in: directory.appending("a")) == ["b"])
        #expect(FileSystem.names(in: directory.appending("none")) == [])
        try FileSystem.write([], to: directory.appending("file"))
        #expect(!FileSystem.isDirectory(directory.appending("file")))
        #expect(throws: GitError.self) { try FileSystem.makeDirectories(directory.appending("file")) }
        #expect(throws: GitError.self) { try FileSystem.makeDirectories(directory.appending("file/below")) }
    }

    @Test func `a dangling link exists`() throws {
        #expect(symlink("/nowhere", directory.appending("link")) == 0)
        #expect(FileSystem.exists(directory.appending("link")))
        #expect(!FileSystem.isDirectory(directory.appending("link")))
    }

    @Test func `a folder is removed with everything below it, and links are not followed`() throws {
        try FileSystem.makeDirectories(directory.appending("folder/deep"))
        try FileSystem.makeDirectories(directory.appending("kept"))
        try FileSystem.write(Array("x".utf8), to: directory.appending("kept/file"))
        #expect(symlink(directory.appending("kept"), directory.appending("folder/link")) == 0)
        #expect(chmod(directory.appending("folder/deep"), 0) == 0)
        #expect(try Folder.remove(at: directory.appending("folder")))
        #expect(try !Folder.remove(at: directory.appending("folder")))
        #expect(FileSystem.exists(directory.appending("kept/file")))
    }

    @Test func `the size of a folder is that of its files on disk`() throws {
        try FileSystem.makeDirectories(directory.appending("a/b"))
        #expect(Folder.size(of: directory.path) == 0)
        try FileSystem.write([UInt8](repeating: 1, count: 10_000), to: directory.appending("a/b/f"))
        let one = Folder.size(of: directory.path)
        #expect(one >= 10_000 && one < 100_000)
        try FileSystem.write([UInt8](repeating: 1, count: 10_000), to: directory.appending("a/g"))
        #expect(Folder.size(of: directory.path) == 2 * one)
    }
}

/// A writer for tests, whose macros cannot capture what is not copyable.
private final class Writer {
    private var writer: CheckoutWriter

    init(root: String) throws { writer = try CheckoutWriter(root: root) }

    func write(_ content: [UInt8], mode: FileMode, at path: RawPath) throws {
        try writer.write(content, mode: mode, at: path)
    }

    func take(_ source: String, at path: RawPath) throws { try writer.take(source, at: path) }
    func makeDirectory(at path: RawPath) throws { try writer.makeDirectory(at: path) }
    func remove(_ path: RawPath) throws { try writer.remove(path) }
    func removeEmpty(_ path: RawPath) throws -> Bool { try writer.removeEmpty(path) }
    func status(_ path: RawPath) throws -> stat? { try writer.status(path) }

    func read(_ path: RawPath, limit: Int) throws -> [UInt8]? {
        try writer.read(path, mode: .regular, limit: limit)
    }
}

@Suite struct CheckoutWriterTests {
    private let directory: ScratchDirectory

    init() throws { directory = try ScratchDirectory("checkout") }

    private func path(_ text: String) -> RawPath { Array(text.utf8) }

    @Test func `a file replaces whatever is at its path, and what is above it`() throws {
        let writer = try Writer(root: directory.path)
        try FileSystem.makeDirectories(directory.appending("a/b"))
        try writer.write(path("1"), mode: .regular, at: path("a"))
        #expect(FileSystem.text(directory.appending("a")) == "1")
        try writer.write(path("2"), mode: .executable, at: path("a/b/c"))
        #expect(FileSystem.text(directory.appending("a/b/c")) == "2")
        #expect(access(directory.appending("a/b/c"), X_OK) == 0)
        try writer.write(path("target"), mode: .symbolicLink, at: path("a/b"))
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: directory.appending("a/b")) == "target")
    }

    @Test func `nothing is written, read or removed through a link`() throws {
        try FileSystem.makeDirectories(directory.appending("outside"))
        try FileSystem.makeDirectories(directory.appending("tree"))
        try FileSystem.write(Array("precious".utf8), to: directory.appending("outside/f"))
        #expect(symlink(directory.appending("outside"), directory.appending("tree/d")) == 0)
        let writer = try Writer(root: directory.appending("tree"))
        #expect(try writer.status(path("d/f")) == nil)
        #expect(try writer.status(path("d"))?.isLink == true)
        #expect(try writer.read(path("d/f"), limit: 100) == nil)
        try writer.remove(path("d/f"))
        #expect(try !writer.removeEmpty(path("d/f")))
        try writer.write(path("new"), mode: .regular, at: path("d/f"))
        #expect(FileSystem.text(directory.appending("outside/f")) == "precious")
        #expect(FileSystem.text(directory.appending("tree/d/f")) == "new")
    }

    @Test func `a file above the limit, a pipe and a directory are not read`() throws {
        let writer = try Writer(root: directory.path)
        try writer.write(path("12345"), mode: .regular, at: path("f"))
        #expect(try writer.read(path("f"), limit: 5) == path("12345"))
        #expect(try writer.read(path("f"), limit: 4) == nil)
        #expect(mkfifo(directory.appending("pipe"), 0o644) == 0)
        #expect(try writer.read(path("pipe"), limit: 5) == nil)
        try writer.makeDirectory(at: path("d"))
        #expect(try writer.read(path("d"), limit: 5) == nil)
        #expect(try writer.removeEmpty(path("d")))
        #expect(try !writer.removeEmpty(path("f")))
    }

    @Test func `a removed directory is not written to any more`() throws {
        let writer = try Writer(root: directory.path)
        try writer.write(path("1"), mode: .regular, at: path("a/b"))
        try writer.remove(path("a"))
        try writer.write(path("2"), mode: .regular, at: path("a/c"))
        #expect(FileSystem.names(in: directory.appending("a")) == ["c"])
    }

    @Test func `a finished file is taken over`() throws {
        let writer = try Writer(root: directory.path)
        try writer.write(path("1"), mode: .regular, at: path("f"))
        try FileSystem.write(path("2"), to: directory.appending("ready"))
        try writer.take(directory.appending("ready"), at: path("x/y"))
        #expect(FileSystem.text(directory.appending("x/y")) == "2")
        #expect(!FileSystem.exists(directory.appending("ready")))
    }
}
