/// The commands that decide whether work is good.
package struct VerifyRules: Codable, Sendable, Equatable {
    /// Run on the base before anything else; of the plan as a whole.
    package var baseline: [Check]
    /// Go on where the baseline is red, and count only failures of tests that did not fail there.
    package var allowBaselineFailures: Bool
    /// Hold for a file that is migrated and fail for one that is not; run for each file of a task.
    package var done: [Check]
    /// Asked about a task's files where all of `done` holds; what they all approve is done.
    package var doneReviewers: [Reviewer]
    /// Run in the worker's slot after the worker.
    package var task: [Check]
    /// Run on the exact tree that would become the tip.
    package var landing: [Check]
    /// Run once on the integration branch when nothing is left to do; of the plan as a whole.
    package var final: [Check]
    /// Environment every check sees beside the base environment: `NAME` passes a variable on, `NAME=value` sets it.
    package var environment: [String]

    package init(
        done: [Check] = [], task: [Check] = [], landing: [Check] = [], environment: [String] = [],
        baseline: [Check] = [], allowBaselineFailures: Bool = false, final: [Check] = [],
        doneReviewers: [Reviewer] = []
    ) {
        self.baseline = baseline
        self.allowBaselineFailures = allowBaselineFailures
        self.done = done
        self.doneReviewers = doneReviewers
        self.task = task
        self.landing = landing
        self.final = final
        self.environment = environment
    }

    /// Whether anything tells what is done from what is not.
    package var knowsDone: Bool { !done.isEmpty || !doneReviewers.isEmpty }

    /// Reads also what a program wrote that did not know all the keys.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        baseline = try container.decodeIfPresent([Check].self, forKey: .baseline) ?? []
        allowBaselineFailures = try container.decodeIfPresent(Bool.self, forKey: .allowBaselineFailures) ?? false
        done = try container.decode([Check].self, forKey: .done)
        doneReviewers = try container.decodeIfPresent([Reviewer].self, forKey: .doneReviewers) ?? []
        task = try container.decode([Check].self, forKey: .task)
        landing = try container.decode([Check].self, forKey: .landing)
        final = try container.decodeIfPresent([Check].self, forKey: .final) ?? []
        environment = try container.decode([String].self, forKey: .environment)
    }
}

/// A command that must exit 0.
package struct Check: Codable, Sendable, Equatable {
    package var name: String
    /// Shell command; `{file}` runs it once for each file, `{files}` stands for all of them, quoted.
    package var run: String
    /// Seconds after which the command is ended and the check counts as timed out.
    package var timeout: Double
    /// As in `VerifyRules.environment`, for this check alone.
    package var environment: [String]
    /// No other check of the run may be under way at the same time.
    package var exclusive: Bool
    /// How often a red check is run again on the same tree before it counts.
    package var retries: Int
    /// Where the names of tests are read from; nil for whatever format the output is found to have.
    package var report: TestReportSource?
    /// Nil for none.
    package var network: Network?
    package var limits: ResourceLimits

    package static let defaultTimeout: Double = 600

    package init(
        name: String, run: String, timeout: Double = Check.defaultTimeout, environment: [String] = [],
        exclusive: Bool = false, retries: Int = 0, report: TestReportSource? = nil,
        network: Network? = nil, limits: ResourceLimits = ResourceLimits()
    ) {
        self.name = name
        self.run = run
        self.timeout = timeout
        self.environment = environment
        self.exclusive = exclusive
        self.retries = retries
        self.report = report
        self.network = network
        self.limits = limits
    }

    /// Reads also what a program wrote that did not know all the keys.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        run = try container.decode(String.self, forKey: .run)
        timeout = try container.decode(Double.self, forKey: .timeout)
        environment = try container.decode([String].self, forKey: .environment)
        exclusive = try container.decode(Bool.self, forKey: .exclusive)
        retries = try container.decodeIfPresent(Int.self, forKey: .retries) ?? 0
        report = try container.decodeIfPresent(TestReportSource.self, forKey: .report)
        network = try container.decodeIfPresent(Network.self, forKey: .network)
        limits = try container.decodeIfPresent(ResourceLimits.self, forKey: .limits) ?? ResourceLimits()
    }
}

/// What a test runner's report looks like.
package enum TestReportFormat: String, Codable, Sendable, CaseIterable {
    case junit
    case tap
    case pytest
    /// `go test`, plain or with `-json`.
    case go
    /// `swift test`, of XCTest and of Swift Testing.
    case swift
    case cargo
}

/// Where the names of a check's tests are read from.
package enum TestReportSource: Codable, Sendable, Equatable {
    /// Its output, which has this format.
    case output(TestReportFormat)
    /// JUnit XML files that it writes: a glob over paths from the root of the checkout.
    case files(String)
}
