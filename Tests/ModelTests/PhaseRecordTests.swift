import Testing

@testable import Model

struct PhaseRecordTests {
    @Test(arguments: RunPhase.allCases)
    func `a phase is read as it was written`(_ phase: RunPhase) {
        let record = PhaseRecord(phase: phase, time: Timestamp(seconds: 1_790_000_000.25))
        #expect(PhaseRecord(record.text) == record)
        #expect(record.text.hasSuffix("\n") && !record.text.dropLast().contains("\n"))
    }

    @Test(arguments: ["", "working", "working x", "sleeping 1", "working 1 2", "1 working"])
    func `another text is no phase`(_ text: String) {
        #expect(PhaseRecord(text) == nil)
    }
}
