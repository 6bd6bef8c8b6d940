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

    /// One worker of each kind. The idle one waits until all have begun, and is ended twice; the others go on until it
    /// begins for the third time, which is for two idle timeouts.
    @Test(.enabled(if: Self.isLinux, "nobody tells elsewhere what a process does"))
    func `who does nothing is ended and tried again and who does anything is not`() throws {
        let shop = try shop(["sleeps.py", "computes.py", "writes.py", "prints.py"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              environment: [TRACE]
              max_parallel: 4
              timeout: 300s
              idle_timeout: 3s
              ladder:
                - attempts: 3
                  run: |
                    echo {task} >>$TRACE
                    goes_on() { [ $(grep -c sleeps.py $TRACE) -lt 3 ]; }
                    case {task} in
                    sleeps.py)
                      while [ $(sort -u $TRACE | wc -l) -lt 4 ]; do echo waiting; sleep 0.1; done
                      if goes_on; then echo so far; exec sleep 600 # \(shop.mark)
                      fi ;;
                    computes.py) while goes_on; do perl -e '$end = time + 1; 1 while time < $end'; done ;;
                    writes.py) while goes_on; do : >scratch.tmp; sleep 0.1; done; rm scratch.tmp ;;
                    prints.py) while goes_on; do echo more; sleep 0.1; done ;;
                    esac
                    sed -i s/old/new/ {files}
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.survivors() == [])
        #expect(
            shop.traceLines().sorted() == [
                "computes.py", "prints.py", "sleeps.py", "sleeps.py", "sleeps.py", "writes.py",
            ])
        let attempts = try shop.attempts()
        #expect(attempts["sleeps.py"]?.map(\.failure?.kind) == [.stuck, .stuck, nil])
        let summary = try #require(attempts["sleeps.py"]?.first?.failure?.summary)
        #expect(summary.contains("changed no file and used no processor for 3 s"), "\(summary)")
        let prompt = try shop.jobFile("sleeps.py", 2, "prompt.md")
        #expect(prompt.contains(summary) && prompt.contains("so far"), "\(prompt)")
    }

    @Test(.enabled(if: Self.isLinux, "nobody tells elsewhere what a process does"))
    func `the time of a step goes before that of the plan`() throws {
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

    /// One worker asks. Another has as long to do nothing, begins when the question is there, and is ended twice before
    /// the question is answered.
    @Test(.enabled(if: Self.isLinux, "nobody tells elsewhere what a process does"))
    func `who waits for an answer is not stuck`() throws {
        let shop = try shop(["asks.py", "sleeps.py"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              environment: [TRACE, "PROGRAM=\(Workshop.program)"]
              max_parallel: 2
              idle_timeout: 1s
              ladder:
                - attempts: 2
                  run: |
                    echo {task} >>$TRACE
                    if [ {task} = sleeps.py ]; then
                      while [ ! -e $TRACE.asked ]; do echo waiting; sleep 0.1; done
                      exec sleep 600 # \(shop.mark)
                    fi
                    colour=$("$PROGRAM" message send --kind question --wait 300s "which colour?")
                    sed -i "s/old/$colour/" {files}
            """)
        let process = try shop.start("migrate", "--plan", shop.planPath)
        shop.wait("the question is there", for: process) {
            (try? shop.orchestrate("questions").text.contains("which colour?")) == true
        }
        _ = FileManager.default.createFile(atPath: "\(shop.trace).asked", contents: nil)
        shop.wait("the idle worker is ended twice", for: process) {
            (try? shop.attempts()["sleeps.py"]?.map(\.failure?.kind)) == [.stuck, .stuck]
        }
        #expect(try shop.orchestrate("answer", "1", "blue").status == 0)
        process.waitUntilExit()
        #expect(process.terminationStatus == 1)
        #expect(shop.traceLines().sorted() == ["asks.py", "sleeps.py", "sleeps.py"])
        #expect(try shop.text("asks.py").contains("blue"))
    }

    @Test func `who repeats itself is ended and the next attempt is told`() throws {
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
