import Git
import Model
import TestSupport
import Testing

@testable import Coordinator

@Suite("The form of commits")
struct CommitFormTests {
    private func message(
        _ form: CommitForm, reason: String = "The old call is gone.", run: String = "p-1", attempt: Int = 1,
        title: String = "a.txt"
    ) throws -> CommitMessage {
        let fixture = try RunFixture { $0.commit = form }
        var task = fixture.tasks[0]
        task.title = title
        var verified = try fixture.verified("a.txt", "A\n", on: fixture.base, attempt: attempt)
        verified.reason = reason
        return CommitMessage(
            plan: fixture.plan, stage: fixture.plan.stages[0], run: RunID(run), task: task, verified: verified,
            tree: verified.tree, checked: .init(tree: verified.tree, task: task.id, count: 1),
            committer: "Carl <carl@example.com>")
    }

    @Test func `every part is filled in, and empty parts leave no gap`() throws {
        let form = CommitForm(
            subject: "refactor({plan}): {title} {ticket}",
            body: "Ticket: {ticket}\n\n{reason}\n\n\n{{reason}} by {worker}\n",
            trailers: [.init(key: "Refs", value: "{ticket}"), .init(key: "Part-Of", value: "{run}")], signOff: true,
            author: "{worker} <bot@example.com>", coAuthors: ["Ada <ada@example.com>"])
        let message = try message(form)
        #expect(
            message.text.hasPrefix(
                "refactor(p): a.txt\n\nThe old call is gone.\n\n{reason} by w\n\nPart-Of: p-1\nOrchestrate-Task: a.txt\n"
            ))
        #expect(
            message.text.hasSuffix("\nCo-authored-by: Ada <ada@example.com>\nSigned-off-by: Carl <carl@example.com>\n"))
        #expect(message.author?.name == "w" && message.author?.email == "bot@example.com")
        #expect(message.note == nil)
    }

    @Test func `a change keeps its id over attempts and bases, and no other task has it`() throws {
        let form = CommitForm(trailers: [.init(key: "Change-Id", value: "{change_id}")])
        func id(_ message: CommitMessage) throws -> String {
            let line = try #require(message.text.split(separator: "\n").first { $0.hasPrefix("Change-Id: ") })
            return String(line.dropFirst(11))
        }
        let first = try id(message(form))
        #expect(first.count == 41 && first.hasPrefix("I") && first.dropFirst().allSatisfy(\.isHexDigit))
        #expect(try id(message(form, reason: "Other.", attempt: 3)) == first)
        #expect(try id(message(form, run: "p-2")) != first)
        var other = try message(form)
        other.task.id = TaskID("b.txt")
        #expect(try id(other) != first)
        other.task.id = TaskID("a.txt")
        other.tree = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
        #expect(try id(other) == first)
    }

    @Test func `a long subject keeps its fixed words and the end of the path`() throws {
        let form = CommitForm(subject: "refactor(all): migrate {title} (ABC-1)")
        let text = try message(form, title: String(repeating: "dir/", count: 40) + "end.py").text
        let subject = try #require(text.split(separator: "\n").first)
        #expect(subject.count <= 72 && subject.hasPrefix("refactor(all): migrate …"))
        #expect(subject.hasSuffix("/end.py (ABC-1)"))
    }

    @Test func `without a reason, the first sentence of the goal says why`() throws {
        var message = try message(CommitForm(), reason: "")
        message.plan.goal = "Say new\nin all files. The rest is for prompts only.\n"
        #expect(message.text.hasPrefix("p: a.txt\n\nSay new in all files.\n\nEvidence:"))
    }

    @Test func `a long reason is cut, and cannot sign off for anybody`() throws {
        let long = (1...40).map { "- point \($0)" }.joined(separator: "\n")
        let text = try message(CommitForm(), reason: "Signed-off-by: Eve <e@e.e>\n\nChange-Id: I00\n\n" + long).text
        #expect(text.contains("\n Signed-off-by: Eve") && text.contains("\n Change-Id: I00"))
        #expect(text.contains("- point 6\n") && !text.contains("- point 12\n") && text.contains("\n…\n"))
    }

    @Test func `with notes, the message has no evidence, and the note has all of it`() throws {
        let fixture = try RunFixture { $0.commit = CommitForm(usesNotes: true) }
        let verified = try fixture.verified("a.txt", "A\n", on: fixture.base)
        let task = fixture.tasks[0]
        let commit = try fixture.git.commit(verified, of: task, tree: verified.tree, parent: fixture.base)
        #expect(try fixture.repository.git("log", "-1", "--format=%B", commit.hex) == "p: a.txt\n\nbecause\n")
        #expect(try fixture.git.repository.commit(commit).trailer(CommitMessage.Trailer.task) == nil)
        try fixture.git.keepNotes(
            of: [.init(task: task.id, commit: commit)], [task.id: verified], register: fixture.context.register)
        let record = try fixture.git.repository.commit(commit)
        #expect(record.trailer(CommitMessage.Trailer.task) == "a.txt")
        #expect(record.trailer(CommitMessage.Trailer.tree) == verified.tree.hex)
        // A rebase in memory carries the note over, with the new tree.
        let base = try fixture.commit(["c.txt": "c\n"], on: fixture.base)
        let transplant = CommitTransplant(repository: fixture.git.repository, plan: fixture.plan)
        let steps = try transplant.make(from: fixture.base, to: commit, onto: base)
        #expect(steps.map(\.task) == [task.id])
        try transplant.keepNotes(steps)
        let moved = try fixture.git.repository.commit(steps[0].commit)
        #expect(moved.trailer(CommitMessage.Trailer.task) == "a.txt")
        #expect(moved.trailer(CommitMessage.Trailer.tree) == steps[0].tree.hex && steps[0].tree != verified.tree)
    }
}
