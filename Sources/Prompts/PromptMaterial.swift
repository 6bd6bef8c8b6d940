package import Model

/// All that a prompt could say, before anything is cut.
package struct PromptMaterial: Sendable {
    package var goal: String
    package var task: MigrationTask
    package var verify: VerifyRules
    /// What the guards will object to, in words.
    package var rules: [String]
    package var attempt: Int
    /// Why earlier attempts were not accepted, the last one last.
    package var failures: [Failure]
    /// The nearest first.
    package var neighbours: [Neighbour] = []
    /// The latest first.
    package var landed: [LandedNote] = []
    /// The best first, without repetitions.
    package var messages: [RankedMessage] = []
    /// The lessons file of the plan, which a person may have edited.
    package var lessons = ""
    /// Of other tasks' workers, the best first.
    package var transcripts: [Transcript] = []
    /// What the person said about this task.
    package var notes: [String] = []
    /// Whether the worker can send and receive messages.
    package var hasMail = false

    package init(
        goal: String, task: MigrationTask, verify: VerifyRules, rules: [String], attempt: Int, failures: [Failure]
    ) {
        self.goal = goal
        self.task = task
        self.verify = verify
        self.rules = rules
        self.attempt = attempt
        self.failures = failures
    }

    /// A file that the task's files depend on, by its declarations.
    package struct Neighbour: Sendable, Equatable {
        package var path: String
        /// Signatures, in the order of the file.
        package var declarations: [String]

        package init(path: String, declarations: [String]) {
            self.path = path
            self.declarations = declarations
        }
    }

    /// A task this one depends on that has landed.
    package struct LandedNote: Sendable, Equatable {
        package var task: TaskID
        package var files: [String]
        /// Why it was done as it was, in its worker's words.
        package var reason: String

        package init(task: TaskID, files: [String], reason: String) {
            self.task = task
            self.files = files
            self.reason = reason
        }
    }

    package struct Transcript: Sendable, Equatable {
        package var task: TaskID
        package var text: String

        package init(task: TaskID, text: String) {
            self.task = task
            self.text = text
        }
    }
}
