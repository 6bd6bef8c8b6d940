import Foundation
import Model
import Store
import TestSupport
import Testing

/// Points of a plan at which the run waits for a person, each passed once.
@Suite(.ownThreads) struct CheckpointRunTests {
    /// Fourteen tasks, one after the other, each for 0.4 USD; those whose file says `bad` fail.
    private func shop(_ checkpoint: String, bad: Set<Int> = [], stages: String = "") throws -> Workshop {
        let shop = try Workshop()
        var files: [String: String] = [:]
        for number in 10..<24 { files["f\(number).py"] = bad.contains(number) ? "bad\n" : "old\n" }
        try shop.repository.commit(files)
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              max_parallel: 1
              environment: [TRACE]
              ladder:
                - attempts: 1
                  run: |
                    echo {task} >>$TRACE
                    echo '{"cost_usd": 0.4}' >$ORCHESTRATE_JOB/outcome.json
                    grep -q bad {files} && exit 1
                    echo new >>{file}
            checkpoints: [{after: {\(checkpoint)}}]
            \(stages)
            """)
        return shop
    }

    /// Runs up to the checkpoint, says go on, and runs to the end.
    private func pass(_ shop: Workshop, after counts: [Int], because words: String, end: Int32 = 0) throws {
        let first = try shop.orchestrate("migrate", "--plan", shop.planPath, "--unattended")
        #expect(first.status == 4, "\(first.text)\(first.errorText)")
        #expect(first.text.contains("checkpoint: \(words)"), "\(first.text)")
        #expect(counts.contains(shop.traceLines().count), "\(shop.traceLines())")
        let status = try shop.orchestrate("status").text
        #expect(status.contains("orchestrate continue"))
        // A forecast needs five tasks that have ended.
        let isForecast = shop.traceLines().count >= 5
        for text in [first.text, status] { #expect(Self.isForecast(text) == isForecast, "\(text)") }
        #expect(try shop.orchestrate("continue").status == 0)
        let second = try shop.orchestrate("resume", "--unattended")
        #expect(second.status == end, "\(second.text)\(second.errorText)")
    }

    private static func isForecast(_ text: String) -> Bool {
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.contains("USD") && words.contains("(p50 to p90)")
    }

    @Test func `after a cost`() throws {
        let shop = try shop("cost: 1")
        try pass(shop, after: [3], because: "the run has cost 1.0 USD")
        #expect(try shop.landed().count == 14 && shop.traceLines().count == 14)
    }

    @Test func `after a share of failures`() throws {
        let shop = try shop("failure_rate: 30%", bad: [11, 13])
        // Two of the first five; while the last of them lands, the next one begins.
        try pass(shop, after: [5, 6], because: "2 of 5 tasks failed", end: 1)
        #expect(try shop.landed().count == 12 && shop.traceLines().count == 14)
        let simulated = try shop.orchestrate("simulate", "--plan", shop.planPath, "--runs", "1")
        #expect(Self.isForecast(simulated.text), "\(simulated.text)\(simulated.errorText)")
    }

    @Test func `a share of failures is reached again in the next sample`() throws {
        let shop = try shop("failure_rate: 30%", bad: [11, 13, 18, 19])
        try pass(shop, after: [5, 6], because: "2 of 5 tasks failed", end: 4)
        #expect(try shop.orchestrate("continue").status == 0)
        #expect(try shop.orchestrate("resume", "--unattended").status == 1)
        #expect(try shop.landed().count == 10)
    }

    @Test func `after a stage`() throws {
        let shop = try shop(
            "stage: first",
            stages: """
                stages:
                  - {name: first, scope: {include: ["f1[0-3].py"]}}
                  - {name: second, scope: {include: ["f1[4-9].py", "f2*.py"]}}
                """)
        try pass(shop, after: [4], because: "stage first is complete")
        #expect(try shop.landed().count == 14 && shop.traceLines().count == 14)
    }

    @Test func `approval is given to a live run`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "b.py": "old\n", "c.py": "old\n"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              environment: [TRACE]
              approve: before-landing
              ladder: [{run: "echo {task} >>$TRACE; sed -i s/old/new/ {files}"}]
            """)
        let process = try shop.start("migrate", "--plan", shop.planPath)
        for task in ["a.py", "b.py", "c.py"] {
            shop.wait("\(task) waits for a person", for: process) { (try? shop.task(task).state) == .verified }
        }
        #expect(try shop.landed() == [])
        #expect(try shop.orchestrate("status").text.contains("orchestrate continue b.py"))
        #expect(try shop.orchestrate("continue", "b.py").text.contains("b.py lands, if the landing checks pass"))
        shop.wait("b.py lands", for: process) { (try? shop.landed()) == ["b.py"] }
        // What a person turns down is done again with what they say, and asked about again.
        #expect(try shop.orchestrate("retry", "a.py", "--note", "More of it.").text.contains("it is done again"))
        shop.wait("a.py is done again", for: process) { shop.traceLines().count(where: { $0 == "a.py" }) == 2 }
        shop.wait("a.py waits again", for: process) { (try? shop.task("a.py").state) == .verified }
        for task in ["a.py", "c.py"] { #expect(try shop.orchestrate("continue", task).status == 0) }
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try shop.landed().count == 3)
        #expect(try shop.jobFile("a.py", 2, "prompt.md").contains("More of it."))
    }
}
