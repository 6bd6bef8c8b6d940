/// What a person tells a run while it goes on, or before it goes on.
package struct Control: Codable, Sendable, Equatable {
    package enum Command: Codable, Sendable, Equatable {
        /// Start nothing new until `proceed`.
        case pause
        /// Go on after `pause` or a checkpoint.
        case proceed
        /// End the run: once what is under way has ended, or at once.
        case stop(atOnce: Bool)
        /// Do a task again, whatever has become of it unless it has landed.
        case retry(task: TaskID, request: RetryRequest?)
        /// Give a task up.
        case skip(task: TaskID)
        /// Start a task, and what it needs, before all others.
        case prioritise(task: TaskID)
        /// Let a verified task land that waits for a person.
        case approve(task: TaskID)

        /// The task it is about; nil for the whole run.
        package var task: TaskID? {
            switch self {
            case .pause, .proceed, .stop: nil
            case .retry(let task, _), .skip(let task), .prioritise(let task), .approve(let task): task
            }
        }
    }

    /// The name of the command's file in the spool, by which its answer is found.
    package var id: String
    package var command: Command

    package init(id: String, command: Command) {
        self.id = id
        self.command = command
    }
}

/// What a person wants of the next attempt at a task.
package struct RetryRequest: Codable, Sendable, Equatable {
    /// Who is to do it, in place of the ladder's worker.
    package var worker: Worker?
    /// The person's words for the prompt.
    package var note: String?

    package init(worker: Worker? = nil, note: String? = nil) {
        self.worker = worker
        self.note = note
    }
}

/// Whether a person looks at a verified task before it lands.
package enum Approval: String, Codable, Sendable, CaseIterable {
    case beforeLanding = "before-landing"
}
