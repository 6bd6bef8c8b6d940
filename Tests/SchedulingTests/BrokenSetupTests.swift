import Model
import Testing

@testable import Scheduling

@Suite struct BrokenSetupTests {
    private let tasks = (1...6).map { MigrationTask(id: TaskID("t\($0)"), title: "t\($0)", files: ["f\($0)"]) }
    private let failure = Failure(kind: .brokenSetup, summary: "worker 'w' needs the program 'x', which was not found")

    private func reasons(_ decisions: [Decision]) -> [String] {
        decisions.compactMap { decision in
            switch decision {
            case .drain(let reason): "drain: \(reason)"
            case .suspend(let reason): "suspend: \(reason)"
            default: nil
            }
        }
    }

    @Test func `a missing program of the worker ends the run after the attempts that are under way`() {
        var world = World(tasks, maxParallel: 2, seed: 1)
        for task in tasks { world.fate[task.id] = .failing(failure, times: 9) }
        world.start()
        world.run()
        #expect(world.startsOf.values.reduce(0, +) <= 2)
        #expect(reasons(world.decisions).map { $0.prefix(8) } == ["drain: w", "suspend:"])
        #expect(tasks.allSatisfy { world.state($0.id) == .ready })
    }

    @Test func `a missing program of a landing check keeps the verified work and ends the run`() throws {
        let base = World.id(0)
        let plan = Plan(
            name: "p", goal: "g", repository: "/r",
            workers: WorkerRules(
                maxParallel: 1, ladder: [Rung(worker: Worker(name: "w", run: "true"), attempts: 1)]))
        var scheduler = Scheduler(.init(plan: plan, base: base, tip: base, tasks: Array(tasks.prefix(2))))
        _ = scheduler.handle(.coordinatorStarted(.init(processID: 1, tip: base)))
        let verified = Fact.AttemptVerified(
            task: tasks[0].id, attempt: 1, worker: "w", commit: World.id(1), base: base, tree: World.id(2),
            changes: [ChangedPath(path: "f1", added: 1, removed: 1)], checks: [], seconds: 1, reason: "", usage: nil)
        _ = scheduler.handle(.attemptVerified(verified))
        let failed = Fact.candidateFailed(
            .init(candidate: 1, tip: base, task: tasks[0].id, failure: failure, checks: [], seconds: 1))
        let first = scheduler.handle(failed)
        #expect(reasons(first).map { $0.prefix(8) } == ["drain: w"])
        let interrupted = Fact.attemptFailed(
            .init(
                task: tasks[1].id, attempt: 1, worker: "w", base: base,
                failure: Failure(kind: .workerExit, summary: "1"), checks: [], seconds: 1))
        let last = scheduler.handle(interrupted)
        #expect(reasons(last).map { $0.prefix(8) } == ["suspend:"])
        #expect(scheduler.counts[.verified] == 1)
        // The next coordinator checks it again.
        let again = scheduler.handle(.coordinatorStarted(.init(processID: 2, tip: base)))
        #expect(again.contains { if case .check = $0 { true } else { false } })
    }
}
