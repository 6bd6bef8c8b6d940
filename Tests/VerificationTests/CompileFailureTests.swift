import Model
import Testing

@testable import Verification

@Suite struct CompileFailureTests {
    private func result(_ digest: String, failed: [String] = [], ran: Int? = nil) -> CheckResult {
        CheckResult(
            name: "c", command: "make", outcome: .failed, status: 1, seconds: 90, digest: digest, failedTests: failed,
            testsRun: ran)
    }

    @Test(arguments: [
        "src/a.c:3:5: error: unknown type name 'x'", "Sources/A.swift:10:4: error: cannot find 'b' in scope",
        "src/A.java:7: error: ';' expected", "src/a.ts(3,5): error TS2304: Cannot find name 'x'.",
        "error[E0425]: cannot find value `x` in this scope", "SyntaxError: invalid syntax",
        "FAIL\texample.com/a [build failed]",
    ])
    func `a file that a compiler rejects fails in the same way each time`(_ line: String) {
        #expect(result("exit status 1\n\(line)").isCompileFailure)
    }

    @Test(arguments: [
        "A.swift:10: error: ATests.testB : XCTAssertEqual failed", "test_a.py:12: AssertionError", "timed out", "",
    ])
    func `a test that fails may pass again`(_ line: String) { #expect(!result(line).isCompileFailure) }

    @Test func `a compiler's line does not count where tests ran`() {
        let line = "src/a.c:3:5: error: unknown type name 'x'"
        #expect(!result(line, failed: ["t"]).isCompileFailure)
        #expect(!result(line, ran: 3).isCompileFailure)
    }
}
