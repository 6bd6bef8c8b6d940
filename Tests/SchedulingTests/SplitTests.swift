import Model
import TestSupport
import Testing

@testable import Scheduling

@Suite struct SplitTests {
    private static let root = MigrationTask(
        id: TaskID("big"), title: "big", files: ["a", "b", "c", "d", "e", "f", "index"], instructions: "Say new.",
        tests: ["test"])
    private static let tasks = [
        MigrationTask(id: TaskID("base"), title: "", files: ["0"]),
        MigrationTask(
            id: TaskID("big"), title: "big", files: root.files, dependencies: [TaskID("base")],
            instructions: root.instructions, tests: root.tests),
        MigrationTask(id: TaskID("top"), title: "", files: ["t"], dependencies: [TaskID("big")]),
    ]
    private static let three = SplitProposal(
        parts: [
            .init(files: ["b", "a"], instructions: "First."), .init(files: ["c", "d"]),
            .init(files: ["e", "f"], after: ["1"]),
        ], collate: "Write the index.")

    /// A world in which the base has landed and the big task is running.
    private func world(
        _ rules: SplitRules? = SplitRules(), parallel: Int = 4, _ change: @escaping (inout Plan) -> Void = { _ in }
    ) -> World {
        var world = World(Self.tasks, maxParallel: parallel, attempts: [1], seed: 7) {
            $0.workers.split = rules
            change(&$0)
        }
        world.start()
        while world.state(TaskID("big")) != .running, world.step() {}
        return world
    }

    private func state(_ world: World, _ task: String) -> TaskState? { world.state(TaskID(task)) }

    /// What the scheduler made of the last proposal.
    private func answer(_ world: World) -> Decision.Split? {
        for case .split(let split) in world.decisions.reversed() { return split }
        return nil
    }

    @Test func `a task is split, its parts land, and it gets a last turn`() throws {
        var world = world()
        world.split(TaskID("big"), Self.three)
        let split = try #require(answer(world))
        #expect(split.problems == [])
        #expect(split.collate == "Write the index.")
        #expect(split.parts.map(\.id.rawValue) == ["big.1", "big.2", "big.3"])
        #expect(split.parts.map(\.files) == [["a", "b"], ["c", "d"], ["e", "f"]])
        #expect(split.parts.map(\.dependencies.count) == [1, 1, 2])
        #expect(split.parts[0].instructions == "Say new.\n\nFirst.")
        #expect(split.parts.allSatisfy { $0.partOf == TaskID("big") && $0.tests == ["test"] })
        #expect(state(world, "big.1") == .running && state(world, "big.3") == .waiting)
        world.endSplit(TaskID("big"))
        #expect(state(world, "big") == .waiting)
        world.run()
        let order = world.landedOrder.map(\.rawValue)
        #expect(order.count == 6 && Set(order).count == 6)
        let place = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
        #expect(place["big.1"]! < place["big.3"]! && place["big"]! > place["big.3"]! && place["top"]! == 5)
        #expect(world.startsOf[TaskID("big")] == 1 && world.hasFinished)
        #expect(
            world.decisions.contains {
                if case .start(let start) = $0 {
                    start.task.rawValue == "big" && start.reason == "attempt 2, its last turn: 3 of 3 parts are done"
                } else {
                    false
                }
            })
    }

    @Test func `an attempt that ends with a split costs no try`() {
        var world = world()
        world.split(TaskID("big"), Self.three)
        world.endSplit(TaskID("big"))
        world.fate[TaskID("big")] = .alwaysFails
        world.run()
        #expect(world.attempt[TaskID("big")] == 2)
        #expect(state(world, "big") == .failed && state(world, "top") == .blocked)
        #expect(["big.1", "big.2", "big.3"].allSatisfy { state(world, $0) == .landed })
    }

    @Test func `parts that fail or are held up leave the last turn`() {
        var world = world()
        world.fate[TaskID("big.1")] = .alwaysFails
        world.split(TaskID("big"), Self.three)
        world.endSplit(TaskID("big"))
        world.run()
        #expect(state(world, "big") == .landed && state(world, "top") == .landed)
        #expect(world.hasFinished)
        // The last turn has done their work.
        #expect(state(world, "big.1") == .alreadyDone && state(world, "big.3") == .alreadyDone)
        let covered = world.decisions.compactMap { if case .cover(let cover) = $0 { cover.task.rawValue } else { nil } }
        #expect(covered == ["big.3", "big.1"])
        world.say(.retry(task: TaskID("big.1"), request: nil))
        #expect(world.answer?.isAccepted == false)
    }

    @Test func `parts of a task whose last turn fails stay failed, and can be tried again`() {
        var world = world()
        for task in ["big", "big.1"] { world.fate[TaskID(task)] = .alwaysFails }
        world.split(TaskID("big"), Self.three)
        world.endSplit(TaskID("big"))
        world.run()
        #expect(state(world, "big") == .failed && state(world, "top") == .blocked)
        #expect(state(world, "big.1") == .failed && state(world, "big.3") == .blocked)
        // A part that is tried again does not wait for its task.
        world.fate = [:]
        world.say(.retry(task: TaskID("big.1"), request: nil))
        world.start()
        world.run()
        #expect(state(world, "big.3") == .landed && state(world, "big") == .failed)
        world.say(.retry(task: TaskID("big"), request: nil))
        world.start()
        world.run()
        #expect(world.landedOrder.count == 6 && world.hasFinished)
    }

    @Test func `a part that is tried again before the last turn delays it`() {
        var world = world()
        world.say(.pause)
        world.say(.proceed)
        world.split(TaskID("big"), Self.three)
        world.say(.pause)
        world.endSplit(TaskID("big"))
        for part in ["big.1", "big.2", "big.3"] { world.say(.skip(task: TaskID(part))) }
        world.run()
        #expect(state(world, "big") == .ready)
        world.say(.retry(task: TaskID("big.2"), request: nil))
        #expect(state(world, "big") == .waiting)
        world.say(.proceed)
        world.run()
        #expect(world.landedOrder.map(\.rawValue).suffix(3) == ["big.2", "big", "top"])
        #expect(
            world.decisions.contains {
                if case .start(let start) = $0 {
                    start.reason == "attempt 2, its last turn: 1 of 3 parts is done, 2 failed or were skipped"
                } else {
                    false
                }
            })
    }

    @Test func `a skipped task takes its parts with it`() {
        var world = world()
        world.split(TaskID("big"), Self.three)
        world.endSplit(TaskID("big"))
        world.say(.skip(task: TaskID("big")))
        world.run()
        #expect(["big", "big.1", "big.2", "big.3"].allSatisfy { state(world, $0) == .skipped })
        #expect(state(world, "top") == .blocked && world.hasFinished)
        world.say(.retry(task: TaskID("big"), request: nil))
        world.start()
        world.run()
        #expect(state(world, "big") == .landed && state(world, "big.1") == .skipped)
    }

    @Test func `a task that was split is not ended by a retry, and its last turn gets the note`() {
        var world = world()
        world.split(TaskID("big"), Self.three)
        world.say(.retry(task: TaskID("big"), request: RetryRequest(note: "mind the gap")))
        #expect(world.answer?.text == "big was split: its last turn follows its parts, and gets what you said")
        #expect(world.ended[TaskID("big")] == nil)
        world.endSplit(TaskID("big"))
        world.run()
        let notes = world.decisions.compactMap { decision -> String? in
            if case .start(let start) = decision, start.task.rawValue == "big" { start.request?.note } else { nil }
        }
        #expect(notes == ["mind the gap"])
    }

    @Test func `what is prioritised takes its parts along`() {
        var world = world()
        world.split(TaskID("big"), Self.three)
        world.say(.prioritise(task: TaskID("top")))
        #expect(world.answer?.text == "top and the 4 tasks it needs start before all others")
    }

    @Test func `a coordinator that was killed after a split neither loses nor doubles parts`() {
        var world = world()
        world.split(TaskID("big"), Self.three)
        world.pending = []
        world.start()
        #expect(state(world, "big") == .waiting)
        world.run()
        #expect(world.landedOrder.count == 6 && Set(world.landedOrder).count == 6)
        #expect(world.startsOf[TaskID("big")] == 1)
    }

    @Test func `a proposal is refused where no part would start`() {
        var paused = world()
        paused.say(.pause)
        paused.split(TaskID("big"), Self.three)
        #expect(answer(paused)?.problems.first?.hasPrefix("the run is paused: paused by a person") == true)
        #expect(state(paused, "big.1") == nil)
        var stopped = world()
        stopped.say(.stop(atOnce: false))
        stopped.split(TaskID("big"), Self.three)
        #expect(answer(stopped)?.problems.first?.hasPrefix("the run starts nothing more: stopped by") == true)
        var spent = world { $0.budget.usd = 1 }
        spent.tell(.usage(.init(task: TaskID("big"), attempt: 1, usage: Usage(usd: 2))))
        spent.split(TaskID("big"), Self.three)
        #expect(answer(spent)?.problems.isEmpty == false)
        var few = world { $0.budget.workers = 5 }
        few.split(TaskID("big"), Self.three)
        #expect(
            answer(few)?.problems == ["3 parts and the last turn need 4 workers; budget.workers leaves 3"])
        few.split(TaskID("big"), SplitProposal(parts: Array(Self.three.parts.prefix(2))))
        #expect(answer(few)?.problems == [])
    }

    @Test func `a proposal beyond the limits of the plan is refused`() {
        var off = world(nil)
        off.split(TaskID("big"), Self.three)
        #expect(answer(off)?.problems == ["the plan does not allow tasks to be split (workers.split)"])
        var few = world(SplitRules(most: 2))
        few.split(TaskID("big"), Self.three)
        #expect(answer(few)?.problems == ["it has 3 parts; the plan allows 2 (workers.split.max)"])
        var total = world(SplitRules(mostInRun: 2))
        total.split(TaskID("big"), Self.three)
        #expect(answer(total)?.problems.first?.contains("may have 2 (workers.split.max_tasks)") == true)
        #expect(total.scheduler.mostParts(of: TaskID("big")) == 2)
        var deep = world()
        deep.split(TaskID("big"), Self.three)
        deep.split(TaskID("big.1"), SplitProposal(parts: [.init(files: ["a"])]))
        #expect(
            answer(deep)?.problems == [
                "the task is itself a part of big, and the plan allows one division (workers.split.depth)"
            ])
        #expect(deep.scheduler.mostParts(of: TaskID("big.1")) == nil)
        var twice = world(SplitRules(depth: 2))
        twice.split(TaskID("big"), Self.three)
        twice.split(TaskID("big"), Self.three)
        #expect(answer(twice)?.problems == ["the task was split before: this is its last turn"])
        twice.split(TaskID("big.1"), SplitProposal(parts: [.init(files: ["a"])]))
        #expect(answer(twice)?.parts.map(\.id.rawValue) == ["big.1.1"])
        for task in ["big", "big.1"] { twice.endSplit(TaskID(task)) }
        twice.run()
        #expect(twice.landedOrder.count == 7 && twice.hasFinished)
    }

    @Test func `rejected parts are done again before the next last turn`() {
        var world = world()
        world.split(TaskID("big"), Self.three)
        world.endSplit(TaskID("big"))
        world.run()
        let decision = ReviewDecision(
            kind: .reject, tasks: [TaskID("big"), TaskID("big.2")], text: "not so", person: "A <a@b>")
        world.say(.review(decision))
        world.start()
        world.run()
        let again = world.landedOrder.map(\.rawValue).suffix(2)
        #expect(again == ["big.2", "big"])
        #expect(state(world, "big") == .landed)
    }

    /// Tasks that may be split, some of which are, at random; some parts fail and some are split again.
    @Test(arguments: [UInt64](1...60))
    func `every task lands after its parts, whatever happens`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var tasks = randomTasks(15, density: 1, seed: seed)
        for index in tasks.indices { tasks[index].files = (0..<6).map { "\(tasks[index].id)-\($0)" } }
        var world = World(tasks, maxParallel: 4, attempts: [1], seed: seed) {
            $0.workers.split = SplitRules(depth: 2)
        }
        world.splitting = 3
        world.start()
        var crashes = 2
        var steps = 0
        while world.step(), steps < 5000 {
            steps += 1
            if crashes > 0, Int.random(in: 0..<40, using: &random) == 0 {
                crashes -= 1
                world.pending = []
                world.start()
            }
            if Int.random(in: 0..<30, using: &random) == 0, let part = world.scheduler.entries.last?.task.id {
                world.say(Bool.random(using: &random) ? .skip(task: part) : .retry(task: part, request: nil))
            }
        }
        #expect(steps < 5000)
        #expect(world.hasFinished)
        let scheduler = world.scheduler
        #expect(Set(world.landedOrder).count == world.landedOrder.count)
        for entry in scheduler.entries {
            #expect(entry.state.isSettled, "\(entry.task.id) is \(entry.state)")
            let open = entry.parts.count { !scheduler.entries[$0].state.isSettled }
            #expect(open == 0)
        }
        // Replayed, the same facts give the same decisions.
        guard case .runStarted(let started) = world.facts[0] else { return }
        var again = Scheduler(started)
        #expect(world.facts.dropFirst().flatMap { again.handle($0) } == world.decisions)
        #expect(again.entries.map(\.state) == scheduler.entries.map(\.state))
        // The number of missing dependencies of a task agrees with the states of its dependencies.
        for entry in again.entries where entry.state == .blocked || entry.state.isGivenUp {
            // Each dependency that is not done counts once, and no part is open.
            let missing = entry.task.dependencies.count { !again.entries[again.indexOf[$0]!].state.isDone }
            #expect(entry.missing == missing, "\(entry.task.id)")
        }
        #expect(scheduler.entries.contains { !$0.parts.isEmpty })
    }
}
