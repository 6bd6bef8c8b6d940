extension Fact {
    /// Verdicts of checks.
    package struct Checked: Codable, Sendable, Equatable {
        package var verdicts: [Verdict]

        package init(verdicts: [Verdict]) { self.verdicts = verdicts }
    }

    /// The checks of `verify.baseline` on the base, or those of `verify.final` on the integration branch.
    package struct WholeChecked: Codable, Sendable, Equatable {
        package var commit: ObjectID
        package var tree: ObjectID
        package var checks: [CheckResult]
        /// Seconds of wall time.
        package var seconds: Double

        package init(commit: ObjectID, tree: ObjectID, checks: [CheckResult], seconds: Double) {
            self.commit = commit
            self.tree = tree
            self.checks = checks
            self.seconds = seconds
        }

        package var hasPassed: Bool { checks.allSatisfy { $0.outcome == .passed } }
    }

    /// The result of a search for files that no landing check sees.
    package struct FilesProbed: Codable, Sendable, Equatable {
        package var plan: String
        /// The commit on which files were broken.
        package var base: ObjectID
        /// Names the landing checks; see `Plan.landingKey`.
        package var checks: String
        /// Files that were broken while every landing check passed, sorted.
        package var unseen: [String]
        /// Files that the search did not get to, sorted.
        package var undecided: [String]

        package init(plan: String, base: ObjectID, checks: String, unseen: [String], undecided: [String]) {
            self.plan = plan
            self.base = base
            self.checks = checks
            self.unseen = unseen
            self.undecided = undecided
        }
    }
}
