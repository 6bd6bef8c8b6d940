import Model
import Testing

@Suite struct LadderOrderTests {
    private func plan(_ names: [String], order: WorkerRules.Order? = .auto) -> Plan {
        Plan(
            name: "p", goal: "g", repository: "/r",
            workers: WorkerRules(ladder: names.map { Rung(worker: Worker(name: $0, run: $0)) }, order: order))
    }

    private func record(
        _ name: String, attempts: Int = 20, landed: Int = 10, seconds: Double = 600, usd: Double? = nil
    ) -> WorkerRecord {
        WorkerRecord(
            worker: name, attempts: attempts, verified: landed, landed: landed, seconds: seconds,
            usage: usd.map { Usage(usd: $0) })
    }

    private func order(_ names: [String], _ records: [WorkerRecord]) -> [String] {
        plan(names).orderingLadders(by: records).plan.stages[0].ladder.map(\.worker.name)
    }

    @Test func `the cheapest for a landed task comes first`() {
        #expect(order(["a", "b"], [record("a", usd: 5), record("b", usd: 1)]) == ["b", "a"])
        // Cheap attempts that seldom land are dear.
        #expect(order(["a", "b"], [record("a", landed: 1, usd: 1), record("b", landed: 20, usd: 5)]) == ["b", "a"])
        #expect(order(["a", "b"], [record("a", landed: 0), record("b", usd: 100)]) == ["b", "a"])
    }

    @Test func `without money time decides, and a codemod costs none`() {
        #expect(order(["a", "b"], [record("a", seconds: 60), record("b", seconds: 6)]) == ["b", "a"])
        #expect(order(["agent", "codemod"], [record("agent", usd: 1), record("codemod")]) == ["codemod", "agent"])
        #expect(order(["b", "a"], [record("a"), record("b")]) == ["b", "a"])
    }

    @Test func `too few samples leave a ladder as it is written`() {
        let records = [record("a", usd: 5), record("b", attempts: 19, usd: 1)]
        #expect(order(["a", "b"], records) == ["a", "b"])
        #expect(order(["a", "c"], records) == ["a", "c"])
        let notes = plan(["a", "b"]).orderingLadders(by: records).notes
        #expect(notes == ["the ladder is as written: 'b' has made fewer than 20 attempts so far"])
    }

    @Test func `only a plan that asks for it is changed`() {
        let plan = plan(["a", "b"], order: nil)
        #expect(plan.orderingLadders(by: [record("a", usd: 5), record("b", usd: 1)]).plan == plan)
    }

    @Test func `the order of a run does not make its plan another`() {
        let written = plan(["a", "b"])
        let ordered = written.orderingLadders(by: [record("a", usd: 5), record("b", usd: 1)]).plan
        #expect(ordered != written && ordered.isSame(as: written))
        #expect(!plan(["a", "c"]).isSame(as: written))
        #expect(!plan(["b", "a"], order: nil).isSame(as: plan(["a", "b"], order: nil)))
    }

    @Test func `records of one worker add up`() {
        let sum = WorkerRecord.merged([record("b"), record("a", usd: 1), record("a"), record("a", usd: 2)])
        #expect(sum.map(\.worker) == ["a", "b"])
        #expect(sum[0].attempts == 60 && sum[0].usage?.usd == 3 && sum[0].successRate == 0.5)
        #expect(sum[0].minutesPerLanded == 1 && sum[1].usdPerLanded == nil)
    }
}
