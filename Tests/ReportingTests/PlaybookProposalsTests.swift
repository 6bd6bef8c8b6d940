import Model
import Testing

@testable import Reporting

@Suite struct PlaybookProposalsTests {
    private func log(_ bodies: [LoggedEvent.Body]) -> [LoggedEvent] {
        bodies.enumerated().map { number, body in
            LoggedEvent(sequence: Int64(number + 1), run: RunID("p-1"), time: Timestamp(seconds: 1), body: body)
        }
    }

    private func lesson(_ id: Int, _ text: String, kind: Message.Kind = .lesson) -> LoggedEvent.Body {
        .fact(
            .message(
                .init(
                    Message(
                        id: id, kind: kind, sender: .task(TaskID("a")), audience: .everyone, body: text,
                        time: Timestamp(seconds: 1)))))
    }

    private func given(_ task: String, _ messages: [Int]) -> LoggedEvent.Body {
        .fact(.messagesGiven(.init(task: TaskID(task), attempt: 1, messages: messages, way: .prompt)))
    }

    private func landed(_ task: String) throws -> LoggedEvent.Body {
        let commit = try #require(ObjectID(hex: String(repeating: "a", count: 40)))
        return .fact(.landed(.init(candidate: 1, commits: [.init(task: TaskID(task), commit: commit)])))
    }

    private func note(_ text: String, for task: String, id: String, isAccepted: Bool) -> [LoggedEvent.Body] {
        [
            .fact(
                .control(.init(id: id, command: .retry(task: TaskID(task), request: RetryRequest(note: text))))),
            .decision(.answer(.init(command: id, isAccepted: isAccepted, text: ""))),
        ]
    }

    @Test func `a lesson counts once a task that had it has landed, and equal ones are one`() throws {
        let first = try log([
            lesson(1, "Keep the order."), lesson(2, "Never asked"), lesson(3, "Only a warning", kind: .warning),
            given("b", [1, 3]), landed("a"), landed("b"),
        ])
        let second = try log([lesson(1, "keep the ORDER"), given("c", [1]), given("d", [1]), landed("c")])
        let proposals = PlaybookProposals([first, second]).all
        #expect(proposals.map(\.text) == ["Keep the order."])
        #expect(proposals.first?.landed == [TaskID("b"), TaskID("c")] && proposals.first?.task == TaskID("a"))
    }

    @Test func `a note to a class of failures is one proposal, with the tasks of the class that landed`() throws {
        let order = ClassCommand(
            name: "c1", tasks: ["a", "b", "c"].map { TaskID($0) },
            action: .retry(request: RetryRequest(note: "Use the long name"), sample: 1))
        let bodies: [LoggedEvent.Body] = [
            .fact(.control(.init(id: "1", command: .forClass(order)))),
            .decision(.answer(.init(command: "1", isAccepted: true, text: ""))), try landed("b"), try landed("x"),
            try landed("c"),
        ]
        let all = PlaybookProposals([log(bodies)]).all
        #expect(all.map(\.text) == ["Use the long name"] && all.first?.source == .note)
        let proposal = try #require(all.first)
        #expect(proposal.task == TaskID("a") && proposal.landed == [TaskID("b"), TaskID("c")])
        #expect(PlaybookReport.words(proposal) == "note for a and others: 2 tasks landed with it")
    }

    @Test func `a note counts once it was accepted, and numbers stay`() throws {
        var bodies = note("Use the long name", for: "a", id: "1", isAccepted: true)
        bodies += note("Refused", for: "b", id: "2", isAccepted: false)
        let before = PlaybookProposals([log(bodies)])
        #expect(before.all.map(\.text) == ["Use the long name"] && before.all.first?.landed == [])
        bodies += try [landed("a"), lesson(1, "Mind the gap"), given("c", [1]), landed("c")]
        let after = PlaybookProposals([log(bodies)])
        #expect(after.all.map(\.number) == [1, 2] && after.all.map(\.source) == [.note, .lesson])
        #expect(after.all.first?.landed == [TaskID("a")])
        var playbook = Playbook("")
        playbook.reject("Use the long name")
        #expect(after.open(for: playbook).map(\.number) == [2])
    }
}
