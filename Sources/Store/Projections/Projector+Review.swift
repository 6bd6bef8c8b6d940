import GRDB
import Model

extension Projector.Scope {
    func apply(_ decision: ReviewDecision) throws {
        for task in decision.tasks {
            try db.run(
                """
                INSERT INTO review_decisions (run, task, sequence, kind, text, person, commit_id, time)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, (SELECT commit_id FROM tasks WHERE run = ?1 AND task = ?2), ?7)
                """,
                run, task.rawValue, event.sequence, decision.kind.rawValue, decision.text, decision.person, now)
        }
    }

    /// Puts the task that reverts behind those of the run. The tasks that need a reverted one wait for it.
    func apply(_ revert: Decision.Revert) throws {
        let count = try Int.fetchOne(
            db.cachedStatement(sql: "SELECT count(*) FROM tasks WHERE run = ?"), arguments: [run])
        try insert(revert.task, position: count ?? 0, unmet: 0, chain: 1, commit: nil)
        try explain(revert.task.id, revert.reason)
        // A finished run has something to do again.
        try db.run(
            "UPDATE runs SET state = 'stopped', reason = ?, ended = ? WHERE run = ? AND state = 'finished'",
            "a commit was rejected; type 'orchestrate resume' to take it back", now, run)
        for task in revert.task.reverts ?? [] {
            try db.run(
                "INSERT INTO reverts (run, task, reverted) VALUES (?, ?, ?)", run, revert.task.id.rawValue,
                task.rawValue)
            try hold(dependentsOf: task)
            try record(task, revert.reason)
        }
    }

    /// Makes the tasks that need a rejected one wait for it, if they have not begun.
    private func hold(dependentsOf task: TaskID) throws {
        try db.run(
            """
            UPDATE tasks SET unmet = unmet + 1 WHERE run = ?1
            AND task IN (SELECT task FROM dependencies WHERE run = ?1 AND dependency = ?2)
            """,
            run, task.rawValue)
        try db.run(
            """
            UPDATE tasks SET state = 'waiting', since = ?3 WHERE run = ?1 AND +state = 'ready'
            AND task IN (SELECT task FROM dependencies WHERE run = ?1 AND dependency = ?2)
            """,
            run, task.rawValue, now)
    }

    /// Leaves a revert that a person has taken back out of all counts: without files, it is no work of the run.
    func hideRevert(_ task: TaskID) throws {
        try db.run(
            """
            UPDATE tasks SET files = '[]' WHERE run = ?1 AND task = ?2
            AND EXISTS (SELECT 1 FROM reverts WHERE run = ?1 AND task = ?2)
            """,
            run, task.rawValue)
    }

    /// Frees the tasks that waited for a revert that will not land.
    func dropRevert(_ task: TaskID) throws {
        let reverted = try String.fetchAll(
            db.cachedStatement(sql: "SELECT reverted FROM reverts WHERE run = ? AND task = ? ORDER BY reverted"),
            arguments: [run, task.rawValue])
        for task in reverted { try release(dependentsOf: TaskID(task)) }
        try db.run("DELETE FROM reverts WHERE run = ? AND task = ?", run, task.rawValue)
    }

    /// Whether a task that takes the commit of this one back has not ended.
    func isBeingReverted(_ task: TaskID) throws -> Bool {
        try Int.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT count(*) FROM reverts r JOIN tasks t ON t.run = r.run AND t.task = r.task
                    WHERE r.run = ? AND r.reverted = ? AND t.state NOT IN ('landed', 'already-done', 'failed', 'skipped')
                    """),
            arguments: [run, task.rawValue]) ?? 0 > 0
    }
}
