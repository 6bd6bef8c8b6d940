import Foundation
import Model
import Testing

@testable import Coordinator

@Suite struct ReviewPromptTests {
    private func prompt(_ file: String, work: ReviewPrompt.Work?) throws -> String {
        let fixture = try RunFixture()
        let reviewer = Reviewer(
            name: "strict", worker: Worker(name: "w", run: "true"), instructions: "Look for badness.")
        return ReviewPrompt(
            plan: fixture.plan, task: MigrationTask(id: TaskID(file), title: file, files: [file]), reviewer: reviewer,
            work: work, outcomePath: "/jobs/\(file)/outcome.json"
        ).text
    }

    private func work(_ diff: String) -> ReviewPrompt.Work {
        ReviewPrompt.Work(rules: ["Keep every test."], checks: [], diff: diff, diffPath: "changes.diff")
    }

    @Test func `what the reviews of a run share comes first, and the task's own after its title`() throws {
        for isWork in [true, false] {
            let (one, two) = (
                try prompt("one.py", work: isWork ? work("+1") : nil),
                try prompt("two.py", work: isWork ? work("+2") : nil)
            )
            let shared = one.commonPrefix(with: two)
            #expect(shared.hasSuffix(isWork ? "\n\n# Review: " : "\n\n# Done or not: "), "\(shared)")
            for part in ["Do it.", "Look for badness.", #""verdict""#] { #expect(shared.contains(part), "\(part)") }
            #expect(!isWork || shared.contains("Keep every test."))
            #expect(one.hasSuffix("Write your answer to `/jobs/one.py/outcome.json`, or end with it.\n"))
        }
    }
}
