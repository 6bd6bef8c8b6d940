import GRDB
import Model

extension Projector.Scope {
    func apply(_ check: Decision.Check) throws {
        let (candidate, reason) = (check.candidate, check.reason)
        try db.run("DELETE FROM candidate_tasks WHERE run = ? AND candidate = ?", run, candidate)
        try db.run("DELETE FROM candidates WHERE run = ? AND candidate = ?", run, candidate)
        try db.run(
            "INSERT INTO candidates (run, candidate, state, cause, started) VALUES (?, ?, 'checking', ?, ?)",
            run, candidate, reason, now)
        for (position, task) in check.tasks.enumerated() {
            try move(task, to: .landing, over: [.verified])
            try record(task, reason)
            try db.run(
                "INSERT INTO candidate_tasks (run, candidate, position, task) VALUES (?, ?, ?, ?)",
                run, candidate, position, task.rawValue)
        }
    }

    func apply(_ fact: Fact.CandidatePassed) throws {
        guard try isCurrent(fact.candidate) else { return }
        try db.run(
            """
            UPDATE candidates SET state = 'passed', tip = ?, tree = ?, ended = ?, seconds = ?
            WHERE run = ? AND candidate = ?
            """,
            fact.tip.hex, fact.tree.hex, now, fact.seconds, run, fact.candidate)
        for commit in fact.commits {
            try db.run(
                "UPDATE candidate_tasks SET commit_id = ? WHERE run = ? AND candidate = ? AND task = ?",
                commit.commit.hex, run, fact.candidate, commit.task.rawValue)
        }
        try insert(fact.checks, candidate: fact.candidate, tree: fact.tree)
    }

    /// Returns the tasks to the landing queue. The decision about each of them follows.
    func apply(_ fact: Fact.CandidateFailed) throws {
        guard try isCurrent(fact.candidate) else { return }
        try db.run(
            """
            UPDATE candidates SET state = 'failed', tip = ?, ended = ?, seconds = ?, culprit = ?, failure_kind = ?,
            failure_summary = ?, failure_detail = ?, failure_places = ? WHERE run = ? AND candidate = ?
            """,
            fact.tip.hex, now, fact.seconds, fact.task?.rawValue, fact.failure.kind.rawValue, fact.failure.summary,
            fact.failure.detail, try StoredJSON.text(fact.failure.places), run, fact.candidate)
        try insert(fact.checks, candidate: fact.candidate, tree: nil)
        for task in try members(of: fact.candidate) {
            if try state(of: task) == .landing { try move(task, to: .verified) }
            try record(task, fact.failure.summary)
        }
    }

    /// Notes the result. The decision about the task follows.
    func apply(_ fact: Fact.Probed) throws {
        let commit = fact.subject == .own ? "its own commit" : "the tip"
        let words =
            switch fact.outcome {
            case .passed: "passed the landing checks"
            case .failed, .unknown: fact.failure?.summary ?? "failed the landing checks"
            }
        try insert(fact.checks, task: fact.task, attempt: fact.attempt, tree: nil)
        try record(fact.task, "\(commit), \(fact.commit.short): \(words)")
    }

    func apply(_ dissolve: Decision.Dissolve) throws {
        let candidate = dissolve.candidate
        try db.run(
            "UPDATE candidates SET state = 'interrupted', ended = ? WHERE run = ? AND candidate = ?", now, run,
            candidate)
        try mustHaveChanged("candidate \(candidate)")
        for task in try members(of: candidate) {
            try move(task, to: .verified)
            try explain(task, dissolve.reason)
        }
    }

    /// Marks the tasks as landed. After a crash between the update of the ref and this fact they are back in the landing
    /// queue, hence `over`.
    func apply(_ fact: Fact.Landed) throws {
        try db.run(
            "UPDATE candidates SET state = 'landed' WHERE run = ? AND candidate = ?", run, fact.candidate)
        let before = try Int.fetchOne(
            db.cachedStatement(sql: "SELECT max(landing_order) FROM tasks WHERE run = ? AND landing_order IS NOT NULL"),
            arguments: [run])
        for (index, commit) in fact.commits.enumerated() {
            try move(commit.task, to: .landed, over: [.landing])
            try db.run(
                "UPDATE tasks SET commit_id = ?, landing_order = ? WHERE run = ? AND task = ?",
                commit.commit.hex, (before ?? 0) + index + 1, run, commit.task.rawValue)
        }
        for task in try members(of: fact.candidate) where !fact.commits.contains(where: { $0.task == task }) {
            try move(task, to: .alreadyDone, over: [.landing])
            try explain(task, "the integration branch already holds what it changes")
        }
        if let tip = fact.commits.last?.commit {
            try db.run("UPDATE runs SET tip = ? WHERE run = ?", tip.hex, run)
        }
    }

    /// Whether the candidate is still being checked or about to land. A late result of another candidate is noted and has
    /// no other effect.
    private func isCurrent(_ candidate: Int) throws -> Bool {
        let found = try String.fetchOne(
            db.cachedStatement(sql: "SELECT state FROM candidates WHERE run = ? AND candidate = ?"),
            arguments: [run, candidate])
        guard let found else { throw unknown("candidate \(candidate)") }
        let open: [CandidateRecord.State] = [.checking, .passed]
        if open.contains(where: { $0.rawValue == found }) { return true }
        try record(nil, "candidate \(candidate) is no longer running: its result is refused")
        return false
    }

    private func members(of candidate: Int) throws -> [TaskID] {
        try String.fetchAll(
            db.cachedStatement(
                sql: "SELECT task FROM candidate_tasks WHERE run = ? AND candidate = ? ORDER BY position"),
            arguments: [run, candidate]
        ).map { TaskID($0) }
    }
}
