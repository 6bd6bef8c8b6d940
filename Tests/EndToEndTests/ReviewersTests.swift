import Foundation
import TestSupport
import Testing

/// Reviewers look at work that has passed its checks, and decide whether it may land.
@Suite(.ownThreads) struct ReviewersTests {
    /// One file, a worker that thinks aloud and writes `new bad` first and `new` once it is told not to, and reviewers.
    private func shop(_ reviewers: String, check: String = "grep -q new {file}") throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              environment: [TRACE]
              ladder:
                - prompt: file
                  attempts: 2
                  run: |
                    echo these are my own thoughts; echo attempt >>$TRACE
                    if grep -q 'a.py:1: it is bad' {prompt}; then echo new >a.py; else echo new bad >a.py; fi
            verify:
              done: [{run: "\(check)"}]
            reviewers:
            \(reviewers)
            """)
        return shop
    }

    private static let strict = """
          - name: strict
            instructions: Look for badness.
            run: |
              echo strict >>$TRACE
              if grep -q '^+new bad' {job}/changes.diff
              then echo '{"verdict": "reject", "summary": "not yet", "reasons": [{"path": "a.py", "line": 1, "text": "it is bad"}]}' >{job}/outcome.json
              else echo '{"verdict": "approve"}' >{job}/outcome.json; fi
            environment: [TRACE]
        """

    private static func always(_ name: String, _ verdict: String) -> String {
        """
              - name: \(name)
                run: echo \(name) >>$TRACE; echo '{"verdict":"\(verdict)","summary":"\(name) says so"}' >{job}/outcome.json
                environment: [TRACE]
        """
    }

    private func migrate(_ shop: Workshop) throws -> Int32 {
        try shop.orchestrate("migrate", "--plan", shop.planPath).status
    }

    @Test func `a rejection is feedback for the next attempt`() throws {
        let shop = try shop(Self.strict)
        #expect(try migrate(shop) == 0)
        #expect(try shop.text("a.py") == "new")
        #expect(shop.traceLines() == ["attempt", "strict", "attempt", "strict"])
        let told = try shop.orchestrate("explain", "a.py").text
        #expect(told.contains("review: reviewer 'strict' rejects: not yet"), "\(told)")
        #expect(told.contains("at a.py:1") && told.contains("review: strict"), "\(told)")
    }

    @Test func `a reviewer sees goal, diff and checks and nothing of the author`() throws {
        let shop = try shop(
            """
              - name: nosy
                prompt: file
                environment: [TRACE]
                run: |
                  cp {prompt} $TRACE.prompt; cp a.py $TRACE.file; ls -a {job} >$TRACE.list
                  echo '{"verdict":"approve"}' >{job}/outcome.json
            """)
        #expect(try migrate(shop) == 0)
        let prompt = try String(contentsOfFile: shop.trace + ".prompt", encoding: .utf8)
        for part in ["Say new instead of old.", "+new bad", "-old", "grep -q new", "passed"] {
            #expect(prompt.contains(part), "\(part)")
        }
        #expect(!prompt.contains("my own thoughts"))
        #expect(try String(contentsOfFile: shop.trace + ".file", encoding: .utf8) == "new bad\n")
        let list = try String(contentsOfFile: shop.trace + ".list", encoding: .utf8)
        #expect(!list.contains("transcript"))
    }

    @Test func `so many of so many have to approve, and what is decided is not asked`() throws {
        let panel = "  needs: 2\n  of:\n"
        let two = try shop(
            panel + Self.always("one", "approve") + "\n" + Self.always("two", "reject") + "\n"
                + Self.always("three", "approve")
        )
        #expect(try migrate(two) == 0)
        #expect(two.traceLines() == ["attempt", "one", "two", "three"])
        let early = try shop(
            panel + Self.always("one", "approve") + "\n" + Self.always("two", "approve") + "\n"
                + Self.always("three", "reject")
        )
        #expect(try migrate(early) == 0)
        #expect(early.traceLines() == ["attempt", "one", "two"])
        let lost = try shop(
            panel + Self.always("one", "reject") + "\n" + Self.always("two", "reject") + "\n"
                + Self.always("three", "approve")
        )
        #expect(try migrate(lost) == 1)
        // The second attempt comes to the same tree, on which all has been said.
        #expect(lost.traceLines() == ["attempt", "one", "two", "attempt"])
        #expect(try lost.landed().isEmpty)
    }

    @Test func `a reviewer cannot write`() throws {
        let shop = try shop(
            """
              - run: |
                  echo mine >a.py; echo more >more.py; git -c user.name=x -c user.email=x@x commit -qam mine
                  echo '{"verdict":"approve"}' >{job}/outcome.json
            """)
        #expect(try migrate(shop) == 0)
        #expect(try shop.text("a.py") == "new bad")
        #expect(try shop.repository.gitResult(["show", "\(shop.integration):more.py"]).status != 0)
    }

    @Test func `a reviewer cannot overrule a check`() throws {
        let shop = try shop(
            Self.always("kind", "approve").replacing("      ", with: "  "), check: "grep -q newer {file}")
        #expect(try migrate(shop) == 1)
        #expect(shop.traceLines() == ["attempt", "attempt"])
    }

    @Test func `work is kept while its reviewer cannot answer`() throws {
        let shop = try shop(
            """
              - name: late
                environment: [TRACE]
                run: |
                  echo late >>$TRACE
                  [ $(grep -c late $TRACE) -gt 3 ] || { echo the reviewer is away; exit 3; }
                  echo '{"verdict":"approve"}' >{job}/outcome.json
            """)
        #expect(try migrate(shop) == 0)
        #expect(shop.traceLines() == ["attempt", "late", "late", "late", "late"])
        #expect(try shop.text("a.py") == "new bad")
        let told = try shop.orchestrate("explain", "a.py").text
        #expect(told.contains("reviewer 'late' gave no valid answer: its program exited with status 3"), "\(told)")
        let log = try shop.orchestrate("log", "a.py").text
        #expect(log.contains("review") && log.contains("of attempt 1 by late"), "\(log)")
        #expect(log.contains("asks only the reviewers: its work is kept"), "\(log)")
    }

    @Test func `a request that a provider refuses for good is made once, and the work waits for a person`() throws {
        let shop = try shop("  - {use: small}")
        let folder = try shop.directory.makeDirectory("workers/small")
        try """
        version: 1
        name: small
        environment: [TRACE]
        events: claude-code
        run: |
          echo small >>$TRACE
          if [ -f $TRACE.larger ]; then echo '{"verdict":"approve"}' >{job}/outcome.json; status=
          else status=',"is_error":true,"api_error_status":400'; fi
          echo '{"type":"result","subtype":"success","result":"prompt is too long"'"$status"'}'
        """.write(toFile: "\(folder)/worker.yaml", atomically: true, encoding: .utf8)
        #expect(try migrate(shop) == 1)
        #expect(shop.traceLines() == ["attempt", "small"])
        let told = try shop.orchestrate("status").text + shop.orchestrate("explain", "a.py").text
        #expect(told.contains("reviewer 'small' cannot judge it") && told.contains("prompt is too long"), "\(told)")
        #expect(told.contains("'orchestrate retry a.py' asks again"), "\(told)")
        try "".write(toFile: shop.trace + ".larger", atomically: true, encoding: .utf8)
        #expect(try shop.orchestrate("retry", "a.py").status == 0)
        #expect(try shop.orchestrate("resume", "--quiet").status == 0)
        #expect(shop.traceLines() == ["attempt", "small", "small"])
        #expect(try shop.text("a.py") == "new bad")
    }

    @Test(arguments: [
        "true", "echo yes >{job}/outcome.json", "exit 3", "echo '{\"verdict\":\"reject\"}' >{job}/outcome.json",
    ])
    func `no answer is neither approval nor rejection`(command: String) throws {
        let shop = try shop("  - {name: mute, run: \"\(command.replacing("\"", with: "\\\""))\"}")
        #expect(try migrate(shop) == 1)
        #expect(try shop.landed().isEmpty)
        let told = try shop.orchestrate("explain", "a.py").text
        #expect(told.contains("infrastructure: reviewer 'mute' gave no valid answer"), "\(told)")
    }
}
