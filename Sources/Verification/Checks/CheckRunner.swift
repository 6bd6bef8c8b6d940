package import Jobs
package import Model

/// Runs checks and says what they gave.
package struct CheckRunner: Sendable {
    let runner: ProcessRunner
    let base: BaseEnvironment
    /// Environment of every check, from the plan.
    let allowed: [String]
    let sandbox: SandboxPolicy?
    private let gate: CheckGate
    private let cache: VerdictCache?
    private let known: KnownFailures

    /// Seconds of a check from which on its verdict is stored at once, and not with those of the whole list.
    private static let worthStoring = 1.0

    /// - Parameters:
    ///   - allowed: `VerifyRules.environment` of the plan.
    ///   - gate: shared by all checks of a run.
    ///   - sandbox: nil for none.
    ///   - cache: verdicts that answer in place of a check, and what remembers new ones; nil for none.
    ///   - known: failures of the base, which do not count.
    package init(
        runner: ProcessRunner, base: BaseEnvironment, allowed: [String], gate: CheckGate,
        sandbox: SandboxPolicy? = nil, cache: VerdictCache? = nil, known: KnownFailures = .none
    ) {
        self.runner = runner
        self.base = base
        self.allowed = allowed
        self.gate = gate
        self.sandbox = sandbox
        self.cache = cache
        self.known = known
    }

    /// Where checks run.
    package struct Place: Sendable {
        /// Absolute path of the checkout.
        package var checkout: String
        /// Absolute path of an existing directory for the full logs, `<name>-<number>.log`.
        package var logs: String
        package var job: JobPlace
        /// Seconds between SIGTERM and SIGKILL.
        package var grace: Double
        /// What lies in the checkout; nil where that is not known, and then no verdict answers and none is kept.
        package var subject: Subject?

        package init(
            checkout: String, logs: String, job: JobPlace, grace: Double = ProcessRequest.defaultGrace,
            subject: Subject? = nil
        ) {
            self.checkout = checkout
            self.logs = logs
            self.job = job
            self.grace = grace
            self.subject = subject
        }
    }

    /// The tree that checks judge.
    package struct Subject: Sendable {
        package var tree: ObjectID
        /// The checkout holds nothing that a worker could have left beside the tree.
        package var isClean: Bool
        /// Only verdicts from such checkouts answer.
        package var wantsClean: Bool
        /// No verdict answers: the same may have failed before, and is to be looked at again.
        package var isFresh: Bool
        /// Puts the tree back before a check is run again.
        ///
        /// Returns whether the checkout holds it then.
        package var restore: (@Sendable () async -> Bool)?

        package init(
            tree: ObjectID, isClean: Bool, wantsClean: Bool, isFresh: Bool = false,
            restore: (@Sendable () async -> Bool)? = nil
        ) {
            self.tree = tree
            self.isClean = isClean
            self.wantsClean = wantsClean
            self.isFresh = isFresh
            self.restore = restore
        }
    }

    /// Runs checks one after the other, each of them once for every file where its command holds `{file}`.
    ///
    /// None is run where the verdicts on the same tree are known for all of them, or up to the first red one. Where
    /// somebody else is just running the same, that is waited for.
    ///
    /// - Parameters:
    ///   - files: what `{file}` and `{files}` stand for; a check that names them is left out where there are none.
    ///   - tests: what `{affected_tests}` stands for; likewise.
    ///   - keepGoing: go on after a check that did not pass.
    /// - Returns: one result for each command that was run, in order; the last may be of a check that was cut short
    ///   because the calling task was cancelled, whose outcome is `.infrastructure`.
    package func run(
        _ checks: [Check], files: [String], tests: [String] = [], task: TaskID?, in place: Place,
        keepGoing: Bool = false
    ) async -> [CheckResult] {
        let steps = Self.steps(of: checks, files, tests, task, place.job.job)
        guard let cache, let subject = place.subject, let keys = keys(of: steps, subject, place.job, cache) else {
            return await runAll(steps, nil, in: place, keepGoing)
        }
        if subject.isFresh { return await runAll(steps, keys, in: place, keepGoing) }
        if let found = cache.answer(keys.map(\.answering), keepGoing: keepGoing) { return named(found, steps) }
        let list = Self.list(keys, subject, keepGoing)
        while let results = await cache.join(list) {
            if !results.isEmpty { return named(results.map(Self.asKnown), steps) }
            if Task.isCancelled { return steps.prefix(1).map(Self.cancelled) }
        }
        let results = await runAll(steps, keys, in: place, keepGoing)
        let isLasting = results.allSatisfy { $0.outcome == .passed || $0.outcome == .failed }
        cache.ended(list, isLasting ? results : [])
        return results
    }

    /// What is known of checks of a whole tree already, without a checkout of it; nil if anything has to be run.
    package func knownResults(
        _ checks: [Check], task: TaskID?, of subject: Subject, job: JobPlace, keepGoing: Bool = false
    ) -> [CheckResult]? {
        let steps = Self.steps(of: checks, [], [], task, nil)
        guard !subject.isFresh, let cache, let keys = keys(of: steps, subject, job, cache),
            let found = cache.answer(keys.map(\.answering), keepGoing: keepGoing)
        else { return nil }
        return named(found, steps)
    }

    /// As the plan calls the checks, and with what failed on the base taken into account.
    private func named(_ results: [CheckResult], _ steps: [Step]) -> [CheckResult] {
        zip(results, steps).map { result, step in
            var result = known.judge(result)
            result.name = step.check.name
            return result
        }
    }

    private static func asKnown(_ result: CheckResult) -> CheckResult {
        var result = result
        result.isKnown = true
        return result
    }

    private func runAll(
        _ steps: [Step], _ keys: [Keys]?, in place: Place, _ keepGoing: Bool
    ) async -> [CheckResult] {
        var results: [CheckResult] = []
        var verdicts: [Verdict] = []
        for (number, step) in steps.enumerated() {
            let (raw, runs) = await run(step, number + 1, in: place)
            if let keys, let subject = place.subject {
                let verdict = Verdict(
                    key: keys[number].own, tree: subject.tree, isClean: subject.isClean, runs: runs, result: raw)
                if verdict.isLasting { verdicts.append(verdict) }
            }
            if raw.seconds >= Self.worthStoring {
                cache?.add(verdicts)
                verdicts = []
            }
            let result = known.judge(raw)
            results.append(result)
            if Task.isCancelled || (!keepGoing && result.outcome != .passed) { break }
        }
        cache?.add(verdicts)
        return results
    }

    /// Runs a command, and again while it is red and may be run again.
    ///
    /// - Returns: what came of it, and how often it was run.
    private func run(_ step: Step, _ number: Int, in place: Place) async -> (CheckResult, runs: Int) {
        guard let command = step.command else { return (step.unwritable, 1) }
        let check = step.check
        let log = "\(place.logs)/\(Self.fileName(check.name))-\(number)"
        var result = await turn(check, command, in: place, log: "\(log).log")
        var runs = 1
        while runs <= check.retries, mayPassAgain(result), !Task.isCancelled {
            if let restore = place.subject?.restore, await !restore() {
                result.digest = "not run again: it has changed files of the tree\n\(result.digest)"
                break
            }
            var again = await turn(check, command, in: place, log: "\(log)-again-\(runs).log")
            if again.outcome == .passed { again.flakes = runs }
            runs += 1
            again.seconds += result.seconds
            result = again
        }
        return (result, runs)
    }

    private func mayPassAgain(_ result: CheckResult) -> Bool {
        switch result.outcome {
        case .failed: result.status != 126 && result.status != 127 && known.judge(result).outcome != .passed
        case .timedOut: true
        case .passed, .infrastructure: false
        }
    }

    private func turn(_ check: Check, _ command: String, in place: Place, log: String) async -> CheckResult {
        let result = await gate.run(exclusive: check.exclusive) {
            await execute(check, command, in: place, log: log)
        }
        return result ?? Self.cancelled(Step(check: check, command: command, unwritable: ""))
    }
}
