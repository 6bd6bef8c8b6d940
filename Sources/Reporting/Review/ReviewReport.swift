package import Model
package import Store

/// The landed commits of a run in order, each with its evidence.
package struct ReviewReport: Sendable {
    /// A landed task.
    struct Entry: Sendable {
        var task: TaskRecord
        /// The attempt whose work landed; nil for a task that landed in an earlier run.
        var attempt: AttemptRecord?
        var candidate: CandidateRecord?
        /// Changed files that no landing check sees, as the last `check --probe` has found.
        var unseen: [String] = []

        /// The landed commit, or the one of a verified task that is yet to land.
        var commit: ObjectID? { task.commit ?? (isVerified ? attempt?.commit : nil) }
        var isVerified: Bool { task.state == .verified || task.state == .landing }

        /// Returns the entry with the files that no landing check sees.
        func marked(by probed: ProbedFilesRecord?) -> Entry {
            guard let probed else { return self }
            var entry = self
            entry.unseen = (attempt?.changes.map(\.path) ?? task.files).filter(probed.unseen.contains)
            return entry
        }
    }

    let run: RunRecord
    let entries: [Entry]
    /// Whether one task was asked for, so that everything about it is to be shown.
    let isSingle: Bool

    /// All landed commits of a run.
    /// - Parameter run: nil for the one started last.
    /// - Throws: `unknownRun`, or what reading throws.
    package init(_ reader: StoreReader, run id: RunID?) throws(StoreError) {
        (run, entries) = try reader.read { view in
            let run = try StatusReport.find(id, in: view, path: reader.path)
            let tasks = try view.tasks(of: run.id, in: [.landed]).sorted {
                ($0.landingOrder ?? 0, $0.position) < ($1.landingOrder ?? 0, $1.position)
            }
            // The last attempt that was verified is the one that landed: each earlier one was sent back.
            var attempts: [TaskID: AttemptRecord] = [:]
            for attempt in try view.attempts(of: run.id, in: .verified) { attempts[attempt.task] = attempt }
            var candidates: [TaskID: CandidateRecord] = [:]
            for candidate in try view.candidates(of: run.id) where candidate.state == .landed {
                for task in candidate.tasks { candidates[task] = candidate }
            }
            let probed = try view.probedFiles(of: run.plan)
            return (
                run,
                tasks.map { task in
                    Entry(task: task, attempt: attempts[task.id], candidate: candidates[task.id]).marked(by: probed)
                }
            )
        }
        isSingle = false
    }

    /// One task's commit.
    /// - Parameter name: the task's name, or the path of one of its files.
    /// - Throws: `unknownTask`, `unknownRun`, or what reading throws.
    package init(_ reader: StoreReader, run id: RunID?, task name: String) throws(StoreError) {
        (run, entries) = try reader.read { view in
            let run = try StatusReport.find(id, in: view, path: reader.path)
            let task = try view.task(named: name, of: run.id)
            let attempt = try view.attempts(at: task.id, of: run.id).last { $0.state == .verified }
            let candidate = try view.candidates(of: run.id, with: task.id).last { $0.state == .landed }
            let entry = Entry(task: task, attempt: attempt, candidate: candidate)
            return (run, [entry.marked(by: try view.probedFiles(of: run.plan))])
        }
        isSingle = true
    }

    /// The commits shown, in the order of the branch; with one task asked for, its commit if it has one, landed or not.
    package var commits: [ObjectID] { entries.compactMap(\.commit) }
}
