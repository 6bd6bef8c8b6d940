import Foundation
import Model
import Reporting
import Review
import Store
import TestSupport
import Testing

/// The review queue and its screen, drawn from a store.
@Suite struct ReviewScreenTests {
    /// Thirty landed commits, the last one with another edit.
    private func queue(_ extra: [LoggedEvent.Body] = []) throws -> ReviewQueue {
        let directory = try ScratchDirectory("review")
        let store = try EventStore(path: directory.appending("state.sqlite"))
        let run = RunID("demo-1")
        let plan = Plan(
            name: "demo", goal: "g", repository: "/r",
            workers: WorkerRules(ladder: [Rung(worker: Worker(name: "codemod", run: "true"))]))
        let names = (10..<40).map { "t\($0)" }
        let tasks = names.map {
            MigrationTask(id: TaskID($0), title: $0, files: ["\($0).py"], figures: .init(lines: 3, fanIn: 1))
        }
        let base = try id(1)
        var bodies: [LoggedEvent.Body] = [
            .fact(.runStarted(.init(plan: plan, base: base, tip: base, tasks: tasks))),
            .fact(.coordinatorStarted(.init(processID: 1, tip: base))),
        ]
        for (number, name) in names.enumerated() { bodies += try landing(name, number: number, base: base) }
        _ = try store.append(bodies + extra, run: run, time: Timestamp(seconds: 100))
        let reader = try StoreReader(path: directory.appending("state.sqlite"))
        let last = try id(1000 + 29)
        return try ReviewQueue(reader, run: run) { commit in
            let path = commit.hex.suffix(4)
            let more = commit == last ? "-check(x)\n" : ""
            return "diff --git a/f\(path).py b/f\(path).py\n--- a/f\(path).py\n+++ b/f\(path).py\n"
                + "@@ -1,\(commit == last ? 2 : 1) +1 @@\n-old(n\(path))\n\(more)+new(n\(path))\n"
        }
    }

    private func landing(_ name: String, number: Int, base: ObjectID) throws -> [LoggedEvent.Body] {
        let (task, commit) = (TaskID(name), try id(1000 + number))
        let verified = Fact.AttemptVerified(
            task: task, attempt: 1, worker: "codemod", commit: commit, base: base, tree: base,
            changes: [.init(path: "\(name).py", added: 1, removed: 1)],
            checks: [.init(name: "tests", command: "true", outcome: .passed, status: 0, seconds: 1)], seconds: 1,
            reason: "old is gone")
        let landed = Fact.Landed.Commit(task: task, commit: commit)
        return [
            .decision(.start(.init(task: task, attempt: 1, rung: 0, reason: "ready"))),
            .fact(.attemptVerified(verified)),
            .decision(.check(.init(candidate: number, tasks: [task], reason: "built on the tip"))),
            .fact(
                .candidatePassed(
                    .init(candidate: number, tip: base, commits: [landed], tree: base, checks: [], seconds: 1))),
            .decision(.land(.init(candidate: number, commits: [landed]))),
            .fact(.landed(.init(candidate: number, commits: [landed]))),
        ]
    }

    private func id(_ number: Int) throws -> ObjectID {
        let digits = String(number, radix: 16)
        return try #require(ObjectID(hex: String(repeating: "0", count: 40 - digits.count) + digits))
    }

    private func reviewed(_ kind: ReviewDecision.Kind, _ task: String, _ text: String = "") -> LoggedEvent.Body {
        .decision(.reviewed(.init(kind: kind, tasks: [TaskID(task)], text: text, person: "Ann <a@b>")))
    }

    @Test func `the odd commit is the first group, and decisions are shown`() throws {
        let queue = try queue([
            reviewed(.approve, "t12"), reviewed(.comment, "t13", "why?"), reviewed(.approve, "t14"),
            reviewed(.undo, "t14"),
        ])
        #expect(queue.groups.map(\.group.members.count) == [1, 29])
        let text = queue.text(Layout())
        #expect(text.contains("30 commits in 2 groups, 1 odd, 1 of 30 decided"))
        #expect(text.contains("only 1 of 30 commits: - check(x"), "\(text)")
        #expect(text.contains("almost  group \(queue.groups[1].group.id)"))
        #expect(queue.linesToRead.all == 61 && queue.linesToRead.inGroups == 5)
        #expect(queue.items(named: "t12.py").map(\.task.id.rawValue) == ["t12"])
        #expect(queue.items(named: queue.groups[1].group.id).count == 29)
        #expect(queue.items(named: "0000").isEmpty)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(queue.json().utf8)) as? [String: Any])
        #expect(document["decided"] as? Int == 1 && document["lines_to_read"] as? Int == 5)
    }

    @Test func `keys choose a group or a commit, and decide`() throws {
        var screen = ReviewScreen(try queue())
        let first = screen.frame(width: 80, height: 24).text
        #expect(first.contains("! ") && first.contains("-check(x)"), "\(first)")
        let action1 = screen.press(.character("a"))
        #expect(action1 == .decide(.approve, [TaskID("t39")], text: ""))
        let action2 = screen.press(.character("j"))
        #expect(action2 == .none)
        guard case .decide(.skip, let tasks, _) = screen.press(.character("s")) else {
            Issue.record("no decision"); return
        }
        #expect(tasks.count == 29)
        _ = screen.press(.enter)
        _ = screen.press(.down)
        let action3 = screen.press(.character("u"))
        #expect(action3 == .decide(.undo, [TaskID("t11")], text: ""))
        _ = screen.press(.character("r"))
        for character in "too slop" { _ = screen.press(.character(character)) }
        _ = screen.press(.backspace)
        _ = screen.press(.paste("w"))
        let asking = screen.frame(width: 80, height: 24)
        #expect(asking.text.contains("reason for the rejection: too slow") && asking.cursor?.row == 23)
        let action4 = screen.press(.enter)
        #expect(action4 == .decide(.reject, [TaskID("t11")], text: "too slow"))
        _ = screen.press(.character("c"))
        let nothing = screen.press(.enter)
        #expect(nothing == .none && screen.message == "nothing was typed, so nothing is done")
        let action5 = screen.press(.character("q"))
        #expect(action5 == .quit)
    }

    @Test func `the filter and the help`() throws {
        var screen = ReviewScreen(try queue())
        _ = screen.press(.character("/"))
        for character in "t20.py" { _ = screen.press(.character(character)) }
        _ = screen.press(.enter)
        let shown = screen.frame(width: 100, height: 30).text
        #expect(!shown.contains("! ") && shown.contains("old → new"), "\(shown)")
        _ = screen.press(.escape)
        #expect(screen.frame(width: 100, height: 30).text.contains("! "))
        _ = screen.press(.character("?"))
        #expect(screen.frame(width: 80, height: 24).text.contains("asks for a reason"))
        _ = screen.press(.character("x"))
        #expect(!screen.frame(width: 80, height: 24).text.contains("asks for a reason"))
    }

    @Test(arguments: [(20, 5), (40, 10), (80, 24), (200, 60), (1, 1)]) func `every size can be drawn`(
        width: Int, height: Int
    ) throws {
        var screen = ReviewScreen(try queue())
        for key in [Key.down, .enter, .character("G"), .pageDown, .character("r"), .escape, .escape, .character("?")] {
            let frame = screen.frame(width: width, height: height)
            #expect(frame.width == width && frame.height == height)
            _ = screen.press(key)
        }
    }

    @Test func `a decision leads on to the next open group`() throws {
        var screen = ReviewScreen(try queue())
        screen.take(try queue([reviewed(.approve, "t39")]))
        screen.advance()
        guard case .decide(_, let tasks, _) = screen.press(.character("a")) else { Issue.record("no decision"); return }
        #expect(tasks.count == 29)
    }
}
