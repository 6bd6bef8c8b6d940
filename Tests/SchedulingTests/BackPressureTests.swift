import Model
import Testing

@testable import Scheduling

/// Workers wait where landing is behind.
struct BackPressureTests {
    private func world(_ count: Int, maxParallel: Int, batch: Int) -> World {
        let tasks = (0..<count).map { MigrationTask(id: TaskID("t\($0)"), title: "t\($0)", files: ["t\($0)"]) }
        return World(tasks, maxParallel: maxParallel, seed: 7) { plan in
            plan.landing.policy = .serial
            plan.landing.maxBatch = batch
            plan.landing.verifySlots = 1
        }
    }

    /// Lets workers do their work while no check ends.
    private func work(_ world: inout World) {
        while let next = world.pending.firstIndex(where: \.isStart) {
            world.pending.swapAt(next, 0)
            let held = world.pending.dropFirst().filter { !$0.isStart }
            world.pending.removeAll { !$0.isStart }
            _ = world.step()
            world.pending += held
        }
    }

    @Test(arguments: [(2, 1, 16), (12, 1, 24), (2, 20, 40)])
    func `no worker starts while so many verified tasks are in line`(
        maxParallel: Int, batch: Int, backlog: Int
    ) throws {
        var world = world(120, maxParallel: maxParallel, batch: batch)
        world.start()
        work(&world)
        // One is being checked. Workers that ran when the line was full bring their work too.
        let inLine = world.scheduler.queue.lineCount
        #expect(inLine >= backlog && inLine < backlog + maxParallel, "\(inLine)")
        #expect(world.scheduler.running == 0)
        #expect(!world.scheduler.startsNothing)
        world.run()
        #expect(world.hasFinished)
        #expect(world.landedOrder.count == 120)
    }

    @Test func `tasks that wait for approval hold no worker back`() throws {
        let tasks = (0..<120).map { MigrationTask(id: TaskID("t\($0)"), title: "t\($0)", files: ["t\($0)"]) }
        var world = World(tasks, maxParallel: 2, seed: 7) { $0.workers.approve = .beforeLanding }
        world.start()
        work(&world)
        #expect(world.startsOf.count == 120)
    }
}

extension Decision {
    fileprivate var isStart: Bool { if case .start = self { true } else { false } }
}
