import Foundation
import Model
import TestSupport
import Testing

@testable import Coordinator

@Suite("A task's conversation")
struct ConversationTests {
    private let scratch: ScratchDirectory
    private let conversation: Conversation

    init() throws {
        scratch = try ScratchDirectory("conversation")
        conversation = Conversation(in: scratch.path, worker: "w")
    }

    @Test func `is gone on with, and what was used in it adds up`() throws {
        #expect(conversation.last() == nil)
        conversation.keep(session: "a-1", usage: Usage(inputTokens: 5), after: nil)
        let first = try #require(conversation.last())
        conversation.keep(session: nil, usage: Usage(inputTokens: 7), after: first)
        #expect(conversation.last() == .init(session: "a-1", usage: Usage(inputTokens: 12)))
        conversation.keep(session: "b-2", usage: Usage(inputTokens: 1), after: nil)
        #expect(conversation.last() == .init(session: "b-2", usage: Usage(inputTokens: 1)))
    }

    @Test(arguments: ["", "-rf", "a b", "$(id)", "a'b", "../x/y", "a\nb", String(repeating: "a", count: 200)])
    func `has a name that can do nothing in a command`(_ name: String) {
        conversation.keep(session: name, usage: nil, after: nil)
        #expect(conversation.last() == nil)
    }

    @Test func `is not believed when it is garbage`() throws {
        try "{\"session\": \"; rm\"}".write(
            toFile: scratch.appending("conversation-w.json"), atomically: true, encoding: .utf8)
        #expect(conversation.last() == nil)
    }

    @Test func `is not gone on with after it went in circles`() {
        var worker = Worker(name: "w", run: "true")
        worker.resume = "true {session}"
        let rung = Rung(worker: worker, retry: .resume)
        #expect(WorkerRun.resumes(rung, after: [Failure(kind: .doneCheck, summary: "")]))
        #expect(!WorkerRun.resumes(rung, after: [Failure(kind: .stuck, summary: "")]))
        #expect(!WorkerRun.resumes(rung, after: []))
        #expect(!WorkerRun.resumes(Rung(worker: worker), after: [Failure(kind: .doneCheck, summary: "")]))
    }
}
