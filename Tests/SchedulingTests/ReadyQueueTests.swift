import Model
import Testing

@testable import Scheduling

@Suite struct ReadyQueueTests {
    private func task(_ index: Int, urgency: Int = 0, redo: Int? = nil, priority: Double = 1) -> ReadyTask {
        ReadyTask(index: index, ticket: 1, urgency: urgency, redo: redo, priority: priority)
    }

    @Test func `urgency comes before a collision, a collision before the chain, the chain before the plan`() {
        let tasks = [
            task(0), task(1), task(2, priority: 2), task(3, redo: 8), task(4, redo: 2), task(5, urgency: 1),
            task(6, urgency: 2),
        ]
        var queue = ReadyQueue()
        for task in tasks.reversed() { queue.insert(task, provider: "p") }
        var order: [Int] = []
        while let next = queue.popFirst(isOpen: { _ in true }) { order.append(next.index) }
        #expect(order == [6, 5, 4, 3, 2, 0, 1])
    }

    @Test func `a closed provider keeps its tasks and the best of the others is taken`() {
        var queue = ReadyQueue()
        queue.insert(task(1, priority: 9), provider: "closed")
        queue.insert(task(2, priority: 1), provider: "a")
        queue.insert(task(3, priority: 5), provider: "b")
        let open = (0..<3).map { _ in queue.popFirst { $0 != "closed" }?.index }
        #expect(open == [3, 2, nil])
        let last = queue.popFirst { _ in true }
        #expect(last?.index == 1)
    }
}

@Suite struct BackoffTests {
    private func bounds(_ backoff: Backoff, _ failures: Int) -> ClosedRange<Double> {
        let all = (0..<200).map { backoff.seconds(after: failures, name: "task \($0)") }
        return (all.min() ?? 0)...(all.max() ?? 0)
    }

    @Test(arguments: [(1, 0.5), (2, 1), (3, 2), (7, 32), (8, 60), (9, 60), (1000, 60)])
    func `each wait of the machine is twice as long, up to a minute`(_ failures: Int, _ full: Double) {
        let found = bounds(.machine, failures)
        #expect(found.lowerBound >= full / 2 && found.lowerBound < full * 0.55)
        #expect(found.upperBound <= full + 0.001 && found.upperBound > full * 0.95)
    }

    @Test func `a provider is given two seconds at first and five minutes at most`() {
        #expect(bounds(.provider, 1).upperBound <= 2.001 && bounds(.provider, 1).lowerBound >= 1)
        #expect(bounds(.provider, 40).upperBound <= 300.001 && bounds(.provider, 40).lowerBound >= 150)
    }

    @Test func `a wait that was asked for is kept and lengthened by up to a tenth`() {
        let all = (0..<200).map { Backoff.seconds(asked: 30, name: "p \($0)") }
        #expect((all.min() ?? 0) >= 30 && (all.max() ?? 0) <= 33.001 && (all.max() ?? 0) > 32.5)
        #expect(Backoff.seconds(asked: -5, name: "p") == 0)
    }

    @Test func `waits are rounded up to milliseconds`() {
        let wait = Backoff.machine.seconds(after: 2, name: "x")
        #expect(wait * 1000 == (wait * 1000).rounded())
    }
}

@Suite struct LandingCooldownTypeTests {
    @Test func `one wait holds for all candidates, and a stale end does not end it`() {
        var cooldown = LandingCooldown()
        let (first, second) = (cooldown.begin(), cooldown.begin())
        #expect(first?.number == 1 && second == nil)
        cooldown.end(9)
        #expect(cooldown.isOn)
        cooldown.end(1)
        #expect(!cooldown.isOn)
        let third = cooldown.begin()
        #expect(third?.number == 2)
        cooldown.end(1)
        #expect(cooldown.isOn)
        cooldown.takeUp()
        #expect(!cooldown.isOn)
    }

    @Test func `waits grow with each fault in a row and begin anew after a verdict`() {
        var cooldown = LandingCooldown()
        var waits: [Double] = []
        for _ in 0..<4 {
            waits.append(cooldown.begin()?.seconds ?? 0)
            cooldown.takeUp()
        }
        #expect(waits[3] >= 2 && waits[3] <= 4.001)
        cooldown.recover()
        let wait = cooldown.begin()?.seconds ?? 9
        #expect(wait <= 0.501)
    }
}

@Suite struct CriticalPathTests {
    private func task(_ id: String, _ needs: [String] = [], lines: Int = 0) -> MigrationTask {
        MigrationTask(
            id: TaskID(id), title: "", files: [id], dependencies: needs.map { TaskID($0) },
            figures: .init(lines: lines))
    }

    private func priorities(_ tasks: [MigrationTask]) -> [Double] {
        Scheduler(World.started(tasks, maxParallel: 1, attempts: [1], conflicts: 1)).entries.map(\.priority)
    }

    @Test func `a task weighs as much as the heaviest chain that it opens`() {
        let tasks = [
            task("root", lines: 500), task("long", ["root"], lines: 1000), task("short", ["root"]),
            task("top", ["long", "short"]),
        ]
        // 500 lines weigh as much as the start of a worker.
        #expect(priorities(tasks) == [6, 4, 2, 1])
    }

    @Test func `a task on a cycle keeps its own weight`() {
        #expect(priorities([task("a", ["b"]), task("b", ["a"]), task("c")]) == [1, 1, 1])
    }

    @Test func `a dependency that is not in the run, or is the task itself, counts for nothing`() {
        let scheduler = Scheduler(
            World.started(
                [task("a", ["a", "elsewhere"]), task("b", ["a"])], maxParallel: 1, attempts: [1], conflicts: 1))
        #expect(scheduler.entries.map(\.missing) == [0, 1])
        #expect(scheduler.entries.map(\.state) == [.ready, .waiting])
        #expect(scheduler.entries[0].dependents == [1])
    }
}
