/// Reviewers of work that has passed its checks.
package struct ReviewRules: Codable, Sendable, Equatable {
    /// Asked in this order, each in a separate job.
    package var reviewers: [Reviewer]
    /// Approvals that an attempt needs.
    package var needs: Int

    package init(reviewers: [Reviewer], needs: Int? = nil) {
        self.reviewers = reviewers
        self.needs = needs ?? reviewers.count
    }
}

/// A worker that judges the work of another.
package struct Reviewer: Codable, Sendable, Equatable {
    package var name: String
    package var worker: Worker
    /// What to look at, in addition to the goal; may be empty.
    package var instructions: String

    package init(name: String, worker: Worker, instructions: String = "") {
        self.name = name
        self.worker = worker
        self.instructions = instructions
    }
}
