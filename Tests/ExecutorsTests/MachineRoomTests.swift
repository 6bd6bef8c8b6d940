import Model
import Testing

@testable import Executors

/// Which machine gets the next job.
@Suite struct MachineRoomTests {
    private func index(_ answer: MachineRoom.Answer) -> Int? {
        if case .machine(let index) = answer { index } else { nil }
    }

    @Test func `no machine gets more jobs than it has slots`() {
        let room = MachineRoom([("a", 1), ("b", 2)], rate: 0)
        let taken = (0..<3).compactMap { _ in index(room.take()) }
        #expect(taken.sorted() == [0, 1, 1])
        #expect(index(room.take()) == nil)
        room.giveBack(0)
        #expect(index(room.take()) == 0)
    }

    @Test func `a machine that does not answer gets no job for a while`() {
        let room = MachineRoom([("a", 5), ("b", 1)], rate: 0)
        room.failed(0, .unreachable(machine: "a", detail: "gone"))
        #expect(index(room.take()) == 1)
        #expect(index(room.take()) == nil)
        room.answered(0)
        #expect(index(room.take()) == 0)
    }

    @Test func `without any machine that answers, the reason is told`() {
        let room = MachineRoom([("a", 5)], rate: 0)
        room.failed(0, .unreachable(machine: "a", detail: "gone"))
        guard case .unreachable(let reason) = room.take() else {
            Issue.record("a job was accepted")
            return
        }
        #expect(reason == "a cannot be reached: gone")
    }

    @Test func `starts keep to the rate`() {
        let room = MachineRoom([("a", 100)], rate: 0.001)
        #expect(index(room.take()) == 0)
        #expect(index(room.take()) == nil)
    }

    @Test func `a wave has as many starts as its second`() {
        let room = MachineRoom([("a", 100)], rate: 3, inWaves: true)
        #expect((0..<3).allSatisfy { _ in index(room.take()) == 0 })
        #expect(index(room.take()) == nil)
    }
}
