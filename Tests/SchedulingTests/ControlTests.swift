import Model
import TestSupport
import Testing

@testable import Scheduling

@Suite struct ControlTests {
    private let tasks = [
        MigrationTask(id: TaskID("root"), title: "", files: ["r"]),
        MigrationTask(id: TaskID("other"), title: "", files: ["o"]),
        MigrationTask(id: TaskID("middle"), title: "", files: ["m"], dependencies: [TaskID("root")]),
        MigrationTask(id: TaskID("top"), title: "", files: ["t"], dependencies: [TaskID("middle"), TaskID("other")]),
        MigrationTask(id: TaskID("free"), title: "", files: ["f"]),
    ]

    private func world(parallel: Int = 2, approve: Approval? = nil, _ fate: [String: World.Fate] = [:]) -> World {
        var world = World(tasks, maxParallel: parallel, attempts: [1], seed: 11) { $0.workers.approve = approve }
        for (task, fate) in fate { world.fate[TaskID(task)] = fate }
        world.start()
        return world
    }

    private func state(_ world: World, _ task: String) -> TaskState? { world.state(TaskID(task)) }

    @Test func `a paused run starts nothing and lands what is under way`() {
        var world = world()
        world.say(.pause)
        #expect(world.answer?.text == "paused: nothing new is started, 2 attempts under way may end")
        world.run()
        #expect(world.landedOrder.count == 2)
        #expect(!world.decisions.contains { if case .suspend = $0 { true } else { false } })
        world.say(.proceed)
        world.run()
        #expect(world.hasFinished)
        world.say(.proceed)
        #expect(world.answer?.isAccepted == false)
    }

    @Test func `a stopped run ends once nothing is under way`() {
        var world = world()
        world.say(.stop(atOnce: false))
        world.run()
        // What is verified after the command waits for the next coordinator.
        #expect(world.landedOrder.isEmpty)
        guard case .suspend? = world.decisions.last else {
            Issue.record("it does not end")
            return
        }
        world.start()
        world.run()
        #expect(world.hasFinished)
    }

    @Test func `stop says what it waits for, and forms no new candidate`() throws {
        var world = World(randomTasks(6, density: 0, seed: 3), maxParallel: 6, seed: 3) {
            $0.landing = LandingRules(policy: .serial)
        }
        world.start()
        while world.scheduler.running > 0 {
            let start = try #require(world.pending.firstIndex { if case .start = $0 { true } else { false } })
            world.pending = [world.pending.remove(at: start)] + world.pending
            let others = world.pending.dropFirst()
            world.pending = [world.pending[0]]
            _ = world.step()
            world.pending += others
        }
        world.say(.stop(atOnce: false))
        #expect(
            world.answer?.text == "stopping: nothing new is started, 1 candidate of 1 task under way may end; "
                + "queued until 'orchestrate resume': 5 verified tasks")
        world.run()
        #expect(world.landedOrder.count == 1)
        #expect(world.decisions.count { if case .check = $0 { true } else { false } } == 1)
        world.start()
        world.run()
        #expect(world.hasFinished && world.landedOrder.count == 6)
    }

    @Test func `what was set aside is taken up again with all it held`() {
        var world = world(["root": .alwaysFails])
        world.run()
        #expect(world.hasFinished)
        #expect(["middle", "top"].allSatisfy { state(world, $0) == .blocked })
        world.fate[TaskID("root")] = .works
        let order = RetryRequest(worker: Worker(name: "w", run: "better"), note: "mind the gap")
        // Nobody is there; it is obeyed when the run is taken up.
        world.say(.retry(task: TaskID("root"), request: order))
        #expect(world.answer?.isAccepted == true)
        #expect(world.scheduler.running == 0)
        world.start()
        #expect(
            world.decisions.contains(
                .start(
                    .init(
                        task: TaskID("root"), attempt: 2, rung: 0, reason: "attempt 2, as a person asked for",
                        request: order))
            )
        )
        world.run()
        #expect(world.landedOrder.count == 5)
    }

    @Test func `what another task holds as well stays held`() {
        var world = world(["root": .alwaysFails, "other": .alwaysFails])
        world.run()
        world.fate = [TaskID("other"): .alwaysFails]
        world.say(.retry(task: TaskID("root"), request: nil))
        world.start()
        world.run()
        #expect(state(world, "middle") == .landed)
        #expect(state(world, "top") == .blocked)
        #expect(world.decisions.last == .finish)
        world.fate = [:]
        world.say(.retry(task: TaskID("top"), request: nil))
        #expect(world.answer?.text == "top is blocked by other: retry that one")
        world.say(.retry(task: TaskID("other"), request: nil))
        world.start()
        world.run()
        #expect(world.landedOrder.count == 5)
    }

    @Test func `a running task is ended and done again`() {
        var world = world()
        world.say(.retry(task: TaskID("root"), request: RetryRequest(note: "not so")))
        #expect(world.ended[TaskID("root")] != nil)
        world.run()
        #expect(world.startsOf[TaskID("root")] == 2)
        #expect(world.landedOrder.count == 5)
    }

    @Test func `a skipped task holds what needs it`() {
        var world = world()
        world.say(.skip(task: TaskID("middle")))
        world.say(.skip(task: TaskID("root")))
        world.run()
        #expect(state(world, "root") == .skipped)
        #expect(state(world, "middle") == .skipped)
        #expect(state(world, "top") == .blocked)
        #expect(world.hasFinished)
        world.say(.skip(task: TaskID("free")))
        #expect(world.answer?.isAccepted == false)
        // What was skipped while it waited still needs the other first.
        world.say(.retry(task: TaskID("middle"), request: nil))
        #expect(state(world, "middle") == .blocked)
        world.say(.retry(task: TaskID("root"), request: nil))
        world.start()
        world.run()
        #expect(world.landedOrder.count == 5)
    }

    @Test func `what is prioritised starts first with all it needs`() {
        var tasks = (0..<9).map { number in
            MigrationTask(id: TaskID("t\(number)"), title: "", files: ["\(number)"], figures: .init(lines: 5000))
        }
        tasks.append(MigrationTask(id: TaskID("early"), title: "", files: ["e"]))
        tasks.append(MigrationTask(id: TaskID("late"), title: "", files: ["l"], dependencies: [TaskID("early")]))
        var world = World(tasks, maxParallel: 1, seed: 1)
        world.start()
        world.say(.prioritise(task: TaskID("late")))
        #expect(world.answer?.text == "late and the task it needs start before all others")
        world.run()
        let started = world.startTimes.mapValues { $0[0] }.sorted { $0.value < $1.value }.map(\.key.rawValue)
        #expect(started[1] == "early")
        // Others start while the first one lands; without the word it would be the last of all.
        #expect((started.firstIndex(of: "late") ?? 10) < 7, "\(started)")
    }

    @Test func `a verified task waits for approval`() {
        var world = world(parallel: 4, approve: .beforeLanding)
        world.run()
        #expect(world.landedOrder.isEmpty)
        #expect(!world.hasFinished)
        world.say(.approve(task: TaskID("root")))
        world.run()
        #expect(world.landedOrder == [TaskID("root")])
        world.say(.retry(task: TaskID("free"), request: RetryRequest(note: "shorter")))
        world.run()
        #expect(world.startsOf[TaskID("free")] == 2)
        #expect(state(world, "free") == .verified)
        for task in ["free", "other", "middle"] { world.say(.approve(task: TaskID(task))) }
        world.run()
        world.say(.approve(task: TaskID("top")))
        world.run()
        #expect(world.hasFinished)
        world.say(.approve(task: TaskID("top")))
        #expect(world.answer?.isAccepted == false)
    }

    @Test func `one task alone may need approval`() {
        var tasks = tasks
        tasks[4].approve = .beforeLanding
        var world = World(tasks, maxParallel: 4, seed: 2)
        world.tell(.coordinatorStarted(.init(processID: 1, tip: world.scheduler.tip, isAttended: false)))
        world.run()
        #expect(world.landedOrder.count == 4)
        guard case .suspend(let reason)? = world.decisions.last else {
            Issue.record("it does not end")
            return
        }
        #expect(reason.hasPrefix("1 verified task waits for approval"))
    }

    @Test func `unknown tasks are refused`() {
        var world = world()
        world.say(.skip(task: TaskID("nobody")))
        #expect(world.answer?.isAccepted == false)
    }

    /// Whatever people say in whatever order, the counts stay right, nothing lands twice, and the run comes to an end.
    @Test(arguments: [UInt64](1...150))
    func `anything may be said at any time`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var world = World(randomTasks(25, density: 1.2, seed: seed), maxParallel: 3, attempts: [2, 1], seed: seed) {
            plan in
            if seed.isMultiple(of: 3) { plan.workers.approve = .beforeLanding }
            if seed.isMultiple(of: 4) { plan.checkpoints = [.init(after: .tasks(4)), .init(after: .failureRate(0.4))] }
            if seed.isMultiple(of: 5) { plan.budget = Budget(usd: 3, workers: 30) }
        }
        world.usage = Usage(inputTokens: 5, usd: 0.05)
        let kinds: [Failure.Kind] = [.infrastructure, .providerLimit, .taskCheck, .stuck, .conflict]
        for number in 0..<25 where Int.random(in: 0..<3, using: &random) == 0 {
            let failure = Failure(kind: kinds.randomElement(using: &random) ?? .stuck, summary: "bad")
            world.fate[TaskID("t\(number)")] = .failing(failure, times: Int.random(in: 1...4, using: &random))
        }
        world.shared = Set((20..<25).map { TaskID("t\($0)") })
        world.start()
        for _ in 0..<300 {
            if Int.random(in: 0..<4, using: &random) == 0 { sayAnything(&world, &random) }
            if !world.step(), world.scheduler.isStopped { break }
            check(world)
        }
        // In the end somebody says yes to everything.
        for _ in 0..<400 where !world.hasFinishedNow {
            if world.scheduler.isStopped {
                world.tell(.limitsChanged(.init(budget: Budget(), checkpoints: [])))
                world.pending = []
                world.start()
            }
            world.say(.proceed)
            for entry in world.scheduler.entries where entry.awaitsApproval { world.say(.approve(task: entry.task.id)) }
            world.run()
            check(world)
        }
        #expect(world.hasFinishedNow, "\(world.scheduler.counts)")
        #expect(Set(world.landedOrder).count == world.landedOrder.count)
        replay(world)
    }

    private func sayAnything(_ world: inout World, _ random: inout SeededGenerator) {
        let task = TaskID("t\(Int.random(in: 0..<25, using: &random))")
        switch Int.random(in: 0..<9, using: &random) {
        case 0: world.say(.pause)
        case 1, 2: world.say(.proceed)
        case 3: world.say(.skip(task: task))
        case 4: world.say(.retry(task: task, request: RetryRequest(note: "again")))
        case 5: world.say(.prioritise(task: task))
        case 6: world.say(.approve(task: task))
        case 7: world.say(.stop(atOnce: false))
        default:
            world.tell(.coordinatorLost(processID: 1))
            world.pending = []
            world.start()
        }
    }

    private func check(_ world: World) {
        let scheduler = world.scheduler
        var counts: [TaskState: Int] = [:]
        for entry in scheduler.entries { counts[entry.state, default: 0] += 1 }
        #expect(scheduler.counts.filter { $0.value > 0 } == counts)
        #expect(scheduler.running == counts[.running, default: 0])
        #expect(scheduler.running <= 3)
        #expect(scheduler.unsettled == scheduler.entries.filter { !$0.state.isSettled }.count)
        #expect(scheduler.providers.values.allSatisfy { $0.running >= 0 })
        #expect(scheduler.providers.values.reduce(0) { $0 + $1.running } == scheduler.running)
        #expect(scheduler.spending.workersAwaited >= 0)
        for entry in scheduler.entries {
            #expect(entry.missing == entry.task.dependencies.filter { world.state($0)?.isDone == false }.count)
            if entry.state == .blocked {
                #expect(entry.blockedBy.map { scheduler.entries[$0].state.isGivenUp } == true)
            }
            if entry.state == .ready { #expect(entry.missing == 0) }
        }
    }

    private func replay(_ world: World) {
        var events: [LoggedEvent] = []
        func log(_ body: LoggedEvent.Body) {
            events.append(
                LoggedEvent(
                    sequence: Int64(events.count + 1), run: RunID("p-1"), time: Timestamp(seconds: 0), body: body))
        }
        guard case .runStarted(let started) = world.facts[0] else { return }
        var scheduler = Scheduler(started)
        log(.fact(world.facts[0]))
        for fact in world.facts.dropFirst() {
            log(.fact(fact))
            for decision in scheduler.handle(fact) { log(.decision(decision)) }
        }
        #expect(ReplayComparison(events)?.difference == nil)
        guard let place = events.lastIndex(where: { if case .decision = $0.body { true } else { false } }) else {
            return
        }
        events[place].body = .decision(.drain(reason: "otherwise"))
        #expect(ReplayComparison(events)?.difference?.recorded == .drain(reason: "otherwise"))
    }
}

extension World {
    /// Its last word was that nothing is left.
    fileprivate var hasFinishedNow: Bool { scheduler.isStopped && scheduler.unsettled == 0 }
}
