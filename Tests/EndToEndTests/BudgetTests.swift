import Foundation
import Model
import Store
import TestSupport
import Testing

/// A run that reaches a cap starts nothing more, keeps all, says what to raise, and goes on where it was.
@Suite(.ownThreads) struct BudgetTests {
    /// One after the other, each telling what it has used.
    private func plan(_ shop: Workshop, _ budget: String) throws {
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              max_parallel: 1
              environment: [TRACE]
              ladder:
                - run: |
                    echo {task} >>$TRACE
                    sed -i s/old/new/ {files}
                    echo '{"cost_usd": 0.4, "usage": {"input_tokens": 100, "output_tokens": 50}}' >$ORCHESTRATE_JOB/outcome.json
            budget: {\(budget)}
            """)
    }

    private func shop() throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit(GatedShop.files(6))
        return shop
    }

    /// By the key of the cap: three tasks reach it, and how far they go over it.
    private static let caps: [(key: String, low: String, high: String, words: String)] = [
        ("usd", "1", "100", "1.20 USD of 1.00 USD (0.20 USD over, by running attempts)"),
        ("tokens", "400", "1M", "450 tokens of 400 tokens (50 tokens over, by running attempts)"),
        ("changed_lines", "5", "1000", "6 lines of 5 lines (1 line over, by running attempts)"),
        ("workers", "3", "100", "3 workers of 3 workers"),
    ]

    @Test(arguments: caps, ["resume", "migrate"])
    func `what is used up stops the run and more of it goes on`(
        cap: (key: String, low: String, high: String, words: String), verb: String
    ) throws {
        let shop = try shop()
        try plan(shop, "\(cap.key): \(cap.low)")
        let first = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(first.status == 4, "\(first.text)\(first.errorText)")
        let words = "budget.\(cap.key) is spent: \(cap.words); raise it in the plan, then type"
        let said = first.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(said.contains(words), "\(first.text)")
        let landed = try shop.landed()
        #expect(landed.count == 3 && shop.traceLines() == landed)
        // Nobody has raised it: the same again, and nothing is started.
        #expect(try shop.orchestrate(verb, "--plan", shop.planPath).status == 4)
        #expect(shop.traceLines() == landed)
        try plan(shop, "\(cap.key): \(cap.high)")
        let second = try shop.orchestrate(verb, "--plan", shop.planPath)
        #expect(second.status == 0, "\(second.text)\(second.errorText)")
        #expect(try shop.landed().prefix(3) == landed[...])
        #expect(try shop.landed().count == 6 && shop.traceLines().count == 6)
        #expect(try shop.attempts().values.map(\.count) == Array(repeating: 1, count: 6))
    }

    @Test func `a worker that uses up the last of it is ended between two turns`() throws {
        let shop = try shop()
        func plan(_ tokens: String) throws {
            try shop.tellingPlan(
                """
                echo '{"event": "usage", "input_tokens": 900, "output_tokens": 150}'
                [ -e $TRACE ] || { : >$TRACE; exec sleep 600 # \(shop.mark)
                }
                """, files: "f0.py", more: "budget: {tokens: \(tokens)}")
        }
        try plan("1000")
        let first = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(first.status == 4, "\(first.text)\(first.errorText)")
        #expect(first.text.contains("1050 tokens of 1000 tokens (50 tokens over"), "\(first.text)")
        #expect(try shop.survivors() == [])
        try plan("1M")
        #expect(try shop.orchestrate("resume", "--plan", shop.planPath).status == 0)
        #expect(try shop.attempts()["f0.py"]?.map(\.failure?.kind) == [.interrupted, nil])
    }

    /// A worker that tells requests only, and makes one more than it may.
    private func askingPlan(_ shop: Workshop, step: String, run: String, name: String = "demo") throws {
        try shop.tellingPlan(
            """
            echo {task} >>$TRACE
            for i in 1 2; do echo '{"event": "request"}'; echo '{"event": "turn"}'; done
            """,
            after: """
                if grep -q never {files}; then echo '{"event": "request"}'; exec sleep 600 # \(shop.mark)
                fi
                """,
            step: "attempts: 1\nbudget: {\(step)}", more: "budget: {\(run)}", name: name)
    }

    @Test func `requests are counted for a worker that tells no tokens`() throws {
        let shop = try shop()
        try askingPlan(shop, step: "usd: 5", run: "requests: 4")
        let checked = try shop.orchestrate("plan", "check", shop.planPath)
        #expect(!checked.text.contains("no budget"), "\(checked.text)")
        let run = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(run.status == 4, "\(run.text)\(run.errorText)")
        #expect(run.text.contains("budget.requests is spent: 4 requests of 4 requests"), "\(run.text)")
        #expect(try shop.landed().count == 2)
        let status = try shop.orchestrate("status").text
        #expect(status.contains("4 of 4 requests, worker time "), "\(status)")
        let explained = try shop.orchestrate("explain", "f0.py").text
        #expect(explained.contains("used 0 of 5.00 USD (none reported), 2 requests"), "\(explained)")
        let stats = try shop.orchestrate("workers", "stats").text
        #expect(stats.contains("requests") && stats.contains("2.0"), "\(stats)")
    }

    @Test func `a step ends a worker that makes one request too many, and one that takes too long`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old = 'never'\n"])
        try askingPlan(shop, step: "requests: 2", run: "requests: 100")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 1)
        #expect(try shop.attempts()["a.py"]?.map(\.failure?.kind) == [.budget])
        #expect(try shop.survivors() == [])
        try askingPlan(shop, step: "worker_time: 2s", run: "workers: 9", name: "timed")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 1)
        let explained = try shop.orchestrate("explain", "a.py", "--plan", shop.planPath)
        #expect(explained.text.contains("used up its budget of 2 s"), "\(explained.text)")
        #expect(try shop.survivors() == [])
    }

    @Test func `the time of all workers together is a budget that ends them`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old = 'never'\n", "b.py": "old = 'never'\n"])
        try askingPlan(shop, step: "requests: 9", run: "worker_time: 3s")
        let run = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(run.status == 4, "\(run.text)\(run.errorText)")
        #expect(run.text.contains("budget.worker_time is spent: 3 s of 3 s"), "\(run.text)")
        #expect(try shop.survivors() == [] && shop.landed() == [])
        // It is still spent, so nothing is started.
        let again = try shop.orchestrate("resume", "--plan", shop.planPath)
        #expect(again.status == 4 && shop.traceLines().count == 1, "\(again.text)")
    }

    /// Lets the run drain while the first worker waits at its gate, and ends it.
    private func drain(_ live: GatedShop, _ process: Process, _ isOver: (LoggedEvent.Body) -> Bool) throws {
        live.shop.wait("the cap is reached", for: process) { (try? live.log().contains(where: isOver)) == true }
        try live.open("f0.py")
        process.waitUntilExit()
        #expect(process.terminationStatus == 4, "\(live.said)")
        #expect(try live.shop.landed() == ["f0.py"])
        #expect(live.shop.traceLines() == ["f0.py"])
    }

    private func goOn(_ live: GatedShop) throws {
        #expect(try live.shop.orchestrate("resume", "--plan", live.shop.planPath).status == 0)
        #expect(try live.shop.landed().count == 3 && live.shop.traceLines().count == 3)
    }

    /// A run of three tasks whose time is up when its first worker waits at its gate.
    ///
    /// On a busy machine the time may be up before a worker has begun; then a run with more time is tried.
    private func begunWithTime() throws -> (live: GatedShop, process: Process, seconds: Int)? {
        for seconds in [1, 5, 30] {
            let live = try GatedShop(
                GatedShop.files(3), workers: "max_parallel: 1", more: "budget: {wall: \(seconds)s}")
            live.close("f0.py")
            let process = try live.shop.start(
                "migrate", "--plan", live.shop.planPath, saying: live.shop.directory.appending("said"))
            live.shop.wait("f0.py starts, or the time is up") {
                live.shop.traceLines() == ["f0.py"] || !process.isRunning
            }
            if live.shop.traceLines() == ["f0.py"] { return (live, process, seconds) }
        }
        return nil
    }

    @Test func `a run whose time is up ends its worker, and goes on with more time`() throws {
        let (live, process, seconds) = try #require(try begunWithTime())
        // The gate stays closed: nothing but the budget ends the worker.
        process.waitUntilExit()
        #expect(process.terminationStatus == 4, "\(live.said)")
        #expect(try live.shop.survivors() == [] && live.shop.landed() == [])
        #expect(
            live.said.contains("the wall budget of \(seconds) s is spent; raise budget.wall"), "\(live.said)")
        #expect(live.said.contains("s more than budget.wall, to end running work"), "\(live.said)")
        try live.open("f0.py")
        try live.plan(workers: "max_parallel: 1", more: "budget: {wall: 1h}")
        #expect(try live.shop.orchestrate("resume", "--plan", live.shop.planPath).status == 0)
        #expect(try live.shop.landed().count == 3 && live.shop.traceLines().count == 4)
    }

    @Test func `a run that takes up too much room lands what is under way`() throws {
        let live = try GatedShop(GatedShop.files(3))
        func plan(_ budget: String) throws {
            try live.plan(
                workers: "max_parallel: 1",
                more: "budget: {disk: \(budget)}\nsandbox: {write: [\"\(live.shop.directory.appending("shared"))\"]}")
            let text = try String(contentsOfFile: live.shop.planPath, encoding: .utf8)
            try text.replacingOccurrences(
                of: "echo {task} >>$TRACE",
                with: "head -c 40000000 /dev/zero >$ORCHESTRATE_JOB/big; echo {task} >>$TRACE"
            ).write(toFile: live.shop.planPath, atomically: true, encoding: .utf8)
        }
        try plan("20M")
        live.close("f0.py")
        let process = try live.start(until: "f0.py")
        try drain(live, process) { if case .fact(.diskUsed(let bytes)) = $0 { bytes > 30 << 20 } else { false } }
        #expect(live.said.contains("budget.disk is spent:"), "\(live.said)")
        #expect(live.said.contains("over, by running attempts"), "\(live.said)")
        try plan("10G")
        try goOn(live)
    }
}
