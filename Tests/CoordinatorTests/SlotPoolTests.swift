import Foundation
import Git
import Model
import Store
import Synchronization
import TestSupport
import Testing

@testable import Coordinator

@Suite("Slots that are lent")
struct SlotPoolTests {
    private func pool(_ fixture: RunFixture, _ numbers: Range<Int> = 0..<2) -> SlotPool {
        SlotPool(folder: fixture.state.slots + "/test", target: fixture.git.repository, numbers: numbers)
    }

    /// Who has which slot, as the borrowers see it.
    private final class Lent: Sendable {
        private let state = Mutex<(now: Set<Int>, most: Int)>(([], 0))

        func take(_ number: Int) -> Bool {
            state.withLock { state in
                let isFree = state.now.insert(number).inserted
                state.most = max(state.most, state.now.count)
                return isFree
            }
        }

        func giveBack(_ number: Int) { state.withLock { _ = $0.now.remove(number) } }

        var most: Int { state.withLock { $0.most } }
    }

    @Test func `the lowest free slot is lent, and lent again once it is back`() async throws {
        let fixture = try RunFixture()
        let pool = pool(fixture, 4..<6)
        for _ in 0..<2 {
            let number = try await pool.withSlot { $0.number }
            #expect(number == 4)
        }
        let both = try await pool.withSlot { first in
            try await pool.withSlot { second in [first.number, second.number] }
        }
        #expect(both == [4, 5])
    }

    @Test func `no slot is lent to two at once, and whoever waits gets one in turn`() async throws {
        let fixture = try RunFixture()
        let pool = pool(fixture)
        let lent = Lent()
        let served = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await pool.withSlot { slot in
                        #expect(lent.take(slot.number))
                        await Task.yield()
                        lent.giveBack(slot.number)
                        return 1
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(served == 20)
        #expect(lent.most == 2)
    }

    @Test func `whoever waited longest is next`() async throws {
        let fixture = try RunFixture()
        let pool = pool(fixture, 0..<1)
        let order = Order()
        try await withThrowingTaskGroup(of: Void.self) { group in
            try await pool.withSlot { _ in
                for number in 1...5 {
                    group.addTask { try await pool.withSlot { _ in order.add(number) } }
                    // The next one asks once this one waits.
                    while pool.waiting < number { await Task.yield() }
                }
            }
            try await group.waitForAll()
        }
        #expect(order.numbers == [1, 2, 3, 4, 5])
    }

    private final class Order: Sendable {
        private let state = Mutex<[Int]>([])
        func add(_ number: Int) { state.withLock { $0.append(number) } }
        var numbers: [Int] { state.withLock { $0 } }
    }

    @Test func `a slot comes back from a body that throws`() async throws {
        struct Fault: Error {}
        let fixture = try RunFixture()
        let pool = pool(fixture, 0..<1)
        await #expect(throws: Fault.self) { try await pool.withSlot { _ in throw Fault() } }
        #expect(try await pool.withSlot { $0.number } == 0)
    }

    @Test func `a lease moves, captures and restores its slot`() async throws {
        let fixture = try RunFixture()
        let (base, tree) = (fixture.base, try fixture.git.repository.treeOf(fixture.base))
        try await pool(fixture).withSlot { slot in
            try await slot.move(to: base)
            try "changed".write(toFile: slot.treePath + "/a.txt", atomically: true, encoding: .utf8)
            #expect(try await slot.capture(including: []).changes.map(\.path) == ["a.txt"])
            #expect(await slot.restore(base))
            #expect(try await slot.capture(including: []).tree == tree)
            let missing = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
            #expect(await !slot.restore(missing))
        }
    }

    @Test func `workers, landing checks and requests have slots of their own`() async throws {
        let fixture = try RunFixture { plan in
            plan.workers.maxParallel = 3
            plan.landing.verifySlots = 2
        }
        let slots = fixture.context.slots
        #expect(try await slots.workers.withSlot { $0.number } == 0)
        #expect(try await slots.landing.withSlot { $0.number } == 3)
        #expect(try await slots.requests.withSlot { $0.number } == 5)
        let alone = RunSlots.firstLanding(
            fixture.plan, folder: fixture.state.slots + "/alone", target: fixture.git.repository)
        #expect(try await alone.withSlot { $0.number } == 3)
    }

    @Test func `the slot that is made beside the graph is the first that a worker gets, and is looked at again`()
        async throws
    {
        let fixture = try RunFixture()
        let folder = fixture.state.slots + "/test"
        await RunSlots.makeFirst(in: folder, target: fixture.git.repository, at: fixture.base)
        let file = folder + "/0/tree/a.txt"
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "a\n")
        try "changed".write(toFile: file, atomically: true, encoding: .utf8)
        let base = fixture.base
        try await pool(fixture).withSlot { slot in
            #expect(slot.treePath + "/a.txt" == file)
            try await slot.move(to: base)
        }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "a\n")
    }
}
