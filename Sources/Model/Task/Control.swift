/// A command of a person to a run.
package struct Control: Codable, Sendable, Equatable {
    package enum Command: Codable, Sendable, Equatable {
        /// Start nothing new until `proceed`.
        case pause
        /// Continue after `pause` or a checkpoint.
        case proceed
        /// End the run, at once or after the running attempts.
        case stop(atOnce: Bool)
        /// Redo a task that has not landed.
        case retry(task: TaskID, request: RetryRequest?)
        /// Give up a task.
        case skip(task: TaskID)
        /// Start a task and its dependencies before all others.
        case prioritise(task: TaskID)
        /// Approve a verified task that waits for a person.
        case approve(task: TaskID)
        /// Record a person's decision about landed commits, and revert rejected commits.
        case review(ReviewDecision)
        /// Retry or skip the tasks of one class of failures.
        case forClass(ClassCommand)

        /// The task of the command; nil for the whole run.
        package var task: TaskID? {
            switch self {
            case .pause, .proceed, .stop, .forClass: nil
            case .retry(let task, _), .skip(let task), .prioritise(let task), .approve(let task): task
            case .review(let decision): decision.tasks.count == 1 ? decision.tasks[0] : nil
            }
        }

        /// The note that the command gives to workers, and the tasks that get it.
        package var note: (text: String, tasks: [TaskID])? {
            switch self {
            case .retry(let task, let request): request?.note.map { ($0, [task]) }
            case .forClass(let order):
                if case .retry(let request, _) = order.action { request?.note.map { ($0, order.tasks) } } else { nil }
            case .pause, .proceed, .stop, .skip, .prioritise, .approve, .review: nil
            }
        }
    }

    /// The name of the command's file in the spool. It identifies the answer.
    package var id: String
    package var command: Command

    package init(id: String, command: Command) {
        self.id = id
        self.command = command
    }
}

/// A person's command to the tasks of one class of failures.
package struct ClassCommand: Codable, Sendable, Equatable {
    package enum Action: Codable, Sendable, Equatable {
        /// Redo the failed tasks. With a sample, only so many at first, and the rest if they land.
        case retry(request: RetryRequest?, sample: Int)
        /// Give up the tasks that are still to be done.
        case skip
    }

    /// The id of the class.
    package var name: String
    package var tasks: [TaskID]
    package var action: Action

    package init(name: String, tasks: [TaskID], action: Action) {
        self.name = name
        self.tasks = tasks
        self.action = action
    }
}

/// A person's request for the next attempt at a task.
package struct RetryRequest: Codable, Sendable, Equatable {
    /// The worker to use instead of the ladder's.
    package var worker: Worker?
    /// A note for the prompt.
    package var note: String?

    package init(worker: Worker? = nil, note: String? = nil) {
        self.worker = worker
        self.note = note
    }
}

/// When a person must approve a task.
package enum Approval: String, Codable, Sendable, CaseIterable {
    case beforeLanding = "before-landing"

    private static let awaited = "verified, and waits for approval"

    /// Why a verified task does not land, with what a person can do.
    package static func reason(toHold task: TaskID) -> String {
        "\(awaited): 'orchestrate review \(task)' shows its diff, 'orchestrate continue \(task)' lets it land, "
            + "'orchestrate retry \(task) --note TEXT' has it done again"
    }

    /// Whether a task with this reason waits for a person.
    package static func isAwaited(by reason: String) -> Bool { reason.hasPrefix(awaited) }
}
