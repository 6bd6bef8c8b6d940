import Foundation
import TestSupport
import Testing

/// Failures of one kind, and one command that repairs them.
@Suite(.ownThreads) struct FailureClassRunTests {
    /// Twenty files that need a hint, and two that fail in another way.
    private func shop() throws -> Workshop {
        let shop = try Workshop()
        var files = [
            "check.sh": "grep -q new $1 && exit 0\necho \"$1:3: NameError: name '$(cat $1)' is not defined\"; exit 1\n"
        ]
        for number in 0..<20 { files["src/item\(number).py"] = "old\(number)\n" }
        try shop.repository.commit(files)
        try shop.plan(
            """
            scope: {include: ["src/*.py"]}
            workers:
              max_parallel: 4
              ladder:
                - use: hinted
                  run: "if grep -q 'say new' {job}/prompt.md; then echo new >{files}; else echo odd >>{files}; fi"
                  attempts: 1
            verify:
              probe: off
              task: [{name: tests, run: "sh check.sh {files}"}]
            """)
        return shop
    }

    @Test func `one command with a hint lands a class of failures`() throws {
        let shop = try shop()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 1)
        let shown = try shop.orchestrate("failures", "--json")
        struct Document: Decodable {
            struct Class: Decodable {
                var id: String
                var failed: [String]
            }
            var classes: [Class]
        }
        let classes = try JSONDecoder().decode(Document.self, from: Data(shown.standardOutput)).classes
        #expect(classes.count == 1)
        let found = try #require(classes.first)
        #expect(found.failed.count == 20)
        let text = try shop.orchestrate("failures").text
        #expect(text.contains("\(found.id)  check 'tests' by hinted"), "\(text)")
        #expect(text.contains("next: orchestrate retry --class \(found.id) --note TEXT"))
        let retried = try shop.orchestrate("retry", "--class", found.id, "--note", "say new", "--sample", "3")
        #expect(retried.text.contains("Queued."), "\(retried.text)")
        let resumed = try shop.orchestrate("resume")
        #expect(resumed.status == 0, "\(resumed.text)")
        #expect(try shop.landed().count == 20)
        #expect(try shop.orchestrate("failures").text.contains("all done since"))
        #expect(try shop.orchestrate("retry", "--class", "zzz").status == 64)
    }
}
