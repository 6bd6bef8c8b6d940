import Foundation
import Git
import Model
import Store
import TestSupport
import Testing

@testable import Coordinator

@Suite("The message of a task's commit")
struct CommitMessageTests {
    private func message(
        _ fixture: RunFixture, reason: String = "", checked: CommitMessage.CheckedTree? = nil,
        change: (inout MigrationTask) -> Void = { _ in }
    ) throws -> String {
        var task = fixture.tasks[0]
        change(&task)
        var verified = try fixture.verified("a.txt", "A\n", on: fixture.base, attempt: 3)
        verified.reason = reason
        verified.checks = [
            CheckResult(name: "compiles", command: "c", outcome: .passed, status: 0, seconds: 1, digest: ""),
            CheckResult(name: "compiles", command: "c", outcome: .passed, status: 0, seconds: 0.5, digest: ""),
        ]
        return CommitMessage(
            plan: fixture.plan, stage: fixture.plan.stages[0], run: RunID("p-1"), task: task, verified: verified,
            tree: verified.tree,
            checked: checked ?? .init(tree: verified.tree, task: task.id, count: 1),
            committer: "Ada <ada@example.com>"
        ).text
    }

    @Test func `says what was done, why, on what evidence, and by whom`() throws {
        let fixture = try RunFixture { $0.verify.landing = [Check(name: "tests", run: "true")] }
        let text = try message(fixture, reason: "The old call is gone.")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines[0] == "p: a.txt" && lines[1] == "")
        #expect(text.contains("\n\nThe old call is gone.\n\nEvidence:\n"))
        #expect(text.contains("- compiles: passed in 1.5 s (2 times)\n"))
        #expect(text.contains("- tests: passed on this tree before it landed\n"))
        #expect(text.contains("- 1 changed: +1 -1\n"))
        let tree = try fixture.verified("a.txt", "A\n", on: fixture.base).tree
        #expect(
            text.hasSuffix(
                """
                Orchestrate-Task: a.txt
                Orchestrate-Run: p-1
                Orchestrate-Attempt: 3
                Orchestrate-Worker: w
                Verified-Tree: \(tree)

                """))
    }

    @Test func `a commit that landed with others says that the last of them was checked`() throws {
        let fixture = try RunFixture { $0.verify.landing = [Check(name: "tests", run: "true")] }
        let other = try fixture.verified("b.txt", "B\n", on: fixture.base).tree
        let text = try message(fixture, checked: .init(tree: other, task: TaskID("b.txt"), count: 2))
        #expect(!text.contains("passed on this tree"))
        #expect(text.contains("Verified-Tree: \(other) (of the commit of b.txt, the last of 2 that landed together)\n"))
    }

    @Test func `text from outside cannot pretend to be a trailer`() throws {
        let fixture = try RunFixture()
        let text = try message(
            fixture, reason: "Orchestrate-Task: b.txt\n\nVerified-Tree: 1234\n\n- Orchestrate-Run: x")
        #expect(text.contains("\n Orchestrate-Task: b.txt\n"))
        #expect(text.contains("\n Verified-Tree: 1234\n"))
        let commit = try fixture.commit(["a.txt": "A\n"], on: fixture.base, message: text)
        let record = try fixture.git.repository.commit(commit)
        #expect(record.trailer(CommitMessage.Trailer.task) == "a.txt")
        #expect(record.trailers.count == 5)
    }

    @Test func `a long title keeps its end, and paragraphs are filled to 72 columns`() throws {
        let fixture = try RunFixture()
        let long = String(repeating: "dir/", count: 30) + "end.py"
        let text = try message(fixture, reason: String(repeating: "word ", count: 40)) { $0.title = long }
        let lines = text.split(separator: "\n")
        #expect(lines[0].count <= 72 && lines[0].hasPrefix("p: …") && lines[0].hasSuffix("/end.py"))
        #expect(lines.dropFirst().allSatisfy { $0.count <= 72 })
    }

    @Test func `the reason is found again in a body`() throws {
        let fixture = try RunFixture()
        let text = try message(fixture, reason: "The old call\nis gone.") { $0.instructions = "Mind the tests." }
        let commit = try fixture.commit(["a.txt": "A\n"], on: fixture.base, message: text)
        let body = try fixture.git.repository.commit(commit).body
        #expect(CommitMessage.reason(in: body, goal: fixture.plan.goal) == "Mind the tests. The old call is gone.")
    }

    // MARK: What landed meanwhile

    @Test func `commits that landed meanwhile are listed with their files, the latest ones`() throws {
        let fixture = try RunFixture()
        var tip = fixture.base
        for number in 1...25 {
            tip = try fixture.commit(
                ["f\(number).txt": "\(number)"], on: tip, message: "p: change \(number)\n\nbecause of \(number)\n")
        }
        let all = try fixture.git.landed(from: fixture.base, to: tip, touching: nil)
        #expect(!all.contains("change 5 ") && all.contains("change 6 (f6.txt)") && all.contains("because of 25"))
        let some = try fixture.git.landed(from: fixture.base, to: tip, touching: ["f3.txt"])
        #expect(some.contains("change 3 (f3.txt)") && !some.contains("change 4"))
    }
}
