import Model
import Testing

@testable import Scheduling

@Suite struct SchedulerTests {
    @Test(arguments: [UInt64](1...40))
    func `every task lands after what it depends on`(seed: UInt64) {
        var world = World(randomTasks(60, density: 1.5, seed: seed), maxParallel: 4, seed: seed)
        world.start()
        var done: Set<TaskID> = []
        while world.step() {
            for task in world.landedOrder.dropFirst(done.count) {
                #expect(world.tasks[task]!.dependencies.allSatisfy { done.contains($0) })
                done.insert(task)
            }
        }
        #expect(world.landedOrder.count == 60)
        #expect(Set(world.startsOf.values) == [1])
        #expect(world.mostRunning <= 4)
        #expect(world.hasFinished)
    }

    @Test(arguments: [UInt64](1...40))
    func `a task that fails holds only what needs it`(seed: UInt64) {
        var world = World(randomTasks(40, density: 1, seed: seed), maxParallel: 3, attempts: [2, 1], seed: seed)
        let bad: Set<TaskID> = [TaskID("t3"), TaskID("t7")]
        for task in bad { world.fate[task] = .alwaysFails }
        var doomed = bad
        for number in 0..<40 where !doomed.isDisjoint(with: world.tasks[TaskID("t\(number)")]!.dependencies) {
            doomed.insert(TaskID("t\(number)"))
        }
        world.start()
        while world.step() {}
        #expect(world.green == Set(world.tasks.keys).subtracting(doomed))
        for task in doomed {
            #expect(world.state(task) == (bad.contains(task) && world.startsOf[task] != nil ? .failed : .blocked))
            // Two attempts on the first rung and one on the second.
            #expect(world.startsOf[task] ?? 3 == 3)
        }
        #expect(world.hasFinished)
    }

    @Test(arguments: [UInt64](1...20))
    func `tasks that all collide land one by one`(seed: UInt64) {
        var world = World(randomTasks(21, density: 0, seed: seed), maxParallel: 4, seed: seed)
        world.shared = Set(world.tasks.keys)
        world.start()
        while world.step() {}
        #expect(world.landedOrder.count == 21)
        // A task waits its turn instead of losing again and again.
        #expect(world.startsOf.values.max()! <= 3)
    }

    @Test func `where all collide each is begun on the one before while that is checked`() {
        var world = World(randomTasks(21, density: 0, seed: 1), maxParallel: 4, seed: 1)
        world.shared = Set(world.tasks.keys)
        world.isInOrder = true
        world.start()
        world.run()
        #expect(world.landedOrder.count == 21)
        // The first ones are done side by side, and again.
        #expect(world.startsOf.values.reduce(0, +) <= 21 + 8)
        let begunEarly = world.decisions.count { if case .start(let start) = $0 { start.after != nil } else { false } }
        #expect(begunEarly >= 10)
    }

    @Test(arguments: [UInt64](1...20))
    func `what was begun on a red candidate is done again`(seed: UInt64) {
        var world = World(randomTasks(21, density: 0, seed: seed), maxParallel: 4, attempts: [3], seed: seed)
        world.shared = Set(world.tasks.keys)
        world.redOnce = [TaskID("t5"), TaskID("t11")]
        world.start()
        while world.step() {}
        #expect(Set(world.landedOrder).count == 21)
        #expect(world.hasFinished)
        for case .end(let end) in world.decisions {
            let (task, attempt) = (end.task, end.attempt)
            #expect(world.attempt[task] ?? 0 > attempt, "\(task) was ended and is not done again")
        }
    }

    @Test func `collisions have their own budget`() {
        var world = World(
            randomTasks(8, density: 0, seed: 5), maxParallel: 4, attempts: [1], conflictAttempts: 20, seed: 5)
        world.shared = Set(world.tasks.keys)
        world.start()
        while world.step() {}
        #expect(world.landedOrder.count == 8)
    }

    @Test(arguments: [UInt64](1...20))
    func `the same facts give the same decisions`(seed: UInt64) {
        var world = World(randomTasks(50, density: 1.5, seed: seed), maxParallel: 4, seed: seed)
        world.shared = Set(world.tasks.keys.filter { $0.rawValue.hasSuffix("5") })
        world.fate[TaskID("t9")] = .alwaysFails
        world.start()
        while world.step() {}
        guard case .runStarted(let started) = world.facts[0] else { return }
        var again = Scheduler(started)
        #expect(world.facts.dropFirst().flatMap { again.handle($0) } == world.decisions)
    }

    @Test(arguments: [UInt64](1...30))
    func `a run taken up again repeats no landed task`(seed: UInt64) {
        var world = World(randomTasks(40, density: 1, seed: seed), maxParallel: 4, seed: seed)
        world.start()
        for _ in 0..<(Int(seed) * 3) where world.step() {}
        // The coordinator dies: what was under way is lost, what was written is not.
        let before = world.landedOrder
        let startsBefore = world.startsOf
        world.pending = []
        guard case .runStarted(let started) = world.facts[0] else { return }
        var revived = Scheduler(started)
        for fact in world.facts.dropFirst() { _ = revived.handle(fact) }
        world.scheduler = revived
        world.start()
        while world.step() {}
        #expect(world.landedOrder.count == 40)
        #expect(Set(world.landedOrder).count == 40)
        #expect(before.allSatisfy { world.startsOf[$0] == startsBefore[$0] })
    }

    @Test func `a task found done frees its dependents`() {
        let tasks = randomTasks(30, density: 1, seed: 3)
        var world = World(tasks, maxParallel: 2, seed: 3)
        for number in stride(from: 0, to: 30, by: 2) { world.fate[TaskID("t\(number)")] = .alreadyDone }
        world.start()
        while world.step() {}
        #expect(world.landedOrder.count == 15)
        #expect(world.green.count == 30)
    }

    @Test func `tasks landed by an earlier run are not started`() {
        let tasks = randomTasks(10, density: 1, seed: 1)
        var started = World.started(tasks, maxParallel: 2, attempts: [1], conflicts: 1)
        started.landedBefore = tasks.prefix(9).map { .init(task: $0.id, commit: World.id(1)) }
        var scheduler = Scheduler(started)
        let decisions = scheduler.handle(.coordinatorStarted(.init(processID: 1, tip: World.id(1))))
        #expect(decisions.count == 1)
        guard case .start(let start) = decisions.first, start.attempt == 1, start.rung == 0 else {
            Issue.record("nothing was started")
            return
        }
        #expect(start.task == TaskID("t9"))
    }

    @Test func `the longest chain starts first`() {
        let tasks = [
            MigrationTask(id: TaskID("alone"), title: "", files: []),
            MigrationTask(id: TaskID("root"), title: "", files: []),
            MigrationTask(id: TaskID("middle"), title: "", files: [], dependencies: [TaskID("root")]),
            MigrationTask(id: TaskID("top"), title: "", files: [], dependencies: [TaskID("middle")]),
        ]
        var world = World(tasks, maxParallel: 1, seed: 1)
        world.start()
        guard case .start(let start) = world.decisions.first else {
            Issue.record("nothing was started")
            return
        }
        #expect(start.task == TaskID("root"))
        while world.step() {}
        #expect(world.landedOrder.last == TaskID("top") || world.landedOrder.last == TaskID("alone"))
    }

    @Test func `a run whose time is up ends at once, and is taken up again with all of it`() {
        var world = World(randomTasks(20, density: 0, seed: 2), maxParallel: 3, seed: 2)
        world.start()
        world.tell(.draining(reason: "the wall budget of 60 s is spent"))
        #expect(world.decisions.last == .stop(reason: "the wall budget of 60 s is spent"))
        world.pending = []
        world.tell(.coordinatorStopped(reason: "the wall budget of 60 s is spent"))
        // Whoever takes it up again wants it to go on.
        world.start()
        while world.step() {}
        #expect(world.landedOrder.count == 20)
        #expect(world.hasFinished)
    }

    @Test func `a fact about an old attempt is ignored`() {
        var world = World(randomTasks(1, density: 0, seed: 2), maxParallel: 1, seed: 2)
        world.start()
        let late = Failure(kind: .workerExit, summary: "late")
        world.tell(
            .attemptFailed(
                .init(task: TaskID("t0"), attempt: 7, worker: "w", base: nil, failure: late, checks: [], seconds: 1)))
        while world.step() {}
        #expect(world.landedOrder.count == 1)
        #expect(world.startsOf[TaskID("t0")] == 1)
    }

    @Test func `faults of the machine cost no attempt`() {
        var world = World(randomTasks(1, density: 0, seed: 2), maxParallel: 1, attempts: [1], seed: 2)
        world.start()
        let fault = Failure(kind: .infrastructure, summary: "no disk")
        for attempt in 1...2 {
            world.pending = []
            world.tell(
                .attemptFailed(
                    .init(
                        task: TaskID("t0"), attempt: attempt, worker: "w", base: nil, failure: fault, checks: [],
                        seconds: 1)))
        }
        while world.step() {}
        #expect(world.landedOrder.count == 1)
    }
}
