import Model
import Testing

@testable import Scheduling

@Suite struct CheckpointTests {
    private func world(
        _ after: [Checkpoint.After], tasks: [MigrationTask] = randomTasks(30, density: 0, seed: 9), seed: UInt64 = 9,
        fate: (Int) -> World.Fate = { _ in .works }
    ) -> World {
        var world = World(tasks, maxParallel: 4, attempts: [1], seed: seed) { plan in
            plan.checkpoints = after.map { Checkpoint(after: $0) }
        }
        for number in tasks.indices { world.fate[TaskID("t\(number)")] = fate(number) }
        world.start()
        world.run()
        return world
    }

    private func pauses(_ world: World) -> [String] {
        world.decisions.compactMap { if case .pause(let reason) = $0 { reason } else { nil } }
    }

    @Test(arguments: [UInt64](1...10))
    func `a sample is no larger than asked for`(seed: UInt64) {
        var world = world([.tasks(5)], seed: seed) { $0 % 7 == 3 ? .alwaysFails : .works }
        #expect(world.scheduler.counts[.landed, default: 0] + world.scheduler.counts[.failed, default: 0] == 5)
        #expect(world.startsOf.values.reduce(0, +) == 5)
        #expect(pauses(world).count == 1)
        #expect(pauses(world)[0].contains("orchestrate continue"))
        #expect(!world.hasFinished)
        world.say(.proceed)
        world.run()
        #expect(world.answer?.isAccepted == true)
        #expect(world.hasFinished)
        #expect(pauses(world).count == 1)
    }

    @Test func `a stage is looked at before the next begins`() {
        var tasks = (0..<4).map { MigrationTask(id: TaskID("a\($0)"), title: "", files: ["f\($0)"]) }
        tasks.append(MigrationTask(id: TaskID("stage-one"), title: "", files: [], dependencies: tasks.map(\.id)))
        tasks += (0..<4).map {
            MigrationTask(
                id: TaskID("b\($0)"), title: "", files: ["g\($0)"], dependencies: [TaskID("stage-one")], stage: 1)
        }
        var world = World(tasks, maxParallel: 4, seed: 9) { plan in
            var stage = plan.stages[0]
            stage.name = "two"
            plan.stages[0].name = "one"
            plan.stages.append(stage)
            plan.checkpoints = [Checkpoint(after: .stage("one"))]
        }
        world.fate[TaskID("stage-one")] = .alreadyDone
        world.start()
        world.run()
        #expect(world.landedOrder.map(\.rawValue).sorted() == ["a0", "a1", "a2", "a3"])
        #expect(pauses(world).first?.contains("stage one is complete") == true)
        world.say(.proceed)
        world.run()
        #expect(world.hasFinished)
    }

    @Test func `many failures are looked at and then counted afresh`() {
        var world = world([.failureRate(0.3)]) { $0 % 2 == 0 ? .alwaysFails : .works }
        #expect(pauses(world).count == 1)
        let over = world.scheduler.watch.over
        #expect(over >= Checkpoint.smallestSample && over < 15)
        world.say(.proceed)
        world.run()
        #expect(pauses(world).count == 2)
        #expect(world.scheduler.watch.over >= over + Checkpoint.smallestSample)
    }

    @Test func `few failures are not`() {
        let world = world([.failureRate(0.3)]) { $0 == 3 ? .alwaysFails : .works }
        let hasFinished = world.hasFinished
        #expect(hasFinished)
    }

    @Test func `cost is looked at`() {
        var world = World(randomTasks(30, density: 0, seed: 9), maxParallel: 2, seed: 9) { plan in
            plan.checkpoints = [Checkpoint(after: .cost(1)), Checkpoint(after: .cost(2))]
        }
        world.usage = Usage(usd: 0.25)
        world.start()
        world.run()
        #expect(pauses(world).count == 1)
        #expect(world.scheduler.spending.usd < 2)
        world.say(.proceed)
        world.run()
        #expect(pauses(world).count == 2)
    }

    @Test func `a checkpoint stays after a crash and a pause does not`() {
        var world = world([.tasks(5)])
        world.tell(.coordinatorLost(processID: 1))
        world.start()
        world.run()
        #expect(world.landedOrder.count == 5)
        #expect(pauses(world).count == 2)
        world.say(.proceed)
        world.say(.pause)
        world.tell(.coordinatorLost(processID: 1))
        world.pending = []
        world.start()
        world.run()
        #expect(world.hasFinished)
    }

    @Test func `where nobody is there the run ends`() {
        var world = world([.tasks(5)])
        world.tell(.coordinatorLost(processID: 1))
        world.tell(.coordinatorStarted(.init(processID: 2, tip: world.scheduler.tip, isAttended: false)))
        guard case .suspend(let reason)? = world.decisions.last else {
            Issue.record("it does not end")
            return
        }
        #expect(reason.contains("orchestrate continue"))
        // Said before somebody takes the run up.
        world.say(.proceed)
        world.start()
        world.run()
        #expect(world.hasFinished)
    }

    @Test func `a plan with another checkpoint does not repeat the first`() {
        var world = world([.tasks(5)])
        world.tell(.limitsChanged(.init(budget: Budget(), checkpoints: [5, 9].map { Checkpoint(after: .tasks($0)) })))
        world.say(.proceed)
        world.run()
        #expect(world.scheduler.watch.over == 9)
    }
}
