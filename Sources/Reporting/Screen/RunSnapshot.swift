package import Model

/// A run at one moment, as the coordinator has it in memory: what the live picture is drawn from.
package struct RunSnapshot: Sendable, Equatable {
    /// What a worker's place is busy with.
    package enum Phase: Sendable, Equatable {
        case preparingSlot
        /// The `done` checks, before a worker is started.
        case lookingFirst
        case working
        case guarding
        case checking(String)
        case committing

        var words: String {
            switch self {
            case .preparingSlot: "preparing its slot"
            case .lookingFirst: "looking whether it is done"
            case .working: "working"
            case .guarding: "judging the diff"
            case .checking(let name): "checking \(name)"
            case .committing: "committing"
            }
        }
    }

    package struct Activity: Sendable, Equatable {
        package var task: TaskID
        package var attempt: Int
        package var worker: String
        package var phase: Phase
        /// Start of the attempt.
        package var since: Timestamp

        package init(task: TaskID, attempt: Int, worker: String, phase: Phase, since: Timestamp) {
            self.task = task
            self.attempt = attempt
            self.worker = worker
            self.phase = phase
            self.since = since
        }
    }

    package struct Landing: Sendable, Equatable {
        package var tasks: [TaskID]
        /// The landing check under way; nil while the tree is being built or the branch moved.
        package var check: String?
        package var since: Timestamp

        package init(tasks: [TaskID], check: String?, since: Timestamp) {
            self.tasks = tasks
            self.check = check
            self.since = since
        }
    }

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
    package var landing: Landing?
    /// Seconds left, as `Estimate` gives them.
    package var estimate: Double?
    /// The task that landed last; its text is the commit's short name.
    package var lastLanded: Note?
    package var lastProblem: Note?
    /// Why nothing new is started, while the run drains or stops.
    package var notice: String?

    package init(
        run: RunID, started: Timestamp, counts: [TaskState: Int] = [:], activities: [Activity] = [],
        landing: Landing? = nil, estimate: Double? = nil, lastLanded: Note? = nil, lastProblem: Note? = nil,
        notice: String? = nil
    ) {
        self.run = run
        self.started = started
        self.counts = counts
        self.activities = activities
        self.landing = landing
        self.estimate = estimate
        self.lastLanded = lastLanded
        self.lastProblem = lastProblem
        self.notice = notice
    }
}
