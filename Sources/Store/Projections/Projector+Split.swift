import GRDB
import Model

/// Tasks that were split, and their parts. The parts that are not settled count as unmet dependencies of their task.
extension Projector.Scope {
    /// Puts the parts of a task behind the tasks of the run.
    func apply(_ split: Decision.Split) throws {
        guard split.problems.isEmpty else {
            return try record(split.task, "split refused: \(split.problems.joined(separator: "; "))")
        }
        let names = split.parts.map(\.id.rawValue).joined(separator: ", ")
        try record(split.task, "split into \(Count.text(split.parts.count, "part")): \(names)")
        try addTasks(split.parts, reason: "part of \(split.task)", cause: split.task)
        try db.run(
            "UPDATE tasks SET unmet = unmet + ? WHERE run = ? AND task = ?", split.parts.count, run,
            split.task.rawValue)
    }

    /// Leaves the task running: the decision that follows lets it wait for its parts.
    func apply(_ fact: Fact.AttemptSplit) throws {
        guard try isCurrent(fact.task, fact.attempt) else { return }
        try db.run(
            """
            UPDATE attempts SET state = 'split', worker = coalesce(nullif(?, ''), worker), base = coalesce(?, base),
            ended = ?, seconds = ? WHERE run = ? AND task = ? AND attempt = ?
            """,
            fact.worker, fact.base?.hex, now, fact.seconds, run, fact.task.rawValue, fact.attempt)
        try endWork(fact.task, fact.attempt)
        try set(fact.usage, task: fact.task, attempt: fact.attempt)
    }

    func apply(_ join: Decision.Join) throws {
        let next: TaskState = try hasUnmet(join.task) ? .waiting : .ready
        // An interrupted task is ready already: its attempt ended with its coordinator.
        if try state(of: join.task) != next { try move(join.task, to: next) }
        try explain(join.task, join.reason)
    }

    /// Tells the task of which this one is a part that it has ended, or is to be done again.
    func tellParent(of task: TaskID, isSettled: Bool) throws {
        try db.run(
            """
            UPDATE tasks SET unmet = unmet + ?3
            WHERE run = ?1 AND task = (SELECT part_of FROM tasks WHERE run = ?1 AND task = ?2)
            """,
            run, task.rawValue, isSettled ? -1 : 1)
        guard db.changesCount > 0 else { return }
        try db.run(
            """
            UPDATE tasks SET state = iif(state = 'waiting', 'ready', 'waiting'), since = ?3
            WHERE run = ?1 AND task = (SELECT part_of FROM tasks WHERE run = ?1 AND task = ?2)
            AND (state = 'waiting' AND unmet = 0 AND ?4 OR state = 'ready' AND unmet > 0 AND NOT ?4)
            """,
            run, task.rawValue, now, isSettled)
    }

    /// Does the same for all tasks that a failed or skipped task blocks and that are freed now.
    func tellParents(ofTasksBlockedBy task: TaskID) throws {
        let parents = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT part_of, count(*) AS parts FROM tasks
                    WHERE run = ? AND part_of IS NOT NULL AND state = 'blocked' AND cause = ? GROUP BY part_of
                    """),
            arguments: [run, task.rawValue])
        for row in parents {
            let (parent, parts): (String, Int) = (row["part_of"], row["parts"])
            try db.run(
                """
                UPDATE tasks SET unmet = unmet + ?3, state = iif(state = 'ready', 'waiting', state),
                since = iif(state = 'ready', ?4, since) WHERE run = ?1 AND task = ?2
                """,
                run, parent, parts, now)
        }
    }
}
