import Foundation
import Jobs
import Model
import TestSupport
import Testing

@testable import Verification

/// What is compared of a digest.
private func key(_ digest: String) -> String {
    String(decoding: TemporaryPaths.replaced(in: Array(digest.utf8)), as: UTF8.self)
}

/// What the digest of a tool's output must hold, and what it must not.
struct DigestExpectation: Sendable, CustomTestStringConvertible {
    let tool: String
    let holds: [String]
    var lacks: [String] = []

    var testDescription: String { tool }

    static let all: [DigestExpectation] = [
        .init(
            tool: "gcc",
            holds: [
                "src/area.c:2:57: error: ‘hight’ undeclared", "    2 | static int area(int width",
                "src/area.c:5:31: error: expected ‘;’",
            ], lacks: ["warning: unused variable"]),
        .init(tool: "clang", holds: ["src/area.c:4:11: error: initializing", "3 errors generated."]),
        .init(
            tool: "ld", holds: ["undefined reference to `missing_function'", "ld returned 1 exit status"]),
        .init(tool: "make", holds: ["src/area.c:2:57: error:", "make: *** [<builtin>: src/area.o] Error 1"]),
        .init(
            tool: "pytest",
            holds: [
                ">       assert shapes.area(2, 3) == 6", "E       assert 5 == 6",
                "tests/test_shapes.py:5: AssertionError",
                "E       KeyError: 'square'", "FAILED tests/test_shapes.py::test_load - KeyError: 'square'",
                "2 failed, 1 passed in # s",
            ], lacks: ["0x7f"]),
        .init(
            tool: "pytest-colour", holds: ["E       assert 5 == 6", "FAILED tests/test_shapes.py::test_area"],
            lacks: ["\u{1B}", "plugins:", "collected 3 items"]),
        .init(
            tool: "unittest",
            holds: [
                "FAIL: test_area (tests.test_unit.ShapesTest.test_area)", "AssertionError: 5 != 6",
                "KeyError: 'square'",
                "  File \"tests/test_unit.py\", line 7, in test_area", "FAILED (failures=1, errors=1)",
            ]),
        .init(tool: "python-syntax", holds: ["SyntaxError: invalid syntax"]),
        .init(
            tool: "python-traceback",
            holds: ["Traceback (most recent call last):", "  File \"shapes.py\", line 7, in load", "KeyError: 'a'"]),
        .init(tool: "compileall", holds: ["*** Error compiling 'broken.py'...", "SyntaxError: invalid syntax"]),
        .init(
            tool: "rustc",
            holds: [
                "error[E0308]: mismatched types", " --> src/main.rs:1:46", "expected `u32`, found `&str`",
                "error: aborting due to 2 previous errors",
            ]),
        .init(tool: "swiftc", holds: ["src/area.swift:1:58: error: cannot convert return expression"]),
        .init(tool: "tsc", holds: ["src/area.ts(3,19): error TS2552: Cannot find name 'undefinedName'"]),
        .init(
            tool: "tsc-pretty", holds: ["src/area.ts:1:56 - error TS2322: Type 'number' is not"], lacks: ["\u{1B}"]),
        .init(
            tool: "javac", holds: ["Area.java:2: error: cannot find symbol", "  symbol:   variable hight", "2 errors"]),
        .init(
            tool: "node-tap", holds: ["not ok 1 - area", "  duration_ms: #", "# fail 1"],
            lacks: ["ok 2 - good", "# cancelled 0"]),
        .init(tool: "node-spec", holds: ["✖ area (# ms)", "  5 !== 6"], lacks: ["✔ good"]),
        .init(tool: "missing-command", holds: ["sh: 1: no_such_tool: not found"]),
    ]
}

extension FailureDigest {
    /// The digest of a log in memory.
    func digest(of log: some Sequence<UInt8>) -> String {
        var selection = TellingLines(budget: budget, normaliser: normaliser)
        for line in Array(log).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            selection.add(LogLines.clean(Array(line)), afterGap: false)
        }
        return selection.text()
    }
}

@Suite struct FailureDigestTests {
    private static func digest(_ text: String, slot: String = "/state/slots/1", budget: Int = 6_000) -> String {
        FailureDigest(budget: budget, checkout: slot).digest(of: text.utf8)
    }

    @Test(arguments: DigestExpectation.all) func `the lines that matter are kept`(expected: DigestExpectation) throws {
        let digest = try Self.digest(Fixture.text(expected.tool))
        for part in expected.holds { #expect(digest.contains(part), "\(digest)") }
        for part in expected.lacks { #expect(!digest.contains(part), "\(digest)") }
    }

    @Test(arguments: ["ld", "pytest", "unittest", "node-tap", "node-spec"])
    func `the same failure in another slot gives the same digest`(tool: String) throws {
        let other = "/state/with space/slots/22"
        let first = try Fixture.text(tool)
        let second = try Fixture.text("again/\(tool)", slot: other)
        #expect(first != second)
        #expect(key(Self.digest(first)) == key(Self.digest(second, slot: other)))
    }

    @Test(arguments: ["gcc", "unittest"]) func `another failure gives another digest`(tool: String) throws {
        let text = try Fixture.text(tool)
        let other = text.replacingOccurrences(of: "hight", with: "with").replacingOccurrences(
            of: "5 != 6", with: "7 != 6")
        #expect(Self.digest(text) != Self.digest(other))
    }

    @Test(arguments: [200, 1_000, 6_000]) func `a digest stays within its budget`(budget: Int) {
        let log = (0..<5_000).map { "file\($0).c:\($0):1: error: number \($0) is wrong\n   \($0) | code\n" }.joined()
        let digest = Self.digest(log, budget: budget)
        #expect(digest.utf8.count <= budget)
        #expect(digest.hasPrefix("file0.c:0:1: error"))
        #expect(digest.contains("4999"))
        #expect(digest.utf8.count > budget / 2)
    }

    @Test func `a log without errors gives its end`() {
        let log = (0..<2_000).map { "step \($0)\n" }.joined()
        let digest = Self.digest(log, budget: 500)
        #expect(digest.hasSuffix("step 1999"))
        #expect(digest.utf8.count <= 500)
        #expect(!digest.contains("step 0\n"))
    }

    @Test func `an empty log gives an empty digest`() throws {
        #expect(Self.digest("").isEmpty)
        #expect(try FailureDigest(checkout: nil).digest(ofLogAt: "/does/not/exist").isEmpty)
    }

    @Test func `what is reported again and again stands there once`() {
        let digest = Self.digest(String(repeating: "a.c:1:1: error: bad\n", count: 500) + "b.c:1:1: error: worse\n")
        #expect(digest == "a.c:1:1: error: bad\n…\nb.c:1:1: error: worse")
    }

    @Test(arguments: [
        "0 errors, 0 warnings", "Tests run: 4, Failures: 0, Errors: 0", "no errors found", "cc -Werror -c error.c",
        "test_error_handling passed", "compiling src/failure.rs", "loading fail-safe module", "failed=0 errors=0",
    ]) func `a line that only speaks of errors is not one`(line: String) {
        let noise = (0..<300).map { "fine \($0)\n" }.joined()
        #expect(!Self.digest(line + "\n" + noise, budget: 400).contains(line))
    }

    @Test func `of a progress bar its last state counts`() {
        let bar = (0...100).map { "downloading \($0) %" }.joined(separator: "\r")
        #expect(Self.digest("start\n\(bar)\r\nerror: disk\r\n") == "downloading 100 %\nerror: disk")
    }

    @Test func `bytes that are no text are repaired`() {
        let bytes = Array("error: caf".utf8) + [0xC3, 0x28, 0x00, 0xFF] + Array(" bad\n".utf8)
        #expect(FailureDigest(checkout: nil).digest(of: bytes) == "error: caf\u{FFFD}(\u{FFFD} bad")
    }

    @Test func `a line of a megabyte does not use up the budget`() {
        let digest = Self.digest("error: " + String(repeating: "x", count: 1 << 20) + "\nerror: second\n")
        #expect(digest.hasSuffix("error: second"))
        #expect(digest.utf8.count < 1_000)
    }

    @Test func `a file gives what its content gives`() throws {
        let directory = try ScratchDirectory("digest")
        let log = directory.appending("log")
        let text = try Fixture.text("pytest") + String(repeating: "noise\n", count: 50_000) + "error: late\n"
        try text.write(toFile: log, atomically: true, encoding: .utf8)
        let digest = try FailureDigest(checkout: "/state/slots/1").digest(ofLogAt: log)
        #expect(digest == Self.digest(text))
        #expect(digest.hasSuffix("error: late"))
    }

    @Test func `of a huge log the start and the end are looked at`() throws {
        let directory = try ScratchDirectory("digest")
        let log = directory.appending("log")
        try "error: first\n".write(toFile: log, atomically: true, encoding: .utf8)
        // A hole: no disk is used, and whoever reads all of it holds the test up.
        try #require(truncate(log, 1 << 40) == 0)
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("\nerror: last\n".utf8))
        let digest = try FailureDigest(checkout: nil, window: 1 << 16).digest(ofLogAt: log)
        #expect(digest.hasPrefix("error: first"))
        #expect(digest.hasSuffix("error: last"))
    }

    @Test func `lines on both sides of what is skipped do not belong together`() throws {
        let directory = try ScratchDirectory("digest")
        let log = directory.appending("log")
        let head = String(repeating: "x\n", count: 100) + "error: a\n"
        let tail = "  of something else\n" + String(repeating: "x\n", count: (head.utf8.count - 20) / 2)
        let skipped = String(repeating: "-\n", count: 500)
        try (head + skipped + tail + " ").write(toFile: log, atomically: true, encoding: .utf8)
        try #require(tail.utf8.count + 1 == head.utf8.count)
        let digest = try FailureDigest(checkout: nil, window: head.utf8.count).digest(ofLogAt: log)
        #expect(digest == "x\nerror: a")
    }
}

/// What two runs of the same failure differ in.
@Suite struct StabilityTests {
    private static func digest(_ text: String) -> String {
        FailureDigest(checkout: "/state/slots/1").digest(of: text.utf8)
    }

    @Test(arguments: [
        ("error: at 0x7f3a90b21c10", "error: at 0x7ffd1a2b3c4d"),
        ("thread 'main' (3595) panicked at src/lib.rs:3:5", "thread 'main' (41) panicked at src/lib.rs:3:5"),
        ("error: child pid 411 died", "error: child pid 90210 died"),
        ("error: worker process 4711 ended", "error: worker process 90 ended"),
        ("FAILED with PYTHONHASHSEED=1", "FAILED with PYTHONHASHSEED=4294967295"),
        ("error: Randomized with seed 8123", "error: Randomized with seed 9"),
        ("FAILED --randomly-seed=11", "FAILED --randomly-seed=222"),
        ("panic: goroutine 7 [running]", "panic: goroutine 34 [running]"),
        (
            "error: request 3f2504e0-4f89-11d3-9a0c-0305e82c3301 failed",
            "error: request deadbeef-0000-4000-8000-00000000cafe failed"
        ),
        ("error: Box@1b6d3586 is open", "error: Box@77a1c2 is open"),
        ("error: http://localhost:20040/a failed", "error: http://localhost:20061/a failed"),
        ("error: 127.0.0.1:4000 refused", "error: 127.0.0.1:51234 refused"),
        ("error: [::1]:4000 refused", "error: [::1]:51234 refused"),
        ("error: listening on port 20040", "error: listening on port 20120"),
        ("error: on Sat Nov 21 05:35:44 UTC 2026", "error: on Tue Dec  1 15:00:00 CET 2026"),
        ("error: after 1m30.5s", "error: after 2h1m3s"),
        ("1 failed in 65.01s (0:01:05)", "1 failed in 75.44s (0:01:15)"),
        ("error: took 2 min", "error: took 14 min"),
        ("error: at 1763703684.218", "error: at 1763709999.5"),
        ("error: /tmp/pytest-of-root/pytest-12/test_x0/out", "error: /tmp/pytest-of-me/pytest-7/test_x0/out"),
        ("error: /private/var/folders/ab/c1/T/x1/file", "error: /private/var/folders/zz/q9/T/y2/file"),
        ("\u{1B}[31merror:\u{1B}[0m bad", "error: bad"),
        ("12:00:01 error: 2026-11-21T04:41:24.218Z", "23:59:59.5 error: 2026-01-01T00:00:00Z"),
    ]) func `what marks one run is taken out`(first: String, second: String) {
        #expect(key(Self.digest(first)) == key(Self.digest(second)))
    }

    @Test(arguments: [
        ("error: expected 5, got 6", "error: expected 5, got 7"), ("error: a.c:3:10", "error: a.c:3:11"),
        ("error: 2 process files", "error: 3 process files"), ("error: rapid 12", "error: rapid 13"),
        ("error: port 80", "error: port 81"), ("error: exit status 1", "error: exit status 2"),
        ("error: May 5 files", "error: May 6 files"), ("error: 12:34", "error: 12:35"),
        ("error: user@example.org", "error: user@example.com"), ("error: commit a605f03", "error: commit a605f04"),
        ("error: item 1234567", "error: item 1234568"), ("error: line 3m", "error: line 4m"),
    ]) func `what tells two failures apart is kept`(first: String, second: String) {
        #expect(Self.digest(first) != Self.digest(second))
    }

    /// A digest that is put into a log, as the prompt of a later attempt may be, means the same there.
    @Test(arguments: DigestExpectation.all) func `a digest's lines stay as they are`(fixture: DigestExpectation) throws
    {
        for line in try Fixture.text(fixture.tool).split(separator: "\n") {
            let once = Self.digest(String(line))
            #expect(Self.digest(once) == once, "\(line)")
        }
    }

    @Test(arguments: 0..<4) func `garbled lines stay as they are, too`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed) + 7)
        let parts = [
            "0x", "12:34:56", "/tmp/", "seed=", "pid ", "1", "99", "deadbeef", "-", ".", "@", "s", " ms", "localhost:",
            "Nov ", "2026-01-02", "T", "(", ")", "'", "thread '", "/state/slots/1", "#", "…", "<time>", "h", "m", " ",
        ]
        for _ in 0..<500 {
            let line = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                parts.randomElement(using: &random) ?? ""
            }.joined()
            let once = Self.digest("error: " + line)
            #expect(Self.digest(once) == once, "\(line)")
        }
    }
}
