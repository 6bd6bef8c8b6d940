/// A stored result of a check on a tree, which answers when the same check is due again.
package struct Verdict: Codable, Sendable, Equatable {
    /// Digest of the tree, the command and everything else that the result depends on.
    package var key: String
    package var tree: ObjectID
    /// Whether the check ran in a landing slot, in which no worker has been.
    package var isClean: Bool
    /// How often the command ran.
    package var runs: Int
    package var result: CheckResult

    package init(key: String, tree: ObjectID, isClean: Bool, runs: Int, result: CheckResult) {
        self.key = key
        self.tree = tree
        self.isClean = isClean
        self.runs = runs
        self.result = result
    }

    /// The prefix of the keys of reviewers' verdicts.
    package static let reviewMark = "review-"

    /// Whether it is the verdict of a reviewer.
    package var isOfReviewer: Bool { key.hasPrefix(Self.reviewMark) }

    /// Whether another run would give the same result. A run that was cut short or never started says nothing about the
    /// tree.
    package var isLasting: Bool {
        switch result.outcome {
        // 126 and 127 mean a missing program, which can be installed.
        case .failed: result.status != 126 && result.status != 127
        case .passed: true
        case .timedOut, .infrastructure: false
        }
    }
}

/// How often a check failed on a tree on which it also passed.
package struct FlakeRate: Codable, Sendable, Equatable {
    /// Name of the check.
    package var check: String
    /// How often it ran, in all runs of the plan.
    package var runs: Int
    /// How often it failed although the tree was good.
    package var flakes: Int

    package init(check: String, runs: Int, flakes: Int) {
        self.check = check
        self.runs = runs
        self.flakes = flakes
    }

    /// From 0 to 1.
    package var rate: Double { runs > 0 ? Double(flakes) / Double(runs) : 0 }
}
