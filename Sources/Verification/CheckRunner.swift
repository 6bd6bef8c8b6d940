package import Jobs
package import Model

/// Runs checks and says what they gave.
package struct CheckRunner: Sendable {
    private let runner: ProcessRunner
    private let base: BaseEnvironment
    /// Environment of every check, from the plan.
    private let allowed: [String]
    private let gate: CheckGate
    private let sandbox: SandboxPolicy?

    /// Bytes of output after which a check is ended: it has run away.
    private static let outputLimit = 1 << 30
    /// Bytes kept of a check's log.
    private static let logKept = 10 << 20
    private static let signalKill: Int32 = 9

    /// - Parameters:
    ///   - allowed: `VerifyRules.environment` of the plan.
    ///   - gate: shared by all checks of a run.
    ///   - sandbox: nil for none.
    package init(
        runner: ProcessRunner, base: BaseEnvironment, allowed: [String], gate: CheckGate, sandbox: SandboxPolicy? = nil
    ) {
        self.runner = runner
        self.base = base
        self.allowed = allowed
        self.gate = gate
        self.sandbox = sandbox
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

        package init(checkout: String, logs: String, job: JobPlace, grace: Double = ProcessRequest.defaultGrace) {
            self.checkout = checkout
            self.logs = logs
            self.job = job
            self.grace = grace
        }
    }

    /// Runs checks one after the other, each of them once for every file where its command holds `{file}`.
    ///
    /// - Parameters:
    ///   - files: what `{file}` and `{files}` stand for; a check that names them is left out where there are none.
    ///   - tests: what `{affected_tests}` stands for; likewise.
    ///   - keepGoing: go on after a check that did not pass.
    /// - Returns: one result for each command that was run, in order; the last may be of a check that was cut short
    ///   because the calling task was cancelled, whose outcome is `.infrastructure`.
    package func run(
        _ checks: [Check], files: [String], tests: [String] = [], task: TaskID, in place: Place,
        keepGoing: Bool = false
    ) async -> [CheckResult] {
        var results: [CheckResult] = []
        for check in checks {
            let commands: [String]
            do {
                commands = try CommandTemplate(check.run).expand(
                    files: files, task: task, job: place.job.job, tests: tests)
            } catch {
                results.append(Self.unwritable(check, error))
                if keepGoing { continue } else { return results }
            }
            for command in commands {
                let log = "\(place.logs)/\(Self.fileName(check.name))-\(results.count + 1).log"
                let result = await gate.run(exclusive: check.exclusive) {
                    await run(check, command, in: place, log: log)
                }
                results.append(result ?? Self.cancelled(check, command))
                if Task.isCancelled || (!keepGoing && results.last?.outcome != .passed) { return results }
            }
        }
        return results
    }

    private func run(_ check: Check, _ command: String, in place: Place, log: String) async -> CheckResult {
        let environment = base.environment(allowed: allowed + check.environment, place: place.job)
        let outcome = await runner.run(
            ProcessRequest(
                command: .shell(command), directory: place.checkout, environment: environment.variables,
                output: .combined(log), timeout: check.timeout, outputLimit: Self.outputLimit, grace: place.grace,
                sandbox: sandbox?.sandbox(
                    writable: [place.checkout], readable: [place.job.job].compactMap { $0 }, network: check.network,
                    limits: check.limits)))
        var result = CheckResult(
            name: check.name, command: command, outcome: .passed, status: outcome.status, seconds: outcome.seconds)
        let headline: String?
        (result.outcome, headline) = Self.judge(outcome, check)
        let trimmed = Result { () throws(JobsError) in
            try KeptLog.trim(log, to: Self.logKept, secrets: environment.secrets)
        }
        guard result.outcome != .passed else { return result }
        let digest = FailureDigest(checkout: place.checkout, folders: place.job.job.map { [($0, "<job>")] } ?? [])
        var lines = [headline].compactMap { $0 }
        do {
            try trimmed.get()
            lines.append(try digest.digest(ofLogAt: log))
        } catch {
            lines.append("\(error)")
        }
        result.digest = lines.filter { !$0.isEmpty }.joined(separator: "\n")
        return result
    }

    /// What an ending says of the tree, with a line for people where the output alone does not tell.
    private static func judge(_ outcome: ProcessOutcome, _ check: Check) -> (CheckResult.Outcome, String?) {
        switch outcome.ending {
        case .exited(0): (.passed, nil)
        case .exited(127): (.failed, "exit status 127: the command was not found")
        case .exited(126): (.failed, "exit status 126: the command cannot be executed")
        // A shell tells of a child's signal this way. Nobody here sent it: most likely the memory ran out.
        case .exited(128 + signalKill), .signalled(signalKill):
            (.infrastructure, "ended by SIGKILL, most likely because the machine ran out of memory")
        case .exited(let status): (.failed, "exit status \(status)")
        case .signalled(let number): (.failed, "ended by signal \(number)")
        case .timedOut: (.timedOut, "still running after \(Self.words(check.timeout)); it was ended")
        case .outputLimit: (.failed, "ended after more than \(outputLimit >> 20) MiB of output")
        case .cancelled: (.infrastructure, "cancelled")
        case .couldNotStart(let reason): (.infrastructure, "could not be started: \(reason)")
        }
    }

    /// Not the machine's fault: the same files would give the same again.
    private static func unwritable(_ check: Check, _ error: any Error) -> CheckResult {
        CheckResult(
            name: check.name, command: check.run, outcome: .failed, status: 126, seconds: 0, digest: "\(error)")
    }

    private static func cancelled(_ check: Check, _ command: String) -> CheckResult {
        CheckResult(
            name: check.name, command: command, outcome: .infrastructure, status: 0, seconds: 0, digest: "cancelled")
    }

    private static func words(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
    }

    /// A check's name as part of a file name.
    private static func fileName(_ name: String) -> String {
        let letters = name.unicodeScalars.map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)) ? scalar : "-"
        }
        return String(String.UnicodeScalarView(letters).prefix(60))
    }
}
