import Model
import Testing

@testable import Scheduling

@Suite struct FollowingTests {
    private func begun() -> World {
        var world = World(randomTasks(6, density: 0, seed: 1), maxParallel: 2, seed: 1)
        world.start()
        return world
    }

    private var rebased: Fact.Rebased {
        Fact.Rebased(base: World.id(900), from: World.id(0), tip: World.id(901), commits: [])
    }

    @Test func `nothing is on its way while the branch is made again`() {
        var world = begun()
        world.tell(.base(.moved(to: World.id(900))))
        #expect(world.decisions.contains(.follow(base: World.id(900))))
        while world.step() {}
        // Workers go on, and wait with what they have made.
        #expect(world.landedOrder.isEmpty && !world.hasFinished)
        world.tell(.base(.rebased(rebased)))
        #expect(world.decisions.last == .adopt(rebased))
        world.tell(.base(.followed(rebased)))
        #expect(world.scheduler.tip == World.id(901))
        while world.step() {}
        #expect(world.landedOrder.count == 6 && world.hasFinished)
    }

    @Test func `a refused base changes nothing`() {
        var world = begun()
        world.tell(.base(.moved(to: World.id(900))))
        world.tell(.base(.kept(refused: World.id(900), reason: "red")))
        while world.step() {}
        #expect(world.landedOrder.count == 6 && world.hasFinished)
        #expect(!world.decisions.contains(.adopt(rebased)))
    }

    @Test func `a base that moves again is followed next`() {
        var world = begun()
        world.tell(.base(.moved(to: World.id(900))))
        world.tell(.base(.moved(to: World.id(950))))
        world.tell(.base(.kept(refused: World.id(900), reason: "red")))
        #expect(world.decisions.last == .follow(base: World.id(950)))
    }

    @Test func `a base that moves as often as it is followed does not keep tasks from landing`() {
        var world = begun()
        var base = 900
        world.tell(.base(.moved(to: World.id(base))))
        var turns = 0
        while !world.hasFinished, turns < 500 {
            turns += 1
            let followed = world.decisions.last { if case .follow = $0 { true } else { false } }
            if followed == .follow(base: World.id(base)) {
                // While it is followed it moves again.
                let tip = world.scheduler.tip
                let rebased = Fact.Rebased(
                    base: World.id(base), from: tip, tip: World.id(base + 10_000), commits: [])
                base += 1
                world.tell(.base(.moved(to: World.id(base))))
                world.tell(.base(.rebased(rebased)))
                world.tell(.base(.followed(rebased)))
                _ = world.step()
            } else if !world.step() {
                break
            }
        }
        #expect(world.landedOrder.count == 6)
    }

    @Test func `what was made on another tip is not adopted`() {
        var world = begun()
        world.tell(.base(.moved(to: World.id(900))))
        var late = rebased
        late.from = World.id(77)
        world.tell(.base(.rebased(late)))
        #expect(!world.decisions.contains(.adopt(late)))
        #expect(world.decisions.filter { $0 == .follow(base: World.id(900)) }.count == 2)
    }
}
