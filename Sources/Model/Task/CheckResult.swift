/// The result of one check.
package struct CheckResult: Codable, Sendable, Equatable {
    package enum Outcome: String, Codable, Sendable {
        case passed
        case failed
        case timedOut = "timed-out"
        /// The check could not run. This says nothing about the tree.
        case infrastructure
    }

    /// Name of the check.
    package var name: String
    /// The command after expansion.
    package var command: String
    package var outcome: Outcome
    /// Exit status, or 128 plus the number of a signal.
    package var status: Int32
    /// Seconds of wall time, summed over repeated runs.
    package var seconds: Double
    /// The relevant lines of output; empty for a check that passed.
    package var digest: String
    /// Names of failed tests, as far as the output shows them. The check may still have passed, if the plan allows
    /// tests
    /// that failed on the base.
    package var failedTests: [String]
    /// Number of tests that ran; nil if unknown.
    package var testsRun: Int?
    /// Why the list of failed tests may be incomplete.
    package var testGap: String?
    /// How often it failed on this tree before it passed.
    package var flakes: Int
    /// Whether it did not run because the same command has run, or was running, on the same tree.
    package var isKnown: Bool

    package init(
        name: String, command: String, outcome: Outcome, status: Int32, seconds: Double, digest: String = "",
        failedTests: [String] = [], testsRun: Int? = nil, testGap: String? = nil, flakes: Int = 0, isKnown: Bool = false
    ) {
        self.name = name
        self.command = command
        self.outcome = outcome
        self.status = status
        self.seconds = seconds
        self.digest = digest
        self.failedTests = failedTests
        self.testsRun = testsRun
        self.testGap = testGap
        self.flakes = flakes
        self.isKnown = isKnown
    }

    /// What the name of a result begins with that a reviewer gave.
    package static let reviewPrefix = "review: "

    /// Whether a reviewer gave the result, so that a failure is a rejection.
    package var isReview: Bool { name.hasPrefix(Self.reviewPrefix) }

    /// Also reads the output of older programs, which lacks some keys.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        command = try container.decode(String.self, forKey: .command)
        outcome = try container.decode(Outcome.self, forKey: .outcome)
        status = try container.decode(Int32.self, forKey: .status)
        seconds = try container.decode(Double.self, forKey: .seconds)
        digest = try container.decode(String.self, forKey: .digest)
        failedTests = try container.decodeIfPresent([String].self, forKey: .failedTests) ?? []
        testsRun = try container.decodeIfPresent(Int.self, forKey: .testsRun)
        testGap = try container.decodeIfPresent(String.self, forKey: .testGap)
        flakes = try container.decodeIfPresent(Int.self, forKey: .flakes) ?? 0
        isKnown = try container.decodeIfPresent(Bool.self, forKey: .isKnown) ?? false
    }
}
