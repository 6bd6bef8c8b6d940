import Model
import Testing

@testable import Scheduling

@Suite struct SkipTests {
    private func task(_ id: String, _ needs: [String] = []) -> MigrationTask {
        MigrationTask(id: TaskID(id), title: "", files: [id], dependencies: needs.map { TaskID($0) })
    }

    private func world() -> World {
        var world = World([task("a"), task("b", ["a"]), task("c", ["b"]), task("d")], maxParallel: 1, seed: 1)
        world.start()
        return world
    }

    @Test func `a skipped task is skipped and not failed, and blocks all that need it`() {
        var world = world()
        let before = world.decisions.count
        world.say(.skip(task: TaskID("b")))
        #expect(world.state(TaskID("b")) == .skipped && world.state(TaskID("c")) == .blocked)
        #expect(
            Array(world.decisions[before...]) == [
                .answer(
                    .init(
                        command: "c2", isAccepted: true,
                        text: "b is skipped, and the tasks that need it are blocked")),
                .skip(.init(task: TaskID("b"), reason: "skipped by a person")),
                .block(.init(task: TaskID("c"), cause: TaskID("b"))),
            ])
        world.run()
        #expect(world.hasFinished)
        #expect(world.landedOrder.map(\.rawValue).sorted() == ["a", "d"])
    }

    @Test func `a running task is ended first and then skipped`() {
        var world = world()
        world.say(.skip(task: TaskID("a")))
        #expect(world.state(TaskID("a")) == .running)
        #expect(world.ended[TaskID("a")]?.kind == .interrupted)
        world.run()
        #expect(world.state(TaskID("a")) == .skipped && world.state(TaskID("b")) == .blocked)
        #expect(world.landedOrder.map(\.rawValue) == ["d"])
    }

    @Test func `a task that was to be skipped when its coordinator died is skipped by the next one`() {
        var world = world()
        world.say(.skip(task: TaskID("a")))
        world.tell(.coordinatorLost(processID: 1))
        world.pending = []
        world.start()
        #expect(world.state(TaskID("a")) == .skipped)
    }

    @Test func `a retry takes up a skipped task and frees the tasks that it blocked`() {
        var world = world()
        world.say(.skip(task: TaskID("b")))
        world.say(.retry(task: TaskID("b"), request: nil))
        #expect(world.answer?.isAccepted == true)
        #expect(world.state(TaskID("b")) == .waiting && world.state(TaskID("c")) == .waiting)
        world.run()
        #expect(world.landedOrder.count == 4)
    }

    @Test func `a second skip is accepted and changes nothing`() {
        var world = world()
        world.say(.skip(task: TaskID("d")))
        let before = world.decisions.count
        world.say(.skip(task: TaskID("d")))
        #expect(world.answer?.text == "d is skipped already")
        #expect(world.decisions.count == before + 1)
    }

    @Test func `a blocked task can be skipped itself`() {
        var world = world()
        world.say(.skip(task: TaskID("b")))
        world.say(.skip(task: TaskID("c")))
        #expect(world.state(TaskID("c")) == .skipped)
        world.say(.retry(task: TaskID("b"), request: nil))
        #expect(world.state(TaskID("c")) == .skipped)
        world.run()
        #expect(world.landedOrder.count == 3)
    }
}

@Suite struct CheckpointWatchTests {
    private func watch(_ after: Checkpoint.After..., stages: [String] = ["one", "two"]) -> CheckpointWatch {
        CheckpointWatch(after.map { Checkpoint(after: $0) }, stages: stages)
    }

    @Test func `landed, failed and skipped tasks count, and a retry takes one back`() {
        var watch = watch(.tasks(3))
        watch.moved(from: .landing, to: .landed)
        watch.moved(from: .running, to: .failed)
        watch.moved(from: .ready, to: .skipped)
        watch.moved(from: .waiting, to: .blocked)
        watch.moved(from: .running, to: .alreadyDone)
        #expect(watch.over == 3)
        watch.moved(from: .skipped, to: .ready)
        watch.moved(from: .failed, to: .ready)
        #expect(watch.over == 1)
        #expect(watch.reach(usd: 0) == nil)
    }

    @Test func `the limit is the least of all that are to come`() {
        var watch = watch(.tasks(8), .tasks(3), .cost(1))
        #expect(watch.taskLimit == 3)
        for _ in 0..<3 { watch.moved(from: .landing, to: .landed) }
        let reached = [watch.reach(usd: 0), watch.reach(usd: 0)]
        #expect(reached == ["3 tasks are over", nil])
        #expect(watch.taskLimit == 8)
        #expect(self.watch(.cost(1)).taskLimit == nil)
    }

    @Test func `a cost is reached at its very amount, once`() {
        var watch = watch(.cost(2))
        #expect(watch.reach(usd: 1.99) == nil)
        #expect(watch.reach(usd: 2) == "the run has cost 2.0 USD")
        #expect(watch.reach(usd: 3) == nil)
        watch.replace(with: [Checkpoint(after: .cost(2)), Checkpoint(after: .cost(4))])
        #expect(watch.reach(usd: 3) == nil)
        #expect(watch.reach(usd: 4) != nil)
    }

    @Test func `a stage is reached when its own gate is done`() {
        var watch = watch(.stage("two"), .stage("unknown"))
        watch.completedStages = [0]
        #expect(watch.reach(usd: 0) == nil)
        watch.completedStages = [0, 1]
        #expect(watch.reach(usd: 0) == "stage two is complete")
    }

    @Test func `a failure rate needs a sample, is reached at its very value, and begins anew after a look`() {
        var watch = watch(.failureRate(0.6))
        for _ in 0..<3 { watch.moved(from: .running, to: .failed) }
        watch.moved(from: .landing, to: .landed)
        #expect(watch.reach(usd: 0) == nil)
        watch.moved(from: .landing, to: .landed)
        #expect(watch.reach(usd: 0) == "3 of 5 tasks failed")
        watch.looked()
        #expect(watch.reach(usd: 0) == nil)
    }
}

@Suite struct CapTests {
    @Test(arguments: [
        (Spending.Key.usd, Budget(usd: 2)), (.tokens, Budget(tokens: 2)), (.disk, Budget(disk: 2)),
        (.workers, Budget(workers: 2)), (.changedLines, Budget(changedLines: 2)),
        (.requests, Budget(requests: 2)), (.workerTime, Budget(workerTime: 2)),
    ])
    func `a cap is spent at its very value and not below, by its own figure alone`(
        _ key: Spending.Key, _ budget: Budget
    ) {
        func spending(_ amount: Int, _ used: Spending.Key) -> Spending {
            var spending = Spending()
            spending.budget = budget
            switch used {
            case .usd: spending.usd = Double(amount)
            case .tokens: spending.tokens = amount
            case .disk: spending.disk = amount
            case .workers: spending.workers = amount
            case .changedLines: spending.changedLines = amount
            case .requests: spending.requests = amount
            case .workerTime: spending.workerTime = Double(amount)
            }
            return spending
        }
        #expect(spending(1, key).spent == nil)
        #expect(spending(2, key).spent == key)
        #expect(spending(3, key).spent == key)
        for other in Spending.Key.allCases where other != key { #expect(spending(9, other).spent == nil) }
        #expect(spending(2, key).spentOnModels == (key == .usd || key == .tokens ? key : nil))
        #expect(spending(3, key).spentOnModels == ([.usd, .tokens, .requests].contains(key) ? key : nil))
    }

    @Test func `the last worker is awaited when started and announced ones reach the cap`() {
        var spending = Spending()
        spending.workers = 99
        #expect(!spending.awaitsLastWorker)
        spending.budget = Budget(workers: 3)
        spending.workers = 1
        spending.workersAwaited = 1
        #expect(!spending.awaitsLastWorker)
        spending.workersAwaited = 2
        #expect(spending.awaitsLastWorker)
    }

    @Test func `amounts of money have two decimals, small ones four`() {
        var spending = Spending()
        spending.budget = Budget(usd: 0.05)
        spending.usd = 1.5
        #expect(
            spending.words(.usd)
                == "budget.usd is spent: 1.50 USD of 0.0500 USD (1.45 USD over, by running attempts); "
                + "raise it in the plan, then type 'orchestrate resume --plan FILE'")
        spending.budget = Budget(workers: 1)
        spending.workers = 1
        #expect(spending.words(.workers).contains("budget.workers is spent: 1 worker of 1 worker; "))
    }
}
