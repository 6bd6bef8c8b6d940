/// A commit, as far as its group depends on it.
package struct EditedCommit: Sendable {
    package var worker: String
    /// Attempts that it took.
    package var attempts: Int
    package var patch: Patch

    package init(worker: String, attempts: Int, patch: Patch) {
        self.worker = worker
        self.attempts = attempts
        self.patch = patch
    }
}

/// Commits with equal edits by one worker in one language.
package struct EditGroup: Sendable, Equatable {
    /// An edit that members have in common.
    package struct Edit: Sendable, Equatable {
        /// Such as `Optional[ → ` or `$1 → $2`.
        package var text: String
        /// Members that have it.
        package var commits: Int
        package var placeholders: [Placeholder]
    }

    /// The values of a placeholder, the most frequent one first.
    package struct Placeholder: Sendable, Equatable {
        package var name: String
        package var values: [Value]
        /// Values that are not listed.
        package var more: Int
    }

    package struct Value: Sendable, Equatable {
        package var text: String
        package var commits: Int
    }

    /// The group that an odd one almost belongs to.
    package struct Nearest: Sendable, Equatable {
        package var group: String
        /// From 0, equal, to 1, nothing in common.
        package var distance: Double
        /// Edits that the group does not have.
        package var extra: [String]
        /// Edits that nearly all of the group have.
        package var missing: [String]
    }

    /// A few digits that are equal for equal edits.
    package var id: String
    package var worker: String
    /// Extensions of the changed files.
    package var language: String
    /// Positions of the commits in the input, in its order.
    package var members: [Int]
    /// Members that together show all edits of the group; the first one shows most.
    package var examples: [Int]
    package var edits: [Edit]
    /// Why the members belong to no larger group; empty for a regular group.
    package var oddities: [String]
    package var nearest: Nearest?

    package var isOdd: Bool { !oddities.isEmpty }
}
