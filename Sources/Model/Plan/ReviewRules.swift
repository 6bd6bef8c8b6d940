/// Who looks at work that has passed its checks before it may land.
package struct ReviewRules: Codable, Sendable, Equatable {
    /// Asked in this order, each in a job of its own.
    package var reviewers: [Reviewer]
    /// Approvals that an attempt needs.
    package var needs: Int

    package init(reviewers: [Reviewer], needs: Int? = nil) {
        self.reviewers = reviewers
        self.needs = needs ?? reviewers.count
    }
}

/// A worker that judges what another has done.
package struct Reviewer: Codable, Sendable, Equatable {
    package var name: String
    package var worker: Worker
    /// What to look at, beside the goal; empty for nothing more.
    package var instructions: String

    package init(name: String, worker: Worker, instructions: String = "") {
        self.name = name
        self.worker = worker
        self.instructions = instructions
    }
}
