import Model
import Testing

@testable import Scheduling

@Suite struct LadderTests {
    private let task = TaskID("t0")

    private func world(_ fate: World.Fate, attempts: [Int], seed: UInt64 = 1) -> World {
        var world = World(randomTasks(1, density: 0, seed: seed), maxParallel: 1, attempts: attempts, seed: seed)
        world.fate[task] = fate
        world.start()
        world.run()
        return world
    }

    @Test func `the same failure twice in a row goes to the next rung`() {
        #expect(world(.alwaysFails, attempts: [4, 3, 3]).rungs[task] == [0, 0, 1, 1, 2, 2, 2])
    }

    @Test func `another failure each time uses up the attempts`() {
        let world = world(.alwaysOtherwise, attempts: [4, 2])
        #expect(world.rungs[task] == [0, 0, 0, 0, 1, 1])
        #expect(world.state(task) == .failed)
    }

    @Test func `the same failure of another worker is its first`() {
        #expect(world(.alwaysFails, attempts: [1, 2]).rungs[task] == [0, 1, 1])
    }

    @Test func `faults of the machine are tried again later each time`() throws {
        let fault = Failure(kind: .infrastructure, summary: "no disk")
        let world = world(.failing(fault, times: 4), attempts: [1])
        #expect(world.landedOrder == [task])
        let times = try #require(world.startTimes[task])
        let gaps = zip(times.dropFirst(), times).map { $0 - $1 - 1 }
        #expect(gaps.count == 4)
        for (number, gap) in gaps.enumerated() {
            let full = 0.5 * Double(1 << number)
            #expect(gap >= full / 2 && gap <= full + 0.002, "\(gap) of \(full)")
        }
    }

    @Test func `a task that meets only faults is set aside with the reason`() {
        let world = world(.failing(Failure(kind: .infrastructure, summary: "no disk"), times: .max), attempts: [1])
        #expect(world.startsOf[task] == Scheduler.faultLimit)
        #expect(world.state(task) == .failed)
        #expect(
            world.decisions.contains(
                .fail(.init(task: task, reason: "5 faults of the machine in a row, the last: no disk"))))
    }

    @Test func `a machine that fails every task ends the run and keeps the tasks`() {
        var world = World(randomTasks(200, density: 0, seed: 4), maxParallel: 4, seed: 4)
        for task in world.tasks.keys {
            world.fate[task] = .failing(Failure(kind: .infrastructure, summary: "no disk"), times: .max)
        }
        world.start()
        world.run()
        guard case .suspend(let reason)? = world.decisions.last else {
            Issue.record("the run does not end: \(String(describing: world.decisions.last))")
            return
        }
        #expect(reason.contains("no disk") && reason.contains("orchestrate resume"))
        #expect(world.scheduler.counts[.failed, default: 0] < 10)
        #expect(world.facts.count < 200)
    }

    @Test func `delays are the same every time and different for each task`() {
        let first = Backoff.machine.seconds(after: 3, name: "a")
        #expect(first == Backoff.machine.seconds(after: 3, name: "a"))
        #expect(first != Backoff.machine.seconds(after: 3, name: "b"))
        #expect(Backoff.machine.seconds(after: 1000, name: "a") <= 60.001)
        let spread = (0..<1000).map { StableHash.unit("task \($0)") }
        #expect(spread.allSatisfy { $0 >= 0 && $0 < 1 })
        #expect(abs(spread.reduce(0, +) / 1000 - 0.5) < 0.05)
    }
}
