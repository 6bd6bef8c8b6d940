import Jobs
import Model
import Verification
import Workers

extension Failure {
    /// Characters of a worker's output that a summary repeats.
    private static let said = 120

    /// Creates the failure that check results report; nil if all checks have passed. The summary leads with the place and
    /// the message of the first failure.
    init?(kind: Kind, of results: [CheckResult]) {
        let bad = results.filter { $0.outcome != .passed }
        guard let first = bad.first else { return nil }
        let more = bad.count > 1 ? " and \(bad.count - 1) more" : ""
        let cause = first.outcome == .timedOut ? nil : FailureCause(in: first.digest)
        let lead = cause.map { cause in (cause.place.map { "\($0) " } ?? "") + cause.message }
        self.init(
            kind: kind,
            summary: lead.map { "\($0) (check '\(first.name)'\(more))" } ?? Self.withoutCause(first, more: more),
            detail: bad.map { "$ \($0.command)\n\($0.digest)" }.joined(separator: "\n\n"),
            places: [cause?.place].compactMap { $0 })
        if bad.allSatisfy(CompilerErrors.explain) { isDeterministic = true }
    }

    /// `check 'spelling' failed: 3 words are wrong (exit status 1)`: the end of the output, or else the command.
    private static func withoutCause(_ result: CheckResult, more: String) -> String {
        let lines = result.digest.split(separator: "\n").map { String($0).onOneLine }.filter { !$0.isEmpty }
        let verb = result.outcome == .timedOut ? "ran out of time" : "failed"
        let said = lines.count > 1 ? lines.last : nil
        let status = lines.first.map { " (\($0))" } ?? ""
        return "check '\(result.name)' \(verb)\(more): \(said?.shortened(to: Self.said) ?? result.command)\(status)"
    }

    /// A program that cannot be found, as one of the results says; nil if none does.
    init?(missingProgramIn results: [CheckResult], isOnBase: Bool = false) {
        for result in results where result.outcome == .failed {
            let missing = Failure(
                missingProgramOf: "check '\(result.name)'", command: result.command, status: result.status,
                output: result.digest, isOnBase: isOnBase)
            guard let missing else { continue }
            self = missing
            return
        }
        return nil
    }

    /// Returns the failure with a hint at a file that is there and that no job sees.
    func withHint(of missing: MissingFile) -> Failure {
        guard let hint = missing.hint(for: detail) else { return self }
        var failure = self
        failure.detail += "\nhint: \(hint)"
        return failure
    }

    /// Returns the failure with a digest of the worker's log.
    func withDetail(ofLogAt path: String, checkout: String) -> Failure {
        var failure = self
        // If the log cannot be read, only the summary remains.
        failure.detail = (try? FailureDigest(checkout: checkout).digest(ofLogAt: path)) ?? ""
        if let cause = FailureCause(in: failure.detail) {
            failure.places = [cause.place].compactMap { $0 } + failure.places
            failure.summary += ": " + ([cause.place, cause.message].compactMap { $0 }.joined(separator: " "))
        } else if let said = failure.detail.split(separator: "\n").first {
            failure.summary += ": \(said.prefix(Self.said))"
        }
        return failure
    }
}
