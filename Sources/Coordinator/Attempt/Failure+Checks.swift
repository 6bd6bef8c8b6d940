import Jobs
import Model
import Verification

extension Failure {
    /// Characters of a worker's output that a summary repeats.
    private static let said = 120

    /// What check results say against the work; nil if all have passed.
    init?(kind: Kind, of results: [CheckResult]) {
        let bad = results.filter { $0.outcome != .passed }
        guard let first = bad.first else { return nil }
        let verb = first.outcome == .timedOut ? "ran out of time" : "failed"
        let more = bad.count > 1 ? " and \(bad.count - 1) more" : ""
        self.init(
            kind: kind, summary: "check '\(first.name)' \(verb)\(more): \(first.command)",
            detail: bad.map { "$ \($0.command)\n\($0.digest)" }.joined(separator: "\n\n"))
        if bad.allSatisfy(\.isCompileFailure) { isDeterministic = true }
    }

    /// The failure with what matters of a worker's log.
    func withDetail(ofLogAt path: String, checkout: String) -> Failure {
        var failure = self
        // Without a log the summary has to do.
        failure.detail = (try? FailureDigest(checkout: checkout).digest(ofLogAt: path)) ?? ""
        if let said = failure.detail.split(separator: "\n").first { failure.summary += ": \(said.prefix(Self.said))" }
        return failure
    }
}
