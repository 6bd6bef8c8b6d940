import Model
import Testing

@testable import Scheduling

/// Where a landing check may run in part, a landing does not say that the tip passes.
struct LandingInPartTests {
    private func world(affected: Bool) -> World {
        var second = MigrationTask(id: TaskID("b"), title: "b", files: ["b"])
        second.dependencies = [TaskID("a")]
        let tasks = [MigrationTask(id: TaskID("a"), title: "a", files: ["a"]), second]
        var world = World(tasks, maxParallel: 1, seed: 3) { plan in
            let check = Check(name: "tests", run: "true", affected: affected ? AffectedRule() : nil)
            for index in plan.stages.indices { plan.stages[index].verify.landing = [check] }
        }
        world.redOnce = [TaskID("b")]
        return world
    }

    private func tipProbes(_ world: World) -> Int {
        world.decisions.count { decision in
            if case .probe(let probe) = decision { probe.subject == .tip } else { false }
        }
    }

    @Test(arguments: [(false, 0), (true, 1)])
    func `a failure on what has landed asks for the tip first`(affected: Bool, probes: Int) {
        var world = world(affected: affected)
        world.start()
        world.run()
        #expect(world.hasFinished)
        #expect(world.landedOrder.map(\.rawValue) == ["a", "b"])
        #expect(tipProbes(world) == probes)
    }

    @Test func `a red tip stays red when a part lands on it`() {
        var world = world(affected: true)
        world.start()
        world.run()
        world.scheduler.tipVerdict = .red("tests failed")
        world.scheduler.tipPassedInPart()
        #expect(world.scheduler.tipVerdict == .red("tests failed"))
        world.scheduler.tipVerdict = .green
        world.scheduler.tipPassedInPart()
        #expect(world.scheduler.tipVerdict == .unknown)
    }
}
