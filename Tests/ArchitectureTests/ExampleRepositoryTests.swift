import Foundation
import TestSupport
import Testing

/// `scripts/make-example-repository` makes the same repository each time and destroys nothing else.
@Suite struct ExampleRepositoryTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory("example") }

    private func run(_ program: String, _ arguments: [String]) throws -> ScratchProcessResult {
        try TestSupport.run(
            "/usr/bin/env", [program] + arguments, in: scratch.path,
            environment: [
                "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": scratch.path,
                "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
            ], input: [])
    }

    private func make(_ folder: String) throws -> Int32 {
        try run("\(Project.root)/scripts/make-example-repository", [scratch.appending(folder)]).status
    }

    private func git(_ folder: String, _ arguments: String...) throws -> String {
        try run("git", ["-C", scratch.appending(folder)] + arguments).text
    }

    @Test func `the repository is the same each time`() throws {
        #expect(try make("a") == 0)
        #expect(try make("b c") == 0)
        #expect(try git("a", "rev-parse", "HEAD") == git("b c", "rev-parse", "HEAD"))
        #expect(try git("a", "status", "--porcelain") == "")
        let files = try git("a", "ls-files", "shop/*.py").split(separator: "\n")
        #expect((25...35).contains(files.count))
    }

    @Test func `what was made is made anew`() throws {
        #expect(try make("a") == 0)
        try "x".write(toFile: scratch.appending("a/README.md"), atomically: true, encoding: .utf8)
        #expect(try make("a") == 0)
        #expect(try git("a", "status", "--porcelain") == "")
    }

    @Test func `what somebody else made stays`() throws {
        try scratch.makeDirectory("mine")
        try "x".write(toFile: scratch.appending("mine/file"), atomically: true, encoding: .utf8)
        #expect(try make("mine") == 1)
        #expect(try String(contentsOfFile: scratch.appending("mine/file"), encoding: .utf8) == "x")
    }

    @Test func `its tests pass`() throws {
        #expect(try make("a") == 0)
        let result = try TestSupport.run(
            "/usr/bin/env", ["python3", "-B", "-m", "unittest", "-q"], in: scratch.appending("a"),
            environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"], input: [])
        #expect(result.status == 0, "\(result.errorText)")
    }
}
