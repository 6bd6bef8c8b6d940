import Model
import Store
import Verification

/// What `affected: true` would have done at each landing check of recorded runs, which ran whole every time.
///
/// A miss is a red check that would not have run, or a failed test in a file that would not have run.
enum AffectedTable {
    private struct Row {
        var (runs, left, misses) = (0, 0, 0)
        var (seconds, saved) = (0.0, 0.0)
    }

    static func print(runsIn store: StoreReader) throws {
        Swift.print("landing checks of the recorded runs, if each had 'affected: true'")
        Swift.print("runs   left out   seconds   saved at most   misses   check")
        for run in try store.read({ try $0.runs() }) {
            let (candidates, events) = try store.read { view in
                (try view.candidates(of: run.id), try view.events(of: run.id))
            }
            for (name, row) in rows(candidates, tasks(events), changes(events)).sorted(by: { $0.key < $1.key }) {
                func column(_ text: String, _ width: Int) -> String {
                    String(repeating: " ", count: max(0, width - text.count)) + text
                }
                Swift.print(
                    column("\(row.runs)", 4), column("\(row.left)", 10), column("\(Int(row.seconds))", 9),
                    column("\(Int(row.saved))", 15), column("\(row.misses)", 8), "  \(run.id) \(name)")
            }
        }
    }

    private static func tasks(_ events: [LoggedEvent]) -> [TaskID: MigrationTask] {
        var tasks: [TaskID: MigrationTask] = [:]
        for event in events {
            switch event.body {
            case .fact(.runStarted(let started)): for task in started.tasks { tasks[task.id] = task }
            case .fact(.tasksAdded(let added)): for task in added.tasks { tasks[task.id] = task }
            default: break
            }
        }
        return tasks
    }

    private static func changes(_ events: [LoggedEvent]) -> [TaskID: [String]] {
        events.reduce(into: [:]) { changes, event in
            if case .fact(.attemptVerified(let verified)) = event.body {
                changes[verified.task] = verified.changes.map(\.path)
            }
        }
    }

    private static func rows(
        _ candidates: [CandidateRecord], _ tasks: [TaskID: MigrationTask], _ changes: [TaskID: [String]]
    ) -> [String: Row] {
        var rows: [String: Row] = [:]
        for candidate in candidates {
            let work = candidate.tasks.compactMap { id in tasks[id].map { (task: $0, changed: changes[id] ?? []) } }
            guard work.count == candidate.tasks.count, case .tests(let reached) = AffectedSelection(work) else {
                continue
            }
            for check in candidate.checks where !check.isKnown {
                var row = rows[check.name] ?? Row()
                row.runs += 1
                row.seconds += check.seconds
                if reached.isEmpty {
                    row.left += 1
                    row.saved += check.seconds
                }
                if check.outcome == .failed, isMissed(check, reached) { row.misses += 1 }
                rows[check.name] = row
            }
        }
        return rows
    }

    /// Tests without the path of a file in their names are taken to run whenever the check runs.
    private static func isMissed(_ check: CheckResult, _ reached: Set<String>) -> Bool {
        if reached.isEmpty { return true }
        return check.failedTests.contains { test in
            let file = test.split(separator: ":").first.map(String.init) ?? test
            return file.contains("/") && file.contains(".") && !reached.contains(file)
        }
    }
}
