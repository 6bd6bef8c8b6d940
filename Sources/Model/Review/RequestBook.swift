/// How landed changes are divided into branches.
package enum SplitRule: Sendable, Equatable, Codable {
    case owner
    case directory
    case stage
    /// At most so many tasks in a branch.
    case size(Int)

    /// Reads `owner`, `directory`, `stage` or a number from 1.
    package init?(_ text: String) {
        switch text {
        case "owner": self = .owner
        case "directory": self = .directory
        case "stage": self = .stage
        default:
            guard let size = Int(text), size > 0 else { return nil }
            self = .size(size)
        }
    }

    package var words: String {
        switch self {
        case .owner: "owner"
        case .directory: "directory"
        case .stage: "stage"
        case .size(let size): "\(size)"
        }
    }
}

/// Limits on how fast pull requests are opened.
package struct RequestLimits: Codable, Sendable, Equatable {
    /// Maximum open at a time; nil for no limit.
    package var open: Int?
    /// Maximum opened within an hour; nil for no limit.
    package var perHour: Int?
    /// Days on which some are opened, in UTC, 0 for Monday; nil for every day.
    package var days: [Int]?

    package static let dayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    package init(open: Int? = nil, perHour: Int? = nil, days: [Int]? = nil) {
        self.open = open
        self.perHour = perHour
        self.days = days
    }

    /// Reads days such as `mon-fri` or `mon,wed,fri`. A range may pass the end of the week: `sat-mon`.
    package static func days(_ text: String) -> [Int]? {
        var days: Set<Int> = []
        for part in text.lowercased().split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map {
                dayNames.firstIndex(of: String($0))
            }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2 else { return nil }
            for step in 0...((last - first + 7) % 7) { days.insert((first + step) % 7) }
        }
        return days.isEmpty ? nil : days.sorted()
    }

    /// Returns how many pull requests may be opened now, and why no more; nil for no limit.
    ///
    /// - Parameters:
    ///   - times: when earlier ones were opened.
    ///   - count: how many are open.
    package func room(at now: Timestamp, opened times: [Timestamp], open count: Int) -> (count: Int, reason: String)? {
        // 1970-01-01 was a Thursday.
        let day = ((Int((now.seconds / 86_400).rounded(.down)) + 3) % 7 + 7) % 7
        if let days, !days.contains(day) {
            return (0, "none is opened on \(Self.dayNames[day]) (UTC)")
        }
        var room: (count: Int, reason: String)?
        if let open { room = (max(0, open - count), "\(open) are open at most") }
        if let perHour {
            let left = max(0, perHour - times.count { now - $0 < 3600 })
            if left < room?.count ?? .max { room = (left, "\(perHour) are opened in an hour at most") }
        }
        return room
    }
}

/// The branches of a plan's landed changes and their pull requests.
package struct RequestBook: Codable, Sendable, Equatable {
    package var plan: String
    package var rule: SplitRule
    /// The branch that the pull requests go to, without `refs/heads/`.
    package var target: String
    /// The remote that the branches are pushed to; nil before any is.
    package var remote: String?
    /// The commit of the target that the branches start from.
    package var base: ObjectID
    /// The commit of the integration branch that was divided.
    package var tip: ObjectID
    /// Names the landing checks that the branches have passed.
    package var checks: String
    package var limits = RequestLimits()
    /// A branch comes after the branches below it in its stack.
    package var requests: [BranchRequest]

    package init(
        plan: String, rule: SplitRule, target: String, base: ObjectID, tip: ObjectID, checks: String,
        requests: [BranchRequest] = []
    ) {
        self.plan = plan
        self.rule = rule
        self.target = target
        self.base = base
        self.tip = tip
        self.checks = checks
        self.requests = requests
    }
}

/// One branch with a part of the landed changes, and its pull request.
package struct BranchRequest: Codable, Sendable, Equatable {
    /// The owners, directory, stage or number that the part is of.
    package var name: String
    /// Without `refs/heads/`.
    package var branch: String
    /// The branch below it in the stack; nil for the target.
    package var parent: String?
    package var owners: [String]
    package var tasks: [TaskID]
    package var files: [String]
    /// The task that changed a file, by path.
    package var taskOf: [String: TaskID] = [:]
    package var commit: ObjectID
    /// The tree that passed the landing checks.
    package var tree: ObjectID
    /// Whether the target has all of its changes.
    package var isMerged = false
    /// What a reviewer should know: why it crosses owners, or why it is stacked.
    package var remarks: [String] = []
    /// The commit that was pushed last; nil if none was.
    package var pushed: ObjectID?
    /// nil until it is opened.
    package var request: Opened?
    /// Names of the feedback that tasks have been told.
    package var told: [String] = []

    package init(
        name: String, branch: String, parent: String?, owners: [String], tasks: [TaskID], files: [String],
        commit: ObjectID, tree: ObjectID
    ) {
        self.name = name
        self.branch = branch
        self.parent = parent
        self.owners = owners
        self.tasks = tasks
        self.files = files
        self.commit = commit
        self.tree = tree
    }

    package struct Opened: Codable, Sendable, Equatable {
        package var number: Int
        package var url: String
        package var opened: Timestamp
        package var state: RequestState

        package init(number: Int, url: String, opened: Timestamp, state: RequestState) {
            self.number = number
            self.url = url
            self.opened = opened
            self.state = state
        }
    }
}

/// The state of a pull request as its host told it last.
package struct RequestState: Codable, Sendable, Equatable {
    package enum Phase: String, Codable, Sendable {
        case open, draft, merged, closed
    }

    package struct Check: Codable, Sendable, Equatable {
        package enum Outcome: String, Codable, Sendable {
            case passed, failed, pending
        }

        package var name: String
        package var outcome: Outcome

        package init(name: String, outcome: Outcome) {
            self.name = name
            self.outcome = outcome
        }
    }

    package var number: Int
    package var url: String
    package var phase: Phase
    /// The commit that the host shows; nil if it does not tell.
    package var head: ObjectID?
    package var base: String
    package var reviewers: [String]
    /// In the host's words, such as `APPROVED`; empty for none.
    package var decision: String
    /// Whether somebody has reviewed the current head.
    package var isReviewed: Bool
    package var checks: [Check]
    /// Whether it can be merged, in the host's words.
    package var mergeable: String
    package var updated: Timestamp?
    package var feedback: [RequestFeedback]

    package init(
        number: Int, url: String, phase: Phase, head: ObjectID?, base: String, reviewers: [String] = [],
        decision: String = "", isReviewed: Bool = false, checks: [Check] = [], mergeable: String = "",
        updated: Timestamp? = nil, feedback: [RequestFeedback] = []
    ) {
        self.number = number
        self.url = url
        self.phase = phase
        self.head = head
        self.base = base
        self.reviewers = reviewers
        self.decision = decision
        self.isReviewed = isReviewed
        self.checks = checks
        self.mergeable = mergeable
        self.updated = updated
        self.feedback = feedback
    }
}

/// A review comment or a failed check on the current head of a pull request.
package struct RequestFeedback: Codable, Sendable, Equatable {
    package var id: String
    package var author: String
    /// The file that it is about; nil for the whole pull request.
    package var path: String?
    package var text: String

    package init(id: String, author: String, path: String? = nil, text: String) {
        self.id = id
        self.author = author
        self.path = path
        self.text = text
    }
}

extension RequestBook {
    /// Whether every part is merged or closed.
    package var isDone: Bool {
        requests.allSatisfy { request in
            request.isMerged || request.request?.state.phase == .merged || request.request?.state.phase == .closed
        }
    }
}
