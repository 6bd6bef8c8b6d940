import Foundation
import TestSupport
import Testing

/// The four places at which checks are run, as a person meets them.
@Suite(.ownThreads) struct VerificationTests {
    /// Prints what pytest would, from the tests that a file `tests/*.red` names as failing.
    private static let fakePytest = """
        #!/bin/sh
        echo run >>"$TRACE"
        red=$(cat tests/*.red 2>/dev/null)
        total=$(cat tests/all | wc -l)
        count=0
        echo "=================== short test summary info ==================="
        for name in $red; do
          echo "FAILED $name - assert 1 == 2"
          count=$((count + 1))
        done
        if [ $count -gt 0 ]; then
          echo "=========== $count failed, $((total - count)) passed in 0.01s ==========="
          exit 1
        fi
        echo "=========== $total passed in 0.01s ==========="
        """

    private func shop(_ verify: String, red: String = "", worker: String = "sed -i s/old/new/ {files}") throws
        -> Workshop
    {
        let shop = try Workshop()
        var files = [
            "a.py": "old\n", "b.py": "import a\nold\n", "tests/all": "t.py::one\nt.py::two\n",
            "run-tests": Self.fakePytest,
        ]
        if !red.isEmpty { files["tests/base.red"] = red }
        try shop.repository.commit(files)
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              max_parallel: 1
              ladder: [{run: "\(worker)", attempts: 1}]
            guards: {write: repository}
            verify:
              environment: [TRACE]
              probe: off
            \(verify.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
            """)
        return shop
    }

    private var tests: String { "{name: tests, run: sh run-tests}" }

    @Test func `a red base is refused with what fails`() throws {
        let shop = try shop("baseline: [\(tests)]", red: "t.py::two\n")
        let before = try shop.fingerprint()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 6)
        #expect(result.errorText.contains("check 'tests' (failed): sh run-tests"))
        #expect(result.errorText.contains("    t.py::two\n"))
        #expect(result.errorText.contains("allow_baseline_failures"))
        #expect(try shop.fingerprint() == before)
        #expect(try shop.repository.git("branch", "--list", "orchestrate/*").isEmpty)
        #expect(try shop.orchestrate("status").status == 3)
    }

    @Test func `only new failures count where the base may be red`() throws {
        let verify = """
            baseline: [\(tests)]
            allow_baseline_failures: true
            landing: [\(tests)]
            """
        // b.py is migrated badly: it breaks a test that was green.
        let shop = try shop(
            verify, red: "t.py::two\n",
            worker: "sed -i s/old/new/ {files}; case {files} in b.py) echo t.py::one >tests/more.red;; esac")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 1, "\(result.errorText)")
        #expect(result.errorText.contains("the base is red: 1 test of 'tests' fails; only new failures count"))
        #expect(try shop.landed() == ["a.py"])
        let explained = try shop.orchestrate("explain", "b.py").text
        #expect(explained.contains("new failures, not on the base: t.py::one"), "\(explained)")
        let status = try shop.orchestrate("status", "--json").text
        #expect(status.contains("\"baseline\""))
        #expect(status.contains("\"t.py::two\""))
        #expect(try shop.orchestrate("review", "a.py").text.contains("except 1 test that failed on the base"))
    }

    /// What fails cannot be told from what will, so nothing would keep the branch from getting worse.
    @Test func `a red base without names of tests is refused even if failures are allowed`() throws {
        let shop = try shop("baseline: [{name: lint, run: 'echo bad; exit 1'}]\nallow_baseline_failures: true")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 6)
        #expect(result.errorText.contains("'lint': no failed test could be read from its output"))
    }

    @Test func `a green base is checked once for all runs`() throws {
        let shop = try shop(
            "baseline: [\(tests)]\nlanding: ['true']".replacingOccurrences(of: "'true'", with: "{run: 'true'}"))
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(shop.traceLines() == ["run"])
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(shop.traceLines() == ["run"])
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "--no-cache").status == 0)
        #expect(shop.traceLines() == ["run", "run"])
    }

    @Test func `a tree that passed in its worker's slot is checked again to land`() throws {
        let shop = try shop("task: [\(tests)]\nlanding: [\(tests)]")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(try shop.landed().count == 2)
        #expect(shop.traceLines().count == 5)
    }

    @Test func `a tree that passed in a landing slot is not checked again in a worker's`() throws {
        let shop = try shop("baseline: [\(tests)]\ndone: [{run: 'grep -q old {file} && exit 1; true'}, \(tests)]")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        // On the base, and after each of the two workers. The first check is red on the base, so the second is not asked.
        #expect(shop.traceLines().count == 3)
    }

    @Test func `without the cache every check is run`() throws {
        let shop = try shop("task: [\(tests)]\nlanding: [\(tests)]")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "--no-cache").status == 0)
        #expect(shop.traceLines().count == 5)
    }

    /// The file makes the tests pass in the slot, is hidden from Git, and would have let a broken tree land.
    @Test func `a worker cannot land by an ignored file in its slot`() throws {
        let shop = try shop(
            "task: [{run: 'test -e cheat'}]\nlanding: [{run: 'test -e cheat'}]",
            worker: "sed -i s/old/new/ {files}; touch cheat")
        try shop.repository.commit([".gitignore": "cheat\n"])
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 1)
        #expect(try shop.landed() == [])
    }

    /// The check would pass in the slot for what the worker has told git there.
    @Test func `a worker cannot land by what it tells Git in its slot`() throws {
        let shop = try shop(
            "task: [{run: 'git config x.cheat'}]\nlanding: [{run: 'git config x.cheat'}]",
            worker: "sed -i s/old/new/ {files}; git config x.cheat yes; git commit -qam mine")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 1)
        #expect(try shop.landed() == [])
    }

    @Test func `a red end is shown and is no success`() throws {
        let shop = try shop("final: [{name: whole, run: 'echo TOO BAD error; exit 3'}]")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 1)
        #expect(try shop.landed().count == 2)
        #expect(result.text.contains("final checks failed at"), "\(result.text)")
        #expect(result.text.contains("TOO BAD"))
        #expect(result.text.contains("next: fix the branch"))
        let status = try shop.orchestrate("status", "--json").text
        #expect(status.contains("\"final\""))
        #expect(status.contains("\"is_all_green\" : false"))
        // Again, and this time it passes: nothing has to be done but that.
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers: {ladder: [{run: 'false'}]}
            verify: {final: [{name: whole, run: 'true'}]}
            """)
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
    }

    @Test func `a run that is killed during its last check does it again`() throws {
        let shop = try shop(
            "final: [{name: whole, run: 'echo final >>$TRACE; : \("MARK"); while [ -e $TRACE.gate ]; do sleep 0.01; done'}]"
        )
        _ = FileManager.default.createFile(atPath: "\(shop.trace).gate", contents: nil)
        let process = try shop.start("migrate", "--plan", shop.planPath)
        shop.wait("the last check is under way", for: process) { shop.traceLines() == ["final"] }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try FileManager.default.removeItem(atPath: "\(shop.trace).gate")
        #expect(try shop.orchestrate("resume").status == 0)
        #expect(shop.traceLines() == ["final", "final"])
    }

    @Test func `a flaky check lands only what has passed and is named`() throws {
        // Red whenever it is run for the first time on a tree.
        let flaky = "{name: shaky, retries: 1, run: 'n=$TRACE.$(git write-tree); test -e $n || { touch $n; exit 1; }'}"
        let shop = try shop("landing: [\(flaky)]")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.landed().count == 2)
        #expect(result.text.contains("flaky checks"))
        #expect(result.text.contains("failed 2 of 4 times on trees that also passed"), "\(result.text)")
        #expect(try shop.orchestrate("status", "--json").text.contains("\"flakes\" : 2"))
        #expect(try shop.orchestrate("review", "a.py").text.contains("flaky"))
    }

    @Test func `an interrupted look at the base leaves nothing`() throws {
        let shop = try shop("baseline: [{run: 'echo base >>$TRACE; : MARK; sleep 1000'}]")
        let process = try shop.start("migrate", "--plan", shop.planPath)
        shop.wait("the base is looked at", for: process) { shop.traceLines() == ["base"] }
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        #expect(try shop.orchestrate("status").status == 3)
        #expect(try shop.repository.git("branch", "--list", "orchestrate/*").isEmpty)
    }
}
