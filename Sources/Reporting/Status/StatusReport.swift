package import Model
package import Store

/// How a run stands: counts, what is under way, what is stuck and why.
package struct StatusReport: Sendable {
    package let run: RunRecord
    /// Whether a coordinator works on the run right now.
    package let isActive: Bool
    /// Seconds until the rest is done; nil while that cannot be said.
    package let estimate: Double?
    let now: Timestamp
    let owner: RunLock.Owner?
    let counts: [TaskState: Int]
    let attempts: [AttemptRecord]
    let landing: [CandidateRecord]
    /// Verified tasks that wait although the landing queue is free, set aside and held ones.
    let queued: [TaskRecord]
    let setAside: [TaskRecord]
    let held: [TaskRecord]
    /// Of workers, without an answer yet.
    let questions: [MessageRecord]
    let whole: WholeReport
    /// Of all attempts, those under way as far as they have told; nil where none has told any.
    let usage: Usage?
    /// Providers whose workers wait now.
    let cooldowns: [CooldownRecord]

    /// - Parameters:
    ///   - run: the run; nil for the one started last.
    ///   - owner: who holds the plan's lock, as `RunLock.owner` says; nil for nobody.
    /// - Throws: `unknownRun`, `missing` where no run is recorded, or what reading throws.
    package init(
        _ reader: StoreReader, run id: RunID?, owner: RunLock.Owner?, now: Timestamp
    ) throws(StoreError) {
        self = try reader.read { view in
            try StatusReport(view, run: Self.find(id, view, reader.path), owner: owner, now: now)
        }
    }

    private init(_ view: StoreView, run: RunRecord, owner: RunLock.Owner?, now: Timestamp) throws(StoreError) {
        self.run = run
        self.owner = owner
        self.now = now
        isActive = run.state == .running && owner != nil
        counts = try view.counts(of: run.id)
        attempts = isActive ? try view.attempts(of: run.id, in: .running) : []
        landing = isActive ? try view.candidates(of: run.id, in: .checking) : []
        let stuck = try view.tasks(of: run.id, in: [.verified, .failed, .skipped, .blocked])
        queued = stuck.filter { $0.state == .verified && !$0.reason.isEmpty }
        setAside = stuck.filter { $0.state.isGivenUp }
        held = stuck.filter { $0.state == .blocked }
        questions = try view.openQuestions(of: run.id)
        whole = try WholeReport(view, run)
        usage = try view.usage(of: run.id)
        cooldowns = run.state == .finished ? [] : try view.cooldowns(of: run.id).filter { $0.until - now > 0 }
        let open = counts.filter { !$0.key.isSettled }.values.reduce(0, +)
        estimate =
            isActive
            ? Estimate.seconds(
                attemptSeconds: try view.verifiedSeconds(of: run.id, limit: Estimate.usefulSamples),
                landingSeconds: try view.landingSeconds(of: run.id, limit: Estimate.usefulSamples), open: open,
                chain: try view.longestOpenChain(of: run.id), workers: run.plan.workers.maxParallel)
            : nil
    }

    static func find(_ id: RunID?, _ view: StoreView, _ path: String) throws(StoreError) -> RunRecord {
        if let id { return try view.run(id) }
        guard let latest = try view.latestRun() else { throw .missing(path: path) }
        return latest
    }

    /// The report in one of its forms, with a newline at the end.
    package func render(_ format: OutputFormat, _ layout: Layout) throws -> String {
        switch format {
        case .text: text(layout)
        case .json: try StatusDocument(self).json()
        }
    }

    /// Whether every task is green, and the whole branch where it was checked.
    package var isAllGreen: Bool { counts.allSatisfy { $0.key.isDone } && !whole.isRed }

    var total: Int { counts.values.reduce(0, +) }
    var elapsed: Double { Self.seconds(from: run.started, to: run.ended ?? now) }

    /// None below zero: the clock may have been set back between the two.
    static func seconds(from start: Timestamp, to end: Timestamp) -> Double { max(0, end - start) }
}
