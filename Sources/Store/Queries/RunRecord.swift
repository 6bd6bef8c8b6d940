package import Model

/// A stored run.
package struct RunRecord: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable, Codable {
        /// A coordinator works on it, or did until it was killed.
        case running
        /// It was stopped and can be resumed.
        case stopped
        case finished
    }

    package var id: RunID
    package var plan: Plan
    package var base: ObjectID
    /// The last known commit of the integration branch.
    package var tip: ObjectID
    package var state: State
    /// Why it stopped; empty otherwise.
    package var reason: String
    package var started: Timestamp
    package var ended: Timestamp?
    /// The process that ran it last; nil once it has stopped.
    package var owner: Int32?
    /// Why nothing starts until a person continues the run; empty if the run is not paused.
    package var waits = ""
}

/// A provider in a cooldown.
package struct CooldownRecord: Sendable, Equatable {
    package var provider: String
    package var until: Timestamp
    package var reason: String
}

/// A stored task.
package struct TaskRecord: Sendable, Equatable, Identifiable {
    package var id: TaskID
    package var title: String
    package var files: [String]
    package var figures: MigrationTask.Figures
    /// Place in the order of the plan's tasks, counted from 0.
    package var position: Int
    package var state: TaskState
    /// Attempts started.
    package var attempts: Int
    /// Why it is in its state; empty if the state needs no reason.
    package var reason: String
    /// The failed or skipped task that blocks it.
    package var cause: TaskID?
    /// Its commit on the integration branch.
    package var commit: ObjectID?
    /// Counted from 1 within the run; nil for a task that has not landed in it.
    package var landingOrder: Int?
    /// When it got into its state.
    package var since: Timestamp
    /// Start of the first attempt.
    package var started: Timestamp?
    package var ended: Timestamp?
    /// The task that was split into this one and others.
    package var partOf: TaskID?
}

/// A stored attempt.
package struct AttemptRecord: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable, Codable {
        case running
        case verified
        /// The `done` checks passed, so that no worker was started.
        case alreadyDone = "already-done"
        case failed
        case interrupted
        /// Its worker split the task.
        case split
    }

    package var task: TaskID
    /// Counted from 1 within the task.
    package var number: Int
    /// Step of the ladder, counted from 0.
    package var rung: Int
    package var state: State
    /// Why it was started.
    package var cause: String
    package var worker: String?
    package var slot: Int?
    package var base: ObjectID?
    package var started: Timestamp
    package var ended: Timestamp?
    /// Seconds of work, as measured by the coordinator.
    package var seconds: Double?
    /// The commit on the task's branch.
    package var commit: ObjectID?
    package var tree: ObjectID?
    package var changes: [ChangedPath]
    /// The reason for the change, in the worker's words.
    package var reason: String
    package var failure: Failure?
    package var checks: [CheckResult]
    /// nil if the worker reported none.
    package var usage: Usage?
    /// Requests to models, of its worker and its reviewers.
    package var requests = 0
}

/// A stored candidate.
package struct CandidateRecord: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable, Codable {
        case checking
        case passed
        case failed
        case landed
        case interrupted
    }

    package var number: Int
    package var state: State
    package var cause: String
    /// The commit it was built on; nil while it is being built.
    package var tip: ObjectID?
    package var tasks: [TaskID]
    /// The commits made for it, in the order of the tasks; empty before it has passed.
    package var commits: [ObjectID]
    /// The tree that was checked.
    package var tree: ObjectID?
    package var started: Timestamp
    package var ended: Timestamp?
    package var seconds: Double?
    /// The task that does not merge, if known.
    package var culprit: TaskID?
    package var failure: Failure?
    package var checks: [CheckResult]
}

/// The reason for a start, a retry, a rejection or a wait.
package struct ReasonRecord: Sendable, Equatable {
    package var sequence: Int64
    package var time: Timestamp
    /// The kind of its event, such as `retry` or `candidate-failed`.
    package var kind: String
    /// nil for the whole run.
    package var task: TaskID?
    package var text: String
}
