import Foundation
import TestSupport
import Testing

/// Landing checks are tried on broken files before a run starts.
@Suite(.ownThreads) struct ProbeTests {
    private func shop(_ check: String, verify: String = "", files: [String] = ["pkg"]) throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit(
            Dictionary(uniqueKeysWithValues: files.map { ("src/\($0).py", "NAME = 'old'\n") }))
        try write(shop, check, verify: verify)
        return shop
    }

    private func write(_ shop: Workshop, _ check: String, verify: String) throws {
        try shop.plan(
            """
            scope: {include: ["src/**"]}
            workers: {ladder: [{run: "sed -i s/old/new/ {files}", attempts: 1}]}
            verify:
              environment: [TRACE, "CODE=\(shop.repository.appending("src"))"]
              landing:
                - name: tests
                  run: |
                    \(check)
              \(verify)
            sandbox: off
            """)
    }

    /// Imports the modules of a folder. No search path of the environment shows that the folder is the user's checkout.
    private func importing(_ folder: String, _ modules: String = "pkg") -> String {
        "python3 -B -c 'import os, sys; sys.path.insert(0, os.path.expandvars(\"\(folder)\")); import \(modules)'"
    }

    @Test func `a check that imports the checkout is refused, and nothing is started`() throws {
        let shop = try shop(importing("$CODE"))
        let before = try shop.fingerprint()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 6, "\(result.text)\(result.errorText)")
        #expect(
            result.errorText.contains(
                "landing check 'tests' passes although src/pkg.py was broken for it: it does not see what a run changes"
            ))
        #expect(result.errorText.contains("an editable install ('pip install -e'"))
        #expect(result.errorText.contains("'verify: {probe: warn}'"))
        #expect(try shop.fingerprint() == before)
        #expect(try shop.repository.git("branch", "--list", "orchestrate/*").isEmpty)
        #expect(try shop.orchestrate("status").status == 3)
    }

    @Test(arguments: ["! grep -rq old src", "git diff --exit-code HEAD"])
    func `a check that is red on the base only, or asks Git, is no reason to refuse`(_ check: String) throws {
        let shop = try shop(check)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.landed().count == 1)
    }

    @Test func `with warn the run says so and goes on`() throws {
        let shop = try shop(importing("$CODE"), verify: "probe: warn")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(result.errorText.contains("note: landing check 'tests' passes although src/pkg.py was broken for it"))
        #expect(try shop.landed().count == 1)
    }

    @Test func `a check that runs no test is refused as such`() throws {
        let shop = try shop("echo Ran 0 tests in 0.1s")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 6)
        #expect(result.errorText.contains("    - it ran no tests\n"), "\(result.errorText)")
        #expect(!result.errorText.contains("pip install"))
    }

    @Test func `a check of something else can be left out`() throws {
        let shop = try shop("test -d src\n      probe: off")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
    }

    @Test func `a check that sees the files is tried once for all runs`() throws {
        let check = "git write-tree >>$TRACE; " + importing("src")
        let shop = try shop(check)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(!result.errorText.contains("broken"), "\(result.errorText)")
        let trees = shop.traceLines()
        let (base, broken) = (try #require(trees.first), try #require(trees.dropFirst().first))
        #expect(try shop.repository.git("show", "\(base):src/pkg.py") == "NAME = 'old'")
        #expect(try shop.repository.git("show", "\(broken):src/pkg.py").contains("broken on purpose"))
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        for tree in [base, broken] { #expect(shop.traceLines().count { $0 == tree } == 1) }
    }

    @Test func `check --probe lists the files that no landing check sees`() throws {
        let shop = try shop(importing("src", "a, c"), files: ["a", "b", "c", "d"])
        let short = try shop.orchestrate("check", "--probe", "--limit", "1", "--plan", shop.planPath)
        #expect(short.status == 1 && short.text.contains("unknown  src/a.py"), "\(short.text)\(short.errorText)")
        let result = try shop.orchestrate("check", "--probe", "--plan", shop.planPath)
        #expect(result.status == 1, "\(result.errorText)")
        #expect(result.text.hasPrefix("unseen  src/b.py\nunseen  src/d.py\n2 of 4 files are seen by no landing check"))
        try write(shop, importing("src", "a, b, c, d"), verify: "")
        let whole = try shop.orchestrate("check", "--probe", "--plan", shop.planPath)
        #expect(whole.status == 0, "\(whole.text)\(whole.errorText)")
        #expect(whole.text.contains("0 of 4 files are seen by no landing check"))
    }

    @Test func `a stage that is done already is not tried, and the others are tried on what has landed`() throws {
        let shop = try shop(importing("src", "a"), files: ["a", "b"])
        func stages(_ text: String) throws {
            try shop.plan(
                """
                workers: {ladder: [{run: "sed -i s/old/new/ {files}; touch src/{task}.done", attempts: 1}]}
                guards: {also_allow: ["src/*.done"]}
                sandbox: off
                stages:
                \(text)
                """)
        }
        func stage(_ name: String, _ file: String, _ check: String) -> String {
            """
              - name: \(name)
                scope: {include: ["src/\(file).py"]}
                verify:
                  landing:
                    - name: tests
                      run: |
                        \(check)

            """
        }
        try stages(stage("one", "a", importing("src", "a")))
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        // Blind for the first stage; the second check passes only with what the first stage has made.
        let second = "test -e src/src-a.py.done && " + importing("src", "b")
        try stages(stage("one", "a", "test -d src") + stage("two", "b", second))
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(!result.errorText.contains("fails on the base"), "\(result.errorText)")
    }

    @Test func `a landing check that fails on the base gets a note with the place`() throws {
        let shop = try shop("! grep -rq old src || { echo 'src/pkg.py:1: error: it is old'; exit 1; }")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(
            result.errorText.contains("note: landing check 'tests' fails on the base: src/pkg.py:1 it is old"),
            "\(result.errorText)")
        #expect(result.errorText.contains("; nothing lands until it passes"))
    }

    @Test func `review marks the files that no landing check sees, and a second search runs nothing`() throws {
        let shop = try shop(importing("src", "a"), files: ["a", "b"])
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(try !shop.orchestrate("review", "--list").text.contains("unseen"))
        let first = try shop.orchestrate("check", "--probe", "--at", "main", "--plan", shop.planPath)
        #expect(first.text.contains("1 of 2 files is seen by no landing check"), "\(first.text)\(first.errorText)")
        let second = try shop.orchestrate("check", "--probe", "--at", "main", "--plan", shop.planPath)
        #expect(second.text.contains("the landing checks ran 0 times"), "\(second.text)")
        #expect(try shop.orchestrate("review").text.contains("1 of 2 commits: no landing check sees src/b.py"))
        let review = try shop.orchestrate("review", "--list").text
        #expect(review.contains("unseen   src/b.py: no landing check sees this file"), "\(review)")
        #expect(!review.contains("src/a.py: no landing check"))
        #expect(try shop.orchestrate("review", "src/b.py").text.contains("seen by no landing check"))
        #expect(try !shop.orchestrate("review", "src/a.py").text.contains("seen by no landing check"))
        // Other checks may see other files.
        try write(shop, importing("src", "a, b"), verify: "")
        #expect(try shop.orchestrate("check", "--probe", "--at", "main", "--plan", shop.planPath).status == 0)
        #expect(try shop.orchestrate("review", "--list").text.contains("src/b.py: no landing check"))
    }

    @Test func `a check that does nothing is no landing check`() throws {
        let shop = try shop("true")
        let checked = try shop.orchestrate("plan", "check", shop.planPath)
        #expect(checked.status == 0)
        #expect(checked.errorText.contains("landing check 'tests' does nothing"), "\(checked.errorText)")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
    }
}
