import Foundation
import TestSupport
import Testing

/// What workers have brought and cost is counted over all runs on the machine.
@Suite(.ownThreads) struct WorkersStatsTests {
    private struct Document: Decodable {
        struct Worker: Decodable {
            var name: String
            var attempts: Int
            var verified: Int
            var landed: Int
            var successRate: Double?
            var inputTokens: Int?
            var usd: Double?
            var usdPerLanded: Double?
            var tokensPerLanded: Double?
        }

        var workers: [Worker]
    }

    private func stats(_ shop: Workshop) throws -> [Document.Worker] {
        let result = try shop.orchestrate("workers", "stats", "--json")
        #expect(result.status == 0, "\(result.errorText)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Document.self, from: Data(result.text.utf8)).workers
    }

    @Test func `attempts, landed tasks and cost are counted by worker`() throws {
        let shop = try Workshop()
        #expect(try stats(shop).isEmpty)
        #expect(try shop.orchestrate("workers", "stats").text.contains("no worker has made an attempt yet"))
        try shop.repository.commit(["a.py": "old\n", "b.py": "old\n", "c.py": "old\n"])
        let tell =
            #"echo '{"usage": {"input_tokens": 100, "output_tokens": 50}, "cost_usd": 0.25}' >{job}/outcome.json"#
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              ladder:
                - use: cheap
                  attempts: 1
                  run: |
                    \(tell)
                    if [ {task} = a.py ]; then sed -i s/old/new/ {files}; fi
                - {use: dear, attempts: 1, run: "sed -i s/old/new/ {files}"}
            verify:
              done: [{run: "! grep -q old {file}"}]
            """)
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        let found = try stats(shop)
        #expect(found.map(\.name) == ["cheap", "dear"])
        let cheap = try #require(found.first)
        #expect((cheap.attempts, cheap.verified, cheap.landed) == (3, 1, 1))
        #expect(cheap.inputTokens == 300 && cheap.usd == 0.75 && cheap.usdPerLanded == 0.75)
        #expect(cheap.tokensPerLanded == 450)
        let dear = try #require(found.last)
        #expect((dear.attempts, dear.verified, dear.landed) == (2, 2, 2))
        #expect(dear.successRate == 1 && dear.usd == nil && dear.usdPerLanded == nil)
        #expect(try shop.orchestrate("workers", "stats").text.contains("33 %"))
    }

    @Test func `a ladder may go by what its workers have cost so far`() throws {
        let shop = try Workshop()
        let files = (0..<20).map { "f\($0).py" }
        try shop.repository.commit(Dictionary(uniqueKeysWithValues: files.map { ($0, "old\n") }))
        func plan(_ name: String, _ order: String) throws {
            try shop.plan(
                """
                scope: {include: ["*.py"]}
                workers:
                  order: \(order)
                  environment: [TRACE]
                  ladder:
                    - {use: vain, attempts: 1, run: "echo vain >>$TRACE; false"}
                    - {use: good, attempts: 1, run: "echo good >>$TRACE; sed -i s/old/new/ {files}"}
                verify:
                  done: [{run: "! grep -q old {file}"}]
                """, name: name)
        }
        try plan("first", "auto")
        let first = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(first.status == 0 && first.errorText.contains("fewer than 20 attempts"), "\(first.errorText)")
        #expect(shop.traceLines().filter { $0 == "vain" }.count == 20)
        try plan("second", "auto")
        let second = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(
            second.status == 0 && second.errorText.contains("the ladder by cost so far: good, vain"),
            "\(second.errorText)")
        #expect(shop.traceLines().filter { $0 == "vain" }.count == 20)
        #expect(shop.traceLines().filter { $0 == "good" }.count == 40)
        try plan("third", "written")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(shop.traceLines().filter { $0 == "vain" }.count == 40)
    }
}
