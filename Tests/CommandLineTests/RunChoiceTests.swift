import ArgumentParser
import Coordinator
import Model
import Store
import TestSupport
import Testing

@testable import CommandLine

struct RunChoiceTests {
    private let sample: SampleStore

    init() throws { sample = try SampleStore() }

    private func addRuns() throws {
        let tasks = SampleEvents.tasks([("a.py", [])])
        try sample.add("demo-1", try SampleEvents.started(tasks), .decision(.finish))
        try sample.add("other-1", try SampleEvents.started(tasks, plan: "other"))
        try sample.add("demo-2", try SampleEvents.started(tasks))
    }

    @Test func `without a run there is nothing to choose`() throws {
        #expect(throws: StoreError.missing(path: sample.state.store)) { try sample.choose() }
    }

    @Test func `the last run is chosen, or the one that is named`() throws {
        try addRuns()
        #expect(try sample.choose().run == RunID("demo-2"))
        #expect(try sample.choose("--run", "demo-1").run == RunID("demo-1"))
        #expect(try sample.choose("--run", "demo-1").plan.name == "demo")
        #expect(throws: StoreError.unknownRun(RunID("demo-9"))) { try sample.choose("--run", "demo-9") }
    }

    @Test func `a run that is not finished keeps commands for the next coordinator`() throws {
        try addRuns()
        #expect(try sample.choose().canQueueCommands)
        #expect(try !sample.choose("--run", "demo-1").canQueueCommands)
        #expect(try sample.choose().owner == nil)
        try sample.add("demo-2", .fact(.coordinatorStopped(reason: "asked")))
        #expect(try sample.choose().runState == .stopped)
        #expect(try sample.choose().canQueueCommands)
    }

    @Test func `resume takes the last unfinished run of any plan`() throws {
        try addRuns()
        let choice = try RunChoice.parse(["--repo", sample.repository.path])
        #expect(try choice.unfinishedPlan(environment: sample.environment).name == "demo")
        let tasks = SampleEvents.tasks([])
        try sample.add("demo-3", try SampleEvents.started(tasks), .decision(.finish))
        // The last run of demo is finished, so an older one is not resumed.
        #expect(try choice.unfinishedPlan(environment: sample.environment).name == "other")
        try sample.add("other-2", try SampleEvents.started(tasks, plan: "other"), .decision(.finish))
        #expect(throws: CoordinatorError.self) { try choice.unfinishedPlan(environment: sample.environment) }
    }

    @Test func `resume of a named run ignores other runs`() throws {
        try addRuns()
        let choice = try RunChoice.parse(["--repo", sample.repository.path, "--run", "other-1"])
        #expect(try choice.unfinishedPlan(environment: sample.environment).name == "other")
    }

    @Test func `a task is found by its name and by its file`() throws {
        try sample.add(
            "demo-1",
            try SampleEvents.started([MigrationTask(id: TaskID("a"), title: "a", files: ["lib/a.py"])]))
        let chosen = try sample.choose()
        #expect(try chosen.task(named: "a").id == TaskID("a"))
        #expect(try chosen.task(named: "lib/a.py").id == TaskID("a"))
        #expect(throws: StoreError.self) { try chosen.task(named: "b") }
    }

    @Test func `a command waits in the spool if no coordinator runs`() async throws {
        try addRuns()
        let chosen = try sample.choose()
        let spool = ControlSpool(chosen.state, plan: "demo")
        try await CommandSender(chosen: chosen, canQueue: true).send(.skip(task: TaskID("a.py")))
        #expect(spool.pending().map(\.command) == [.skip(task: TaskID("a.py"))])
    }

    @Test func `a command that cannot wait is refused with exit code 4`() async throws {
        try addRuns()
        let chosen = try sample.choose()
        let sender = CommandSender(chosen: chosen, canQueue: false)
        let outcome = await #expect(throws: Outcome.self) { try await sender.send(.pause) }
        #expect(outcome?.code == .stopped)
        #expect(outcome?.message?.contains("demo-2 is not running") == true)
        #expect(ControlSpool(chosen.state, plan: "demo").pending().isEmpty)
    }
}
