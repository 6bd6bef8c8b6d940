import Model
import Testing

@testable import Verification

@Suite struct TestCountTests {
    @Test(arguments: [
        ("Ran 12 tests in 0.3s", 12), ("Ran 1 test in 0.3s", 1), ("Tests:       1 failed, 4 passed, 5 total", 5),
        ("      Tests  1 failed | 4 passed (5)", 5), ("OK (5 tests, 9 assertions)", 5),
        ("Tests: 5, Assertions: 9, Failures: 1.", 5), ("# tests 7", 7), ("ℹ tests 7", 7), ("  8 passing (20ms)", 8),
        ("9 examples, 0 failures", 9), ("10 runs, 20 assertions, 0 failures", 10),
        ("100% tests passed, 0 tests failed out of 11", 11),
        ("[INFO] Tests run: 226, Failures: 0, Errors: 0, Skipped: 1", 226),
        ("Passed!  - Failed:     0, Passed:     5, Skipped:     0, Total:     5, Duration: 3 ms", 5),
    ])
    func `the summary of a runner tells how many tests ran`(line: String, count: Int) {
        var counts = TestCounts()
        counts.read(line)
        #expect(counts.ran == count)
    }

    @Test(arguments: ["", "tests", "Ran out of tests in here", "# tests are run", "5 passed"])
    func `other lines tell nothing`(line: String) {
        var counts = TestCounts()
        counts.read(line)
        #expect(counts.ran == nil)
    }

    @Test func `maven's classes are not counted beside their total`() {
        var counts = TestCounts()
        counts.read("[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s - in A")
        #expect(counts.ran == 3)
        counts.read("[INFO] Tests run: 4, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s - in B")
        counts.read("[INFO] Tests run: 7, Failures: 0, Errors: 0, Skipped: 0")
        #expect(counts.ran == 7)
    }

    private func passed(_ ran: Int?) -> CheckResult {
        CheckResult(name: "tests", command: "t", outcome: .passed, status: 0, seconds: 1, testsRun: ran)
    }

    private func isGreen(_ ran: Int?, before: Int, mayDelete: Bool = false) -> Bool {
        TestCountRule.judge([passed(ran)], before: [(["t": before], "the tip")], mayDelete: mayDelete)
            .allSatisfy { $0.outcome == .passed }
    }

    @Test func `clearly fewer tests are a failure that names both counts`() {
        let judged = TestCountRule.judge(
            [passed(80)], before: [([:], "x"), (["t": 226], "the tip abc")], mayDelete: false)
        #expect(judged.map(\.outcome) == [.failed])
        #expect(judged[0].digest.hasPrefix("80 tests ran, 226 ran on the tip abc"))
    }

    @Test func `a small difference in a large suite is tolerated, none in a small one`() {
        #expect(isGreen(222, before: 226) && !isGreen(221, before: 226))
        #expect(!isGreen(9, before: 10) && isGreen(10, before: 10) && isGreen(11, before: 10))
        #expect(isGreen(nil, before: 10))
    }

    @Test func `work that may delete tests may run fewer, but not none`() {
        #expect(isGreen(5, before: 10, mayDelete: true) && !isGreen(0, before: 10, mayDelete: true))
    }

    @Test func `the tests that a file declares are counted`() {
        let python = "def test_a():\n    assert 1\n\ndef test_b():\n    assert 2\n\ndef helper():\n    pass\n"
        #expect(DeclaredTests.count(in: Array(python.utf8), path: "tests/test_a.py") == 2)
        #expect(DeclaredTests.count(in: Array(python.utf8), path: "notes.txt") == 0)
    }

    @Test func `a test is known under the name that another framework gives it`() {
        let known = TestNameSet(["com.example.JiraTest.test", "tests/test_a.py::test_x[1]", "A.run"])
        #expect(known.missing(from: ["com.example.JiraTest.test()", "JiraTest.test()", "test()"]).isEmpty == false)
        for name in [
            "com.example.JiraTest.test()", "JiraTest.test()", "test()", "JiraTest.test", "tests/test_a.py::test_x[1]",
        ] {
            #expect(known.missing(from: [name]).isEmpty, "\(name)")
        }
        for name in ["OtherTest.test()", "test_x[2]", "com.example.JiraTest.test (error)", "est()"] {
            #expect(known.missing(from: [name]) == [name])
        }
    }

    @Test func `two tests of one short name are not both the known one`() {
        let known = TestNameSet(["JiraTest.test"])
        #expect(known.missing(from: ["test()", "OtherTest.test()"]) == ["test()", "OtherTest.test()"])
    }
}
