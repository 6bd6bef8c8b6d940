import Foundation
import Model
import Store
import Synchronization
import TestSupport
import Testing

@testable import Coordinator

@Suite("Commands to a run")
struct CommandReaderTests {
    private let scratch: ScratchDirectory
    private let spool: ControlSpool

    init() throws {
        scratch = try ScratchDirectory("spool")
        let state = try StateFolder(
            commonGitDirectory: scratch.path, environment: ["XDG_STATE_HOME": scratch.appending("state")])
        spool = ControlSpool(state, plan: "p")
    }

    private func reader(earlier: Set<String> = []) -> CommandReader { CommandReader(spool, earlier: earlier) }

    private func answer(to id: String) -> LoggedEvent.Body {
        .decision(.answer(.init(command: id, isAccepted: true, text: "done")))
    }

    @Test func `commands are delivered once, in the order in which they were given`() throws {
        let ids = try ["a", "b", "c"].map { try spool.send(.skip(task: TaskID($0))) }
        let reader = reader()
        #expect(reader.next().map(\.id) == ids)
        #expect(reader.next() == [])
        let late = try spool.send(.proceed)
        #expect(reader.next().map(\.id) == [late])
    }

    @Test func `while a run is prepared, stop ends the preparation and other commands are kept for the run`()
        async throws
    {
        let earlier = try spool.send(.skip(task: TaskID("queued")))
        let stopped = Mutex(0)
        let answers = PreparationAnswers(spool, earlier: [earlier]) { stopped.withLock { $0 += 1 } }
        let later = try spool.send(.skip(task: TaskID("a")))
        let stop = try spool.send(.stop(atOnce: true))
        var found: [String: ControlSpool.Answer] = [:]
        let deadline = Date(timeIntervalSinceNow: 600)
        while found.count < 2, Date() < deadline {
            for id in [later, stop] { if let answer = spool.takeAnswer(id) { found[id] = answer } }
            await Task.yield()
        }
        await answers.end()
        #expect(found[stop]?.text == "stopping: the run has not begun" && stopped.withLock { $0 } == 1)
        #expect(found[later]?.isAccepted == true && found[later]?.text.contains("once it has begun") == true)
        #expect(spool.pending().map(\.id) == [earlier, later])
        #expect(spool.takeAnswer(earlier) == nil)
    }

    @Test func `a command that comes between the first look and the watch is delivered`() async throws {
        let reader = reader()
        reader.settle(after: [])
        #expect(reader.next() == [])
        let id = try spool.send(.skip(task: TaskID("a")))
        let (stream, continuation) = AsyncStream<Control>.makeStream()
        let watch = Task { await reader.watch { continuation.yield($0) } }
        var first: Control?
        for await control in stream {
            first = control
            break
        }
        watch.cancel()
        #expect(first?.id == id)
    }

    @Test func `a pause that was given once the lock was taken is obeyed`() throws {
        let earlier = try spool.send(.pause)
        let reader = reader(earlier: [earlier])
        let mine = try spool.send(.pause)
        let stop = try spool.send(.stop(atOnce: false))
        reader.settle(after: [])
        #expect(reader.next().map(\.id) == [mine, stop])
        #expect(spool.pending().map(\.id) == [mine, stop])
    }

    @Test func `what was meant for the task outlives its coordinator`() throws {
        let ids = try [Control.Command.skip(task: TaskID("a")), .proceed, .approve(task: TaskID("b"))].map {
            try spool.send($0)
        }
        let reader = reader(earlier: Set(ids))
        reader.settle(after: [])
        #expect(reader.next().map(\.id) == ids)
    }

    @Test func `a command that the log has an answer to is taken out`() throws {
        let obeyed = try spool.send(.skip(task: TaskID("a")))
        let open = try spool.send(.skip(task: TaskID("b")))
        let reader = reader(earlier: [obeyed, open])
        reader.settle(after: LoggedEvent.log([answer(to: obeyed)]))
        #expect(reader.next().map(\.id) == [open])
        #expect(spool.pending().map(\.id) == [open])
    }

    @Test func `an answer is taken once, and its command is gone`() throws {
        let id = try spool.send(.proceed)
        #expect(spool.takeAnswer(id) == nil)
        reader().answer(id, isAccepted: false, text: "no")
        #expect(spool.takeAnswer(id) == .init(isAccepted: false, text: "no"))
        #expect(spool.takeAnswer(id) == nil)
        #expect(spool.pending() == [])
    }

    @Test func `answers stay for those who still wait, and go after a minute`() throws {
        let ids = try (0..<2).map { _ in try spool.send(.proceed) }
        for id in ids { reader().answer(id, isAccepted: true, text: "yes") }
        let folder = scratch.appending("state/orchestrate")
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -120)],
            ofItemAtPath: "\(folder)/\(name)/control/p/answers/\(ids[0]).json")
        reader().settle(after: [])
        #expect(spool.takeAnswer(ids[0]) == nil)
        #expect(spool.takeAnswer(ids[1]) != nil)
    }

    @Test func `what is no command is left out`() throws {
        let id = try spool.send(.proceed)
        let folder = scratch.appending("state/orchestrate")
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
        let commands = "\(folder)/\(name)/control/p/new"
        try "{".write(toFile: "\(commands)/1-1.json", atomically: true, encoding: .utf8)
        try FileManager.default.copyItem(atPath: "\(commands)/\(id).json", toPath: "\(commands)/0-0.json")
        #expect(spool.pending().map(\.id) == [id])
    }

    @Test func `a command that nobody obeys can be taken back`() throws {
        let id = try spool.send(.pause)
        spool.takeBack(id)
        #expect(reader().next() == [])
    }
}
