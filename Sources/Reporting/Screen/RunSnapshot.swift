package import Model

/// The state of a run at one moment, from which the live picture is drawn.
package struct RunSnapshot: Sendable, Equatable {
    /// A running attempt.
    package struct Activity: Sendable, Equatable {
        package var task: TaskID
        package var attempt: Int
        package var worker: String
        package var phase: RunPhase
        /// Start of the attempt.
        package var since: Timestamp

        package init(task: TaskID, attempt: Int, worker: String, phase: RunPhase, since: Timestamp) {
            self.task = task
            self.attempt = attempt
            self.worker = worker
            self.phase = phase
            self.since = since
        }
    }

    /// A candidate that is being built or checked.
    package struct Landing: Sendable, Equatable {
        package var candidate: Int
        package var tasks: [TaskID]
        package var phase: RunPhase
        package var since: Timestamp

        package init(candidate: Int, tasks: [TaskID], phase: RunPhase, since: Timestamp) {
            self.candidate = candidate
            self.tasks = tasks
            self.phase = phase
            self.since = since
        }
    }

    /// A line about one task, with its time.
    package struct Note: Sendable, Equatable {
        package var task: TaskID
        package var text: String
        package var time: Timestamp

        package init(task: TaskID, text: String, time: Timestamp) {
            self.task = task
            self.text = text
            self.time = time
        }
    }

    package var run: RunID
    package var started: Timestamp
    package var counts: [TaskState: Int]
    package var activities: [Activity]
    /// In the order in which they land.
    package var landing: [Landing]
    /// Questions to the person that have no answer.
    package var questions: [Message]
    /// Verified tasks that the person has to approve.
    package var approvals: [TaskID]
    /// Seconds left, as `Estimate` gives them.
    package var estimate: Double?
    /// The task that landed last; its text is the commit's short name.
    package var lastLanded: Note?
    package var lastProblem: Note?
    /// Why nothing new is started, while the run drains or stops.
    package var notice: String?

    package init(
        run: RunID, started: Timestamp, counts: [TaskState: Int] = [:], activities: [Activity] = [],
        landing: [Landing] = [], questions: [Message] = [], approvals: [TaskID] = [],
        estimate: Double? = nil, lastLanded: Note? = nil, lastProblem: Note? = nil,
        notice: String? = nil
    ) {
        self.run = run
        self.started = started
        self.counts = counts
        self.activities = activities
        self.landing = landing
        self.questions = questions
        self.approvals = approvals
        self.estimate = estimate
        self.lastLanded = lastLanded
        self.lastProblem = lastProblem
        self.notice = notice
    }
}

extension RunPhase {
    var words: String {
        switch self {
        case .preparing: "preparing its job"
        case .settingUp: "setting up its slot"
        case .lookingFirst: "checking whether it is done"
        case .working: "working"
        case .judging: "running guards"
        case .checking: "running task checks"
        case .reviewing: "being reviewed"
        case .committing: "committing"
        case .merging: "building the candidate"
        case .checkingCandidate: "running landing checks"
        }
    }
}
