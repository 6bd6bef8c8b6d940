import Foundation
import Jobs
import Model

extension CheckRunner {
    /// Bytes of output after which a check is ended as runaway.
    private static let outputLimit = 1 << 30
    /// Bytes kept of a check's log.
    private static let logKept = 10 << 20
    private static let signalKill: Int32 = 9

    /// The environment of a check: the base environment, what the plan allows, and what the check itself adds.
    func environment(of check: Check, at place: JobPlace) -> JobEnvironment {
        base.environment(general: allowed, own: check.environment, place: place)
    }

    /// Runs a command once.
    ///
    /// - Parameters:
    ///   - log: absolute path of the file for its output.
    ///   - input: its standard input.
    func execute(
        _ check: Check, _ command: String, in place: Place, log: String, input: ProcessRequest.Input = .closed
    ) async -> CheckResult {
        let environment = environment(of: check, at: place.job)
        // Output is appended, and tests of an earlier run must not be counted.
        unlink(log)
        let start = Date()
        // The output is appended, and tests are counted in the whole log: that of an earlier run must not be in it.
        try? FileManager.default.removeItem(atPath: log)
        let outcome = await runner.run(
            ProcessRequest(
                command: .shell(command), directory: place.checkout, environment: environment.variables,
                input: input, output: .combined(log), timeout: check.timeout, outputLimit: Self.outputLimit,
                grace: place.grace,
                sandbox: sandbox?.sandbox(
                    writable: [place.checkout], readable: [place.job.job].compactMap { $0 },
                    network: check.network?.filledIn(from: environment.variables), path: environment.variables["PATH"]),
                limits: check.limits.completed(by: .standard)))
        var result = CheckResult(
            name: check.name, command: command, outcome: .passed, status: outcome.status, seconds: outcome.seconds)
        let headline: String?
        (result.outcome, headline) = Self.judge(outcome, check)
        let trimmed = Result { () throws(JobsError) in
            try LogTrimmer.trim(log, to: Self.logKept, secrets: environment.secrets)
        }
        guard result.outcome != .passed else {
            // Without a count the check has passed all the same.
            result.testsRun = try? TestReportReader(checkout: place.checkout).testsRun(
                check.report, log: log, since: start)
            if let pattern = check.coverage, let measured = place.measured,
                let report = try? CoverageReader(checkout: place.checkout).read(pattern, since: start)
            {
                measured(report)
            }
            return result
        }
        let digest = FailureDigest(checkout: place.checkout, folders: place.job.job.map { [($0, "<job>")] } ?? [])
        var lines = [headline].compactMap { $0 }
        do {
            try trimmed.get()
            lines.append(try digest.digest(ofLogAt: log))
            if result.outcome == .failed { try readTests(of: check, log: log, since: start, in: place, into: &result) }
        } catch {
            lines.append("\(error)")
        }
        result.digest = lines.filter { !$0.isEmpty }.joined(separator: "\n")
        let missing = MissingFile(command: command, checkout: place.checkout, hidden: sandbox?.hidden ?? [])
        if let hint = missing.hint(for: result.digest) { result.digest += "\nhint: \(hint)" }
        return result
    }

    private func readTests(
        of check: Check, log: String, since start: Date, in place: Place, into result: inout CheckResult
    ) throws(JobsError) {
        let reader = TestReportReader(checkout: place.checkout)
        result.testsRun = try reader.testsRun(check.report, log: log, since: start)
        guard let report = try reader.report(check.report, log: log, since: start) else { return }
        result.failedTests = report.failed
        result.testGap = report.gap
    }

    /// Returns what an ending means for the tree, with a line of explanation if the output alone may not show it.
    private static func judge(_ outcome: ProcessOutcome, _ check: Check) -> (CheckResult.Outcome, String?) {
        switch outcome.ending {
        case .exited(0): (.passed, nil)
        case .exited(127): (.failed, "exit status 127: the command was not found")
        case .exited(126): (.failed, "exit status 126: the command cannot be executed")
        // A shell reports the signal of a child this way. This program did not send it, so most likely memory ran out.
        case .exited(128 + signalKill), .signalled(signalKill):
            (.infrastructure, "ended by SIGKILL, most likely because the machine ran out of memory")
        case .exited(let status): (.failed, "exit status \(status)")
        case .signalled(let number): (.failed, "ended by signal \(number)")
        case .timedOut: (.timedOut, "still running after \(words(check.timeout)); it was ended")
        case .idle: (.failed, "ended after being idle for too long")
        case .limit(let limit): (.failed, "ended: \(limit)")
        case .outputLimit: (.failed, "ended after more than \(outputLimit >> 20) MiB of output")
        case .cancelled: (.infrastructure, "cancelled")
        case .couldNotStart(let reason): (.infrastructure, "could not be started: \(reason)")
        }
    }

    private static func words(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
    }
}
