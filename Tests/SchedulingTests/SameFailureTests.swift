import Model
import Testing

@testable import Scheduling

/// Runs in virtual time in which the first tasks fail in the same way.
@Suite struct SameFailureTests {
    private let tasks = (1...40).map { MigrationTask(id: TaskID("t\($0)"), title: "t\($0)", files: ["f\($0).py"]) }

    private func world(
        _ failure: (MigrationTask) -> Failure, workers: Int = 4, attempts: [Int] = [2], times: Int = 9
    ) -> World {
        var world = World(tasks, maxParallel: workers, attempts: attempts, seed: 1)
        for task in tasks { world.fate[task.id] = .failing(failure(task), times: times) }
        return world
    }

    private func pauses(_ world: World) -> [String] {
        world.decisions.compactMap { if case .pause(let reason) = $0 { reason } else { nil } }
    }

    private func same(_ task: MigrationTask) -> Failure {
        Failure(
            kind: .workerExit, summary: "cannot open the rules for \(task.files[0])", detail: "\(task.id): no rules",
            places: ["\(task.files[0]):1"])
    }

    @Test(arguments: [(1, 5), (4, 8), (5, 10), (40, 10)])
    func `the run pauses once the first tasks have failed in the same way`(workers: Int, limit: Int) {
        #expect(SameFailures.limit(workers: workers) == limit)
        guard workers < 40 else { return }
        var world = world(same, workers: workers)
        world.start()
        world.run()
        let pauses = pauses(world)
        #expect(pauses.count == 1)
        #expect(
            pauses.first?.hasPrefix("the first \(limit) tasks failed in the same way, and none has landed: ") == true)
        // Far fewer than two attempts at each of 40 tasks.
        #expect(world.startsOf.values.reduce(0, +) <= 2 * (limit + workers))
        world.say(.pause)
        #expect(world.answer?.text.hasPrefix("the run is paused already: the first") == true)
    }

    @Test func `a few equal failures among many workers do not pause the run`() {
        let tasks = (0..<400).map { MigrationTask(id: TaskID("t\($0)"), title: "", files: ["f\($0).py"]) }
        var world = World(tasks, maxParallel: 400, attempts: [2], seed: 1)
        for task in tasks { world.fate[task.id] = .works }
        for task in tasks.prefix(100) { world.fate[task.id] = .failing(same(task), times: 1) }
        world.start()
        world.run()
        #expect(pauses(world).isEmpty)
        #expect(tasks.allSatisfy { world.state($0.id) == .landed })
    }

    @Test func `continue and resume start anew`() {
        var world = world(same)
        world.start()
        world.run()
        let before = world.startsOf.values.reduce(0, +)
        world.say(.proceed)
        world.run()
        #expect(pauses(world).count == 2)
        #expect(world.startsOf.values.reduce(0, +) > before)
        world.tell(.coordinatorStopped(reason: "killed"))
        world.start()
        world.run()
        #expect(pauses(world).count == 3)
    }

    @Test func `a run that nobody attends ends there`() {
        var world = world(same)
        world.tell(.coordinatorStarted(.init(processID: 1, tip: world.scheduler.tip, isAttended: false)))
        world.run()
        let ends = world.decisions.compactMap { if case .suspend(let reason) = $0 { reason } else { nil } }
        #expect(ends == pauses(world) && ends.count == 1)
    }

    @Test func `failures that differ do not pause the run`() {
        var world = world { Failure(kind: .workerExit, summary: "line \($0.id.rawValue.dropFirst()) is wrong") }
        world.start()
        world.run()
        #expect(pauses(world).isEmpty)
        #expect(tasks.allSatisfy { world.state($0.id) == .failed })
    }

    @Test func `what only the first worker of a ladder cannot do does not pause the run`() {
        var world = world(same, attempts: [1, 1], times: 1)
        world.start()
        world.run()
        #expect(pauses(world).isEmpty)
        #expect(tasks.allSatisfy { world.state($0.id) == .landed })
    }

    @Test func `once something has landed, the plan is known to work`() {
        var world = world(same)
        for task in tasks.prefix(2) { world.fate[task.id] = .works }
        world.isInOrder = true
        world.start()
        world.run()
        #expect(pauses(world).isEmpty)
    }
}
