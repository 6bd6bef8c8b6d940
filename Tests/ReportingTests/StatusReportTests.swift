import Foundation
import Model
import Testing

@testable import Reporting
@testable import Store

struct StatusReportTests {
    private func object(_ report: StatusReport) throws -> [String: Any] {
        let text = try report.render(.json, Layout())
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    /// A run of five tasks without dependencies, three of them landed after 10 s of work and 2 s of checks each.
    private func estimate(_ rest: LoggedEvent.Body...) throws -> Double? {
        let names = ["a", "b", "c", "d", "e"]
        var started = try SampleRun.started()
        started.landedBefore = []
        started.tasks = names.map { MigrationTask(id: TaskID($0), title: $0, files: [$0]) }
        let store = SmallStore()
        try store.add(.fact(.runStarted(started)))
        try store.add(.fact(.coordinatorStarted(.init(processID: 1, tip: started.tip))))
        for (number, name) in names.prefix(3).enumerated() { try store.land(name, candidate: number + 1) }
        for body in rest { try store.add(body) }
        return try StatusReport(store.reader, run: nil, owner: SampleRun.owner, now: SampleRun.now).estimate
    }

    @Test func `the estimate counts open tasks only`() throws {
        // Two open tasks, one worker or more: the landing queue and the longest chain give 12 s at least.
        #expect(try estimate() == 12)
        #expect(try estimate(.decision(.fail(.init(task: TaskID("d"), reason: "red")))) == 12)
        #expect(
            try estimate(
                .decision(.fail(.init(task: TaskID("d"), reason: "red"))),
                .decision(.fail(.init(task: TaskID("e"), reason: "red"))))
                == 0)
    }

    @Test func `a failed task and the tasks it blocks leave the estimate`() throws {
        var started = try SampleRun.started()
        started.landedBefore = []
        started.plan.workers.maxParallel = 1
        started.tasks = ["a", "b", "c", "d", "e", "f"].map { name in
            MigrationTask(
                id: TaskID(name), title: name, files: [name], dependencies: name == "e" ? [TaskID("d")] : [])
        }
        let store = SmallStore()
        try store.add(.fact(.runStarted(started)))
        try store.add(.fact(.coordinatorStarted(.init(processID: 1, tip: started.tip))))
        for (number, name) in ["a", "b", "c"].enumerated() { try store.land(name, candidate: number + 1) }
        func estimate() throws -> Double? {
            try StatusReport(store.reader, run: nil, owner: SampleRun.owner, now: SampleRun.now).estimate
        }
        // d, e and f on one worker, and the last of them lands.
        #expect(try estimate() == 32)
        try store.add(.decision(.fail(.init(task: TaskID("d"), reason: "red"))))
        try store.add(.decision(.block(.init(task: TaskID("e"), cause: TaskID("d")))))
        #expect(try estimate() == 12)
    }

    @Test func `an inactive run has no estimate, no attempts and no candidates`() throws {
        let sample = try SampleRun()
        let report = try StatusReport(sample.reader, run: nil, owner: nil, now: SampleRun.now)
        #expect(report.estimate == nil && !report.isActive)
        #expect(report.attempts.isEmpty && report.landing.isEmpty)
        let finished = try StatusReport(
            try SampleRun(finished: true).reader, run: nil, owner: SampleRun.owner, now: SampleRun.now)
        #expect(!finished.isActive && finished.estimate == nil)
    }

    @Test func `the status document has version 2 and the words of the design`() throws {
        let sample = try SampleRun()
        let report = try StatusReport(sample.reader, run: nil, owner: SampleRun.owner, now: SampleRun.now)
        let document = try object(report)
        #expect(document["version"] as? Int == 2)
        let counts = try #require(document["counts"] as? [String: Int])
        #expect(counts.keys.sorted() == TaskState.allCases.map(\.rawValue).sorted())
        #expect(counts["already-done"] == 1 && counts["verified"] == 1 && counts["failed"] == 1)
        #expect(counts["blocked"] == 1 && counts["landed"] == 3 && counts["ready"] == 0)
        let stuck = try #require(document["stuck"] as? [[String: Any]])
        #expect(stuck.map { $0["state"] as? String } == ["verified", "failed", "blocked"])
        #expect(stuck.last?["cause"] as? String == "lib-broken.py" && stuck[1]["attempts"] as? Int == 2)
    }

    /// One task whose agent reports neither money nor tokens, after three requests and 90 s.
    private func silent(_ budget: Budget) throws -> SmallStore {
        var started = try SampleRun.started()
        started.landedBefore = []
        started.plan.budget = budget
        started.plan.stages[0].ladder[0].budget = AttemptBudget(usd: 2, requests: 5)
        started.plan.stages[0].ladder[0].worker.name = "agent"
        started.tasks = [MigrationTask(id: TaskID("a"), title: "a", files: ["a"])]
        let store = SmallStore()
        try store.add(.fact(.runStarted(started)))
        try store.add(.fact(.coordinatorStarted(.init(processID: 1, tip: started.tip))))
        try store.add(.decision(.start(.init(task: TaskID("a"), attempt: 1, rung: 0, reason: "free"))))
        try store.add(
            .fact(.workerStarted(.init(task: TaskID("a"), attempt: 1, worker: "agent", slot: 0, base: started.tip))))
        try store.add(.fact(.usage(.init(task: TaskID("a"), attempt: 1, usage: nil, requests: 3))))
        return store
    }

    private func status(_ store: SmallStore) throws -> StatusReport {
        try StatusReport(
            store.reader, run: nil, owner: SampleRun.owner, now: Timestamp(seconds: SampleRun.start + 90))
    }

    @Test func `requests and worker time stand beside their limits where a worker reports no money`() throws {
        let budget = Budget(usd: 40, tokens: 1_000_000, requests: 100, workerTime: 600)
        let report = try status(try silent(budget))
        let words = try report.render(.text, Layout()).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(
            words.contains(
                "used 0 of 40.00 USD (none reported), 0 of 1,000,000 tokens (none reported), 3 of 100 requests, "
                    + "worker time 1 m 30 s of 10 m 00 s"), "\(words)")
        let document = try object(report)
        #expect(document["requests"] as? Int == 3 && document["worker_seconds"] as? Double == 90)
        let limits = try #require(document["budget"] as? [[String: Any]])
        let used = Dictionary(uniqueKeysWithValues: limits.map { ($0["name"] as? String ?? "", $0["used"] as? Double) })
        #expect(used["requests"] == 3 && used["worker_time"] == 90 && used["usd"] == 0)
    }

    @Test func `without limits the same is told, and nothing for a codemod`() throws {
        let words = try status(try silent(Budget())).render(.text, Layout())
        #expect(words.contains("  used 3 requests, worker time 1 m 30 s\n"), "\(words)")
        let none = UsageText.words(nil, .init(requests: 0, workerTime: 90), limits: .init(Budget()))
        #expect(none == nil)
    }

    @Test func `an attempt is explained with its requests beside the step's limits`() throws {
        let report = try ExplainReport(
            try silent(Budget()).reader, run: nil, task: "a", owner: SampleRun.owner, now: SampleRun.now)
        let words = report.text(Layout(), now: Timestamp(seconds: SampleRun.start + 90))
        #expect(words.contains("used 0 of 2.00 USD (none reported), 3 of 5 requests\n"), "\(words)")
    }

    @Test func `seconds between two times are never below zero`() {
        let (early, late) = (Timestamp(seconds: 10), Timestamp(seconds: 12))
        #expect(StatusReport.seconds(from: early, to: late) == 2)
        #expect(StatusReport.seconds(from: late, to: early) == 0)
    }

    @Test func `the next command depends on the state of the run`() throws {
        let running = try SampleRun()
        func next(_ sample: SampleRun, _ owner: RunLock.Owner?) throws -> String? {
            try StatusReport(sample.reader, run: nil, owner: owner, now: SampleRun.now).render(.text, Layout())
                .split(separator: "\n").last { $0.hasPrefix("next: ") }.map(String.init)
        }
        #expect(try next(running, SampleRun.owner) == nil)
        #expect(try next(running, nil) == "next: orchestrate resume")
        #expect(try next(try SampleRun(finished: true), nil) == "next: orchestrate explain lib-broken.py")
    }
}

/// A store with one run that a test fills event by event.
final class SmallStore {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "orchestrate-\(UUID().uuidString)")
    private var store: EventStore?

    deinit { try? FileManager.default.removeItem(at: folder) }

    private var path: String { folder.appending(path: "state.sqlite").path }
    var reader: StoreReader { get throws { try StoreReader(path: path) } }

    func add(_ bodies: LoggedEvent.Body...) throws {
        if store == nil {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            store = try EventStore(path: path)
        }
        _ = try store?.append(bodies, run: SampleRun.id, time: Timestamp(seconds: SampleRun.start))
    }

    /// All events from the start of an attempt of 10 s to the landing of its candidate, which was checked for 2 s.
    func land(_ task: String, candidate: Int) throws {
        let (id, commit) = (TaskID(task), try SampleRun.object(100 + candidate))
        let base = try SampleRun.object(1)
        let commits = [Fact.Landed.Commit(task: id, commit: commit)]
        try add(.decision(.start(.init(task: id, attempt: 1, rung: 0, reason: "free"))))
        try add(.fact(.workerStarted(.init(task: id, attempt: 1, worker: "sed", slot: 0, base: base))))
        try add(
            .fact(
                .attemptVerified(
                    .init(
                        task: id, attempt: 1, worker: "sed", commit: commit, base: base, tree: base, changes: [],
                        checks: [], seconds: 10, reason: ""))))
        try add(.decision(.check(.init(candidate: candidate, tasks: [id], after: nil, reason: "next"))))
        try add(
            .fact(
                .candidatePassed(
                    .init(candidate: candidate, tip: base, commits: commits, tree: base, checks: [], seconds: 2))))
        try add(.fact(.landed(.init(candidate: candidate, commits: commits))))
    }
}
