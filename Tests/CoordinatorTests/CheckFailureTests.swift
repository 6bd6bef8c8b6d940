import Model
import Testing

@testable import Coordinator

/// What the results of checks say against the work.
struct CheckFailureTests {
    private func result(_ name: String, _ digest: String, _ outcome: CheckResult.Outcome = .failed) -> CheckResult {
        CheckResult(name: name, command: "sh run-\(name)", outcome: outcome, status: 1, seconds: 1, digest: digest)
    }

    private func judge(_ results: CheckResult...) -> Failure? { Failure(kind: .taskCheck, of: results) }

    @Test func `a failure leads with the place and the message of the first error`() throws {
        let digest = "exit status 1\nsrc/a.js:3\nconst x = ;\n          ^\n\nSyntaxError: Unexpected token ';'"
        let failure = try #require(judge(result("builds", "", .passed), result("tests", digest)))
        #expect(failure.summary == "src/a.js:3 SyntaxError: Unexpected token ';' (check 'tests')")
        #expect(failure.place == "src/a.js:3")
        #expect(failure.detail.hasPrefix("$ sh run-tests\nexit status 1\nsrc/a.js:3\nconst x = ;\n          ^\n"))
    }

    @Test func `several failed checks are counted after the first one`() throws {
        let failure = try #require(judge(result("types", "a.py:3: error: bad"), result("tests", "exit status 1")))
        #expect(failure.summary == "a.py:3 bad (check 'types' and 1 more)")
    }

    @Test(arguments: [
        ("exit status 1\n3 words are wrong", "check 'spelling' failed: 3 words are wrong (exit status 1)"),
        ("exit status 1", "check 'spelling' failed: sh run-spelling (exit status 1)"),
        (
            "exit status 127: the command was not found\nsh: 1: no_such_tool: not found",
            "sh: 1: no_such_tool: not found (check 'spelling')"
        ),
    ]) func `without a place the output says what failed`(digest: String, summary: String) throws {
        let failure = try #require(judge(result("spelling", digest)))
        #expect(failure.summary == summary)
        #expect(failure.place == nil)
    }

    @Test func `a check that ran out of time says so first`() throws {
        let digest = "still running after 5 s; it was ended\na.py:3: error: bad"
        let failure = try #require(judge(result("tests", digest, .timedOut)))
        #expect(failure.summary.hasPrefix("check 'tests' ran out of time"))
    }

    @Test func `passed checks are no failure`() { #expect(judge(result("tests", "", .passed)) == nil) }

    @Test func `the place of a failure has a line`() {
        let conflict = Failure(kind: .conflict, summary: "", places: ["a.py", "b.py"])
        #expect(conflict.place == nil)
        #expect(Failure(kind: .taskCheck, summary: "", places: ["tests/a::b", "a.py:12"]).place == "a.py:12")
    }
}
