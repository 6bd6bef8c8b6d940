import GRDB
import Model

/// Brings the projections up to date with one event after another.
///
/// What it does depends on the event and the tables alone, so that a log gives the same tables whenever it is read.
/// It runs inside the transaction that appends the event: throwing undoes both.
struct Projector {
    let db: Database

    func apply(_ event: LoggedEvent) throws {
        let scope = Scope(db: db, event: event, kind: EventRow(event.body).kind)
        switch event.body {
        case .fact(let fact): try scope.apply(fact)
        case .decision(let decision): try scope.apply(decision)
        }
    }

    /// One event being applied.
    struct Scope {
        let db: Database
        let event: LoggedEvent
        let kind: String

        var run: String { event.run.rawValue }
        var now: Double { event.time.seconds }
    }
}

extension Projector.Scope {
    func state(of task: TaskID) throws -> TaskState {
        let word = try String.fetchOne(
            db.cachedStatement(sql: "SELECT state FROM tasks WHERE run = ? AND task = ?"),
            arguments: [run, task.rawValue])
        guard let word, let state = TaskState(rawValue: word) else { throw unknown("task \(task)") }
        return state
    }

    func tasks(in state: TaskState) throws -> [TaskID] {
        try String.fetchAll(
            db.cachedStatement(sql: "SELECT task FROM tasks WHERE run = ? AND state = ? ORDER BY position"),
            arguments: [run, state.rawValue]
        ).map { TaskID($0) }
    }

    /// Moves a task, by a legal step or by two legal steps over one of `between`.
    ///
    /// `between` is for events that leave a step unsaid: a task whose candidate failed is back in the queue, and is
    /// redone or fails from there.
    func move(_ task: TaskID, to next: TaskState, over between: [TaskState] = []) throws {
        let current = try state(of: task)
        let isLegal =
            current.canBecome(next) || between.contains { current.canBecome($0) && $0.canBecome(next) }
        guard isLegal else {
            throw StoreError.illegalTransition(run: event.run, task: task, from: current, to: next, event: kind)
        }
        try set(task, next)
        if current.isSettled != next.isSettled { try tellParent(of: task, isSettled: next.isSettled) }
        if next.isDone { try release(dependentsOf: task) }
        if next == .skipped { try hideRevert(task) }
        if next.isGivenUp { try dropRevert(task) }
        if current.isGivenUp { try free(blockedBy: task) }
    }

    private func set(_ task: TaskID, _ state: TaskState) throws {
        try db.run(
            """
            UPDATE tasks SET state = ?, since = ?, ended = ?, reason = '', cause = NULL WHERE run = ? AND task = ?
            """,
            state.rawValue, now, state.isSettled ? now : nil, run, task.rawValue)
    }

    /// The `+` keeps SQLite from walking all waiting tasks instead of the few dependents.
    func release(dependentsOf task: TaskID) throws {
        try db.run(
            """
            UPDATE tasks SET unmet = unmet - 1 WHERE run = ?1
            AND task IN (SELECT task FROM dependencies WHERE run = ?1 AND dependency = ?2)
            """,
            run, task.rawValue)
        try db.run(
            """
            UPDATE tasks SET state = 'ready', since = ?3 WHERE run = ?1 AND +state = 'waiting' AND unmet = 0
            AND task IN (SELECT task FROM dependencies WHERE run = ?1 AND dependency = ?2)
            """,
            run, task.rawValue, now)
    }

    /// Frees the tasks that a failed or skipped task blocked, because it is tried again.
    private func free(blockedBy task: TaskID) throws {
        try tellParents(ofTasksBlockedBy: task)
        try db.run(
            """
            UPDATE tasks SET state = iif(unmet = 0, 'ready', 'waiting'), since = ?3, ended = NULL, reason = '',
            cause = NULL WHERE run = ?1 AND state = 'blocked' AND cause = ?2
            """,
            run, task.rawValue, now)
    }

    /// Notes on the task why it is where it is.
    func explain(_ task: TaskID, _ text: String, cause: TaskID? = nil) throws {
        try db.run(
            "UPDATE tasks SET reason = ?, cause = ? WHERE run = ? AND task = ?",
            text, cause?.rawValue, run, task.rawValue)
        try record(task, text)
    }

    /// Stores the reason of an event for good. An event has one reason per task; nil means the run as a whole.
    func record(_ task: TaskID?, _ text: String) throws {
        try db.run(
            "INSERT INTO reasons (sequence, task, run, time, kind, text) VALUES (?, ?, ?, ?, ?, ?)",
            event.sequence, task?.rawValue ?? "", run, now, kind, text)
    }

    /// - Parameter reason: nil to leave the one that is there.
    func setRun(_ state: RunRecord.State, owner: Int32? = nil, reason: String?) throws {
        try db.run(
            "UPDATE runs SET state = ?, owner = ?, reason = coalesce(?, reason), ended = ? WHERE run = ?",
            state.rawValue, owner, reason, state == .running ? nil : now, run)
        try mustHaveChanged("run")
    }

    /// Called after a statement that names exactly one row of the event's subject.
    func mustHaveChanged(_ subject: @autoclosure () -> String) throws {
        if db.changesCount == 0 { throw unknown(subject()) }
    }

    func unknown(_ subject: String) -> StoreError {
        .unknownSubject(run: event.run, subject: subject, event: kind)
    }
}
