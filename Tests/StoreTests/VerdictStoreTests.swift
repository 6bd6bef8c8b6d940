import Model
import Store
import Testing

@Suite("Verdicts in the store")
struct VerdictStoreTests {
    private let run = RunID("demo-1")

    private func store(_ scratch: Scratch) throws -> EventStore {
        let store = try EventStore(path: scratch.store)
        try store.append([.runStarted([sampleTask("a")])], run: run, time: Timestamp(seconds: 1))
        return store
    }

    private func verdict(_ key: String, _ outcome: CheckResult.Outcome, runs: Int = 1) throws -> Verdict {
        let failed = outcome == .failed
        return Verdict(
            key: key, tree: try object(5), isClean: true, runs: runs,
            result: CheckResult(
                name: "tests", command: "pytest -q", outcome: outcome, status: failed ? 1 : 0, seconds: 2.5,
                digest: failed ? "it's \"so\"" : "", failedTests: failed ? ["a::b[x, y]"] : [],
                testsRun: failed ? 7 : nil, testGap: failed ? "stopped" : nil, flakes: failed ? 0 : runs - 1))
    }

    private func tell(_ store: EventStore, _ verdicts: Verdict..., at seconds: Double = 2) throws {
        try store.append(
            [.fact(.checked(.init(verdicts: verdicts)))], run: run, time: Timestamp(seconds: seconds))
    }

    @Test func `what was found is read back the same, the latest first`() throws {
        let scratch = try Scratch()
        let store = try store(scratch)
        try tell(store, try verdict("k1", .failed))
        try tell(store, try verdict("k2", .passed), at: 3)
        let found = try store.read { view in try view.verdicts(limit: 9) }
        #expect(found.map(\.verdict) == [try verdict("k2", .passed), try verdict("k1", .failed)])
        #expect(found.map(\.run) == [run, run])
        #expect(try store.read { view in try view.verdicts(limit: 1) }.map(\.verdict.key) == ["k2"])
    }

    @Test func `a run that begins forgets verdicts of more than 90 days, and not how flaky their check was`() throws {
        let scratch = try Scratch()
        let store = try store(scratch)
        let day = 24.0 * 3600
        try tell(store, try verdict("old", .failed), at: day)
        try tell(store, try verdict("again", .passed), at: day)
        try tell(store, try verdict("again", .passed), at: 20 * day)
        let other = RunID("demo-2")
        try store.append([.runStarted([sampleTask("a")])], run: other, time: Timestamp(seconds: 100 * day))
        #expect(try store.read { view in try view.verdicts(limit: 9) }.map(\.verdict.key) == ["again"])
        #expect(try store.read { view in try view.flakeRates(of: "demo").first }?.runs == 3)
        #expect(try store.strayProjections() == [])
    }

    @Test func `red and green on one tree is a flake, whichever comes first`() throws {
        let scratch = try Scratch()
        let store = try store(scratch)
        func rate() throws -> FlakeRate? { try store.read { view in try view.flakeRates(of: "demo").first } }
        try tell(store, try verdict("k1", .failed, runs: 2))
        try tell(store, try verdict("k2", .passed))
        #expect(try rate() == FlakeRate(check: "tests", runs: 3, flakes: 0))
        try tell(store, try verdict("k1", .passed))
        #expect(try rate() == FlakeRate(check: "tests", runs: 4, flakes: 2))
        try tell(store, try verdict("k2", .failed))
        #expect(try rate() == FlakeRate(check: "tests", runs: 5, flakes: 3))
        try tell(store, try verdict("k3", .passed, runs: 3))
        #expect(try rate() == FlakeRate(check: "tests", runs: 8, flakes: 5))
        let known = try store.read { view in try view.verdicts(limit: 9) }.first { $0.verdict.key == "k1" }
        #expect(known.map { [$0.passes, $0.failures] } == [1, 2])
        #expect(known?.verdict.result.outcome == .passed)
        #expect(try store.read { view in try view.flakeRates(of: "other") } == [])
    }

    @Test func `the last search for unseen files counts, for its own plan and checks`() throws {
        let scratch = try Scratch()
        let store = try store(scratch)
        var plan = samplePlan()
        func tell(_ unseen: [String], of plan: Plan, at seconds: Double) throws {
            let found = Fact.FilesProbed(
                plan: plan.name, base: try object(4), checks: plan.landingKey, unseen: unseen, undecided: ["z.py"])
            // It needs no run.
            try store.append(
                [.fact(.checked(.init(verdicts: [try verdict("k1", .failed)]))), .fact(.filesProbed(found))],
                run: RunID("demo-probe"), time: Timestamp(seconds: seconds))
        }
        func found(_ plan: Plan) throws -> ProbedFilesRecord? { try store.read { try $0.probedFiles(of: plan) } }
        #expect(try found(plan) == nil)
        try tell(["a.py", "b.py"], of: plan, at: 2)
        try tell(["b.py"], of: plan, at: 3)
        let record = try #require(try found(plan))
        #expect(record.base == (try object(4)) && record.time == Timestamp(seconds: 3))
        #expect(record.unseen == ["b.py"] && record.undecided == ["z.py"])
        plan.stages[0].verify.landing = [Check(name: "other", run: "other")]
        #expect(try found(plan) == nil)
        plan = samplePlan()
        plan.name = "another"
        #expect(try found(plan) == nil)
        #expect(try store.strayProjections() == [])
    }

    @Test(arguments: WholeCheckRecord.Kind.allCases)
    func `the base and the end are told apart, and the last look counts`(kind: WholeCheckRecord.Kind) throws {
        let scratch = try Scratch()
        let store = try store(scratch)
        let red = try verdict("k", .failed).result
        for checks in [[passed("lint")], [passed("lint"), red]] {
            let checked = Fact.WholeChecked(commit: try object(8), tree: try object(9), checks: checks, seconds: 1.5)
            try store.append(
                [.fact(kind == .final ? .finalChecked(checked) : .baselineChecked(checked))], run: run,
                time: Timestamp(seconds: 4))
        }
        let found = try #require(try store.read { view in try view.wholeCheck(kind, of: run) })
        #expect(found.checks == [passed("lint"), red])
        #expect(!found.hasPassed)
        #expect(found.commit == (try object(8)))
        for other in WholeCheckRecord.Kind.allCases where other != kind {
            #expect(try store.read { view in try view.wholeCheck(other, of: run) } == nil)
        }
        let reasons = try store.read { view in try view.reasons(of: run) }
        #expect(reasons.last?.text == "check 'tests' of verify.\(kind.rawValue) is red")
    }
}
