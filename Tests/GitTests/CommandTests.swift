import Foundation
import Model
import TestSupport
import Testing

@testable import Git

@Suite struct ChildProcessTests {
    private func run(_ script: String, input: [UInt8] = []) throws(GitError) -> ChildProcess.Result {
        try ChildProcess.run(["sh", "-c", script], environment: ["X": "1", "PATH": "/usr/bin:/bin"], input: input)
    }

    @Test func `output, errors and status are told apart`() throws {
        let result = try run("echo out; echo err >&2; exit 3")
        #expect(result.output == Array("out\n".utf8))
        #expect(result.errors == Array("err\n".utf8))
        #expect(result.status == 3)
    }

    @Test func `a signal counts from 128`() throws {
        #expect(try run("kill -TERM $$").status == 128 + 15)
    }

    @Test func `the environment is what is given and no more`() throws {
        #expect(try run("echo $X$HOME$USER").output == Array("1\n".utf8))
    }

    @Test func `input and output larger than any buffer pass through`() throws {
        let line = [UInt8](repeating: 97, count: 1023) + [10]
        let bytes = Array(repeatElement(line, count: 3 << 10).joined())
        // `tee /dev/stderr` cannot open a socket.
        let result = try run(#"awk '{ print; print | "cat >&2" }'"#, input: bytes)
        // A macro that compares millions of bytes would look for their differences for hours.
        let arePassed = (output: result.output == bytes, errors: result.errors == bytes)
        #expect(arePassed.output && arePassed.errors)
    }

    @Test func `a program that does not read its input ends all the same`() throws {
        let result = try run("exec <&-; echo done", input: [UInt8](repeating: 97, count: 3 << 20))
        #expect(result.status == 0)
        #expect(result.output == Array("done\n".utf8))
    }

    @Test func `a program that does not exist is an error`() {
        #expect(throws: GitError.self) {
            try ChildProcess.run(["no-such-program-here"], environment: [:], input: [])
        }
    }
}

@Suite struct GitCommandTests {
    private let scratch: ScratchRepository

    init() throws {
        scratch = try ScratchRepository()
        try scratch.commit(["a": "1\n"])
    }

    private func command(_ arguments: [String], environment: [String: String] = [:]) -> GitCommand {
        GitCommand(
            arguments: arguments, gitDirectory: scratch.appending(".git"),
            environment: scratch.environment.merging(environment) { $1 })
    }

    private func text(_ arguments: [String], environment: [String: String] = [:]) throws -> String {
        String(decoding: try command(arguments, environment: environment).run().output.trimmed(), as: UTF8.self)
    }

    @Test func `the caller's GIT variables do not count`() throws {
        let hostile = ["GIT_DIR": "/nowhere", "GIT_INDEX_FILE": "/nowhere", "GIT_CONFIG_COUNT": "x"]
        #expect(try text(["rev-parse", "--git-dir"], environment: hostile) == scratch.appending(".git"))
    }

    @Test func `no hook runs and no replaced object counts`() throws {
        #expect(try text(["config", "core.hooksPath"]) == "/dev/null")
        #expect(try text(["config", "core.fsmonitor"]) == "")
        #expect(try text(["config", "gc.auto"]) == "0")
        let other = try scratch.git("hash-object", "-w", "--stdin", input: Array("2\n".utf8))
        try scratch.git("replace", try scratch.git("rev-parse", "HEAD:a"), other)
        #expect(try text(["show", "HEAD:a"]) == "1")
    }

    @Test func `configuration of the run wins over the neutral one`() throws {
        var command = command(["config", "--get", "gc.auto"])
        command.configuration = [("gc.auto", "7")]
        #expect(try command.run().output == Array("7\n".utf8))
    }

    @Test func `an unexpected status throws git's words, an accepted one does not`() throws {
        let missing = command(["config", "--get", "no.such"])
        #expect(try missing.run(accepting: [0, 1]).status == 1)
        #expect(throws: GitError.self) { try missing.run() }
        let error = #expect(throws: GitError.self) { try command(["show", "nothing-here"]).run() }
        guard case .command("git show nothing-here", 128, let output) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(output.contains("nothing-here") && !output.hasSuffix("\n"))
    }
}

@Suite struct MessagePartsTests {
    @Test(arguments: [
        ("s", "s", "", ""), ("", "", "", ""), ("\n\n s\n\n", " s", "", ""), ("s\nb", "s", "b", ""),
        ("s\n\nb\nc\n\n", "s", "b\nc", ""), ("s\n\nK: v", "s", "", "K=v"),
        ("s\n\nb\n\nK: v\n L-2:w\nL-2:w\n", "s", "b", "K=v L-2:w;L-2=w"),
        ("s\n\nb\n\nK: v\n\ttail", "s", "b", "K=v tail"), ("s\n\nb\n\nK v", "s", "b\n\nK v", ""),
        ("s\n\nb\n\n: v", "s", "b\n\n: v", ""), ("s\n\nb\n\nK k: v", "s", "b\n\nK k: v", ""),
        ("s\n\n tail\nK: v", "s", " tail\nK: v", ""), ("s\n\nb\n \t\nK:   v", "s", "b", "K=v"),
        ("K: v", "K: v", "", ""),
    ]) func `a message has a subject, a body and trailers`(
        message: String, subject: String, body: String, trailers: String
    ) {
        let parts = MessageParts(message)
        #expect(parts.subject == subject)
        #expect(parts.body == body)
        #expect(parts.trailers.map { "\($0.key)=\($0.value)" }.joined(separator: ";") == trailers)
    }

    @Test func `the last trailer of a key counts, in any case`() throws {
        let zero = try id(String(repeating: "0", count: 40))
        let who = Signature(name: "a", email: "b", seconds: 0)
        let record = CommitRecord(
            id: zero, parents: [], tree: zero, author: who, committer: who, subject: "", body: "",
            trailers: [.init(key: "Key", value: "1"), .init(key: "KEY", value: "2"), .init(key: "Other", value: "3")])
        #expect(record.trailer("key") == "2")
        #expect(record.trailer("none") == nil)
    }
}

@Suite struct GitErrorTests {
    @Test func `every error says what happened and where, and what to do next where that helps`() throws {
        let one = try id(String(repeating: "a", count: 40))
        let errors: [(GitError, [String], hasHint: Bool)] = [
            (.notARepository(path: "/p"), ["/p", "git init"], true),
            (.foreignOwner(path: "/p"), ["/p", "safe.directory"], true),
            (.unsupportedRepository(path: "/p", feature: "reftables"), ["/p", "reftables"], true),
            (.noCommits(path: "/p"), ["/p", "first commit"], true),
            (.unknownRevision("x", repository: "/p"), ["'x'", "/p", "git log"], true),
            (.missingObject("abc", repository: "/p", partialClone: true), ["abc", "/p", "--refetch"], true),
            (
                .missingObject("abc", repository: "/p", partialClone: false),
                ["abc", "/p", "git gc --prune=now", "--unshallow"], true
            ),
            (.malformedObject("abc", reason: "why"), ["abc", "why"], false),
            (
                .moved(reference: "refs/x", expected: one, actual: nil),
                ["refs/x", "was expected at \(one.short) but does not exist"], true
            ),
            (
                .moved(reference: "refs/x", expected: nil, actual: one),
                ["was expected not to exist but is at \(one.short)"], true
            ),
            (.locked(file: "/p/x.lock"), ["/p/x.lock", "rm "], true),
            (.referenceInTheWay(reference: "a/b", existing: "a"), ["'a/b'", "'a'"], true),
            (.invalidReference("a", reason: "why"), ["'a'", "why"], false),
            (.filterUnavailable(path: "f", filter: "lfs", reason: "why"), ["'f'", "'lfs'", "why", "git lfs"], true),
            (.unsafePath("f", reason: "why"), ["'f'", "why"], false),
            (.fileTooLarge(path: "f", bytes: 7, limit: 5), ["'f'", "7", "5", ".gitignore"], true),
            (.fileSystem(operation: "write", path: "/f", code: ENOENT), ["cannot write '/f'", "No such file"], false),
            (.command("git x", status: 3, output: "bad"), ["git x", "3", "bad"], false),
            (.library(operation: "open", message: "bad"), ["open: bad"], false),
        ]
        for (error, words, hasHint) in errors {
            for word in words { #expect(error.description.contains(word), "\(error)") }
            #expect((error.hint != nil) == hasHint, "\(error)")
            #expect(error.description.hasPrefix(error.message))
        }
    }
}
