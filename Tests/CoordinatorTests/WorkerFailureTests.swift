import Jobs
import Model
import Testing
import Workers

@testable import Coordinator

/// What the end of a worker comes to, by what it told and by how its process ended.
@Suite("The end of a worker")
struct WorkerFailureTests {
    private func worker(_ limits: Worker.Limits = Worker.Limits()) -> Worker {
        var worker = Worker(name: "w", run: "true", limits: limits, provider: "p")
        worker.events = .orchestrate
        return worker
    }

    private func failure(
        _ told: String..., ending: ProcessOutcome.Ending = .exited(0), endedByWatch: Bool = false,
        limits: Worker.Limits = Worker.Limits()
    ) throws -> Failure? {
        let worker = worker(limits)
        var stream = try #require(WorkerStream(worker))
        for line in told { _ = stream.take(Array((line + "\n").utf8)) }
        var outcome = JobOutcome(process: ProcessOutcome(ending: ending, seconds: 1), log: "/dev/null")
        outcome.endedByWatch = endedByWatch
        return Failure(ending: outcome, of: worker, told: stream)
    }

    static let success = #"{"event": "finished", "result": "success"}"#

    @Test func `success is no failure, however the process ended once it was told`() throws {
        #expect(try failure(Self.success) == nil)
        #expect(try failure(Self.success, ending: .cancelled, endedByWatch: true) == nil)
    }

    @Test func `success and another exit status do not go together`() throws {
        #expect(try failure(Self.success, ending: .exited(2))?.kind == .workerExit)
    }

    @Test(arguments: [
        ("error", Failure.Kind.workerExit), ("refused", .workerExit), ("gave-up", .cannotBeDone), ("stuck", .stuck),
        ("turn-limit", .budget),
        ("budget-limit", .budget), ("provider-limit", .providerLimit), ("unreachable", .infrastructure),
        ("no such word", .workerExit),
    ])
    func `what was told counts`(word: String, kind: Failure.Kind) throws {
        let failure = try failure(#"{"event": "finished", "result": "\#(word)", "message": "so it is"}"#)
        #expect(failure?.kind == kind)
        #expect(failure?.summary.contains("so it is") == true)
    }

    @Test func `an end that is not told is none`() throws {
        #expect(try failure(#"{"event": "turn"}"#)?.summary == "worker 'w' ended without saying that it was done")
    }

    @Test func `the provider's wish and name go along`() throws {
        let told = #"{"event": "finished", "result": "provider-limit", "retry_after": 30}"#
        #expect(try failure(told)?.retryAfter == 30)
        let waiting = try failure(
            #"{"event": "retry", "after": 60, "status": 429}"#, ending: .cancelled, endedByWatch: true)
        #expect(waiting?.kind == .providerLimit)
        #expect(waiting?.retryAfter == 60)
        #expect(waiting?.provider == "p")
        #expect(waiting?.countsAsAttempt == false)
    }

    @Test(arguments: [(401, "check its key"), (404, "check the name of its model"), (400, "again and again")])
    func `a request that a program repeats in vain is not the provider's limit`(status: Int, hint: String) throws {
        let line = #"{"event": "retry", "after": 1, "status": \#(status)}"#
        let failure = try failure(line, line, line, line, ending: .cancelled, endedByWatch: true)
        #expect(failure?.kind == .workerExit && failure?.isDeterministic == true)
        #expect(failure?.summary.contains(hint) == true, "\(failure?.summary ?? "")")
        #expect(failure?.countsAsAttempt == true)
    }

    @Test func `a connection that breaks again and again is the machine's fault`() throws {
        let lines = Array(repeating: #"{"event": "retry", "after": 1}"#, count: 4)
        let failure = try failure(lines[0], lines[1], lines[2], lines[3], ending: .cancelled, endedByWatch: true)
        #expect(failure?.kind == .infrastructure)
    }

    @Test func `a limit is named`() throws {
        let failure = try failure(
            #"{"event": "usage", "input_tokens": 11}"#, ending: .cancelled, endedByWatch: true,
            limits: Worker.Limits(tokens: 10))
        #expect(failure?.kind == .budget)
        #expect(failure?.summary == "worker 'w' used up its limit of 10 tokens; it was ended")
    }

    @Test func `a limit holds for a worker that tells its usage only at its end`() throws {
        let failure = try failure(
            #"{"event": "usage", "input_tokens": 11}"#, Self.success, limits: Worker.Limits(tokens: 10))
        #expect(failure?.summary == "worker 'w' used up its limit of 10 tokens; it told so only at its end")
        #expect(failure?.kind == .budget)
    }

    @Test func `a worker that runs out of time was waiting for something`() throws {
        func waited(_ lines: String...) throws -> String? {
            var stream = try #require(WorkerStream(worker()))
            for line in lines { _ = stream.take(Array(line.utf8 + [10])) }
            return stream.waitsFor
        }
        let call = #"{"event": "tool_use", "name": "run", "input": {}}"#
        let result = #"{"event": "tool_result"}"#
        #expect(try waited() == "the model's first answer")
        #expect(try waited(#"{"event": "request"}"#) == "the model's first answer")
        #expect(try waited(#"{"event": "turn"}"#, call) == "its tool 'run'")
        #expect(
            try waited(#"{"event": "turn"}"#, #"{"event": "tool_use", "name": "run_checks"}"#) == "the task's checks")
        #expect(try waited(#"{"event": "turn"}"#, call, result) == "the model's next answer")
        #expect(try waited(#"{"event": "retry", "after": 3, "status": 529}"#) == "its provider, which refused with 529")
        let failure = try failure(#"{"event": "turn"}"#, call, ending: .timedOut)
        #expect(failure?.summary.hasSuffix("; it was ended while it waited for its tool 'run'") == true)
    }

    @Test func `tools that were denied are named, and what was said where nothing was changed`() throws {
        var stream = try #require(WorkerStream(worker()))
        _ = stream.take(Array(#"{"event": "denied", "name": "WebFetch"}"#.utf8 + [10]))
        _ = stream.take(Array(#"{"event": "text", "text": "I need the network."}"#.utf8 + [10]))
        let failure = Failure(kind: .noChange, summary: "nothing").withEvents(of: stream)
        #expect(failure.detail == "denied tools: WebFetch\nit said: I need the network.")
        #expect(Failure(kind: .doneCheck, summary: "red").withEvents(of: stream).detail.contains("WebFetch"))
    }
}
