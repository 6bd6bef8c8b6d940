import Foundation
import TestSupport
import Testing

@testable import Verification

/// Hints for files that a person has and a job does not see.
@Suite struct MissingFileTests {
    private let folder: ScratchDirectory
    private let missing: MissingFile

    init() throws {
        folder = try ScratchDirectory("missing")
        for name in ["checkout/src", "mine/build", "tools"] { try folder.makeDirectory(name) }
        for name in ["mine/.env", "mine/build/gen.py", "tools/check.sh", "checkout/src/a.py", "mine/src"] {
            _ = FileManager.default.createFile(atPath: folder.appending(name), contents: Data())
        }
        missing = MissingFile(
            command: "sh \(folder.appending("tools/check.sh"))", checkout: folder.appending("checkout"),
            hidden: [folder.appending("mine")])
    }

    @Test(arguments: [
        "cat: .env: No such file or directory",
        "Error: ENOENT: no such file or directory, open '.env'",
        "FileNotFoundError: [Errno 2] No such file or directory: '.env'",
    ]) func `a file that no commit has is named with the cause`(line: String) throws {
        let hint = try #require(missing.hint(for: "exit status 1\n\(line)"))
        #expect(hint.hasPrefix("'.env' is in your checkout and in no commit"))
        #expect(hint.contains("git check-ignore -v .env"))
    }

    @Test(arguments: [
        "sh: 0: cannot open <tmp>/check.sh: No such file or directory", "sh: 1: build/x: not found",
    ]) func `a script outside of the sandbox is named with the key`(line: String) throws {
        let hint = try #require(missing.hint(for: line))
        #expect(hint.hasPrefix("'\(folder.appending("tools/check.sh"))' is on this machine"))
        #expect(hint.contains("sandbox.read"))
    }

    @Test func `a file that is nowhere, or in the checkout, gets no hint`() {
        var other = missing
        other.command = "sh check.sh"
        #expect(other.hint(for: "cat: nothing.txt: No such file or directory") == nil)
        #expect(other.hint(for: "cat: src/a.py: Permission denied") == nil)
        #expect(other.hint(for: "cat: /usr/bin/env: No such file or directory") == nil)
        #expect(other.hint(for: ".env differs") == nil)
    }

    @Test func `without a sandbox there is no hint about it`() {
        var open = missing
        open.hidden = []
        #expect(open.hint(for: "sh: 0: cannot open it: No such file or directory") == nil)
    }
}
