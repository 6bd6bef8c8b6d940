/// The commands that decide whether work is good.
package struct VerifyRules: Codable, Sendable, Equatable {
    /// Run on the base first. They belong to the plan, not to a stage.
    package var baseline: [Check]
    /// Whether to start with a failed baseline and to ignore failures of tests that failed there.
    package var allowBaselineFailures: Bool
    /// Pass for a migrated file and fail for one that is not.
    package var done: [Check]
    /// Asked about a task's files once all of `done` pass. The task is done if all of them approve.
    package var doneReviewers: [Reviewer]
    /// Run in the worker's slot, after the worker.
    package var task: [Check]
    /// Like `task`, but never shown to a worker.
    package var holdout: [Check] = []
    /// Share of the tasks on which `holdout` runs; nil for all.
    package var holdoutSample: Double?
    /// Run on the exact tree that would become the tip.
    package var landing: [Check]
    /// Run once on the integration branch when no task is left. They belong to the plan, not to a stage.
    package var final: [Check]
    /// Environment of every check, in addition to the base environment: `NAME` passes a variable through, `NAME=value`
    /// sets it.
    package var environment: [String]
    /// What a landing check that does not see the files in scope means. It belongs to the plan, not to a stage.
    package var probe: Probing

    /// What happens if a landing check passes although all files in scope are broken for it.
    package enum Probing: String, Codable, Sendable, CaseIterable {
        /// The run is refused.
        case require
        /// The run starts with a note.
        case warn
        /// Landing checks are not tried on broken files.
        case off
    }

    package init(
        done: [Check] = [], task: [Check] = [], landing: [Check] = [], environment: [String] = [],
        baseline: [Check] = [], allowBaselineFailures: Bool = false, final: [Check] = [],
        doneReviewers: [Reviewer] = [], probe: Probing = .require
    ) {
        self.probe = probe
        self.baseline = baseline
        self.allowBaselineFailures = allowBaselineFailures
        self.done = done
        self.doneReviewers = doneReviewers
        self.task = task
        self.landing = landing
        self.final = final
        self.environment = environment
    }

    /// Whether `holdout` runs on a task. The sample is the same in every run of a plan.
    package func holdsOut(_ task: TaskID) -> Bool {
        guard !holdout.isEmpty else { return false }
        return holdoutSample.map { StableHash.unit("held out \(task)") < $0 } ?? true
    }

    /// Returns the results that workers may read of: no check that is held back is among them.
    package func shown(_ results: [CheckResult]) -> [CheckResult] {
        if holdout.isEmpty { return results }
        let known = Set((done + task + landing).map(\.name))
        let heldBack = Set(holdout.map(\.name)).subtracting(known)
        return results.filter { !heldBack.contains($0.name) }
    }

    /// Whether any check or reviewer decides when a task is done.
    package var knowsDone: Bool { !done.isEmpty || !doneReviewers.isEmpty }

    /// Also reads the output of older programs, which lacks some keys.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        baseline = try container.decodeIfPresent([Check].self, forKey: .baseline) ?? []
        allowBaselineFailures = try container.decodeIfPresent(Bool.self, forKey: .allowBaselineFailures) ?? false
        done = try container.decode([Check].self, forKey: .done)
        doneReviewers = try container.decodeIfPresent([Reviewer].self, forKey: .doneReviewers) ?? []
        task = try container.decode([Check].self, forKey: .task)
        holdout = try container.decodeIfPresent([Check].self, forKey: .holdout) ?? []
        holdoutSample = try container.decodeIfPresent(Double.self, forKey: .holdoutSample)
        landing = try container.decode([Check].self, forKey: .landing)
        final = try container.decodeIfPresent([Check].self, forKey: .final) ?? []
        environment = try container.decode([String].self, forKey: .environment)
        probe = try container.decodeIfPresent(Probing.self, forKey: .probe) ?? .require
    }
}

extension Plan {
    /// A name of the landing checks of all stages. It differs if what they run differs.
    package var landingKey: String {
        var hash = StableHash.start
        for stage in stages {
            for check in stage.verify.landing {
                for text in [check.run] + stage.verify.environment + check.environment {
                    hash = StableHash.add(text, to: hash)
                }
            }
            hash = StableHash.add("end of a stage", to: hash)
        }
        return String(hash, radix: 16)
    }
}

/// A command that must exit 0.
package struct Check: Codable, Sendable, Equatable {
    package var name: String
    /// Shell command with placeholders; see `CommandTemplate`.
    package var run: String
    /// Seconds after which the command is stopped and the check counts as timed out.
    package var timeout: Double
    /// Like `VerifyRules.environment`, for this check only.
    package var environment: [String]
    /// Whether no other check of the run may run at the same time.
    package var exclusive: Bool
    /// How often a failed check runs again on the same tree before it counts.
    package var retries: Int
    /// Where the names of tests are read from; nil to detect the format of the output.
    package var report: TestReportSource?
    /// The coverage reports that it writes, as a glob over paths from the root of the checkout; nil for none.
    package var coverage: String?
    /// nil for no network.
    package var network: Network?
    package var limits: ResourceLimits
    /// Like `VerifyRules.probe`, for this landing check only; nil for the rule of the plan.
    package var probe: VerifyRules.Probing?
    /// Where a check of a whole tree runs: an executor of the user's configuration; nil for the slots of this machine.
    package var executor: String?
    /// What it needs there; nil for what the executor gives.
    package var needs: JobResources?
    /// For a landing check that runs only where the tests that it runs reach the change; nil for one that always runs.
    package var affected: AffectedRule?

    package static let defaultTimeout: Double = 600

    /// Whether the command does nothing, so that it passes on every tree.
    package var isTrivial: Bool {
        var words = run[...]
        while let last = words.last, last.isWhitespace || last == ";" { words.removeLast() }
        while let first = words.first, first.isWhitespace { words.removeFirst() }
        return ["true", ":", "exit 0", "/bin/true", "/usr/bin/true", ""].contains(String(words))
    }

    /// Whether the command may pass on broken files for a good reason: it does nothing, or it asks Git and not the files.
    package var isBlindByNature: Bool {
        if isTrivial { return true }
        let commands = run.split { ";&|\n".contains($0) }.compactMap { $0.split(separator: " ").first }
        return commands.first == "git" && commands.allSatisfy { ["git", "test", "["].contains($0) }
    }

    /// The command that runs all of an `affected` check; nil if the command cannot be written.
    package var wholeCommand: String? {
        try? CommandTemplate(run).expand(files: [], task: TaskID(""), needsTests: false).first
    }

    package init(
        name: String, run: String, timeout: Double = Check.defaultTimeout, environment: [String] = [],
        exclusive: Bool = false, retries: Int = 0, report: TestReportSource? = nil,
        network: Network? = nil, limits: ResourceLimits = ResourceLimits(), probe: VerifyRules.Probing? = nil,
        coverage: String? = nil, executor: String? = nil, needs: JobResources? = nil, affected: AffectedRule? = nil
    ) {
        self.affected = affected
        self.executor = executor
        self.needs = needs
        self.coverage = coverage
        self.probe = probe
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

    /// Also reads the output of older programs, which lacks some keys.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        run = try container.decode(String.self, forKey: .run)
        timeout = try container.decode(Double.self, forKey: .timeout)
        environment = try container.decode([String].self, forKey: .environment)
        exclusive = try container.decode(Bool.self, forKey: .exclusive)
        retries = try container.decodeIfPresent(Int.self, forKey: .retries) ?? 0
        report = try container.decodeIfPresent(TestReportSource.self, forKey: .report)
        coverage = try container.decodeIfPresent(String.self, forKey: .coverage)
        network = try container.decodeIfPresent(Network.self, forKey: .network)
        limits = try container.decodeIfPresent(ResourceLimits.self, forKey: .limits) ?? ResourceLimits()
        probe = try container.decodeIfPresent(VerifyRules.Probing.self, forKey: .probe)
        executor = try container.decodeIfPresent(String.self, forKey: .executor)
        needs = try container.decodeIfPresent(JobResources.self, forKey: .needs)
        affected = try container.decodeIfPresent(AffectedRule.self, forKey: .affected)
    }
}

/// When a landing check runs in part or not at all, because the dependency graph says that the change cannot matter to it.
package struct AffectedRule: Codable, Sendable, Equatable {
    /// Globs of the test files that the check runs; nil for all.
    package var tests: [String]?
    /// So many tasks land at most until the whole check runs.
    package var wholeEvery: Int
    /// The test files to run for a candidate; nil for the whole check.
    package var selection: [String]?

    package static let defaultWholeEvery = 20

    package init(tests: [String]? = nil, wholeEvery: Int = AffectedRule.defaultWholeEvery, selection: [String]? = nil) {
        self.tests = tests
        self.wholeEvery = wholeEvery
        self.selection = selection
    }
}

/// The format of a test report.
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

/// The source of the names of a check's tests.
package enum TestReportSource: Codable, Sendable, Equatable {
    /// The output, in this format.
    case output(TestReportFormat)
    /// JUnit XML files, as a glob over paths from the root of the checkout.
    case files(String)
}
