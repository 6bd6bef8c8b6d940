import TestSupport
import Testing

/// The words that a person reads when something fails or waits.
@Suite struct WordsTests {
    @Test func `a failed check is reported by the place in the user's code`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "x = 1\n"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              ladder:
                - run: "echo 'x = = 2' > {file}"
                  attempts: 1
            verify:
              task:
                - name: compiles
                  run: "python3 -B -c 'import ast, sys; ast.parse(open(sys.argv[1]).read(), sys.argv[1])' {file}"
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 1)
        let cause = "a.py:1 SyntaxError: invalid syntax (check 'compiles')"
        #expect(result.errorText.contains("attempt failed    a.py  \(cause)"), "\(result.errorText)")
        #expect(result.text.contains("a.py  \(cause) (after 1 attempt)"), "\(result.text)")
        let explained = try shop.orchestrate("explain", "a.py").text
        #expect(explained.contains("why\n  \(cause)"), "\(explained)")
        #expect(explained.contains("|     x = = 2") && explained.contains("^"), "\(explained)")
    }

    @Test func `plan check finds everything that migrate would refuse at once`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "x = 1\n", "b.py": "x = 1\n"])
        try shop.plan(
            """
            scope: {include: ["*.py", "*.rb"]}
            decompose:
              strategy: list
              tasks:
                - id: first
                  files: [a.py, "*.go"]
                - id: second
                  files:
                    - b.py
                    - a.py
            workers: {ladder: [{run: "true"}]}
            verify: {done: [{run: "false"}]}
            """)
        for arguments in [["plan", "check", shop.planPath], ["plan", "check", "--plan", shop.planPath]] {
            let result = try shop.orchestrate(arguments)
            #expect(result.status == 2)
            let text = result.errorText
            #expect(text.contains("plan.yaml:6:27: warning: no file of main matches '*.rb'"), "\(text)")
            #expect(text.contains("plan.yaml:11:21: error: stage 'all', task 'first': no file in scope matches '*.go'"))
            #expect(text.contains("plan.yaml:15:11: error: stage 'all', task 'second': 'a.py' also belongs to"))
        }
        try shop.plan("workers: {ladder: [{run: \"true\"}]}\nverify: {done: [{run: \"false\"}]}", base: "nowhere")
        let base = try shop.orchestrate("plan", "check", shop.planPath)
        #expect(base.status == 2)
        #expect(base.errorText.contains("plan.yaml:5:7: error: 'nowhere' is not a commit"), "\(base.errorText)")
        try shop.plan(
            "scope: {include: [\"*.go\"]}\nworkers: {ladder: [{run: \"true\"}]}\nverify: {done: [{run: \"false\"}]}")
        let empty = try shop.orchestrate("plan", "check", shop.planPath)
        #expect(empty.status == 2)
        #expect(
            empty.errorText.contains("plan.yaml:6:8: error: the scope of plan 'demo' matches no file at main"),
            "\(empty.errorText)")
    }

    @Test func `a verb that does not exist is an error even with help`() throws {
        let shop = try Workshop()
        let result = try shop.orchestrate("statsu", "--help")
        #expect(result.status == 64)
        #expect(result.errorText.contains("did you mean 'orchestrate status'?"))
        #expect(try shop.orchestrate("status", "--help").status == 0)
    }

    @Test func `a task that waits for approval is on the picture and its diff can be read`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old = 1\n"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              approve: before-landing
              ladder:
                - run: "sed -i s/old/new/g {files}"
            verify:
              done:
                - run: "! grep -q old {file}"
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--unattended")
        #expect(result.status == 4)
        let status = try shop.orchestrate("status").text
        #expect(status.contains("waiting for approval\n  a.py  orchestrate review a.py shows the diff"), "\(status)")
        let review = try shop.orchestrate("review", "a.py", "--no-pager")
        #expect(review.status == 0)
        #expect(review.text.contains("+new = 1"), "\(review.text)")
        #expect(review.text.contains("not landed:"))
    }
}
