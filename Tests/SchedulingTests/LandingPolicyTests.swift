import Model
import Testing

@testable import Scheduling

/// What holds for every policy.
@Suite struct LandingPolicyTests {
    static let rules: [LandingRules] = LandingRules.Policy.allCases.flatMap { policy in
        [1, 3, 16].map { LandingRules(policy: policy, verifySlots: $0, everyCommit: false) }
    }

    private func check(_ world: LandingWorld, seed: UInt64) {
        #expect(world.objections.isEmpty, "\(world.objections), seed \(seed)")
        #expect(world.hasFinished)
        #expect(world.scheduler.queue.isIdle)
        #expect(world.decisionsAgain == world.decisions)
        for set in world.breaking { #expect(!set.isSubset(of: world.landed), "\(set) landed, seed \(seed)") }
    }

    @Test(arguments: rules)
    func `good tasks all land`(rules: LandingRules) {
        var world = LandingWorld(60, rules: rules, seed: 1)
        world.run()
        check(world, seed: 1)
        #expect(world.landed.count == 60)
        #expect(rules.policy == .batch || rules.policy == .auto || world.checks == 60)
    }

    @Test(arguments: rules, [UInt64](1...8))
    func `only what breaks stays out`(rules: LandingRules, seed: UInt64) {
        var world = LandingWorld(60, rules: rules, seed: seed)
        world.breaking = [
            [TaskID("t3")], [TaskID("t17")], [TaskID("t18")], [TaskID("t5"), TaskID("t40")],
            [TaskID("t9"), TaskID("t10"), TaskID("t50")],
        ]
        world.run()
        check(world, seed: seed)
        // Of each combination one stays out, and of the others none.
        #expect(world.landed.count == 60 - 5)
    }

    @Test(arguments: rules, [UInt64](1...6))
    func `a flaky check lands nothing bad and drops nothing good`(rules: LandingRules, seed: UInt64) {
        var world = LandingWorld(40, rules: rules, attempts: 20, seed: seed)
        world.flakes = 10
        world.run()
        check(world, seed: seed)
        #expect(world.landed.count >= 38)
    }

    @Test(arguments: rules, [UInt64](1...6))
    func `faults of the machine are no verdicts`(rules: LandingRules, seed: UInt64) {
        var world = LandingWorld(40, rules: rules, seed: seed)
        world.faults = 5
        world.breaking = [[TaskID("t8")], [TaskID("t1"), TaskID("t30")]]
        world.run()
        check(world, seed: seed)
        #expect(world.landed.count == 38)
    }

    @Test(arguments: rules)
    func `when all fail none lands`(rules: LandingRules) {
        var world = LandingWorld(12, rules: rules, seed: 3)
        world.breaking = (0..<12).map { [TaskID("t\($0)")] }
        world.run()
        check(world, seed: 3)
        #expect(world.landed.isEmpty)
    }

    @Test func `a red batch costs a few verdicts`() {
        // All 32 wait behind the first; then one of 31 is bad.
        var world = LandingWorld(
            32, rules: LandingRules(policy: .batch, maxBatch: 31, verifySlots: 1), maxParallel: 32, seed: 4)
        world.breaking = [[TaskID("t20")]]
        world.run()
        check(world, seed: 4)
        #expect(world.landed.count == 31)
        #expect(world.checks < 20)
    }

    @Test(arguments: LandingRules.Policy.allCases.filter { $0 != .batch })
    func `every commit has a verdict of its own`(policy: LandingRules.Policy) {
        var world = LandingWorld(40, rules: LandingRules(policy: policy, verifySlots: 1), seed: 5)
        world.run()
        let sizes = world.decisions.map { decision in
            if case .land(let land) = decision { land.commits.count } else { 0 }
        }
        #expect(sizes.max() == 1)
        #expect(world.landed.count == 40)
    }
}
