import Foundation
import TestSupport
import Testing

/// Checks that no worker learns of.
@Suite(.ownThreads) struct HoldoutTests {
    @Test func `a check that is held back decides, and no worker reads of it`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old old\n", "b.py": "import a\nold\n"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              environment: [TRACE]
              ladder:
                - prompt: file
                  attempts: 2
                  run: |
                    cat {prompt} {job}/job.json >>$TRACE
                    git log >>$TRACE
                    if grep -q 'one that you do not know' {prompt}; then sed -i s/old/new/g {files}; else sed -i s/old/new/ {files}; fi
            verify:
              done: [{run: "grep -q new {file}"}]
              holdout: [{name: secret-rule, run: "! grep -q old {file} || { echo a.py:1: the second is old; false; }"}]
            reviewers:
              - name: nosy
                prompt: file
                environment: [TRACE]
                run: |
                  cat {prompt} >>$TRACE; echo '{"verdict":"approve"}' >{job}/outcome.json
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        let said = result.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(
            said.contains(
                "1 attempt passed the known checks and failed a held-back one (33 % of the attempts that passed the known checks)"
            ),
            "\(result.text)")
        #expect(try shop.text("a.py") == "new new" && shop.text("b.py") == "import a\nnew")
        let read = try String(contentsOfFile: shop.trace, encoding: .utf8)
        #expect(!read.contains("secret-rule") && !read.contains("the second is old") && !read.contains("! grep -q old"))
        let told = try shop.orchestrate("explain", "a.py").text
        #expect(told.contains("the second is old"), "\(told)")
        #expect(
            try shop.orchestrate("workers", "stats").text.contains(
                "1 attempt passed the known checks and failed a held-back one"))
        let report = try shop.orchestrate("report").text
        #expect(report.contains("failed held-back checks") && report.contains("| 3 | 2 | 1 | 1 |"), "\(report)")
    }
}
