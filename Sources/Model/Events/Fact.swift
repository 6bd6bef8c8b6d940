/// Something that happened in a run: the input of the scheduler, and with `Decision` the rows of the event log.
///
/// Facts are never changed or removed once written; a new need is a new case or an optional field, so that an old
/// log can be read by a newer program.
package enum Fact: Codable, Sendable, Equatable {
    /// The first fact of every run.
    case runStarted(RunStarted)
    /// A coordinator took up the run. Attempts without an end in the log were interrupted.
    case coordinatorStarted(CoordinatorStarted)
    /// The coordinator was asked to stop and has ended its workers.
    case coordinatorStopped(reason: String)
    /// The coordinator ended without a stop event. The next coordinator records this.
    case coordinatorLost(processID: Int32)
    /// No further attempt is started. Running attempts may end and land.
    case draining(reason: String)
    /// A slot is ready and the worker starts.
    case workerStarted(WorkerStarted)
    /// A worker is not started yet, because the first one with the same prompt prefix has no answer yet.
    case workerHeld(WorkerHeld)
    /// A reviewer is asked about the work of an attempt.
    case reviewStarted(ReviewStarted)
    /// All `done` checks passed before any worker was started.
    case foundDone(FoundDone)
    case attemptVerified(AttemptVerified)
    case attemptFailed(AttemptFailed)
    /// A worker proposed to split its task.
    case splitProposed(SplitProposed)
    /// An attempt ended because its task was split.
    case attemptSplit(AttemptSplit)
    /// The candidate's tree passed every landing check.
    case candidatePassed(CandidatePassed)
    case candidateFailed(CandidateFailed)
    /// The integration branch now points at the candidate.
    case landed(Landed)
    /// Somebody else moved the integration branch.
    case tipMoved(found: ObjectID)
    /// Something happened to the base that the run follows.
    case base(BaseChange)
    /// A running worker reported its usage so far.
    case usage(UsageTold)
    /// A wait has ended.
    case waitOver(WaitOver)
    /// A person gave a command.
    case control(Control)
    /// The run continues with another budget or other checkpoints.
    case limitsChanged(LimitsChanged)
    /// Size of the slots and job folders of the run.
    case diskUsed(bytes: Int)
    /// The time of all workers together has reached its budget.
    case workersTimed(seconds: Double)
    /// The coordinator received a message.
    case message(Posted)
    /// An attempt was given messages.
    case messagesGiven(MessagesGiven)
    /// A landing made more tasks necessary.
    case tasksAdded(TasksAdded)
    /// The landing checks of a commit that is no candidate ended.
    case probed(Probed)
    /// Checks ended with verdicts, which are reused for the same check on the same tree.
    case checked(Checked)
    /// A check both failed and passed on one tree, in this run or an earlier one.
    case flaky(FlakeRate)
    /// The checks of the base ended. The run continues even if some failed.
    case baselineChecked(WholeChecked)
    /// The finished integration branch was checked.
    case finalChecked(WholeChecked)
    /// Files were looked for that no landing check sees. Belongs to the plan and not to a run.
    case filesProbed(FilesProbed)

    package struct RunStarted: Codable, Sendable, Equatable {
        package var plan: Plan
        /// The commit that the graph and the tasks were made from.
        package var base: ObjectID
        /// The commit of the integration branch.
        package var tip: ObjectID
        package var tasks: [MigrationTask]
        /// Commits of earlier runs of the plan that are on the integration branch.
        package var landedBefore: [Landed.Commit]
        /// The branch that was checked out, if the plan starts from `HEAD`.
        package var branch: String?

        package init(
            plan: Plan, base: ObjectID, tip: ObjectID, tasks: [MigrationTask], landedBefore: [Landed.Commit] = [],
            branch: String? = nil
        ) {
            self.branch = branch
            self.plan = plan
            self.base = base
            self.tip = tip
            self.tasks = tasks
            self.landedBefore = landedBefore
        }
    }

    package struct CoordinatorStarted: Codable, Sendable, Equatable {
        package var processID: Int32
        /// The commit of the integration branch.
        package var tip: ObjectID
        /// Whether a person can continue the run at a checkpoint; otherwise it ends there. nil means true.
        package var isAttended: Bool?

        package init(processID: Int32, tip: ObjectID, isAttended: Bool? = nil) {
            self.processID = processID
            self.tip = tip
            self.isAttended = isAttended
        }
    }

    package struct WorkerStarted: Codable, Sendable, Equatable {
        package var task: TaskID
        package var attempt: Int
        package var worker: String
        package var slot: Int
        /// The commit the slot was moved to.
        package var base: ObjectID

        package init(task: TaskID, attempt: Int, worker: String, slot: Int, base: ObjectID) {
            self.task = task
            self.attempt = attempt
            self.worker = worker
            self.slot = slot
            self.base = base
        }
    }

    package struct ReviewStarted: Codable, Sendable, Equatable {
        package var task: TaskID
        package var attempt: Int
        /// Name of the reviewer.
        package var reviewer: String

        package init(task: TaskID, attempt: Int, reviewer: String) {
            self.task = task
            self.attempt = attempt
            self.reviewer = reviewer
        }

        private static let start = "review by "

        /// What the attempt is doing, in words.
        package var words: String { Self.start + reviewer }

        /// Whether these are the words of an attempt that is being reviewed.
        package static func isReview(_ words: String) -> Bool { words.hasPrefix(start) }
    }

    package struct FoundDone: Codable, Sendable, Equatable {
        package var task: TaskID
        package var attempt: Int
        package var base: ObjectID
        package var checks: [CheckResult]
        package var seconds: Double
        /// The usage of reviewers; nil if there were none.
        package var usage: Usage?

        package init(
            task: TaskID, attempt: Int, base: ObjectID, checks: [CheckResult], seconds: Double, usage: Usage? = nil
        ) {
            self.task = task
            self.attempt = attempt
            self.base = base
            self.checks = checks
            self.seconds = seconds
            self.usage = usage
        }
    }

    package struct AttemptVerified: Codable, Sendable, Equatable {
        package var task: TaskID
        package var attempt: Int
        package var worker: String
        /// The commit on the task's branch; its parent is `base`.
        package var commit: ObjectID
        package var base: ObjectID
        package var tree: ObjectID
        package var changes: [ChangedPath]
        package var checks: [CheckResult]
        /// Seconds from the slot being free to the commit.
        package var seconds: Double
        /// The reason for the change, in the worker's words if it gave any.
        package var reason: String
        /// nil if the worker reports none.
        package var usage: Usage?

        package init(
            task: TaskID, attempt: Int, worker: String, commit: ObjectID, base: ObjectID, tree: ObjectID,
            changes: [ChangedPath], checks: [CheckResult], seconds: Double, reason: String, usage: Usage? = nil
        ) {
            self.task = task
            self.attempt = attempt
            self.worker = worker
            self.commit = commit
            self.base = base
            self.tree = tree
            self.changes = changes
            self.checks = checks
            self.seconds = seconds
            self.reason = reason
            self.usage = usage
        }
    }

    package struct AttemptFailed: Codable, Sendable, Equatable {
        package var task: TaskID
        package var attempt: Int
        package var worker: String
        package var base: ObjectID?
        package var failure: Failure
        package var checks: [CheckResult]
        package var seconds: Double
        /// nil if the worker reports none.
        package var usage: Usage?
        /// The work that passed its checks, if no reviewer could judge it; nil if there is nothing to keep.
        package var unreviewed: UnreviewedWork?

        package init(
            task: TaskID, attempt: Int, worker: String, base: ObjectID?, failure: Failure, checks: [CheckResult],
            seconds: Double, usage: Usage? = nil, unreviewed: UnreviewedWork? = nil
        ) {
            self.unreviewed = unreviewed
            self.task = task
            self.attempt = attempt
            self.worker = worker
            self.base = base
            self.failure = failure
            self.checks = checks
            self.seconds = seconds
            self.usage = usage
        }
    }

    /// Work that passed guards and checks, and that reviewers have not judged.
    package struct UnreviewedWork: Codable, Sendable, Equatable {
        /// Its parent is the attempt's base.
        package var commit: ObjectID
        package var tree: ObjectID
        package var checks: [CheckResult]
        /// The reason for the change, in the worker's words.
        package var reason: String
        /// The person's note that the worker had.
        package var note: String?

        package init(commit: ObjectID, tree: ObjectID, checks: [CheckResult], reason: String, note: String?) {
            self.commit = commit
            self.tree = tree
            self.checks = checks
            self.reason = reason
            self.note = note
        }
    }

    package struct CandidatePassed: Codable, Sendable, Equatable {
        package var candidate: Int
        package var tip: ObjectID
        /// The commits made for the candidate, in the order of the branch; the tree of the last was checked. A task that
        /// changes nothing of the tree before it has none.
        package var commits: [Landed.Commit]
        package var tree: ObjectID
        package var checks: [CheckResult]
        package var seconds: Double

        package init(
            candidate: Int, tip: ObjectID, commits: [Landed.Commit], tree: ObjectID, checks: [CheckResult],
            seconds: Double
        ) {
            self.candidate = candidate
            self.tip = tip
            self.commits = commits
            self.tree = tree
            self.checks = checks
            self.seconds = seconds
        }
    }

    package struct CandidateFailed: Codable, Sendable, Equatable {
        package var candidate: Int
        package var tip: ObjectID
        /// The task that does not merge, if known.
        package var task: TaskID?
        package var failure: Failure
        package var checks: [CheckResult]
        package var seconds: Double

        package init(
            candidate: Int, tip: ObjectID, task: TaskID?, failure: Failure, checks: [CheckResult], seconds: Double
        ) {
            self.candidate = candidate
            self.tip = tip
            self.task = task
            self.failure = failure
            self.checks = checks
            self.seconds = seconds
        }
    }

    package struct Landed: Codable, Sendable, Equatable {
        package struct Commit: Codable, Sendable, Equatable {
            package var task: TaskID
            package var commit: ObjectID

            package init(task: TaskID, commit: ObjectID) {
                self.task = task
                self.commit = commit
            }
        }

        package var candidate: Int
        /// In the order of the branch; the last one is the new tip. A task of the candidate without a commit is done
        /// already: the branch holds what it would change.
        package var commits: [Commit]

        package init(candidate: Int, commits: [Commit]) {
            self.candidate = candidate
            self.commits = commits
        }
    }
}

/// One path of a diff.
package struct ChangedPath: Codable, Sendable, Equatable {
    package var path: String
    package var added: Int
    package var removed: Int

    package init(path: String, added: Int, removed: Int) {
        self.path = path
        self.added = added
        self.removed = removed
    }
}
