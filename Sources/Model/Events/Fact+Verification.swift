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
}
