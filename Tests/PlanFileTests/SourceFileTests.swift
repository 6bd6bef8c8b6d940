import Foundation
import Model
import TestSupport
import Testing

@testable import PlanFile

/// Files that cannot be read as text.
@Suite struct SourceFileTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory("plan") }

    private func problem(of path: String) -> String? {
        guard case .failure(let problems) = PlanLoader.load(path: path) else { return nil }
        return problems.description
    }

    private func write(_ bytes: Data) throws -> String {
        let path = scratch.appending("p.yaml")
        try bytes.write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test func `what is no file`() throws {
        let path = scratch.appending("p.yaml")
        #expect(
            problem(of: path)
                == "\(path): error: the file does not exist, or its folder cannot be searched\n  hint: check the path")
        #expect(problem(of: "")?.hasPrefix(": error: the path is a folder") == true)
        #expect(
            problem(of: scratch.path) == "\(scratch.path): error: the path is a folder\n  hint: name the file in it")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "nowhere")
        #expect(problem(of: path) == "\(path): error: the symbolic link is broken")
        #expect(problem(of: "/dev/null") == "/dev/null: error: the path is not a regular file")
    }

    @Test func `a link to a plan is a plan`() throws {
        _ = try write(Data(PlanText.start.utf8))
        let link = scratch.appending("link.yaml")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "p.yaml")
        #expect(try PlanLoader.load(path: link).get().plan.repository == scratch.path)
    }

    @Test(.enabled(if: getuid() != 0, "root may read everything"))
    func `an unreadable file is an error`() throws {
        let path = try write(Data(PlanText.start.utf8))
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
        #expect(problem(of: path) == "\(path): error: the file cannot be read\n  hint: check its permissions")
    }

    @Test func `huge files are not read`() throws {
        let path = scratch.appending("p.yaml")
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        // Sparse: the size is what counts.
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.truncate(atOffset: 1 << 40)
        #expect(
            problem(of: path)
                == "\(path): error: the file has 1099511627776 bytes; the maximum is 1048576")
    }

    @Test(arguments: [
        (Data([0xFF, 0xFE, 0x61, 0]), ": error: the file is UTF-16\n  hint: save it as UTF-8"),
        (Data([0x61, 0x0A, 0x62, 0xE9, 0x62]), ":2:2: error: the file is not UTF-8\n  hint: save it as UTF-8"),
        (Data("\u{FFFD}a\n".utf8 + [0x80]), ":2:1: error: the file is not UTF-8\n  hint: save it as UTF-8"),
        (
            Data("a: b\n\u{1B}[1m".utf8),
            ":2:1: error: the control character U+1B is not allowed\n  hint: write it as an escape in double quotes"
        ),
        (
            Data("a: \0".utf8),
            ":1:4: error: the control character U+0 is not allowed\n  hint: write it as an escape in double quotes"
        ),
    ])
    func `what is no text`(_ bytes: Data, _ expected: String) throws {
        let path = try write(bytes)
        #expect(problem(of: path) == path + expected)
    }

    @Test func `a byte order mark is passed over`() throws {
        let path = try write(Data([0xEF, 0xBB, 0xBF] + PlanText.start.utf8))
        #expect(throws: Never.self) { try PlanLoader.load(path: path).get() }
    }
}
