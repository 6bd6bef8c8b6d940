import Foundation
import TestSupport
import Testing

/// How many workers and landing checks run side by side, and why.
@Suite(.ownThreads) struct ParallelTests {
    private func migrate(
        workers: String = "", check: String, landing: String = ""
    ) throws -> (Workshop, first: String) {
        let shop = try Workshop()
        try shop.repository.commit(["src/a.py": "NAME = 'old'\n"])
        try shop.plan(
            """
            scope: {include: ["src/*"]}
            workers: {\(workers)ladder: [{run: "sed -i s/old/new/ {files}"}]}
            verify: {landing: [{name: tests, run: "\(check)"}]}
            \(landing)
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        return (shop, String(result.errorText.split(separator: "\n").first { $0.hasPrefix("note: ") } ?? ""))
    }

    private func parallel(_ shop: Workshop) throws -> [String: Any] {
        let text = try shop.orchestrate("status", "--json").text
        let document = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return document?["parallel"] as? [String: Any] ?? [:]
    }

    @Test func `the first line of a run and its status say what was chosen and why`() throws {
        let (shop, first) = try migrate(check: "true")
        #expect(
            first
                == "note: 4 workers at a time (the default), 4 verify slots (as many as workers); workers.max_parallel and "
                + "landing.verify_slots change that")
        let told = try parallel(shop)
        #expect(told["workers"] as? Int == 4 && told["verify_slots"] as? Int == 4)
        #expect(told["workers_reason"] as? String == "the default")
        #expect(told["verify_slots_reason"] as? String == "as many as workers")
    }

    @Test func `the look at the base measures the landing checks`() throws {
        let (_, first) = try migrate(check: "cd src && python3 -B -c 'import a'")
        #expect(first.contains("the landing checks take "), "\(first)")
    }

    @Test func `numbers of the plan are kept and named as such`() throws {
        let (shop, first) = try migrate(
            workers: "max_parallel: 3, ", check: "true", landing: "landing: {verify_slots: 2}")
        #expect(first == "note: 3 workers at a time (as the plan says), 2 verify slots (as the plan says)")
        #expect(try parallel(shop)["verify_slots_reason"] as? String == "as the plan says")
    }
}
