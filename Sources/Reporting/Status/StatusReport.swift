package import Model
package import Store

/// The state of a run: counts, what is running, what is stuck and why.
package struct StatusReport: Sendable {
    package let run: RunRecord
    /// Whether a coordinator works on the run right now.
    package let isActive: Bool
    /// Seconds until the rest is done; nil while unknown.
    package let estimate: Double?
    let now: Timestamp
    let owner: RunLock.Owner?
    let counts: [TaskState: Int]
    let attempts: [AttemptRecord]
    let landing: [CandidateRecord]
    /// Verified tasks that wait for a stated reason.
    let waitingToLand: [TaskRecord]
    /// Those that wait for a person's approval.
    var awaiting: [TaskRecord] { waitingToLand.filter { Approval.isAwaited(by: $0.reason) } }
    var queued: [TaskRecord] { waitingToLand.filter { !Approval.isAwaited(by: $0.reason) } }
    let failed: [TaskRecord]
    let blocked: [TaskRecord]
    /// Questions of workers without an answer.
    let questions: [MessageRecord]
    let branch: BranchReport
    /// The sum over all attempts, as far as they have reported it; nil where no attempt has.
    let usage: Usage?
    /// What is counted for every worker, whatever it reports.
    let effort: RunEffort
    /// What the rest of the run will use; nil while too little is known.
    let forecast: RestForecast?
    /// Providers whose workers wait now.
    let cooldowns: [CooldownRecord]
    let pace: RunPace
    /// All tasks, grouped by who has to act.
    let rows: [TaskRow]
    /// The branches and pull requests of the plan; nil if none were made.
    let requests: RequestBook?

    /// - Parameters:
    ///   - run: the run; nil for the one started last.
    ///   - owner: who holds the plan's lock, as `RunLock.owner` says; nil for nobody.
    ///   - activity: what attempts and candidates are doing now.
    ///   - owners: the owners of files; nil if the repository names none.
    ///   - requests: the branches and pull requests of the plan; nil if none were made.
    /// - Throws: `unknownRun`, `missing` where no run is recorded, or what reading throws.
    package init(
        _ reader: StoreReader, run id: RunID?, owner: RunLock.Owner?, now: Timestamp, activity: ActivitySource = .none,
        owners: CodeOwners? = nil, requests: RequestBook? = nil
    ) throws(StoreError) {
        self = try reader.read { view in
            try StatusReport(
                view, run: Self.find(id, in: view, path: reader.path), owner: owner, now: now, activity: activity,
                owners: owners, requests: requests)
        }
    }

    private init(
        _ view: StoreView, run: RunRecord, owner: RunLock.Owner?, now: Timestamp, activity: ActivitySource,
        owners: CodeOwners?, requests: RequestBook?
    ) throws(StoreError) {
        self.run = run
        self.requests = requests
        self.owner = owner
        self.now = now
        isActive = run.state == .running && owner != nil
        counts = try view.counts(of: run.id)
        attempts = isActive ? try view.attempts(of: run.id, in: .running) : []
        landing = isActive ? try view.candidates(of: run.id, in: .checking) : []
        let tasks = try view.tasks(of: run.id)
        waitingToLand = tasks.filter { $0.state == .verified && !$0.reason.isEmpty }
        failed = tasks.filter { $0.state == .failed }
        blocked = tasks.filter { $0.state == .blocked && !$0.files.isEmpty }
        questions = try view.openQuestions(of: run.id)
        branch = try BranchReport(view, run)
        usage = try view.usage(of: run.id)
        effort = try view.effort(of: run.id, now: isActive ? now : nil)
        let byWorker = try view.effortByWorker(of: run.id)
        forecast = RestForecast(run, tasks: tasks, effort: byWorker)
        cooldowns = run.state == .finished ? [] : try view.cooldowns(of: run.id).filter { $0.until - now > 0 }
        let verified = counts[.verified, default: 0] + counts[.landing, default: 0]
        let open = counts.filter { !$0.key.isSettled }.values.reduce(0, +)
        estimate =
            isActive
            ? Estimate.seconds(
                attemptSeconds: try view.verifiedSeconds(of: run.id, limit: Estimate.usefulSamples),
                landings: try view.landings(of: run.id, limit: Estimate.usefulSamples)
                    .map { .init(seconds: $0.seconds, tasks: $0.tasks, ended: $0.ended.seconds) },
                rest: .init(
                    unverified: open - verified, verified: verified, chain: try view.longestOpenChain(of: run.id)),
                workers: run.plan.workers.maxParallel,
                slots: run.plan.verifySlotCount, now: now.seconds)
            : nil
        pace = RunPace(
            run: run, tasks: tasks, usage: usage, effort: effort, estimate: estimate, forecast: forecast, now: now)
        rows = TaskRow.rows(
            .init(
                tasks: tasks, attempts: attempts, candidates: landing, questions: questions,
                effort: byWorker.compactMapValues(TaskEffort.sum), open: try view.openDependencies(of: run.id),
                activity: activity,
                owners: owners))
    }

    /// The run of that name, or the one started last.
    static func find(_ id: RunID?, in view: StoreView, path: String) throws(StoreError) -> RunRecord {
        if let id { return try view.run(id) }
        guard let latest = try view.latestRun() else { throw .missing(path: path) }
        return latest
    }

    /// The report in one of its forms, with a newline at the end.
    package func render(_ format: OutputFormat, _ layout: Layout) throws -> String {
        switch format {
        case .text: text(layout)
        case .json: try document.json()
        }
    }

    /// The document that `status --json`, the live view and the web page show.
    package var document: StatusDocument { StatusDocument(self) }

    /// Whether every task is done and the checks of the whole branch, where they ran, passed.
    package var isAllGreen: Bool { counts.allSatisfy { $0.key.isDone } && !branch.isRed }

    var total: Int { counts.values.reduce(0, +) }
    var elapsed: Double { Self.seconds(from: run.started, to: run.ended ?? now) }

    /// Seconds between two times, at least 0: the clock may have been set back in between.
    static func seconds(from start: Timestamp, to end: Timestamp) -> Double { max(0, end - start) }
}
