import Model
import Testing

@testable import Scheduling

/// A candidate that the machine failed on is checked again, later each time.
@Suite struct LandingCooldownTests {
    private static let task = TaskID("t0")

    /// One task whose candidate is being checked.
    private func world() -> World {
        var world = World(randomTasks(1, density: 0, seed: 1), maxParallel: 1, seed: 1)
        world.start()
        world.tell(
            .attemptVerified(
                .init(
                    task: Self.task, attempt: 1, worker: "w", commit: World.id(2), base: World.id(0), tree: World.id(2),
                    changes: [], checks: [], seconds: 1, reason: "")))
        return world
    }

    /// The number of the candidate that was asked for last.
    private func candidate(_ world: World) -> Int? {
        for case .check(let check) in world.decisions.reversed() { return check.candidate }
        return nil
    }

    private func fail(_ world: inout World, _ kind: Failure.Kind = .infrastructure) throws -> [Decision] {
        let count = world.decisions.count
        world.tell(
            .candidateFailed(
                .init(
                    candidate: try #require(candidate(world)), tip: World.id(0), task: Self.task,
                    failure: Failure(kind: kind, summary: "no disk"), checks: [], seconds: 1)))
        return Array(world.decisions[count...])
    }

    private func pause(_ decisions: [Decision]) -> (number: Int, seconds: Double)? {
        for case .pauseLanding(let pause) in decisions where pause.reason == "no disk" {
            return (pause.number, pause.seconds)
        }
        return nil
    }

    private func checks(_ decisions: some Sequence<Decision>) -> Bool {
        decisions.contains { if case .check = $0 { true } else { false } }
    }

    @Test func `each wait is twice as long and nothing is checked meanwhile`() throws {
        var world = world()
        for fault in 0..<4 {
            let decisions = try fail(&world)
            #expect(!checks(decisions))
            let pause = try #require(self.pause(decisions))
            let full = 0.5 * Double(1 << fault)
            #expect(pause.seconds >= full / 2 && pause.seconds <= full + 0.002, "\(pause.seconds) of \(full)")
            let count = world.decisions.count
            world.tell(.waitOver(.landing(number: pause.number - 1)))
            #expect(!checks(world.decisions[count...]), "a wait that was over before")
            world.tell(.waitOver(.landing(number: pause.number)))
            #expect(checks(world.decisions[count...]))
        }
    }

    @Test func `who takes the run up checks at once`() throws {
        var world = world()
        #expect(try pause(fail(&world)) != nil)
        world.tell(.coordinatorLost(processID: 1))
        let count = world.decisions.count
        world.start()
        #expect(checks(world.decisions[count...]))
    }

    @Test func `a verdict is waited for by nobody`() throws {
        var world = world()
        let decisions = try fail(&world, .landingCheck)
        #expect(pause(decisions) == nil)
    }

    @Test func `a run that never gets through ends and loses nothing`() {
        var world = LandingWorld(6, rules: LandingRules(), seed: 1)
        world.faults = 60
        world.run()
        #expect(world.objections.isEmpty)
        #expect(world.decisionsAgain == world.decisions)
    }
}
