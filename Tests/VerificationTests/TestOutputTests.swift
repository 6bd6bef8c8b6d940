import Foundation
import Model
import TestSupport
import Testing

@testable import Verification

/// The readers of test output, line by line.
@Suite struct TestOutputTests {
    private func read(_ format: TestReportFormat, _ lines: String...) -> TestReport? {
        var reader = format.reader
        for line in lines { reader.read(line) }
        return reader.report()
    }

    private func junit(_ text: String) -> TestReport? { JUnitReport.read(Array(text.utf8)) }

    // MARK: pytest

    @Test func `pytest counts every kind of test`() {
        let report = read(.pytest, "== 1 passed, 2 skipped, 3 xfailed, 4 xpassed, 5 deselected, 6 warnings in 0.1s ==")
        #expect(report == TestReport(failed: [], ran: 10))
    }

    @Test func `pytest must name as many failures as it counts`() {
        #expect(
            read(.pytest, "=== short test summary info ===", "FAILED t.py::a - x", "2 failed, 1 error in 1.0s")?.gap?
                .contains("counts 3 failures and names 1") == true)
        #expect(
            read(
                .pytest, "=== short test summary info ===", "FAILED t.py::a", "ERROR t.py::b", "1 failed, 1 error in 1s"
            )
                == TestReport(failed: ["t.py::a", "t.py::b (error)"], ran: 1))
    }

    @Test(arguments: ["3 apples in 1.0s", "1 failed in the end", "1 failed", "one failed in 1.0s", "in 1.0s"])
    func `a line that only looks like pytest's counts is none`(line: String) {
        #expect(read(.pytest, line) == nil)
    }

    @Test func `names outside of pytest's summary do not count`() {
        #expect(read(.pytest, "FAILED t.py::a - x", "1 passed in 1s") == TestReport(failed: [], ran: 1))
    }

    // MARK: go

    @Test func `a go package that passes forgets the failures of retried tests`() {
        #expect(
            read(.go, "    --- FAIL: TestA (0.00s)", "ok  \tp\t0.1s") == TestReport(failed: [], ran: nil))
        #expect(read(.go, "--- FAIL: TestA (0.00s)")?.gap == "the output ends within a package")
        #expect(read(.go, "FAIL\tp\t0.1s")?.gap == "package p failed without naming a test")
        #expect(read(.go, "FAIL\tp [setup failed]")?.gap == "package p could not be built")
        #expect(read(.go, "panic: x", "ok  \tp\t0.1s", "--- FAIL: T (0s)", "FAIL\tq\t0.1s")?.gap == nil)
    }

    @Test func `go's events name package and test`() {
        let report = read(
            .go, #"{"Action":"run","Package":"p","Test":"A"}"#, #"{"Action":"skip","Package":"p","Test":"S"}"#,
            #"{"Action":"fail","Package":"p","Test":"A"}"#, #"{"Action":"fail","Package":"p"}"#)
        #expect(report == TestReport(failed: ["p A"], ran: 2))
        #expect(
            read(.go, #"{"Action":"fail","Package":"p"}"#)?.gap == "package p failed without naming a test")
        #expect(read(.go, #"{"Action":"build-fail","ImportPath":"p"}"#)?.gap == "a package could not be built")
        #expect(
            read(
                .go, #"{"Action":"pass","Package":"p","Test":"A"}"#,
                #"{"Action":"output","Package":"p","Output":"panic: x"}"#)?.gap
                == "a panic ended the tests of package p")
        #expect(
            read(
                .go, #"{"Action":"pass","Package":"p","Test":"A"}"#,
                #"{"Action":"output","Package":"p","Output":"no panic: x"}"#)?.gap == nil)
    }

    // MARK: cargo

    private let cargo = "     Running unittests src/lib.rs (target/debug/deps/shapes-1a2b)"

    @Test func `cargo must name as many failures as it counts`() {
        #expect(
            read(
                .cargo, cargo, "running 2 tests", "failures:", "    a",
                "test result: FAILED. 0 passed; 2 failed; 0 ignored")?
                .gap == "cargo counts 2 failures of shapes src/lib.rs and names 1")
        #expect(
            read(.cargo, "running 3 tests", "test result: ok. 1 passed; 0 failed; 2 ignored; 9 measured;")
                == TestReport(failed: [], ran: 3))
    }

    @Test func `only cargo's last list of failures counts`() {
        let report = read(
            .cargo, cargo, "running 1 test", "failures:", "", "---- a stdout ----", "    not a name", "", "failures:",
            "    a", "", "test result: FAILED. 0 passed; 1 failed; 0 ignored", "error: 1 target failed:")
        #expect(report == TestReport(failed: ["shapes src/lib.rs a"], ran: 1))
    }

    @Test func `cargo's tests that do not end leave a gap`() {
        #expect(
            read(.cargo, cargo, "running 1 test", "running 2 tests", "test result: ok. 2 passed;")?.gap
                == "the tests of shapes src/lib.rs did not end")
        #expect(read(.cargo, cargo, "running 1 test")?.gap == "the tests of shapes src/lib.rs did not end")
        #expect(
            read(.cargo, "running 0 tests", "test result: ok. 0 passed;", "error: could not compile `x`")?.gap
                == "not all tests could be compiled")
    }

    // MARK: Swift

    @Test func `a crash of swift's tests leaves a gap`() {
        #expect(
            read(.swift, "◇ Test run started.", "error: Exited with unexpected signal code 11")?.gap
                == "the test program crashed")
        #expect(read(.swift, "◇ Test run started.")?.gap == "the output ends before the tests do")
        #expect(
            read(.swift, "◇ Test run started.", "✔ Test run with 0 tests passed after 0.1 seconds.")
                == TestReport(failed: [], ran: 0))
    }

    @Test func `tests of XCTest are counted once, skipped ones too`() {
        let report = read(
            .swift, "Test Suite 'All tests' started at x", "Test Case 'A.a' started at x",
            "Test Case 'A.a' passed (0.1 seconds)", "Test Case 'A.b' skipped (0.1 seconds)",
            "Test Case 'A.c' failed (0.1 seconds)", "Test Suite 'Selected tests' failed at x",
            "Test Suite 'All tests' failed at x")
        #expect(report == TestReport(failed: ["A.c"], ran: 3))
    }

    // MARK: TAP

    @Test func `TAP's directives say that a failure does not count`() {
        let report = read(
            .tap, "1..5", "ok 1 - a", "not ok 2 - b # TODO later", "ok 3 - c # skip why", "not ok 4 - d # other",
            "not ok 5")
        #expect(report == TestReport(failed: ["d # other", "test 5"], ran: 5))
        #expect(read(.tap, "1..1", "not ok 1 # TODO")?.failed == [])
    }

    @Test func `TAP's plan may come before or after its tests`() {
        #expect(read(.tap, "ok 1 - a", "ok 2 - b", "1..2")?.gap == nil)
        #expect(read(.tap, "ok 1 - a", "1..2")?.gap == "2 tests were planned and 1 ran")
        #expect(read(.tap, "1..1", "ok 1 - a", "ok 2 - b")?.gap == "there is no plan and 1 ran")
        #expect(read(.tap, "1..0 # skip all")?.gap == nil)
        #expect(read(.tap, "1..2x", "ok 1 - a") == nil)
        #expect(read(.tap, "1..1", "Bail out! no", "ok 1")?.gap == "the tests bailed out")
        #expect(read(.tap, "1..1", "ok 1 - a", "TAP version 14", "1..1", "ok 1 - b")?.gap == nil)
    }

    @Test func `TAP's blocks of YAML hold no tests`() {
        let report = read(.tap, "1..1", "not ok 1 - a", "  ---", "  not ok 2 - b", "not ok 3 - c", "  ...")
        #expect(report == TestReport(failed: ["a"], ran: 1))
    }

    @Test func `words that begin like results are none`() {
        #expect(read(.tap, "1..1", "okay then", "not okay", "ok 1 - a") == TestReport(failed: [], ran: 1))
    }

    // MARK: JUnit

    @Test func `a test is named by its class, else by its suite`() {
        let report = junit(
            """
            <testsuites><testsuite name="s" failures="2"><testcase name="a"><failure/></testcase>
            <testcase classname="" name="b"><error/></testcase><testcase classname="c" name="d"/></testsuite>
            <testsuite name="t"><testcase classname="k" name="e"><failure/><error/></testcase></testsuite></testsuites>
            """)
        #expect(report == TestReport(failed: ["s.a", "s.b (error)", "k.e"], ran: 4))
    }

    @Test func `failures that are counted and not named leave a gap`() {
        for attribute in ["failures", "errors"] {
            #expect(
                junit("<testsuite \(attribute)=\"3\"><testcase name=\"a\"/></testsuite>")?.gap
                    == "the report counts 3 failures without naming one")
        }
        // Those of inner suites are part of the outer one's.
        #expect(
            junit("<testsuite failures=\"1\"><testsuite failures=\"1\"></testsuite></testsuite>")?.gap
                == "the report counts 1 failures without naming one")
        #expect(junit("<testsuite failures=\"0\"><testcase name=\"a\"/></testsuite>")?.gap == nil)
    }

    @Test func `two tests of one name leave a gap if one of them fails`() {
        let twice = "<testcase name=\"a\"/><testcase name=\"a\"><failure/></testcase>"
        #expect(junit("<testsuite>\(twice)</testsuite>")?.gap == "two tests are called 'a'")
        #expect(junit("<testsuite><testcase name=\"a\"/><testcase name=\"a\"/></testsuite>")?.gap == nil)
    }

    @Test func `what is no report of JUnit has none`() {
        #expect(junit("<html><testcase name=\"a\"><failure/></testcase></html>") == nil)
        #expect(junit("<testsuite><testcase name=\"a\"/>")?.gap == "the report is cut off")
    }

    @Test func `an unreadable file is a gap, and files add up`() throws {
        let directory = try ScratchDirectory("reports")
        let start = Date()
        for (name, text) in [
            ("a.xml", "<testsuite><testcase name=\"a\"/></testsuite>"), ("b.xml", "no report"),
            ("c.xml", "<testsuite><testcase name=\"c\"><failure/></testcase></testsuite>"),
        ] {
            try text.write(toFile: directory.appending(name), atomically: false, encoding: .utf8)
        }
        let reader = TestReportReader(checkout: directory.path)
        let all = try reader.report(.files("*.xml"), log: "", since: start)
        #expect(all == TestReport(failed: ["c"], ran: nil, gap: "b.xml is not a JUnit report"))
        #expect(
            try reader.report(.files("[ac].xml"), log: "", since: start) == TestReport(failed: ["c"], ran: 2, gap: nil))
        #expect(try reader.report(.files("none/*.xml"), log: "", since: start) == nil)
    }

    @Test func `reports are merged, each failed test once`() {
        let merged = TestReport.merged([
            TestReport(failed: ["a", "b"], ran: 2), TestReport(failed: ["b", "c"], ran: 3, gap: "first"),
            TestReport(failed: [], ran: 1, gap: "second"),
        ])
        #expect(merged == TestReport(failed: ["a", "b", "c"], ran: 6, gap: "first"))
        #expect(TestReport.merged([TestReport(failed: [], ran: 2), TestReport(failed: [])])?.ran == nil)
        #expect(TestReport.merged([]) == nil)
    }

    @Test func `a log from which something was left out has a gap`() throws {
        let directory = try ScratchDirectory("reports")
        let log = directory.appending("log")
        let reader = TestReportReader(checkout: directory.path)
        for (line, gap) in [("[1000 bytes left out]", true), ("[1000 bytes left]", false)] {
            try "1 passed in 1.0s\n\(line)\n".write(toFile: log, atomically: false, encoding: .utf8)
            let report = try reader.report(.output(.pytest), log: log, since: Date())
            #expect(report?.gap == (gap ? "the output is too long to be read whole" : nil))
        }
    }
}

@Suite struct ReportFilesTests {
    @Test func `files are found below the fixed part of the pattern, but not in .git`() throws {
        let directory = try ScratchDirectory("files")
        let start = Date()
        for path in ["a/b/x.xml", "a/y.xml", "z.xml", ".git/g.xml", "a/b/x.txt", "c/x.xml"] {
            let file = URL(fileURLWithPath: directory.appending(path))
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: file)
        }
        func found(_ pattern: String, since time: Date = start) throws -> [String] {
            ReportFiles(root: directory.path).matching(try Glob(pattern), since: time)
        }
        #expect(try found("**/*.xml") == ["a/b/x.xml", "a/y.xml", "c/x.xml", "z.xml"])
        #expect(try found("a/**/*.xml") == ["a/b/x.xml", "a/y.xml"])
        #expect(try found("a/b/x.xml") == ["a/b/x.xml"])
        #expect(try found("*.xml") == ["z.xml"])
        #expect(try found("none/*.xml") == [])
        #expect(try found("**/*.xml", since: Date().addingTimeInterval(1)) == [])
    }
}

@Suite struct XMLScannerTests {
    private func tags(_ text: String) -> [XMLScanner.Tag] {
        var scanner = XMLScanner(Array(text.utf8))
        var tags: [XMLScanner.Tag] = []
        while let tag = scanner.next() { tags.append(tag) }
        return tags
    }

    @Test func `tags have names and attributes in either quotes`() {
        #expect(
            tags("<a x='1' y = \"2\"><b/></a >")
                == [
                    .start("a", ["x": "1", "y": "2"], isEmpty: false), .start("b", [:], isEmpty: true), .end("a"),
                ])
        #expect(tags("text <a\n\tx=\"a>b/c\"/> more") == [.start("a", ["x": "a>b/c"], isEmpty: true)])
    }

    @Test func `comments, instructions, character data and document types are skipped`() {
        #expect(tags("<?xml v='<a>'?><!-- <a> --><![CDATA[<a>]]><!DOCTYPE x [<!ENTITY y '<a>'>]><b/>").count == 1)
        #expect(tags("<!-- no end <a/>") == [])
    }

    @Test func `a tag without an end is the end`() {
        for text in ["<", "<a", "<a x", "<a x=", "<a x='1", "</a", "<a /", "<a x=1>"] {
            #expect(tags(text) == [], "\(text)")
        }
        #expect(tags("< a><b>") == [.start("b", [:], isEmpty: false)])
    }

    @Test func `entities of XML and numbers are decoded, others are kept`() {
        #expect(
            tags("<a x='&lt;&gt;&amp;&quot;&apos;&#65;&#x41;&b;&#xZZ; & &toolongforanentity;'/>")
                == [.start("a", ["x": "<>&\"'AA&b;&#xZZ; & &toolongforanentity;"], isEmpty: true)])
    }
}

@Suite struct TextCuttingTests {
    @Test func `text is cut at prefixes, ends and separators`() {
        #expect("abc".dropping("ab") == "c" && "abc".dropping("b") == nil && "a".dropping("a") == "")
        #expect("==a=b==".trimmed("=") == "a=b" && "==".trimmed("=") == "")
        #expect("a, b, ".components(between: ", ") == ["a", "b", ""])
        #expect("a - b - c".before(last: " - ") == "a - b" && "a".before(last: "-") == nil)
        #expect("a - b - c".after(" - ") == "b - c" && "a".after("-") == nil)
        #expect("aab".firstRange(of: "ab").map { "aab"[$0] } == "ab" && "aa".firstRange(of: "ab") == nil)
        #expect("a".firstRange(of: "") == nil)
    }
}
