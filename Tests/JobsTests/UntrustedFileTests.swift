import Foundation
import TestSupport
import Testing

@testable import Jobs

/// Files and folders that a worker may have prepared.
@Suite struct UntrustedFileTests {
    private let directory: ScratchDirectory

    init() throws { directory = try ScratchDirectory("untrusted") }

    private func put(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: directory.appending(name)))
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: directory.appending(name), encoding: .utf8)
    }

    @Test func `a file of exactly the limit is read and a larger one is not`() throws {
        try put("12345", "file")
        #expect(try UntrustedFile.read(directory.appending("file"), limit: 5) == Array("12345".utf8))
        #expect(throws: JobsError.file(directory.appending("file"), .tooLarge(4))) {
            try UntrustedFile.read(directory.appending("file"), limit: 4)
        }
        #expect(try UntrustedFile.read(directory.appending("none"), limit: 5) == nil)
    }

    @Test func `a file longer than one read is read whole`() throws {
        let long = String(repeating: "0123456789", count: 20_000)
        try put(long, "file")
        #expect(try UntrustedFile.read(directory.appending("file"), limit: 1 << 20) == Array(long.utf8))
    }

    @Test func `a new file belongs to its owner alone and replaces nothing`() throws {
        let path = directory.appending("new")
        try UntrustedFile.create(path, Array("a".utf8))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(throws: JobsError.file(path, .open(EEXIST))) { try UntrustedFile.create(path, Array("b".utf8)) }
        #expect(try text("new") == "a")
    }

    @Test func `a reader returns the bytes at a position`() throws {
        try put("0123456789", "file")
        let reader = try #require(try UntrustedFile.Reader(directory.appending("file")))
        #expect(reader.size == 10)
        #expect(try reader.read(at: 3, count: 4) == Array("3456".utf8))
        #expect(try reader.read(at: 8, count: 4) == Array("89".utf8))
        #expect(try reader.read(at: 10, count: 4).isEmpty)
        #expect(try UntrustedFile.Reader(directory.appending("none")) == nil)
    }

    @Test func `an appended file stays the one that was made`() throws {
        let path = directory.appending("events")
        let file = try AppendedFile(creating: path)
        try file.append(Array("one\n".utf8))
        try FileManager.default.moveItem(atPath: path, toPath: directory.appending("moved"))
        try put("other", "events")
        try file.append(Array("two\n".utf8))
        #expect(try text("moved") == "one\ntwo\n")
        #expect(try text("events") == "other")
        #expect(throws: JobsError.file(path, .open(EEXIST))) { try AppendedFile(creating: path) }
    }

    @Test func `a mail directory lists names in order, without hidden ones, up to a limit`() throws {
        let box = try directory.makeDirectory("box")
        for name in ["b", "a", ".c", "d"] { try put("", "box/\(name)") }
        let mail = try MailDirectory(box)
        #expect(try mail.names(limit: 10) == ["a", "b", "d"])
        #expect(try mail.names(limit: 2).count == 2)
        #expect(try mail.names(limit: 10) == ["a", "b", "d"])
    }

    @Test func `a mail directory writes whole files and replaces older ones`() throws {
        let box = try directory.makeDirectory("box")
        let mail = try MailDirectory(box)
        try put("left by a crash", "box/.a.\(getpid())")
        try mail.write("a", Array("one".utf8))
        try mail.write("a", Array("two".utf8))
        #expect(try mail.read("a", limit: 3) == Array("two".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: box) == ["a"])
        #expect(try mail.read("none", limit: 3) == nil)
        #expect(throws: JobsError.file("\(box)/a", .tooLarge(2))) { try mail.read("a", limit: 2) }
    }

    @Test func `a mail directory moves files into folders that it makes`() throws {
        let box = try directory.makeDirectory("box")
        let mail = try MailDirectory(box)
        try mail.write("a", Array("one".utf8))
        #expect(mail.child("read") == nil)
        #expect(try mail.move("a", into: "read"))
        #expect(try !mail.move("a", into: "read"))
        #expect(try mail.child("read")?.read("a", limit: 10) == Array("one".utf8))
    }

    @Test func `a link in a mail directory is not followed`() throws {
        let box = try directory.makeDirectory("box")
        try put("secret", "secret")
        try FileManager.default.createSymbolicLink(
            atPath: "\(box)/a", withDestinationPath: directory.appending("secret"))
        try FileManager.default.createSymbolicLink(atPath: "\(box)/folder", withDestinationPath: directory.path)
        let mail = try MailDirectory(box)
        #expect(throws: JobsError.file("\(box)/a", .notRegular)) { try mail.read("a", limit: 10) }
        #expect(throws: JobsError.file("\(box)/folder", .notRegular)) { try mail.move("a", into: "folder") }
        #expect(mail.child("folder") == nil)
        #expect(throws: JobsError.file("\(box)/folder", .notRegular)) { try MailDirectory("\(box)/folder") }
    }

    @Test func `the size of a folder counts what has changed since a moment`() throws {
        let folder = UntrustedFolder(try directory.makeDirectory("disk/below"))
        let above = UntrustedFolder(directory.appending("disk"))
        try put(String(repeating: "x", count: 1 << 20), "disk/below/file")
        let now = Int(time(nil))
        let size = folder.bytes(changedSince: now - 600, limit: .max)
        #expect(size >= 1 << 20 && size < 2 << 20)
        #expect(above.bytes(changedSince: now - 600, limit: .max) >= size)
        #expect(folder.bytes(changedSince: now + 600, limit: .max) == 0)
    }

    @Test func `counting a folder stops at the limit`() throws {
        let folder = UntrustedFolder(try directory.makeDirectory("disk"))
        for number in 0..<4 { try put(String(repeating: "x", count: 1 << 20), "disk/\(number)") }
        let size = folder.bytes(changedSince: 0, limit: 1 << 20)
        #expect(size > 1 << 20 && size < 3 << 20)
    }

    @Test func `the state of a folder changes with each change below it and with nothing else`() throws {
        let folder = UntrustedFolder(try directory.makeDirectory("disk/below"))
        try put("x", "disk/below/file")
        let above = UntrustedFolder(directory.appending("disk"))
        var states = [above.state]
        #expect(above.state == states[0])
        try put("xy", "disk/below/file")
        states.append(above.state)
        rename(directory.appending("disk/below/file"), directory.appending("disk/below/other"))
        states.append(above.state)
        try put("", "disk/below/new")
        states.append(above.state)
        unlink(directory.appending("disk/below/new"))
        states.append(above.state)
        #expect(Set(states).count == 5)
        #expect(folder.state != above.state)
    }

    @Test func `removing a folder follows no link and opens what is closed`() throws {
        let path = try directory.makeDirectory("disk")
        let kept = try directory.makeDirectory("kept")
        try put("x", "kept/file")
        try FileManager.default.createSymbolicLink(atPath: "\(path)/link", withDestinationPath: kept)
        try directory.makeDirectory("disk/closed/deep")
        try put("x", "disk/closed/deep/file")
        chmod("\(path)/closed/deep", 0)
        chmod("\(path)/closed", 0)
        UntrustedFolder(path).remove()
        #expect(!PathQuery.exists(path))
        #expect(try text("kept/file") == "x")
    }

    @Test func `questions about paths are answered`() throws {
        let folder = try directory.makeDirectory("folder")
        try put("x", "folder/file")
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "file")
        #expect(PathQuery.exists("\(folder)/file") && !PathQuery.exists("\(folder)/none"))
        #expect(PathQuery.isFolder(folder) && !PathQuery.isFolder("\(folder)/file"))
        #expect(PathQuery.target(ofLink: "\(folder)/link") == "file")
        #expect(PathQuery.target(ofLink: "\(folder)/file") == nil)
        #expect(PathQuery.real("\(folder)/link") == "\(folder)/file")
        #expect(PathQuery.real("\(folder)/none") == nil)
        #expect(PathQuery.names(in: folder).sorted() == ["file", "link"])
        #expect(PathQuery.names(in: "\(folder)/none").isEmpty)
        #expect(PathQuery.device(folder) == PathQuery.device("\(folder)/file"))
        #expect(PathQuery.device("\(folder)/none") == nil)
    }

    @Test(arguments: [
        ("/a/b", "/a", true), ("/a", "/a", true), ("/ab", "/a", false), ("/a", "/a/b", false), ("/a", "/", true),
    ]) func `a path lies in a folder at or below it`(path: String, folder: String, isInside: Bool) {
        #expect(PathQuery.lies(path, in: folder) == isInside)
    }
}
