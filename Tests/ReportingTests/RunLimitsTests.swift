import Model
import Testing

@testable import Reporting
@testable import Store

/// What keeps a run from doing more at once.
struct RunLimitsTests {
    private static let now = Timestamp(seconds: 1000)

    private func plan(_ change: (inout Plan) -> Void = { _ in }) throws -> Plan {
        var plan = try SampleRun.started().plan
        plan.workers.maxParallel = 4
        plan.workers.parallelReason = nil
        plan.workers.isParallelOpen = nil
        plan.landing.maxBatch = 16
        plan.landing.verifySlots = 2
        plan.landing.slotsReason = nil
        change(&plan)
        return plan
    }

    private func limits(
        _ counts: [TaskState: Int], _ change: (inout RunLimits.Figures) -> Void = { _ in }
    ) throws -> RunLimits {
        var figures = RunLimits.Figures()
        figures.counts = counts
        change(&figures)
        return RunLimits(figures, of: try plan(), now: Self.now)
    }

    @Test func `without ready and verified tasks there is no limit`() throws {
        let limits = try limits([.running: 4, .waiting: 9, .landed: 2])
        #expect(limits.starting == nil && limits.landing == nil)
        let text = limits.text(Layout(), run: RunID("demo-1"), counts: [.running: 4, .waiting: 9])
        #expect(text.contains("no limit: each open task is under way or waits for others"))
        #expect(limits.text(Layout(), run: RunID("demo-1"), counts: [.landed: 9]).contains("no task is open"))
    }

    @Test func `busy workers are the limit with the key that sets it`() throws {
        #expect(
            try limits([.ready: 5, .running: 4]).starting
                == "all 4 workers are busy ('workers.max_parallel', as the plan says)")
    }

    @Test func `an executor without room is the limit in place of the workers`() throws {
        var figures = RunLimits.Figures()
        figures.counts = [.ready: 5, .running: 4]
        figures.withoutRoom = 1
        let plan = try plan { plan in
            for index in plan.workers.ladder.indices { plan.workers.ladder[index].executor = "farm" }
        }
        let starting = try #require(RunLimits(figures, of: plan, now: Self.now).starting)
        #expect(starting.contains("1 of them waits for room on an executor ('farm')"), "\(starting)")
        #expect(starting.contains("'slots' in executors.yaml"))
    }

    @Test func `a pause comes first, then a drain, then a cooldown, then the line to land`() throws {
        func starting(_ change: (inout RunLimits.Figures) -> Void) throws -> String? {
            try limits([.ready: 5, .running: 1, .verified: 40], change).starting
        }
        func line(_ figures: inout RunLimits.Figures) { figures.inLine = 32 }
        func cooldown(_ figures: inout RunLimits.Figures) {
            line(&figures)
            figures.cooldowns = [
                CooldownRecord(provider: "api", until: Timestamp(seconds: 1090), reason: "it said 429")
            ]
        }
        func drain(_ figures: inout RunLimits.Figures) {
            cooldown(&figures)
            figures.drains = "the budget is spent"
        }
        func pause(_ figures: inout RunLimits.Figures) {
            drain(&figures)
            figures.waits = "checkpoint"
        }
        #expect(try starting(pause) == "the run is paused: checkpoint")
        #expect(try starting(drain) == "no more attempts are started: the budget is spent")
        #expect(try starting(cooldown)?.hasPrefix("'api' is left alone for 1 m 30 s: it said 429") == true)
        #expect(try starting(line) == "32 verified tasks wait to land; workers start again below 32")
        #expect(try starting { $0.inLine = 31 }?.hasPrefix("1 worker of 4 runs") == true)
    }

    @Test func `verify slots in use are the limit of landing`() throws {
        func landing(_ checking: Int, inLine: Int = 3) throws -> String? {
            try limits([.verified: 3]) {
                $0.checking = checking
                $0.inLine = inLine
            }.landing
        }
        #expect(try landing(2) == "all 2 verify slots are in use ('landing.verify_slots', as the plan says)")
        #expect(try landing(1)?.hasPrefix("1 of at most 2 trees is checked now") == true)
        let paused = try limits([.verified: 3]) {
            $0.inLine = 3
            $0.waits = "the base is red"
        }
        #expect(paused.landing == "the run is paused: the base is red")
        // They wait for a person, and no slot is the limit.
        #expect(try landing(2, inLine: 0) == nil)
    }

    @Test func `the report reads its figures from the store`() throws {
        let sample = try SampleRun()
        let active = try LimitReport(sample.reader, run: nil, owner: SampleRun.owner, now: SampleRun.now)
        #expect(active.text(Layout()).contains("what keeps verified tasks from landing"), "\(active.text(Layout()))")
        let store = SmallStore()
        try store.add(.fact(.runStarted(try SampleRun.started())))
        try store.add(.fact(.coordinatorStarted(.init(processID: 1, tip: try SampleRun.started().tip))))
        let left = try LimitReport(store.reader, run: nil, owner: nil, now: SampleRun.now)
        #expect(left.text(Layout()).contains("no coordinator works on the run; 'orchestrate resume' starts one"))
    }
}
