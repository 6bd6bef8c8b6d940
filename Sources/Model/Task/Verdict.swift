/// What a check gave on a tree, to be believed when the same is asked again.
package struct Verdict: Codable, Sendable, Equatable {
    /// Digest of the tree, the command and what else the answer depends on.
    package var key: String
    package var tree: ObjectID
    /// The checkout held nothing that a worker could have left beside the tree.
    package var isClean: Bool
    /// How often the command was run for it.
    package var runs: Int
    package var result: CheckResult

    package init(key: String, tree: ObjectID, isClean: Bool, runs: Int, result: CheckResult) {
        self.key = key
        self.tree = tree
        self.isClean = isClean
        self.runs = runs
        self.result = result
    }

    /// What the keys of reviewers' verdicts begin with.
    package static let reviewMark = "review-"

    /// Whether a reviewer has given it, whose key is made of all that it is shown.
    package var isOfReviewer: Bool { key.hasPrefix(Self.reviewMark) }

    /// Whether the same would be found again: a run that was cut short, or never began, says nothing of the tree.
    package var isLasting: Bool {
        switch result.outcome {
        // 126 and 127 tell that a program is missing, which somebody is about to mend.
        case .failed: result.status != 126 && result.status != 127
        case .passed: true
        case .timedOut, .infrastructure: false
        }
    }
}

/// How often a check was red on a tree on which it was green as well.
package struct FlakeRate: Codable, Sendable, Equatable {
    /// Name of the check.
    package var check: String
    /// How often it was run, in all runs of the plan.
    package var runs: Int
    /// How often it was red although the tree was not.
    package var flakes: Int

    package init(check: String, runs: Int, flakes: Int) {
        self.check = check
        self.runs = runs
        self.flakes = flakes
    }

    /// From 0 to 1.
    package var rate: Double { runs > 0 ? Double(flakes) / Double(runs) : 0 }
}
