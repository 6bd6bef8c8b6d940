import Model
import Testing

@testable import Scheduling

@Suite struct CooldownTests {
    private static let refusal = Failure(kind: .providerLimit, summary: "429", retryAfter: 30)

    private func worker(_ name: String, provider: String) -> Rung {
        Rung(worker: Worker(name: name, run: "true", provider: provider), attempts: 1)
    }

    @Test func `all workers of a provider wait as long as it asked`() throws {
        var world = World(randomTasks(20, density: 0, seed: 1), maxParallel: 4, seed: 1)
        world.fate[TaskID("t0")] = .failing(Self.refusal, times: 1)
        for number in 1..<20 { world.fate[TaskID("t\(number)")] = .works }
        world.start()
        world.run()
        #expect(world.landedOrder.count == 20)
        let cooldowns = world.decisions.compactMap { decision -> Double? in
            if case .cooldown(let cooldown) = decision, cooldown.provider == "w", cooldown.number == 1,
                cooldown.reason == "429"
            {
                cooldown.seconds
            } else {
                nil
            }
        }
        #expect(cooldowns.count == 1)
        let seconds = try #require(cooldowns.first)
        #expect(seconds >= 30 && seconds <= 33.001)
        let starts = world.startTimes.values.flatMap { $0 }.sorted()
        let gap = try #require(zip(starts.dropFirst(), starts).map { $0 - $1 }.max())
        // Nobody was started while the provider was to be left alone.
        #expect(gap >= 26)
    }

    @Test func `after a cooldown one attempt goes first`() {
        var world = World(randomTasks(10, density: 0, seed: 2), maxParallel: 4, seed: 2)
        world.start()
        world.tell(failed("t0", Self.refusal, in: world))
        #expect(world.scheduler.running == 3)
        for task in world.scheduler.entries where task.state == .running {
            world.tell(failed(task.task.id.rawValue, Self.refusal, in: world))
        }
        #expect(world.scheduler.running == 0)
        world.pending = []
        let last = world.waits.map(\.over).last
        world.tell(.waitOver(last!))
        #expect(world.scheduler.running == 1)
        world.run()
        #expect(world.landedOrder.count == 10)
        #expect(world.mostRunning == 4)
    }

    @Test func `workers of other providers go on`() {
        let tasks = randomTasks(2, density: 0, seed: 3)
        var world = World(tasks, maxParallel: 2, seed: 3) { plan in
            plan.stages[0].ladder = [worker("a", provider: "one"), worker("b", provider: "two")]
        }
        world.start()
        let red = Failure(kind: .taskCheck, summary: "red")
        world.tell(failed("t0", red, in: world))
        #expect(world.rungs[TaskID("t0")] == [0, 1])
        world.tell(failed("t1", Self.refusal, in: world))
        // The first one's second rung is of another provider and works on.
        #expect(world.scheduler.running == 1)
        world.tell(failed("t0", Self.refusal, in: world))
        let providers = world.decisions.compactMap { decision -> String? in
            if case .cooldown(let cooldown) = decision { cooldown.provider } else { nil }
        }
        #expect(providers == ["one", "two"])
    }

    @Test func `a provider that refuses for ever ends the run`() {
        var world = World(randomTasks(60, density: 0, seed: 5), maxParallel: 4, seed: 5)
        for task in world.tasks.keys {
            world.fate[task] = .failing(Failure(kind: .providerLimit, summary: "529 overloaded"), times: .max)
        }
        world.start()
        world.run()
        guard case .suspend(let reason)? = world.decisions.last else {
            Issue.record("the run does not end: \(String(describing: world.decisions.last))")
            return
        }
        #expect(reason.contains("refused 10 times in a row"))
        #expect(world.scheduler.counts[.failed, default: 0] == 0)
        // It was left alone for longer and longer.
        #expect(world.now > 300 && world.now < 3600)
    }

    private func failed(_ task: String, _ failure: Failure, in world: World) -> Fact {
        .attemptFailed(
            .init(
                task: TaskID(task), attempt: world.attempt[TaskID(task)] ?? 1, worker: "w", base: nil, failure: failure,
                checks: [], seconds: 1))
    }
}
