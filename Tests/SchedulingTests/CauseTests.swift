import Model
import Testing

@testable import Scheduling

@Suite struct CauseTests {
    private static let policies: [LandingRules.Policy] = [.auto, .serial, .batch, .speculative]

    private func t(_ number: Int) -> TaskID { TaskID("t\(number)") }

    private func world(
        _ count: Int = 12, policy: LandingRules.Policy = .auto, attempts: Int = 1, seed: UInt64 = 1
    ) -> LandingWorld {
        LandingWorld(count, rules: LandingRules(policy: policy, everyCommit: false), attempts: attempts, seed: seed)
    }

    private func starts(_ world: LandingWorld, of task: TaskID) -> Int {
        world.decisions.count { if case .start(let start) = $0 { start.task == task } else { false } }
    }

    private func reasons(_ world: LandingWorld, of task: TaskID) -> [String] {
        world.decisions.compactMap { decision in
            switch decision {
            case .retry(let retry) where retry.task == task: retry.reason
            case .fail(let fail) where fail.task == task: fail.reason
            default: nil
            }
        }
    }

    @Test(arguments: policies, [1, 2])
    func `a task that fails on its own base gets its attempts and no more`(
        _ policy: LandingRules.Policy, _ attempts: Int
    ) {
        for seed in 0..<40 as Range<UInt64> {
            var world = world(policy: policy, attempts: attempts, seed: seed)
            world.breaking = [[t(3)], [t(7)]]
            world.run()
            #expect(world.hasFinished)
            for task in [t(3), t(7)] {
                #expect(starts(world, of: task) == attempts, "\(policy), seed \(seed)")
                #expect(reasons(world, of: task).allSatisfy { !$0.contains("own base") }, "\(policy), seed \(seed)")
            }
            #expect(world.landed.count == 10)
        }
    }

    @Test func `tasks that only break together are a collision, and this is said after their own commit passed`() {
        var collisions = 0
        for seed in 0..<40 as Range<UInt64> {
            var world = world(seed: seed)
            world.breaking = [[t(3), t(7)]]
            world.run()
            #expect(world.hasFinished)
            let said = (reasons(world, of: t(3)) + reasons(world, of: t(7))).filter { $0.contains("own base") }
            collisions += said.count
            if !said.isEmpty { #expect(world.probes.contains(.own), "seed \(seed)") }
        }
        #expect(collisions > 0)
    }

    @Test(arguments: policies)
    func `a red base pauses the run, and no task fails or is tried again`(_ policy: LandingRules.Policy) {
        for seed in 0..<20 as Range<UInt64> {
            var world = world(40, policy: policy, attempts: 1, seed: seed)
            world.isBaseRed = true
            world.run()
            let pauses = world.decisions.compactMap { if case .pause(let reason) = $0 { reason } else { nil } }
            #expect(pauses.count == 1)
            #expect(pauses.first?.hasPrefix("the base is red") == true)
            #expect(!world.decisions.contains { if case .fail = $0 { true } else { false } }, "seed \(seed)")
            #expect(!world.decisions.contains { if case .retry = $0 { true } else { false } }, "seed \(seed)")
            #expect(world.checks <= 30, "\(policy): \(world.checks) checks")
            #expect(world.probes.count { $0 == .tip } == 1)
        }
    }

    @Test func `a run on a red base goes on once it is repaired, and old verdicts do not answer`() {
        var world = world(40)
        world.isBaseRed = true
        world.run()
        world.isBaseRed = false
        let before = world.decisions.count
        world.say(.proceed)
        let next = world.decisions.dropFirst(before).first { if case .check = $0 { true } else { false } }
        guard case .check(let check)? = next else { Issue.record("nothing is checked"); return }
        #expect(check.isRecheck)
        world.goOn()
        #expect(world.hasFinished)
        #expect(world.landed.count == 40)
    }

    @Test func `the next coordinator looks at a red base again`() {
        var world = world(40)
        world.isBaseRed = true
        world.run()
        world.isBaseRed = false
        world.run()
        #expect(world.hasFinished)
        #expect(world.landed.count == 40)
    }

    @Test func `a run that nobody attends ends on a red base`() {
        var world = world(40)
        world.isBaseRed = true
        world.isAttended = false
        world.run()
        #expect(
            world.decisions.contains {
                if case .suspend(let reason) = $0 { reason.contains("base is red") } else { false }
            })
    }

    @Test func `a failure on a tip that has landed costs an attempt at once`() {
        var world = world(30)
        world.breaking = (0..<3).map { [t($0 * 9 + 2)] }
        world.run()
        #expect(world.hasFinished)
        #expect(world.probes.count { $0 == .tip } <= 1)
    }

    @Test func `many failures in a row on a green tip have it looked at again`() {
        var world = world(40)
        world.areFailuresAlike = false
        world.breaking = (2..<40).map { [t($0)] }
        world.run()
        #expect(world.hasFinished)
        #expect(world.landed.count == 2)
        #expect(world.probes.count { $0 == .tip } >= 3)
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `flakes and faults of the machine change nothing of the end`(_ seed: UInt64) {
        var world = LandingWorld(
            20, rules: LandingRules(policy: .auto, everyCommit: false), attempts: 2, seed: seed)
        world.breaking = [[t(4)]]
        world.flakes = 5
        world.faults = 3
        world.run()
        #expect(world.hasFinished)
        #expect(world.objections.isEmpty)
        #expect(!world.landed.contains(t(4)))
        #expect(world.decisionsAgain == world.decisions)
    }
}

@Suite struct UnchangedTests {
    @Test func `a task whose tree is the tip's own is done already`() {
        let tasks = ["a", "b"].map { MigrationTask(id: TaskID($0), title: $0, files: [$0]) }
        var scheduler = Scheduler(World.started(tasks, maxParallel: 2, attempts: [1], conflicts: 2))
        _ = scheduler.handle(.coordinatorStarted(.init(processID: 1, tip: scheduler.tip)))
        let decisions = scheduler.handle(
            .attemptVerified(
                .init(
                    task: TaskID("a"), attempt: 1, worker: "w", commit: World.id(1), base: scheduler.tip,
                    tree: World.id(1),
                    changes: [], checks: [], seconds: 1, reason: "")))
        guard case .check(let check)? = decisions.first else { Issue.record("no candidate"); return }
        let landing = scheduler.handle(
            .candidatePassed(
                .init(
                    candidate: check.candidate, tip: scheduler.tip, commits: [], tree: World.id(0), checks: [],
                    seconds: 1)))
        #expect(landing == [Decision.land(.init(candidate: check.candidate, commits: []))])
        _ = scheduler.handle(.landed(.init(candidate: check.candidate, commits: [])))
        #expect(scheduler.counts[.alreadyDone] == 1)
        #expect(scheduler.tip == World.id(0))
    }
}
