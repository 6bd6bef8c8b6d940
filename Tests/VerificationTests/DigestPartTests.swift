import Foundation
import Jobs
import Model
import TestSupport
import Testing

@testable import Verification

/// The parts of a failure's digest, each by itself.
@Suite struct DigestPartTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test(arguments: [
        ("error: x", true), ("  error: x", true), ("E   assert 1", true), ("  E   assert 1", false),
        ("FAILED t.py", true), ("FAIL: x", true), ("not ok 1", true), ("ok 1", false), ("panic: x", true),
        ("a.c:1: warning: x", false), ("a.c:1:2: note: x", false), ("warning: error: x", true),
        ("2 errors", true), ("0 errors", false), ("no errors", false), ("errors: 0", false), ("errors: 10", true),
        ("Failures: 0, Errors: 1", true), ("fail 0", false), ("failed=1", true), ("failed=0", false),
        ("test_error", false), ("-Werror", false), ("error.c", false), ("it was an error.", true),
        ("error1", false), ("1error", false), ("src/a.py:12: text", true), ("src/a.py:12:5: text", true),
        ("a.ts(3,4): text", true), ("src/a.py: text", false), ("12:30: text", false), ("a.b:c: text", false),
        ("F401 [*] x", true), ("SIM102 x", true), ("ABCDE123 x", false), ("F40 x", false), ("F401", false),
        ("F40123 x", false), ("", false), ("   ", false), ("ERROR 0", false), ("fatal: x", true),
        ("Segmentation fault", true), ("terror", false), ("unfailing", false), ("ERRORS 3", true),
    ]) func `a line by itself reports an error or does not`(line: String, isTelling: Bool) {
        #expect(LinePatterns.isTelling(bytes(line)) == isTelling)
    }

    @Test func `context is indented, quoted or numbered`() {
        for line in ["", "  x", "\tx", "| x", "> x", "12 | x", "3|", "12 x"] {
            #expect(LinePatterns.isContext(bytes(line)))
        }
        for line in ["x", "12x", "1234567890123|"] { #expect(!LinePatterns.isContext(bytes(line)), "\(line)") }
        for line in ["----", "=====", "* * *", "__ --"] { #expect(LinePatterns.isRuler(bytes(line)), "\(line)") }
        for line in ["---", "-- a", "....", ""] { #expect(!LinePatterns.isRuler(bytes(line)), "\(line)") }
        #expect(LinePatterns.isBlank(bytes(" -.")) && !LinePatterns.isBlank(bytes("-1")))
        #expect(!LinePatterns.isBlank(bytes("ü")))
    }

    @Test func `several short strings are searched for at once`() {
        let patterns = BytePatterns(["ab", "abc", "x", ""])
        for (text, occurs) in [("ab", true), ("a", false), ("zzabc", true), ("xa", true), ("ba", false), ("", false)] {
            #expect(patterns.occur(in: bytes(text)[...]) == occurs, "\(text)")
        }
        #expect(BytePatterns(["ab"]).occur(in: bytes("xab")[1...]))
        #expect(!BytePatterns(["xa"]).occur(in: bytes("xab")[1...]))
    }

    private func normalised(_ line: String, folders: [(path: String, name: String)] = []) -> String {
        LineNormaliser(checkout: "/s/1", folders: folders).normalise(bytes(line))
    }

    @Test(arguments: [
        ("/s/1/a.c", "a.c"), ("/s/1", "."), ("/s/1x/a", "/s/1x/a"), ("x=/s/1/a", "x=a"), ("in /s/1 ", "in ."),
        ("/s/2/a", "/s/2/a"), ("/tmp/ab12/cd/file.c", "/tmp/ab12/cd/file.c"),
        ("my/tmp/a/b/c", "my/tmp/a/b/c"), ("0x7fff1234", "0x…"), ("0x12", "0x12"), ("took 1.5s", "took # s"),
        ("took 3 ms", "took # ms"), ("3 apples", "3 apples"), ("1h2m3s", "# s"), ("pid 12", "pid #"),
        ("port 8080", "port #"), ("port 80", "port 80"), ("localhost:8080/x", "localhost:#/x"),
        ("2026-01-02T03:04:05.5Z x", "<time> x"), ("2026-01-02 x", "<time> x"), ("03:04:05,123 x", "<time> x"),
        ("12:34", "12:34"), ("(0:01:05)", "(<time>)"), ("0:01:05", "0:01:05"), ("1763703684", "<time>"),
        ("1763703684123", "<time>"), ("17637036841", "17637036841"), ("2763703684", "2763703684"),
        ("Nov 21 05:35:44 UTC 2026 x", "<time> x"), ("Sat Nov 21 05:35:44 x", "<time> x"), ("Nov 21 x", "Nov 21 x"),
        ("Main@1b6d3586 x", "Main@… x"), ("a@12345 x", "a@12345 x"), ("a@123456789 x", "a@123456789 x"),
        ("3f2504e0-4f89-11d3-9a0c-0305e82c3301", "<uuid>"), ("thread 'main' (4711)", "thread 'main' (#)"),
        ("rapid 12", "rapid 12"), ("seed: 5", "seed: #"), ("v1.2.3", "v1.2.3"), ("a  \t", "a"),
    ]) func `what is specific to a run is replaced`(line: String, expected: String) {
        #expect(normalised(line) == expected)
    }

    @Test func `of two folders the longer path counts`() {
        let folders = [("/s", "<state>"), ("/s/jobs/7", "<job>")].map { (path: $0.0, name: $0.1) }
        #expect(normalised("/s/jobs/7/log /s/1/a /s/x /", folders: folders) == "<job>/log a <state>/x /")
        #expect(LineNormaliser(checkout: "/", folders: []).normalise(bytes("/a")) == "/a")
    }

    @Test func `a line is cleaned as a terminal shows it`() {
        func clean(_ text: String) -> String { String(decoding: LogLines.clean(bytes(text)), as: UTF8.self) }
        #expect(clean("a\rb\r") == "b")
        #expect(clean("\u{1B}[1;31mred\u{1B}[0m\tx") == "red\tx")
        #expect(clean("\u{1B}]0;title\u{07}x\u{1B}]8;;u\u{1B}\\y") == "xy")
        #expect(clean("a\u{08}b\u{1B}(c") == "abc")
        #expect(clean("x\u{1B}[1") == "x")
        #expect(clean(String(repeating: "x", count: 601)).count == 600)
        #expect(LogLines.clean(bytes("abc"), 2) == bytes("ab"))
    }

    @Test func `a log is read from both ends, with a gap between`() throws {
        let directory = try ScratchDirectory("lines")
        let log = directory.appending("log")
        func lines(_ text: String, window: Int) throws -> [String] {
            try text.write(toFile: log, atomically: true, encoding: .utf8)
            var found: [String] = []
            try LogLines.read(log, window: window) { line, gap in
                found.append((gap ? "…" : "") + String(decoding: line, as: UTF8.self))
            }
            return found
        }
        #expect(try lines("a\nb\nc", window: 100) == ["a", "b", "c"])
        #expect(try lines("aa\nbb\ncc\ndd\n", window: 6) == ["aa", "bb", "cc", "dd"])
        #expect(try lines("aa\nbb\ncc\ndd\n", window: 3) == ["aa", "…dd"])
        #expect(try lines("", window: 3) == [])
        #expect(try lines("\n\n", window: 3) == ["", ""])
        let long = String(repeating: "x", count: 70_000)
        #expect(try lines("\(long)\ny\n", window: 1 << 20).map(\.count) == [600, 1])
    }

    private func digest(_ text: String, budget: Int = 6_000) -> String {
        FailureDigest(budget: budget, checkout: nil).digest(of: text.utf8)
    }

    @Test func `an error has the line before it and indented lines after it`() {
        #expect(digest("x\nbefore\nerror: a\n  one\n  two\nafter\n") == "before\nerror: a\n  one\n  two")
        #expect(digest("x\n--- \nerror: a\n") == "error: a" || digest("x\n--- \nerror: a\n") == "x\nerror: a")
        let context = (1...20).map { "  line \($0)\n" }.joined()
        #expect(digest("error: a\n\(context)").hasSuffix("  line 14"))
        #expect(digest("error: a\nx\ny\nerror: b\n") == "error: a\n…\ny\nerror: b")
        #expect(digest("error: a\nx\nerror: b\n") == "error: a\nx\nerror: b")
    }

    @Test func `the first errors have two thirds of the budget and the last the rest`() {
        let log = (100..<200).map { "error: number \($0)\n" }.joined()
        let lines = digest(log, budget: 400).split(separator: "\n")
        #expect(lines.first == "error: number 100" && lines.last == "error: number 199")
        let gap = lines.firstIndex(of: "…")
        #expect(gap == 14)
        #expect(lines.count > 18)
    }

    @Test func `a log without errors gives its last lines within the budget`() {
        #expect(digest("a\n\n\nb\n\n") == "a\n\nb")
        #expect(digest("aaaa\nbbbb\ncccc\n", budget: 10) == "bbbb\ncccc")
    }
}

@Suite struct CheckStepTests {
    private let check = Check(name: "c", run: "t {file}")

    @Test func `a check with a file runs for each file, and not at all without one`() {
        func commands(_ run: String, _ files: [String], tests: [String] = []) -> [String?] {
            CheckRunner.steps(
                of: [Check(name: "c", run: run)], files: files, tests: tests, task: TaskID("t"), job: "/j"
            ).map(\.command)
        }
        #expect(commands("t {file}", ["a", "b"]) == ["t a", "t b"])
        #expect(commands("t {files}", ["a", "b"]) == ["t a b"])
        #expect(commands("t {file}", []) == [])
        #expect(commands("t {affected_tests}", ["a"], tests: ["x", "y"]) == ["t x y"])
        #expect(commands("t {affected_tests}", ["a"]) == [])
        #expect(commands("t", []) == ["t"])
    }

    @Test func `a cancelled step says nothing of the tree`() {
        let step = CheckRunner.Step(check: check, command: "t a")
        #expect(CheckRunner.cancelled(step).outcome == .infrastructure)
        #expect(CheckRunner.cancelled(step).command == "t a")
        #expect(CheckRunner.Step(check: check, command: nil, unwritable: "why").unwritable.digest == "why")
        #expect(CheckRunner.Step(check: check, command: nil, unwritable: "why").unwritable.outcome == .failed)
    }

    @Test func `a name becomes a part of a file name`() {
        #expect(CheckRunner.fileName("My check/1 ü_x") == "My-check-1---x")
        #expect(CheckRunner.fileName(String(repeating: "a", count: 61)).count == 60)
    }

    @Test func `a list of checks has a key by what is asked and how`() {
        let keys = ["a", "b"].map { CheckRunner.Keys(own: $0, answering: [$0]) }
        let all = [
            CheckRunner.listKey(of: keys, keepGoing: true), CheckRunner.listKey(of: keys, keepGoing: false),
            CheckRunner.listKey(of: keys.reversed(), keepGoing: true),
            CheckRunner.listKey(of: [keys[0]], keepGoing: true),
        ]
        #expect(Set(all).count == all.count)
    }

    @Test func `verdicts on a whole tree answer without a checkout`() throws {
        let tree = try #require(ObjectID(hex: String(repeating: "a", count: 40)))
        let cache = VerdictCache()
        let runner = CheckRunner(
            runner: ProcessRunner(marker: "test-\(UUID().uuidString)"),
            base: BaseEnvironment(coordinator: ["PATH": "/usr/bin:/bin"]), allowed: ["A=1"], gate: CheckGate(),
            cache: cache)
        let job = JobPlace(run: RunID("r"), task: TaskID("t"), slot: 1)
        let checks = [Check(name: "one", run: "true"), Check(name: "two", run: "false")]
        let subject = CheckRunner.Subject(tree: tree, isLanding: true)
        func known(_ subject: CheckRunner.Subject) -> [CheckResult]? {
            runner.knownResults(checks, task: TaskID("t"), of: subject, job: job)
        }
        #expect(known(subject) == nil)
        let steps = CheckRunner.steps(of: checks, files: [], tests: [], task: TaskID("t"), job: nil)
        let keys = try #require(runner.keys(of: steps, on: subject, job: job))
        #expect(keys.map(\.answering) == keys.map { [$0.own] })
        let result = CheckResult(name: "old name", command: "true", outcome: .passed, status: 0, seconds: 1)
        cache.add([Verdict(key: keys[0].own, tree: tree, isClean: true, runs: 1, result: result)])
        #expect(known(subject) == nil)
        cache.add([Verdict(key: keys[1].own, tree: tree, isClean: true, runs: 1, result: result)])
        #expect(known(subject)?.map(\.name) == ["one", "two"])
        #expect(known(.init(tree: tree, isLanding: true, isFresh: true)) == nil)
        let inSlot = CheckRunner.Subject(tree: tree, isLanding: false)
        let slotKeys = try #require(runner.keys(of: steps, on: inSlot, job: job))
        #expect(slotKeys[0].answering == [keys[0].own, Fingerprint.inSlot(keys[0].own)])
        #expect(slotKeys[0].own == Fingerprint.inSlot(keys[0].own))
        let broken = [CheckRunner.Step(check: checks[0], command: nil, unwritable: "x")]
        #expect(runner.keys(of: broken, on: subject, job: job) == nil)
    }
}
