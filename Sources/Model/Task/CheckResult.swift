/// What running one check gave.
package struct CheckResult: Codable, Sendable, Equatable {
    package enum Outcome: String, Codable, Sendable {
        case passed
        case failed
        case timedOut = "timed-out"
        /// The check could not be run; this says nothing about the tree.
        case infrastructure
    }

    /// Name of the check.
    package var name: String
    /// The command as run, after expansion.
    package var command: String
    package var outcome: Outcome
    /// Exit status, or 128 plus the number of the signal that ended it.
    package var status: Int32
    /// Seconds of wall time, of all runs where it was run again.
    package var seconds: Double
    /// The lines of output that matter; empty for a check that passed.
    package var digest: String
    /// Tests that failed, by name, as far as the output tells. A check may have passed nevertheless: where the plan
    /// allows what failed on the base already.
    package var failedTests: [String]
    /// How many tests it speaks of; nil where that is not known.
    package var testsRun: Int?
    /// Why more tests may have failed than are named.
    package var testGap: String?
    /// How often it failed on this tree before it passed: more than none is a flake.
    package var flakes: Int
    /// It was not run: the same command has judged the same tree before, or was just doing so for somebody else.
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

    /// Reads also what a program wrote that did not know all the keys.
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
