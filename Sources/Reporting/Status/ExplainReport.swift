package import Model
package import Store

/// The state of a task, its cause, and what has to happen next.
package struct ExplainReport: Sendable {
    let run: RunRecord
    let task: TaskRecord
    /// Whether a coordinator works on the run right now.
    let isActive: Bool
    let dependencies: [TaskRecord]
    let dependents: [TaskRecord]
    /// The task of which it is a part; nil for a task that is no part.
    let parent: TaskRecord?
    /// Into which it was split.
    let parts: [TaskRecord]
    let attempts: [AttemptRecord]
    let candidates: [CandidateRecord]
    let reasons: [ReasonRecord]
    let limits: RunLimits

    /// - Parameters:
    ///   - run: the run; nil for the one started last.
    ///   - name: the task's name, or the path of one of its files.
    ///   - owner: who holds the plan's lock; nil for nobody.
    ///   - activity: what attempts are doing now.
    /// - Throws: `unknownTask`, `unknownRun`, or what reading throws.
    package init(
        _ reader: StoreReader, run id: RunID?, task name: String, owner: RunLock.Owner?, now: Timestamp,
        activity: ActivitySource = .none
    ) throws(StoreError) {
        self = try reader.read { view in
            let run = try StatusReport.find(id, in: view, path: reader.path)
            return try ExplainReport(
                view, run: run, task: try view.task(named: name, of: run.id), owner: owner, now: now, activity: activity
            )
        }
    }

    private init(
        _ view: StoreView, run: RunRecord, task: TaskRecord, owner: RunLock.Owner?, now: Timestamp,
        activity: ActivitySource
    ) throws(StoreError) {
        self.run = run
        self.task = task
        isActive = owner != nil && run.state == .running
        dependencies = try view.dependencies(of: task.id, in: run.id)
        dependents = try view.dependents(of: task.id, in: run.id)
        parent = try task.partOf.flatMap { (id) throws(StoreError) in try view.task(id, of: run.id) }
        parts = try view.parts(of: task.id, in: run.id)
        attempts = try view.attempts(at: task.id, of: run.id)
        candidates = try view.candidates(of: run.id, with: task.id)
        reasons = try view.reasons(of: run.id, task: task.id)
        limits = try RunLimits(view, of: run, isActive: isActive, now: now, activity: activity)
    }
}
