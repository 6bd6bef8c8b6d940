import Foundation
import Model
import Reporting
import Store
import TestSupport
import Testing

@testable import CommandLine

struct ActivityReaderTests {
    private let folder: ScratchDirectory
    private let task = TaskID("a")

    init() throws {
        folder = try ScratchDirectory("activity")
        try folder.makeDirectory("jobs/run-1/a/1")
        try folder.makeDirectory("logs/run-1/7")
    }

    private var source: ActivitySource {
        ActivityReader(jobs: folder.appending("jobs/run-1"), logs: folder.appending("logs/run-1")).source
    }

    private func write(_ path: String, _ text: String) throws {
        try text.write(toFile: folder.appending(path), atomically: true, encoding: .utf8)
    }

    private func enter(_ phase: RunPhase, _ time: Double = 1) throws {
        try write("jobs/run-1/a/phase", PhaseRecord(phase: phase, time: Timestamp(seconds: time)).text)
    }

    @Test func `the last call of a tool is the action of a worker`() throws {
        try enter(.working)
        try write(
            "jobs/run-1/a/1/events",
            """
            {"event":"tool_use","input":"a.py","name":"Read","time":1}
            {"event":"tool_use","input":"a.py","name":"Edit","time":2}
            {"event":"tool_result","is_error":false,"time":3}
            {"event":"usage","input_tokens":3,"time":4}
            {"event":"tool_u
            """)
        #expect(source.attempt(task, 1) == LiveActivity(phase: .working, action: "edits a.py"))
        #expect(source.attempt(task, 2).action.isEmpty)
    }

    @Test func `the log begun last names the check that runs`() throws {
        try enter(.checking)
        try write("jobs/run-1/a/1/unit-tests-2.log", "")
        #expect(source.attempt(task, 1) == LiveActivity(phase: .checking, action: "check unit-tests"))
        try enter(.checkingCandidate)
        try write("logs/run-1/7/build-1.log", "")
        #expect(source.candidate(7, task) == LiveActivity(phase: .checkingCandidate, action: "check build"))
        // The log of an earlier phase says nothing.
        try enter(.checking, Date().timeIntervalSince1970 + 1000)
        #expect(source.attempt(task, 1).action.isEmpty)
    }

    @Test(arguments: [
        ("tests-1.log", "tests"), ("unit-tests-2-again-1.log", "unit-tests"), ("build-1-before-2.log", "build"),
        ("3-1.log", "3"),
    ])
    func `a log is named after its check`(_ log: String, check: String) {
        #expect(ActivityReader.checkName(log) == check)
    }

    @Test func `a trap in place of a file is no activity`() throws {
        try enter(.working)
        try FileManager.default.createSymbolicLink(
            atPath: folder.appending("jobs/run-1/a/1/events"), withDestinationPath: "/etc/passwd")
        #expect(source.attempt(task, 1) == LiveActivity(phase: .working))
        try write("jobs/run-1/a/phase", "nonsense")
        #expect(source.attempt(task, 1) == LiveActivity())
    }
}
