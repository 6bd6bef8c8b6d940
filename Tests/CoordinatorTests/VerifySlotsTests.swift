import Model
import Testing

@testable import Coordinator

@Suite struct VerifySlotsTests {
    @Test(
        arguments: [
            (16.0, 2, 4, 1), (16, 4, 4, 2), (16, 8, 4, nil), (1, 2, 4, nil), (16, 1, 1, nil), (16, 2, 1, nil),
        ] as [(Double, Int, Int, Int?)])
    func `long checks run side by side only as the cores bear it`(
        seconds: Double, cores: Int, workers: Int, slots: Int?
    ) {
        #expect(VerifySlots.choice(seconds: seconds, cores: cores, workers: workers)?.slots == slots)
    }

    @Test func `the reason names figures and the key`() {
        #expect(
            VerifySlots.choice(seconds: 16.2, cores: 2, workers: 4)?.reason
                == "1 candidate is checked at a time: the landing checks take 16 s, and this machine has 2 cores; "
                + "landing.verify_slots changes that")
    }

    @Test func `a run keeps its choice unless the plan says a number`() {
        let file = Plan(name: "p", goal: "g", repository: "/r", workers: WorkerRules(ladder: []))
        var begun = file
        begun.landing.verifySlots = 1
        begun.landing.slotsReason = "why"
        #expect(begun.isSameWork(as: file))
        #expect(begun.taking(limitsOf: file) == begun)
        var other = file
        other.landing.verifySlots = 3
        #expect(begun.taking(limitsOf: other).landing == other.landing)
    }
}
