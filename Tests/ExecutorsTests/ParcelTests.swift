import Foundation
import Model
import TestSupport
import Testing

@testable import Executors

/// What travels between coordinator and machines, whatever becomes of the connection.
@Suite struct ParcelTests {
    private func parcel(_ items: [Parcel.Item], in scratch: ScratchDirectory) throws -> [UInt8] {
        let path = scratch.appending("parcel")
        try Data().write(to: URL(fileURLWithPath: path))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try Parcel.write(["word": "message"], items, to: file)
        try file.close()
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    private func read(_ bytes: [UInt8], in scratch: ScratchDirectory) throws -> [String: String] {
        let path = scratch.appending("received")
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try Parcel.read(
            [String: String].self, from: try FileHandle(forReadingFrom: URL(fileURLWithPath: path)),
            into: scratch.appending("out"))
    }

    @Test func `files and message arrive as they were`() throws {
        let scratch = try ScratchDirectory("parcel")
        let big = [UInt8]((0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try Data(big).write(to: URL(fileURLWithPath: scratch.appending("big")))
        try Data().write(to: URL(fileURLWithPath: scratch.appending("empty")))
        chmod(scratch.appending("empty"), 0o755)
        let bytes = try parcel(
            [
                .init(name: "a/big", path: scratch.appending("big")),
                .init(name: "empty", path: scratch.appending("empty")),
                .init(name: "missing", path: scratch.appending("missing")),
            ], in: scratch)
        #expect(try read(bytes, in: scratch) == ["word": "message"])
        #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: scratch.appending("out/a/big")))) == big)
        #expect(access(scratch.appending("out/empty"), X_OK) == 0)
        #expect(!FileManager.default.fileExists(atPath: scratch.appending("out/missing")))
    }

    @Test func `a parcel that ends early is refused, wherever it ends`() throws {
        let scratch = try ScratchDirectory("parcel")
        try Data("some text\n".utf8).write(to: URL(fileURLWithPath: scratch.appending("file")))
        let bytes = try parcel([.init(name: "file", path: scratch.appending("file"))], in: scratch)
        for length in 0..<bytes.count {
            #expect(throws: (any Error).self, "after \(length) bytes") {
                try read(Array(bytes[..<length]), in: scratch)
            }
        }
    }

    @Test(arguments: ["../x", "/etc/x", "a/../../x", "", "a//b", "."])
    func `a path that leaves the folder is refused`(name: String) throws {
        let scratch = try ScratchDirectory("parcel")
        try Data("x".utf8).write(to: URL(fileURLWithPath: scratch.appending("file")))
        let bytes = try parcel([.init(name: name, path: scratch.appending("file"))], in: scratch)
        #expect(throws: (any Error).self) { try read(bytes, in: scratch) }
    }

    @Test func `what another program prints is no answer`() throws {
        let scratch = try ScratchDirectory("parcel")
        for text in ["Welcome to host\n", "{}\n", String(repeating: "x", count: 100_000)] {
            #expect(throws: Parcel.Broken.self) { try read(Array(text.utf8), in: scratch) }
        }
    }

    @Test func `words reach the shell of a machine unchanged`() throws {
        for word in ["plain", "it's", "a b", "$HOME", "`id`", "~/x y", "~root"] {
            let answer = try run(
                "/bin/sh", ["-c", "printf %s \(SSHTransport.word(word))"], in: "/", environment: ["HOME": "/h"],
                input: [])
            #expect(answer.text == (word.hasPrefix("~/") ? "/h/" + word.dropFirst(2) : word))
        }
    }
}
