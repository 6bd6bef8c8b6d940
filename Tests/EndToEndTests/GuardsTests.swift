import Foundation
import TestSupport
import Testing

/// A worker that cheats is caught by its diff; one that listens to the reason lands at the next attempt.
@Suite(.ownThreads) struct GuardsTests {
    private static let test =
        "import unittest\nclass A(unittest.TestCase):\n    def test_a(self):\n"
        + "        self.assertEqual('old', f())\n        self.assertTrue(g())\n"

    /// The first attempt does what `cheat` says, the second what it ought to.
    private func shop(_ cheat: String, guards: String = "") throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit(["tests/test_a.py": Self.test, "b.py": "old\n"])
        try shop.plan(
            """
            scope: {include: ["**/*.py"]}
            workers:
              environment: [TRACE, API_TOKEN=hunter2hunter2]
              ladder:
                - run: "if grep -q 'Attempt 2: what was wrong' {prompt}; then sed -i s/old/new/ {files}; cat {prompt} >>$TRACE; else sed -i s/old/new/ {files}; \(cheat); fi"
                  prompt: file
                  attempts: 2
            verify:
              done: [{run: "! grep -q old {file}"}]
            \(guards)
            """)
        return shop
    }

    private func attempts(_ shop: Workshop) throws -> [String] {
        try shop.repository.git(
            "log", "--format=%(trailers:key=Orchestrate-Attempt,valueonly,separator=)", "main..\(shop.integration)"
        ).split(separator: "\n").map(String.init)
    }

    @Test(arguments: [
        ("sed -i /assertTrue/d {files}", "test_a.py:3: 1 assertion where there were 2"),
        ("echo 'x = 1  # noqa' >>{files}", "silences a checker: 'x = 1  # noqa'"),
        ("echo k = $API_TOKEN >>{files}", "is the value of the secret variable API_TOKEN"),
        ("echo '# ... existing code ...' >>{files}", "replaces code"),
        ("cp b.py b.py.orig", "b.py.orig: is a leftover"),
        ("chmod +x {files}", "is now an executable file"),
    ])
    func `one who cheats is told where and lands at the next attempt`(cheat: String, words: String) throws {
        let shop = try shop(cheat)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try shop.landed().count == 2)
        #expect(try attempts(shop).contains("2"))
        let told = try ["tests-test_a.py", "test_a.py", "tests/test_a.py", "b.py"].map {
            try shop.orchestrate("explain", $0).text
        }.joined()
        #expect(told.contains(words), "\(told)")
        #expect(shop.traceLines().contains { $0.contains(words) || $0.contains("leftover") })
        #expect(!told.contains("hunter2"))
    }

    @Test func `a plan may allow it`() throws {
        let shop = try shop(
            "sed -i /assertTrue/d {files}; echo 'x = 1  # noqa' >>{files}",
            guards: "guards: {tests: allow, suppressions: allow}")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(try attempts(shop) == ["1", "1"])
        #expect(try !shop.text("tests/test_a.py").contains("assertTrue"))
    }

    @Test func `a guard of the plan's own gets the diff and names the place`() throws {
        let shop = try shop(
            "echo 'print(1)' >>{files}",
            guards: """
                guards:
                  custom:
                    - name: no prints
                      rule: Print nothing.
                      run: "cmp -s - {diff} || exit 9; grep -q '^+print' {diff} || exit 0; for f in {files}; do echo $f:2: prints; done; exit 1"
                """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try attempts(shop) == ["2", "2"])
        #expect(try shop.orchestrate("explain", "b.py").text.contains("b.py:2: prints (no prints)"))
        #expect(shop.traceLines().contains { $0.contains("Print nothing.") })
    }

    @Test func `a guard that is not there is nobody's failure`() throws {
        let shop = try shop("true", guards: "guards: {custom: [{name: lost, run: no-such-guard}]}")
        _ = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(try shop.landed().isEmpty)
        let told = try shop.orchestrate("explain", "b.py").text
        #expect(told.contains("infrastructure: guard 'lost' could not judge the diff"), "\(told)")
    }
}
