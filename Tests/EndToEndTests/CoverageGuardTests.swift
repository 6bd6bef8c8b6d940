import Foundation
import Model
import Store
import TestSupport
import Testing

/// Work that passes all checks, and of which the tests run less than before.
@Suite(.ownThreads) struct CoverageGuardTests {
    private func plan(_ shop: Workshop, _ report: String) throws {
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              ladder:
                - {use: dull, attempts: 1, run: "sed -i s/old/new/ {files}; echo dead >>{files}"}
                - {use: good, attempts: 1, run: "sed -i s/old/new/ {files}"}
            guards: {coverage: {drop: 0.5}}
            verify:
              probe: off
              done: [{run: "! grep -q old {file}"}]
              task:
                - name: tests
                  coverage: "out/*.info"
                  run: |
                    mkdir -p out
                    awk 'FNR == 1 {print "SF:" FILENAME} {print "DA:" FNR "," !/dead/} END {print "end_of_record"}' \\
                      a.py >out/\(report)
            """)
    }

    @Test func `lower coverage of a task's file is refused, and the next worker lands`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\nx\ny\ndead\n", ".gitignore": "out/\n"])
        try plan(shop, "lcov.info")
        let run = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(run.status == 0, "\(run.text)\(run.errorText)")
        let attempts = try #require(try shop.attempts()["a.py"])
        #expect(attempts.map(\.failure?.kind) == [.guardRule, nil])
        #expect(
            attempts[0].failure?.summary
                == "a.py: tests run 60.0 % of its lines and ran 75.0 % on the base; 'guards.coverage' allows a fall by "
                + "0.5 points")
        #expect(try shop.text("a.py") == "new\nx\ny\ndead")
        let prompt = try shop.orchestrate("prompt", "a.py", "--plan", shop.planPath).text
        #expect(prompt.contains("Keep the share of each file's lines that tests run"), "\(prompt)")
    }

    @Test func `a check that writes no report is refused, and a plan without one has an error`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", ".gitignore": "out/\n"])
        try plan(shop, "lcov.txt")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 1)
        let kept = try #require(try shop.attempts()["a.py"])
        #expect(
            kept.first?.failure?.summary == "check 'tests' wrote no coverage report that matches 'out/*.info'")
        let text = try String(contentsOfFile: shop.planPath, encoding: .utf8)
        try text.replacingOccurrences(of: "coverage: \"out/*.info\"", with: "timeout: 1m").write(
            toFile: shop.planPath, atomically: true, encoding: .utf8)
        let checked = try shop.orchestrate("plan", "check", shop.planPath)
        #expect(checked.status == 2)
        let said = checked.text + checked.errorText
        #expect(said.contains("'guards.coverage' needs a check that measures it"), "\(said)")
    }
}
