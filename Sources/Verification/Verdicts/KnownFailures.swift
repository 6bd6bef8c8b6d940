package import Model

/// What was red on the base already, by the names of tests.
package struct KnownFailures: Sendable {
    private let tests: Set<String>
    private let baseline: [String: CheckResult]

    /// Names of tests that a line of a digest lists.
    private static let listed = 20

    package static let none = KnownFailures([])

    /// - Parameter baseline: results of the checks of `verify.baseline` on the base.
    package init(_ baseline: [CheckResult]) {
        tests = Set(baseline.flatMap(\.failedTests))
        self.baseline = Dictionary(baseline.map { ($0.command, $0) }) { first, _ in first }
    }

    /// Whether a red baseline check can be told from a later, worse one; otherwise why it cannot.
    package static func objection(to result: CheckResult) -> String? {
        if result.outcome != .failed { return "it did not come to an end" }
        if let gap = result.testGap { return gap }
        return result.failedTests.isEmpty ? "no failed test could be read from its output" : nil
    }

    /// The result with what is known taken into account: a check passes if all that fails failed on the base too.
    ///
    /// Whatever leaves it open whether something new fails counts as a failure.
    package func judge(_ result: CheckResult) -> CheckResult {
        guard result.outcome == .failed, !tests.isEmpty else { return result }
        var judged = result
        let new = result.failedTests.filter { !tests.contains($0) }
        let note: String
        if let objection = Self.objection(to: result) {
            note = "what failed on the base already cannot be told from what is new: \(objection)"
        } else if !new.isEmpty {
            let shown = new.prefix(Self.listed).joined(separator: ", ")
            note = "failed, and did not on the base: \(shown)\(new.count > Self.listed ? " and more" : "")"
        } else if let objection = differenceFromBase(result) {
            note = objection
        } else {
            judged.outcome = .passed
            judged.digest = "only what failed on the base already: \(result.failedTests.count) tests"
            return judged
        }
        judged.digest = [note, result.digest].filter { !$0.isEmpty }.joined(separator: "\n")
        return judged
    }

    /// The same command ended in another way than on the base, or ran fewer tests: the names alone do not tell all.
    private func differenceFromBase(_ result: CheckResult) -> String? {
        guard let before = baseline[result.command] else { return nil }
        if before.outcome == .passed { return "it passed on the base" }
        if before.status != result.status {
            return "exit status \(result.status) differs from \(before.status), which it was on the base"
        }
        if let ran = result.testsRun, let ranBefore = before.testsRun, ran < ranBefore {
            return "\(ran) tests ran, and \(ranBefore) did on the base; those that are missing may have failed"
        }
        return nil
    }
}
