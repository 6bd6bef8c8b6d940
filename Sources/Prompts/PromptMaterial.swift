package import Model

/// The material of a prompt, before anything is cut.
package struct PromptMaterial: Sendable {
    package var goal: String
    package var task: MigrationTask
    package var verify: VerifyRules
    /// The rules of the guards, in words.
    package var rules: [String]
    package var attempt: Int
    /// Failures of earlier attempts, the latest last.
    package var failures: [Failure]
    /// The repository's own conventions, the same for all tasks.
    package var conventions: [Document] = []
    /// Those of the directories of the task's files, the nearest first.
    package var directoryConventions: [Document] = []
    /// The plan's advice, in Markdown.
    package var playbook = ""
    package var examples: [Example] = []
    /// The first landed ones.
    package var solved: [Solution] = []
    /// The nearest first.
    package var neighbours: [Neighbour] = []
    /// The latest first.
    package var landed: [LandedNote] = []
    /// The best first, without duplicates.
    package var messages: [RankedMessage] = []
    /// The plan's lessons file, which people may edit.
    package var lessons = ""
    /// Transcripts of other tasks' workers, the best first.
    package var transcripts: [Transcript] = []
    /// Notes of a person about this task.
    package var notes: [String] = []
    /// How the worker sends and receives messages; nil if it cannot.
    package var mail: MailAccess?
    /// How the worker may split the task; nil if it may not.
    package var split: SplitOffer?
    /// What became of the task's parts; nil unless it was split.
    package var lastTurn: LastTurn?

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

    /// A file of the repository for its contributors.
    package struct Document: Sendable, Equatable {
        package var path: String
        package var text: String

        package init(path: String, text: String) {
            self.path = path
            self.text = text
        }
    }

    /// A landed task on files of the same kind.
    package struct Solution: Sendable, Equatable {
        package var task: TaskID
        package var diff: String

        package init(task: TaskID, diff: String) {
            self.task = task
            self.diff = diff
        }
    }

    /// How a worker may split its task.
    package struct SplitOffer: Sendable, Equatable {
        /// Maximum parts.
        package var most: Int
        /// Name of the tool; nil for the shell command of this program.
        package var tool: String?

        package init(most: Int, tool: String?) {
            self.most = most
            self.tool = tool
        }
    }

    /// How a worker sends and receives messages.
    package enum MailAccess: Sendable, Equatable {
        /// By the shell commands of this program.
        case commands
        /// By tools of these names.
        case tools([String])
    }

    /// A file that the task's files depend on, with its declarations.
    package struct Neighbour: Sendable, Equatable {
        package var path: String
        /// Signatures, in the order of the file.
        package var declarations: [String]

        package init(path: String, declarations: [String]) {
            self.path = path
            self.declarations = declarations
        }
    }

    /// A landed task on which this one depends.
    package struct LandedNote: Sendable, Equatable {
        package var task: TaskID
        package var files: [String]
        /// The reason for the change, in its worker's words.
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
