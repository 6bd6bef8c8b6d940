package import Model

/// The content of `job.json`; docs/job-folder.md describes the format for authors of workers.
package struct JobDescription: Codable, Sendable, Equatable {
    /// Increased when a key changes its meaning, but not for new keys.
    package static let currentVersion = 1

    package var version = currentVersion
    package var run: RunID
    package var task: TaskID
    package var title: String
    /// Paths from the root of the checkout.
    package var files: [String]
    /// What the worker may change, in words.
    package var rules: [String]
    package var base: ObjectID
    package var attempt: Int
    package var worker: String
    package var limits: Worker.Limits
    /// Maximum parts into which the worker may split the task; nil if it may not.
    package var maxParts: Int?

    package init(
        run: RunID, task: MigrationTask, rules: [String], base: ObjectID, attempt: Int, worker: String,
        limits: Worker.Limits, maxParts: Int? = nil
    ) {
        self.maxParts = maxParts
        self.run = run
        self.task = task.id
        title = task.title
        files = task.files
        self.rules = rules
        self.base = base
        self.attempt = attempt
        self.worker = worker
        self.limits = limits
    }
}
