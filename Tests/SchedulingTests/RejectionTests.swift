import Model
import TestSupport
import Testing

@testable import Scheduling

/// Rejected commits: they are taken back by a landing, and their tasks are done again.
@Suite struct RejectionTests {
    /// Two tasks that need the first one.
    private let fork = [
        MigrationTask(id: TaskID("a"), title: "a", files: ["a"]),
        MigrationTask(id: TaskID("b"), title: "b", files: ["b"], dependencies: [TaskID("a")]),
        MigrationTask(id: TaskID("c"), title: "c", files: ["c"], dependencies: [TaskID("a")]),
    ]

    private func review(_ kind: ReviewDecision.Kind, _ tasks: [String], text: String = "too slow") -> Control.Command {
        .review(ReviewDecision(kind: kind, tasks: tasks.map { TaskID($0) }, text: text, person: "Ann <a@b>"))
    }

    /// Two tasks of which the second needs the first, after the first has landed.
    private func world() -> World {
        let tasks = [
            MigrationTask(id: TaskID("a"), title: "a", files: ["a"]),
            MigrationTask(id: TaskID("b"), title: "b", files: ["b"], dependencies: [TaskID("a")]),
        ]
        var world = World(tasks, maxParallel: 2, seed: 1)
        world.start()
        return world
    }

    private func starts(_ world: World) -> [String] {
        world.decisions.compactMap { if case .start(let start) = $0 { "\(start.task) \(start.attempt)" } else { nil } }
    }

    @Test func `a rejected commit is reverted by a landing, then its task is done again with the reason`() {
        var world = world()
        world.run()
        #expect(world.landedOrder.map(\.rawValue) == ["a", "b"])
        world.say(review(.reject, ["a"]))
        #expect(world.answer?.isAccepted == true)
        // Nobody is there: the finished run is taken up by the next coordinator.
        #expect(starts(world) == ["a 1", "b 1"])
        world.start()
        world.run()
        #expect(world.landedOrder.map(\.rawValue) == ["a", "b", "revert-a", "a"])
        #expect(starts(world) == ["a 1", "b 1", "revert-a 1", "a 2"])
        let again = world.decisions.compactMap { decision -> RetryRequest? in
            if case .start(let start) = decision, start.attempt == 2 { start.request } else { nil }
        }
        #expect(again == [RetryRequest(note: "rejected by Ann <a@b>: too slow")])
        #expect(world.hasFinished && world.state(TaskID("a")) == .landed)
    }

    @Test func `a ready task whose dependency is rejected goes back to waiting`() {
        var world = World(fork, maxParallel: 1, seed: 1)
        world.start()
        while world.state(TaskID("a")) != .landed, world.step() {}
        let ready = ["b", "c"].first { world.state(TaskID($0)) == .ready } ?? ""
        world.say(review(.reject, ["a"]))
        #expect(world.state(TaskID(ready)) == .waiting)
        world.run()
        let order = world.landedOrder.map(\.rawValue)
        #expect(world.hasFinished && order.lastIndex(of: "a").map { $0 < order.firstIndex(of: ready) ?? 0 } == true)
    }

    @Test func `a revert that fails leaves the commit, and frees the tasks that waited`() {
        let tasks = [
            MigrationTask(id: TaskID("a"), title: "a", files: ["a"]),
            MigrationTask(id: TaskID("b"), title: "b", files: ["b"], dependencies: [TaskID("a")]),
            MigrationTask(id: TaskID("c"), title: "c", files: ["c"], dependencies: [TaskID("a")]),
        ]
        var world = World(tasks, maxParallel: 1, attempts: [3, 3], seed: 1)
        world.fate[TaskID("revert-a")] = .failing(Failure(kind: .cannotBeDone, summary: "conflicts"), times: .max)
        world.start()
        while world.state(TaskID("a")) != .landed, world.step() {}
        world.say(review(.reject, ["a"]))
        world.run()
        #expect(world.hasFinished)
        #expect(world.landedOrder.map(\.rawValue).sorted() == ["a", "b", "c"])
        #expect(world.state(TaskID("revert-a")) == .failed && world.state(TaskID("a")) == .landed)
        #expect(world.startsOf[TaskID("revert-a")] == 1)
        world.say(.retry(task: TaskID("revert-a"), request: nil))
        #expect(world.answer?.text == "revert-a is a revert: reject the commit again")
        // It may be rejected once more.
        world.fate = [:]
        world.say(review(.reject, ["a"]))
        world.start()
        world.run()
        #expect(world.landedOrder.suffix(2).map(\.rawValue) == ["revert-a-2", "a"])
    }

    @Test func `a rejection is refused where there is nothing to take back, or somebody else was first`() {
        var world = world()
        world.say(review(.reject, ["a"]))
        #expect(world.answer?.text == "a has no landed commit: it is running")
        world.run()
        world.say(review(.reject, ["x"]))
        #expect(world.answer?.text == "the run has no task 'x'")
        world.say(review(.reject, []))
        #expect(world.answer?.isAccepted == false)
        world.say(review(.reject, ["a"]))
        world.say(review(.reject, ["a", "b"]))
        #expect(world.answer?.text == "a is being reverted already")
        world.say(review(.approve, ["a"]))
        #expect(world.answer?.isAccepted == false)
        world.say(review(.comment, ["a"]))
        #expect(world.answer?.text == "a: comment kept")
    }

    @Test func `a rejection is taken back until its revert lands, with all that was rejected together`() {
        var world = world()
        world.run()
        world.say(review(.reject, ["a", "b"]))
        world.say(review(.undo, ["b"]))
        #expect(world.answer?.text == "2 commits: not rejected any more; revert-a is given up")
        world.say(review(.undo, ["a"]))
        #expect(world.answer?.text == "a: open again", "there is no revert any more")
        world.start()
        world.run()
        #expect(world.landedOrder.map(\.rawValue) == ["a", "b"] && world.state(TaskID("revert-a")) == .skipped)
        // It can be rejected again, and what was reverted cannot be taken back.
        world.say(review(.reject, ["a"]))
        world.start()
        while world.landedOrder.count < 3, world.step() {}
        world.say(review(.undo, ["a"]))
        #expect(world.answer?.isAccepted == false)
        world.run()
        #expect(world.landedOrder.map(\.rawValue) == ["a", "b", "revert-a-2", "a"])
    }

    @Test func `a revert that runs is ended if the rejection is taken back, and its dependents go on`() {
        var world = World(fork, maxParallel: 1, seed: 1)
        world.start()
        while world.state(TaskID("a")) != .landed, world.step() {}
        world.say(review(.reject, ["a"]))
        while world.state(TaskID("revert-a")) != .running, world.step() {}
        world.say(review(.undo, ["a"]))
        #expect(world.answer?.isAccepted == true)
        world.run()
        #expect(world.hasFinished && world.landedOrder.map(\.rawValue).sorted() == ["a", "b", "c"])
        for entry in world.scheduler.entries { #expect(entry.missing == 0 && !entry.isBeingReverted) }
    }

    @Test func `a revert needs no approval`() {
        let tasks = [MigrationTask(id: TaskID("a"), title: "a", files: ["a"])]
        var world = World(tasks, maxParallel: 1, seed: 1) { $0.workers.approve = .beforeLanding }
        world.start()
        world.run()
        world.say(.approve(task: TaskID("a")))
        world.run()
        world.say(review(.reject, ["a"]))
        world.start()
        world.run()
        #expect(world.landedOrder.map(\.rawValue) == ["a", "revert-a"])
    }

    @Test func `decisions are kept as they were made`() {
        var world = world()
        world.run()
        for kind in [ReviewDecision.Kind.approve, .skip, .undo, .comment] { world.say(review(kind, ["a", "b"])) }
        let kept = world.decisions.compactMap { if case .reviewed(let decision) = $0 { decision.kind } else { nil } }
        #expect(kept == [.approve, .skip, .undo, .comment])
    }

    @Test(arguments: 0..<40) func `random rejections end with all tasks landed, and replay`(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var world = World(randomTasks(14, density: 1, seed: UInt64(seed)), maxParallel: 3, seed: UInt64(seed))
        world.start()
        var rejected = 0
        while rejected < 5 {
            let steps = Int.random(in: 1...12, using: &random)
            for _ in 0..<steps where !world.hasFinished { _ = world.step() }
            let landed = world.scheduler.entries.filter { $0.state == .landed && $0.task.reverts == nil }
            if landed.isEmpty { continue }
            let tasks = Set((0..<2).compactMap { _ in landed.randomElement(using: &random)?.task.id.rawValue })
            world.say(review(.reject, tasks.sorted()))
            rejected += 1
            if world.scheduler.isStopped { world.start() }
        }
        world.run()
        if world.scheduler.isStopped == false || world.scheduler.counts[.landed] != world.scheduler.entries.count {
            world.start()
            world.run()
        }
        #expect(world.scheduler.counts[.landed] == world.scheduler.entries.count, "\(world.scheduler.counts)")
        for entry in world.scheduler.entries { #expect(entry.missing == 0 && !entry.isBeingReverted) }
        var again = Scheduler(
            World.started(randomTasks(14, density: 1, seed: UInt64(seed)), maxParallel: 3, attempts: [2], conflicts: 50)
        )
        var decisions: [Decision] = []
        for fact in world.facts.dropFirst() { decisions += again.handle(fact) }
        #expect(decisions == world.decisions)
    }
}
