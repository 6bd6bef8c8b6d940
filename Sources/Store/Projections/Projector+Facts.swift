import GRDB
import Model

extension Projector.Scope {
    func apply(_ fact: Fact) throws {
        switch fact {
        case .runStarted(let fact): try apply(fact)
        case .coordinatorStarted(let fact): try apply(fact)
        case .coordinatorStopped(let reason): try stopped(reason)
        case .coordinatorLost(let process):
            try endAllWork(isLost: true)
            try record(nil, "process \(process) ended without a stop event")
        case .draining(let reason): try draining(reason)
        case .workerStarted(let fact): try apply(fact)
        case .reviewStarted(let fact): try apply(fact)
        case .foundDone(let fact): try apply(fact)
        case .attemptVerified(let fact): try apply(fact)
        case .attemptFailed(let fact): try apply(fact)
        case .attemptSplit(let fact): try apply(fact)
        case .candidatePassed(let fact): try apply(fact)
        case .candidateFailed(let fact): try apply(fact)
        case .landed(let fact): try apply(fact)
        case .probed(let fact): try apply(fact)
        case .tipMoved(let found): try tipMoved(found)
        case .base(let change): try apply(change)
        case .workerHeld(let held): try record(held.task, held.reason)
        case .usage(let fact): try apply(fact)
        case .waitOver(let over): try apply(over)
        case .limitsChanged(let change): try apply(change)
        case .control, .diskUsed, .workersTimed, .splitProposed:
            // The decisions that follow have the effects.
            break
        case .message(let posted): try apply(posted)
        case .messagesGiven(let given): try apply(given)
        case .tasksAdded(let added): try apply(added)
        case .checked(let checked): try apply(checked)
        case .flaky(let rate): try apply(rate)
        case .baselineChecked(let checked): try apply(checked, .baseline)
        case .finalChecked(let checked): try apply(checked, .final)
        case .filesProbed(let found): try apply(found)
        }
    }

    private func apply(_ fact: Fact.CoordinatorStarted) throws {
        try interrupt("the coordinator ended before the attempt did")
        try setRun(.running, owner: fact.processID, reason: "")
        try wait(for: "")
        try db.run("UPDATE runs SET tip = ? WHERE run = ?", fact.tip.hex, run)
    }

    private func stopped(_ reason: String) throws {
        try endAllWork(isLost: false)
        try interrupt("the coordinator was stopped: \(reason)")
        try setRun(.stopped, reason: reason)
        try record(nil, reason)
    }

    private func draining(_ reason: String) throws {
        try db.run("UPDATE runs SET reason = ? WHERE run = ?", reason, run)
        try mustHaveChanged("run")
        try record(nil, reason)
    }

    /// Interrupts all running attempts and candidates: their workers and checks are gone.
    private func interrupt(_ cause: String) throws {
        for task in try tasks(in: .running) {
            try move(task, to: .ready)
            try explain(task, cause)
        }
        try db.run(
            """
            UPDATE attempts SET state = 'interrupted', ended = ?, failure_kind = ?, failure_summary = ?
            WHERE run = ? AND state = 'running'
            """,
            now, Failure.Kind.interrupted.rawValue, cause, run)
        try dissolveCandidates()
    }

    private func dissolveCandidates() throws {
        for task in try tasks(in: .landing) { try move(task, to: .verified) }
        try db.run(
            """
            UPDATE candidates SET state = 'interrupted', ended = ? WHERE run = ? AND state IN ('checking', 'passed')
            """,
            now, run)
    }

    private func tipMoved(_ found: ObjectID) throws {
        try db.run("UPDATE runs SET tip = ? WHERE run = ?", found.hex, run)
        try mustHaveChanged("run")
        try dissolveCandidates()
        try record(nil, "the integration branch was moved to \(found.short) by somebody else")
    }

    func insert(
        _ checks: [CheckResult], task: TaskID? = nil, attempt: Int? = nil, candidate: Int? = nil, tree: ObjectID?
    ) throws {
        for (position, check) in checks.enumerated() {
            try db.run(
                """
                INSERT INTO checks (sequence, position, run, task, attempt, candidate, tree, name, command, outcome,
                status, seconds, digest, failed_tests, tests_run, test_gap, flakes, known)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                event.sequence, position, run, task?.rawValue, attempt, candidate, tree?.hex, check.name,
                check.command, check.outcome.rawValue, check.status, check.seconds, check.digest,
                try StoredJSON.text(check.failedTests), check.testsRun, check.testGap, check.flakes, check.isKnown)
        }
    }
}
