package import Jobs
package import Model

/// Runs checks and returns their results.
package struct CheckRunner: Sendable {
    let runner: ProcessRunner
    let base: BaseEnvironment
    /// Environment entries of every check, from the plan.
    package let allowed: [String]
    let sandbox: SandboxPolicy?
    private let gate: CheckGate
    let cache: VerdictCache?
    package let known: KnownFailures

    /// Seconds. The verdict of a check that took at least as long is stored at once, not at the end of the list.
    private static let worthStoring = 1.0

    /// - Parameters:
    ///   - allowed: `VerifyRules.environment` of the plan.
    ///   - gate: shared by all checks of a run.
    ///   - sandbox: nil to run checks without a sandbox.
    ///   - cache: verdicts that replace running a check, and to which new ones are added; nil for none.
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
        /// Absolute path of an existing directory for the complete logs, `<name>-<number>.log`.
        package var logs: String
        package var job: JobPlace
        /// Seconds between SIGTERM and SIGKILL.
        package var grace: Double
        /// The content of the checkout. nil if it is unknown; then no verdict is used or stored.
        package var subject: Subject?
        /// Called with the coverage that a check measured, after it has passed.
        package var measured: (@Sendable (CoverageReport) -> Void)?

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
    ///
    /// A verdict from a landing slot answers everywhere. One from a slot that workers use answers in such slots only,
    /// whatever the slot seems to contain.
    package struct Subject: Sendable {
        package var tree: ObjectID
        /// The checkout is a landing slot, in which no worker has been.
        package var isLanding: Bool
        /// No verdict is used: the checks run again, although they may have failed before.
        package var isFresh: Bool
        /// Names what the set-up has put into the checkout beside the tree; empty for nothing. Verdicts depend on it.
        package var setup: String
        /// Makes the checkout a fresh one of the tree, before a check is run again. Returns whether that succeeded.
        package var restore: (@Sendable () async -> Bool)?

        package init(
            tree: ObjectID, isLanding: Bool, isFresh: Bool = false, setup: String = "",
            restore: (@Sendable () async -> Bool)? = nil
        ) {
            self.tree = tree
            self.isLanding = isLanding
            self.isFresh = isFresh
            self.setup = setup
            self.restore = restore
        }
    }

    /// Runs checks one after another. A check whose command contains `{file}` runs once for every file.
    ///
    /// Runs nothing if verdicts on the same tree are known for all checks, or up to the first red one. Waits if the same
    /// list is already running elsewhere.
    ///
    /// - Parameters:
    ///   - files: values of `{file}` and `{files}`. Without files, checks that use them are skipped.
    ///   - tests: values of `{affected_tests}`. Without tests, checks that use it are skipped.
    ///   - keepGoing: whether to continue after a check that did not pass.
    /// - Returns: one result for each command that ran, in order. If the calling task is cancelled, the last result has the
    ///   outcome `.infrastructure`.
    package func run(
        _ checks: [Check], files: [String], tests: [String] = [], task: TaskID?, in place: Place,
        keepGoing: Bool = false
    ) async -> [CheckResult] {
        let steps = Self.steps(of: checks, files: files, tests: tests, task: task, job: place.job.job)
        let keys = keys(of: steps, on: place.subject, job: place.job)
        return await results(of: steps, keys, isFresh: place.subject?.isFresh ?? true, keepGoing: keepGoing) {
            Performed(results: await runAll(steps, keys: keys, in: place, keepGoing: keepGoing))
        }
    }

    /// Judges a whole tree by checks that run on another machine. Verdicts are used and stored as by `run`.
    ///
    /// - Parameter carry: runs the checks there.
    package func results(
        of checks: [Check], task: TaskID?, on subject: Subject, job: JobPlace, keepGoing: Bool,
        carriedOutBy carry: @Sendable () async -> Carried
    ) async -> [CheckResult] {
        let steps = Self.steps(of: checks, files: [], tests: [], task: task, job: nil)
        let keys = keys(of: steps, on: subject, job: job)
        return await results(of: steps, keys, isFresh: subject.isFresh, keepGoing: keepGoing) {
            let isExclusive = checks.contains(where: \.exclusive)
            switch await gate.run(exclusive: isExclusive, carry) {
            case .turns(let turns)?:
                if let keys { cache?.add(zip(turns, keys).compactMap { Self.verdict($0, $1, on: subject) }) }
                return Performed(results: named(turns.map(\.result), steps))
            case .notRun(let result)?: return Performed(results: [result], isAboutTree: false)
            case nil: return Performed(results: steps.prefix(1).map(Self.cancelled), isAboutTree: false)
            }
        }
    }

    /// What came from the machine that was to run checks.
    package enum Carried: Sendable {
        /// One turn for each command that ran, in order.
        case turns([CheckTurn])
        /// No check ran; the result says why.
        case notRun(CheckResult)
    }

    private struct Performed {
        var results: [CheckResult]
        /// Whether others who wait for the same checks may use the results.
        var isAboutTree = true
    }

    /// Runs checks of a whole tree for another machine, which knows its verdicts itself.
    package func turns(of checks: [Check], task: TaskID?, in place: Place, keepGoing: Bool) async -> [CheckTurn] {
        let steps = Self.steps(of: checks, files: [], tests: [], task: task, job: nil)
        return await turns(of: steps, in: place, keepGoing: keepGoing) { _ in }
    }

    /// Returns known verdicts on all steps, or the results of running them. Waits if the same list is already running.
    private func results(
        of steps: [Step], _ keys: [Keys]?, isFresh: Bool, keepGoing: Bool, _ perform: () async -> Performed
    ) async -> [CheckResult] {
        guard let cache, let keys, !isFresh else { return await perform().results }
        if let found = cache.answer(keys.map(\.answering), keepGoing: keepGoing) { return named(found, steps) }
        let list = Self.listKey(of: keys, keepGoing: keepGoing)
        while let results = await cache.join(list) {
            if !results.isEmpty { return named(results.map(Self.asKnown), steps) }
            if Task.isCancelled { return steps.prefix(1).map(Self.cancelled) }
        }
        let performed = await perform()
        let isLasting =
            performed.isAboutTree
            && performed.results.allSatisfy { $0.outcome == .passed || $0.outcome == .failed }
        cache.ended(list, isLasting ? performed.results : [])
        return performed.results
    }

    /// Returns the results of checks of a whole tree from verdicts alone, without a checkout; nil if a check must be run.
    package func knownResults(
        _ checks: [Check], task: TaskID?, of subject: Subject, job: JobPlace, keepGoing: Bool = false
    ) -> [CheckResult]? {
        let steps = Self.steps(of: checks, files: [], tests: [], task: task, job: nil)
        guard !subject.isFresh, let cache, let keys = keys(of: steps, on: subject, job: job),
            let found = cache.answer(keys.map(\.answering), keepGoing: keepGoing)
        else { return nil }
        return named(found, steps)
    }

    /// Gives results the names of the plan's checks and applies the known failures.
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
        _ steps: [Step], keys: [Keys]?, in place: Place, keepGoing: Bool
    ) async -> [CheckResult] {
        var verdicts: [Verdict] = []
        var number = 0
        let turns = await turns(of: steps, in: place, keepGoing: keepGoing) { turn in
            if let keys, let subject = place.subject, let verdict = Self.verdict(turn, keys[number], on: subject) {
                verdicts.append(verdict)
            }
            number += 1
            if turn.result.seconds >= Self.worthStoring {
                cache?.add(verdicts)
                verdicts = []
            }
        }
        cache?.add(verdicts)
        return turns.map { known.judge($0.result) }
    }

    /// - Parameter ended: called after each command.
    private func turns(
        of steps: [Step], in place: Place, keepGoing: Bool, _ ended: (CheckTurn) -> Void
    ) async -> [CheckTurn] {
        var turns: [CheckTurn] = []
        for (number, step) in steps.enumerated() {
            let turn = await run(step, after: steps.prefix(number), in: place)
            turns.append(turn)
            ended(turn)
            if Task.isCancelled || (!keepGoing && known.judge(turn.result).outcome != .passed) { break }
        }
        return turns
    }

    /// Returns the verdict to store; nil if the command did not run to its end.
    private static func verdict(_ turn: CheckTurn, _ keys: Keys, on subject: Subject) -> Verdict? {
        let verdict = Verdict(
            key: keys.own, tree: subject.tree, isClean: subject.isLanding, runs: turn.runs, result: turn.result)
        return verdict.isLasting ? verdict : nil
    }

    /// Runs a command, and runs it again while it is red and its check allows retries.
    ///
    /// - Parameter earlier: the commands that ran before it in this checkout.
    /// - Returns: the last result, and how often the command ran.
    private func run(_ step: Step, after earlier: ArraySlice<Step>, in place: Place) async -> CheckTurn {
        guard let command = step.command else { return CheckTurn(result: step.unwritable, runs: 1) }
        let check = step.check
        let log = "\(place.logs)/\(Self.fileName(check.name))-\(earlier.count + 1)"
        var result = await turn(check, command, in: place, log: "\(log).log")
        var runs = 1
        while runs <= check.retries, mayPassAgain(result), !Task.isCancelled {
            if let restore = place.subject?.restore {
                guard await restore() else {
                    result.digest = "not run again: the files of the tree could not be restored\n\(result.digest)"
                    break
                }
                await build(earlier.filter { $0.check != check }, in: place, log: "\(log)-before-\(runs).log")
            }
            var again = await turn(check, command, in: place, log: "\(log)-again-\(runs).log")
            if again.outcome == .passed { again.flakes = runs }
            runs += 1
            again.seconds += result.seconds
            result = again
        }
        return CheckTurn(result: result, runs: runs)
    }

    /// Runs commands for what they leave in a fresh checkout, such as build output that a later command needs.
    private func build(_ steps: [Step], in place: Place, log: String) async {
        for step in steps {
            guard let command = step.command, !Task.isCancelled else { continue }
            _ = await turn(step.check, command, in: place, log: log)
        }
    }

    private func mayPassAgain(_ result: CheckResult) -> Bool {
        switch result.outcome {
        case .failed:
            result.status != 126 && result.status != 127 && !CompilerErrors.explain(result)
                && known.judge(result).outcome != .passed
        case .timedOut: true
        case .passed, .infrastructure: false
        }
    }

    private func turn(_ check: Check, _ command: String, in place: Place, log: String) async -> CheckResult {
        let result = await gate.run(exclusive: check.exclusive) {
            await execute(check, command, in: place, log: log)
        }
        return result ?? Self.cancelled(Step(check: check, command: command))
    }
}
