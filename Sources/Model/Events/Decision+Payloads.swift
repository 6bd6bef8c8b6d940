extension Decision {
    package struct Start: Codable, Sendable, Equatable {
        package var task: TaskID
        /// Counted from 1 within the task.
        package var attempt: Int
        /// Step of the ladder, counted from 0.
        package var rung: Int
        package var reason: String
        /// What a person wants of the attempt.
        package var request: RetryRequest?
        /// The candidate whose commit the attempt starts on, before it has landed; nil for the tip.
        package var after: Int?

        package init(
            task: TaskID, attempt: Int, rung: Int, reason: String, request: RetryRequest? = nil, after: Int? = nil
        ) {
            self.task = task
            self.attempt = attempt
            self.rung = rung
            self.reason = reason
            self.request = request
            self.after = after
        }
    }

    package struct Check: Codable, Sendable, Equatable {
        package var candidate: Int
        /// In the order in which they are merged.
        package var tasks: [TaskID]
        /// The candidate it is built on, which has not landed yet; nil for the tip.
        package var after: Int?
        package var reason: String
        /// Whether the tree may have failed before, so that a stored verdict must not answer.
        package var isRecheck: Bool

        package init(candidate: Int, tasks: [TaskID], after: Int? = nil, reason: String, isRecheck: Bool = false) {
            self.candidate = candidate
            self.tasks = tasks
            self.after = after
            self.reason = reason
            self.isRecheck = isRecheck
        }
    }

    package struct Dissolve: Codable, Sendable, Equatable {
        package var candidate: Int
        package var reason: String

        package init(candidate: Int, reason: String) {
            self.candidate = candidate
            self.reason = reason
        }
    }

    package struct Land: Codable, Sendable, Equatable {
        package var candidate: Int
        /// In the order of the branch; the last one becomes the tip.
        package var commits: [Fact.Landed.Commit]

        package init(candidate: Int, commits: [Fact.Landed.Commit]) {
            self.candidate = candidate
            self.commits = commits
        }
    }

    package struct Retry: Codable, Sendable, Equatable {
        package var task: TaskID
        package var reason: String
        /// Seconds to wait before the next attempt; nil for none.
        package var delay: Double?

        package init(task: TaskID, reason: String, delay: Double? = nil) {
            self.task = task
            self.reason = reason
            self.delay = delay
        }
    }

    package struct Fail: Codable, Sendable, Equatable {
        package var task: TaskID
        package var reason: String

        package init(task: TaskID, reason: String) {
            self.task = task
            self.reason = reason
        }
    }

    package struct Skip: Codable, Sendable, Equatable {
        package var task: TaskID
        package var reason: String

        package init(task: TaskID, reason: String) {
            self.task = task
            self.reason = reason
        }
    }

    package struct Block: Codable, Sendable, Equatable {
        package var task: TaskID
        /// The failed or skipped task that it needs, directly or not.
        package var cause: TaskID

        package init(task: TaskID, cause: TaskID) {
            self.task = task
            self.cause = cause
        }
    }

    package struct Wait: Codable, Sendable, Equatable {
        package var task: TaskID
        package var reason: String

        package init(task: TaskID, reason: String) {
            self.task = task
            self.reason = reason
        }
    }

    package struct Cooldown: Codable, Sendable, Equatable {
        package var provider: String
        /// Counted per provider; a higher number replaces a lower one.
        package var number: Int
        package var seconds: Double
        package var reason: String

        package init(provider: String, number: Int, seconds: Double, reason: String) {
            self.provider = provider
            self.number = number
            self.seconds = seconds
            self.reason = reason
        }
    }

    package struct PauseLanding: Codable, Sendable, Equatable {
        /// Counted from 1 within the run.
        package var number: Int
        package var seconds: Double
        package var reason: String

        package init(number: Int, seconds: Double, reason: String) {
            self.number = number
            self.seconds = seconds
            self.reason = reason
        }
    }

    package struct End: Codable, Sendable, Equatable {
        package var task: TaskID
        package var attempt: Int
        /// The failure that the attempt ends with.
        package var failure: Failure

        package init(task: TaskID, attempt: Int, failure: Failure) {
            self.task = task
            self.attempt = attempt
            self.failure = failure
        }
    }

    package struct Revert: Codable, Sendable, Equatable {
        /// The task that reverts; its `reverts` names the others.
        package var task: MigrationTask
        package var reason: String

        package init(task: MigrationTask, reason: String) {
            self.task = task
            self.reason = reason
        }
    }

    package struct Split: Codable, Sendable, Equatable {
        /// The task that is divided.
        package var task: TaskID
        package var attempt: Int
        /// Name of the request's file in the outbox of the job.
        package var request: String
        /// The parts, in the order of the proposal; empty if it is refused.
        package var parts: [MigrationTask]
        /// What the worker leaves for the last turn of the task; empty for nothing in particular.
        package var collate: String
        /// Why the proposal is refused, in plain words; empty if it is accepted.
        package var problems: [String]

        package init(
            task: TaskID, attempt: Int, request: String, parts: [MigrationTask] = [], collate: String = "",
            problems: [String] = []
        ) {
            self.collate = collate
            self.task = task
            self.attempt = attempt
            self.request = request
            self.parts = parts
            self.problems = problems
        }
    }

    package struct Join: Codable, Sendable, Equatable {
        package var task: TaskID
        package var reason: String

        package init(task: TaskID, reason: String) {
            self.task = task
            self.reason = reason
        }
    }

    package struct Cover: Codable, Sendable, Equatable {
        package var task: TaskID
        /// The task of which it is a part.
        package var by: TaskID

        package init(task: TaskID, by parent: TaskID) {
            self.task = task
            by = parent
        }

        package var reason: String { "the last turn of \(by) has done it" }
    }

    package struct Answer: Codable, Sendable, Equatable {
        /// The name of the command's file in the spool.
        package var command: String
        package var isAccepted: Bool
        package var text: String

        package init(command: String, isAccepted: Bool, text: String) {
            self.command = command
            self.isAccepted = isAccepted
            self.text = text
        }
    }
}
