import Model
import Testing

@testable import Scheduling

@Suite struct SpendingTests {
    private func world(_ budget: Budget, tasks: Int = 20, usage: Usage? = nil, parallel: Int = 3) -> World {
        var world = World(randomTasks(tasks, density: 0, seed: 7), maxParallel: parallel, seed: 7) {
            $0.budget = budget
        }
        world.usage = usage
        world.start()
        world.run()
        return world
    }

    private func reason(_ world: World) -> String {
        if case .suspend(let reason)? = world.decisions.last { return reason }
        return "\(String(describing: world.decisions.last))"
    }

    @Test func `no more workers are started than allowed`() {
        let world = world(Budget(workers: 7))
        #expect(world.startsOf.values.reduce(0, +) == 7)
        #expect(world.landedOrder.count == 7)
        #expect(reason(world).hasPrefix("budget.workers is spent: 7 workers of 7 workers"))
    }

    @Test func `who finds a task done uses up no worker`() {
        var world = World(randomTasks(9, density: 0, seed: 7), maxParallel: 3, seed: 7) { $0.budget.workers = 3 }
        for number in 0..<6 { world.fate[TaskID("t\(number)")] = .alreadyDone }
        world.start()
        world.run()
        // A look at what is done already is announced as a worker here, so only three are had.
        #expect(world.startsOf.values.reduce(0, +) == 3)
        #expect(world.scheduler.spending.workers == 3)
    }

    @Test func `money that is spent ends the run with the key to raise`() {
        let world = world(Budget(usd: 1), usage: Usage(inputTokens: 10, usd: 0.30))
        #expect(reason(world).contains("budget.usd is spent"))
        #expect(world.scheduler.spending.usd >= 1)
        // One turn of each worker, at the most.
        #expect(world.scheduler.spending.usd <= 1 + 3 * 0.30)
    }

    @Test func `money that was told is not given back`() {
        var world = World(randomTasks(2, density: 0, seed: 7), maxParallel: 1, seed: 7) { $0.budget = Budget(usd: 5) }
        world.start()
        guard let id = world.attempt.keys.first else {
            Issue.record("nothing was started")
            return
        }
        for usd in [4.0, 0, 3] {
            _ = world.scheduler.handle(
                .usage(.init(task: id, attempt: 1, usage: Usage(inputTokens: Int(usd), usd: usd))))
            #expect(world.scheduler.spending.usd == 4 && world.scheduler.spending.tokens == 4)
        }
    }

    @Test func `tokens likewise`() {
        let world = world(
            Budget(tokens: 100), usage: Usage(inputTokens: 20, cachedTokens: 10, outputTokens: 5), parallel: 1)
        #expect(reason(world).contains("budget.tokens is spent: 105 tokens of 100 tokens (5 tokens over"))
    }

    /// A world of tasks whose first workers have started.
    private func begun(_ tasks: Int, parallel: Int, attempts: [Int] = [2], _ change: (inout Plan) -> Void) -> World {
        var world = World(
            randomTasks(tasks, density: 0, seed: 7), maxParallel: parallel, attempts: attempts, seed: 7, change)
        world.start()
        return world
    }

    private func running(_ world: World) -> [TaskID] {
        world.scheduler.entries.filter { $0.state == .running }.map(\.task.id)
    }

    @Test func `the worker that makes the last request may use its answer, and none is started after it`() {
        var world = begun(5, parallel: 2) { $0.budget.requests = 3 }
        let tasks = running(world)
        world.tell(.usage(.init(task: tasks[0], attempt: 1, usage: nil, requests: 1)))
        world.tell(.usage(.init(task: tasks[1], attempt: 1, usage: nil, requests: 2)))
        #expect(world.scheduler.spending.requests == 3 && world.ended.isEmpty)
        world.tell(.usage(.init(task: tasks[1], attempt: 1, usage: Usage(inputTokens: 5), requests: 1)))
        #expect(Array(world.ended.keys) == [tasks[1]] && world.ended[tasks[1]]?.kind == .interrupted)
        world.run()
        #expect(world.landedOrder == [tasks[0]])
        #expect(reason(world).contains("budget.requests is spent: 4 requests of 3 requests (1 request over"))
    }

    @Test func `the requests of an attempt are counted apart, whatever a report says`() {
        var world = begun(1, parallel: 1, attempts: [1, 1]) {
            $0.stages[0].ladder[0].budget = AttemptBudget(requests: 2)
        }
        let task = running(world)[0]
        world.tell(.usage(.init(task: task, attempt: 1, usage: nil, requests: -7)))
        world.tell(.usage(.init(task: task, attempt: 1, usage: nil, requests: 2)))
        #expect(world.ended.isEmpty)
        world.tell(.usage(.init(task: task, attempt: 1, usage: nil, requests: 1)))
        #expect(world.ended[task]?.kind == .budget)
        #expect(world.ended[task]?.summary == "the attempt used up its budget of 2 requests")
    }

    @Test func `all workers are ended once their time together is spent`() {
        var world = begun(5, parallel: 2) { $0.budget.workerTime = 60 }
        let tasks = Set(running(world))
        for task in tasks {
            world.tell(
                .workerStarted(.init(task: task, attempt: 1, worker: "w", slot: 0, base: world.scheduler.tip)))
        }
        world.tell(.workersTimed(seconds: 59))
        #expect(world.ended.isEmpty)
        world.tell(.workersTimed(seconds: 61))
        #expect(Set(world.ended.keys) == tasks && world.ended.values.allSatisfy { $0.kind == .interrupted })
        world.run()
        #expect(reason(world).contains("budget.worker_time is spent: 61 s of 60 s (1 s over"))
    }

    @Test func `lines likewise`() {
        let world = world(Budget(changedLines: 5), parallel: 1)
        #expect(world.landedOrder.count == 5)
        #expect(reason(world).contains("budget.changed_lines is spent: 5 lines of 5 lines"))
    }

    @Test func `disk likewise`() {
        var world = World(randomTasks(20, density: 0, seed: 7), maxParallel: 2, seed: 7) { $0.budget.disk = 10 << 20 }
        world.start()
        world.tell(.diskUsed(bytes: 12 << 20))
        world.run()
        #expect(world.landedOrder.count == 2)
        #expect(reason(world).contains("budget.disk is spent: 12 MiB of 10 MiB (2 MiB over"))
    }

    @Test func `a raised budget lets the run go on`() {
        var world = world(Budget(workers: 7))
        world.tell(.limitsChanged(.init(budget: Budget(workers: 100), checkpoints: [])))
        world.start()
        world.run()
        #expect(world.landedOrder.count == 20)
        #expect(world.hasFinished)
    }

    @Test func `one that is not raised ends it at once`() {
        var world = world(Budget(workers: 7))
        world.start()
        world.run()
        #expect(world.startsOf.values.reduce(0, +) == 7)
        #expect(reason(world).contains("budget.workers"))
    }

    @Test func `a worker is ended between two of its turns`() {
        var world = World(randomTasks(4, density: 0, seed: 7), maxParallel: 2, seed: 7) { $0.budget.usd = 1 }
        world.start()
        let running = world.scheduler.entries.filter { $0.state == .running }.map(\.task.id)
        world.tell(.usage(.init(task: running[0], attempt: 1, usage: Usage(usd: 0.4))))
        #expect(world.ended.isEmpty)
        world.tell(.usage(.init(task: running[1], attempt: 1, usage: Usage(usd: 0.7))))
        #expect(Array(world.ended.keys) == [running[1]])
        world.tell(.usage(.init(task: running[0], attempt: 1, usage: Usage(usd: 0.5))))
        #expect(world.ended.count == 2)
        world.run()
        #expect(reason(world).contains("1.20 USD of 1.00 USD (0.20 USD over"))
        // Nobody's fault: the attempts are not counted.
        #expect(world.scheduler.entries.allSatisfy { $0.failuresOnRung == 0 })
    }

    @Test func `an attempt has a budget of its own`() {
        var world = World(randomTasks(1, density: 0, seed: 7), maxParallel: 1, attempts: [1, 1], seed: 7) {
            $0.stages[0].ladder[0].budget = AttemptBudget(tokens: 50)
        }
        world.usage = Usage(inputTokens: 60)
        world.start()
        world.run()
        // The second rung has none.
        #expect(world.rungs[TaskID("t0")] == [0, 1])
        #expect(world.landedOrder.count == 1)
    }

    @Test func `what an interrupted attempt used is not forgotten`() {
        var world = World(randomTasks(4, density: 0, seed: 7), maxParallel: 1, seed: 7) { $0.budget.usd = 1 }
        world.start()
        guard let task = world.scheduler.entries.first(where: { $0.state == .running })?.task.id else { return }
        world.tell(.usage(.init(task: task, attempt: 1, usage: Usage(usd: 0.4))))
        world.tell(.coordinatorLost(processID: 1))
        world.pending = []
        world.start()
        world.tell(.usage(.init(task: task, attempt: 2, usage: Usage(usd: 0.4))))
        #expect(abs(world.scheduler.spending.usd - 0.8) < 1e-9)
    }
}
