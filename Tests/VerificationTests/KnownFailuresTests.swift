import Model
import Testing
import Verification

@Suite struct KnownFailuresTests {
    private let base = CheckResult(
        name: "tests", command: "pytest", outcome: .failed, status: 1, seconds: 1, digest: "red",
        failedTests: ["a", "b"],
        testsRun: 10)

    private func judged(_ change: (inout CheckResult) -> Void) -> CheckResult {
        var result = base
        change(&result)
        return KnownFailures([base]).judge(result)
    }

    @Test func `what failed on the base alone is no failure`() {
        let result = judged { $0.failedTests = ["b"] }
        #expect(result.outcome == .passed)
        #expect(result.failedTests == ["b"])
        #expect(result.digest == "all failures are known from the base: 1 test")
    }

    @Test func `a new failure is one, and is named first`() {
        let result = judged { $0.failedTests = ["b", "c"] }
        #expect(result.outcome == .failed)
        #expect(result.digest == "new failures, not on the base: c\nred")
    }

    /// Each is a way in which a new failure could hide behind the names that are known.
    @Test func `whatever leaves it open counts as a failure`() {
        let cases = [
            (judged { $0.failedTests = [] }, "no failed test could be read"),
            (judged { $0.testGap = "cut off" }, "cut off"),
            (judged { $0.status = 2 }, "exit status 2 differs from 1 on the base"),
            (judged { $0.testsRun = 9 }, "9 tests ran, 10 on the base"),
        ]
        for (result, words) in cases {
            #expect(result.outcome == .failed)
            #expect(result.digest.contains(words), "\(result.digest)")
        }
    }

    @Test func `another command may end in its own way, and more tests may run`() {
        #expect(
            judged {
                $0.command = "pytest tests/a"; $0.status = 5; $0.testsRun = 2
            }.outcome == .passed)
        #expect(judged { $0.testsRun = 11 }.outcome == .passed)
    }

    @Test func `a check that passed on the base may not fail now`() {
        var green = base
        green.command = "make"
        green.outcome = .passed
        green.failedTests = []
        var now = base
        now.command = "make"
        #expect(KnownFailures([base, green]).judge(now).outcome == .failed)
    }

    @Test(arguments: [CheckResult.Outcome.passed, .timedOut, .infrastructure])
    func `other endings are as they are`(outcome: CheckResult.Outcome) {
        var result = base
        result.outcome = outcome
        #expect(KnownFailures([base]).judge(result) == result)
        #expect(KnownFailures.none.judge(base) == base)
    }

    @Test func `a base whose failures cannot be compared is refused`() {
        var result = base
        #expect(KnownFailures.objection(to: result) == nil)
        result.failedTests = []
        #expect(KnownFailures.objection(to: result) == "no failed test could be read from its output")
        result.testGap = "why"
        #expect(KnownFailures.objection(to: result) == "why")
        for outcome in [CheckResult.Outcome.timedOut, .infrastructure, .passed] {
            result.outcome = outcome
            #expect(KnownFailures.objection(to: result) == "it did not run to its end")
        }
    }

    @Test func `of many new failures twenty are named`() {
        let twenty = judged { $0.failedTests = (0..<20).map { "new\($0)" } }
        #expect(twenty.digest.contains("new19\n"))
        let more = judged { $0.failedTests = (0..<21).map { "new\($0)" } }
        #expect(more.digest.contains("new19 and more\n") && !more.digest.contains("new20"))
    }

    @Test func `failures of any check of the base are known, of the first result of a command`() {
        var other = base
        other.command = "make"
        other.failedTests = ["c"]
        var now = base
        now.failedTests = ["a", "c"]
        #expect(KnownFailures([base, other]).judge(now).outcome == .passed)
        #expect(KnownFailures([base]).judge(now).outcome == .failed)
        var second = base
        second.status = 9
        #expect(KnownFailures([base, second]).judge(base).outcome == .passed)
    }
}
