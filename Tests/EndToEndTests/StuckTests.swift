import Foundation
import Model
import Store
import TestSupport
import Testing

/// Workers that do nothing any more, or the same over and over.
@Suite(.ownThreads) struct StuckTests {
    private func shop(_ files: [String]) throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit(Dictionary(uniqueKeysWithValues: files.map { ($0, "old\n") }))
        return shop
    }

    /// One worker of each kind; each that is alive goes on for more than two timeouts.
    @Test(.enabled(if: Self.isLinux, "nobody tells elsewhere what a process does"))
    func whoDoesNothingIsEndedAndTriedAgainAndWhoDoesAnythingIsNot() throws {
        let shop = try shop(["sleeps.py", "computes.py", "writes.py", "prints.py"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              environment: [TRACE]
              idle_timeout: 3s
              ladder:
                - run: |
                    echo {task} >>$TRACE
                    case {task} in
                    sleeps.py) [ -e $TRACE.slept ] || { : >$TRACE.slept; echo so far; exec sleep 600 # \(shop.mark)
                      } ;;
                    computes.py) perl -e '$end = time + 7; 1 while time < $end' ;;
                    writes.py) for i in $(seq 70); do : >scratch.tmp; sleep 0.1; done; rm scratch.tmp ;;
                    prints.py) for i in $(seq 70); do echo $i; sleep 0.1; done ;;
                    esac
                    sed -i s/old/new/ {files}
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.survivors() == [])
        #expect(shop.traceLines().sorted() == ["computes.py", "prints.py", "sleeps.py", "sleeps.py", "writes.py"])
        let attempts = try shop.attempts()
        #expect(attempts["sleeps.py"]?.map(\.failure?.kind) == [.stuck, nil])
        let summary = try #require(attempts["sleeps.py"]?.first?.failure?.summary)
        #expect(summary.contains("changed no file and used no processor for 3 s"), "\(summary)")
        let prompt = try shop.jobFile("sleeps.py", 2, "prompt.md")
        #expect(prompt.contains(summary) && prompt.contains("so far"), "\(prompt)")
    }

    @Test(.enabled(if: Self.isLinux, "nobody tells elsewhere what a process does"))
    func theTimeOfAStepGoesBeforeThatOfThePlan() throws {
        let shop = try shop(["a.py"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              idle_timeout: 1h
              ladder:
                - {use: first, run: "sleep 600", idle_timeout: 1s, attempts: 1}
                - {use: second, run: "sed -i s/old/new/ {files}"}
            """)
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(try shop.attempts()["a.py"]?.map(\.worker) == ["first", "second"])
    }

    @Test func whoWaitsForAnAnswerIsNotStuck() throws {
        let shop = try shop(["a.py"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              environment: [TRACE, "PROGRAM=\(Workshop.program)"]
              idle_timeout: 1s
              ladder:
                - run: |
                    echo {task} >>$TRACE
                    colour=$("$PROGRAM" message send --kind question --wait 60s "which colour?")
                    sed -i "s/old/$colour/" {files}
            """)
        let process = try shop.start("migrate", "--plan", shop.planPath)
        shop.wait("the question is there") {
            (try? shop.orchestrate("questions").text.contains("which colour?")) == true
        }
        // Three times as long as a worker may do nothing.
        Thread.sleep(forTimeInterval: 3)
        #expect(try shop.orchestrate("answer", "1", "blue").status == 0)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(shop.traceLines().count == 1)
        #expect(try shop.text("a.py").contains("blue"))
    }

    @Test func whoRepeatsItselfIsEndedAndTheNextAttemptIsTold() throws {
        let shop = try shop(["a.py"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              environment: [TRACE]
              ladder:
                - events: orchestrate
                  run: |
                    if [ -e $TRACE ]; then
                      sed -i s/old/new/ {files}
                    else
                      : >$TRACE
                      for i in $(seq 30); do echo '{"event": "tool_use", "name": "bash", "input": "cat gone"}'; done
                      sleep 600 # \(shop.mark)
                    fi
                    echo '{"event": "finished", "result": "success"}'
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.survivors() == [])
        #expect(try shop.attempts()["a.py"]?.map(\.failure?.kind) == [.stuck, nil])
        #expect(
            try shop.jobFile("a.py", 2, "prompt.md").contains("did the same thing 12 times in a row (bash cat gone)"))
    }

    private static var isLinux: Bool {
        #if os(Linux)
        true
        #else
        false
        #endif
    }
}
