package import Model

/// The tests and checks that already failed on the base.
package struct KnownFailures: Sendable {
    private let tests: TestNameSet
    private let baseline: [String: CheckResult]
    /// The results that this was made from.
    package let results: [CheckResult]

    /// Maximum number of test names in one line of a digest.
    private static let listed = 20

    package static let none = KnownFailures([])

    /// - Parameter baseline: results of the checks of `verify.baseline` on the base.
    package init(_ baseline: [CheckResult]) {
        results = baseline
        tests = TestNameSet(baseline.flatMap(\.failedTests))
        self.baseline = Dictionary(baseline.map { ($0.command, $0) }) { first, _ in first }
    }

    /// Returns why the failed tests of a red check cannot be compared with those of another run; nil if they can.
    package static func objection(to result: CheckResult) -> String? {
        if result.outcome != .failed { return "it did not run to its end" }
        if let gap = result.testGap { return gap }
        return result.failedTests.isEmpty ? "no failed test could be read from its output" : nil
    }

    /// Returns a result after applying the known failures: a check passes if all its failed tests failed on the base too.
    ///
    /// If it is unclear whether something new failed, the check fails.
    package func judge(_ result: CheckResult) -> CheckResult {
        guard result.outcome == .failed, !tests.isEmpty else { return result }
        var judged = result
        let new = tests.missing(from: result.failedTests)
        let note: String
        if let objection = Self.objection(to: result) {
            note = "failures of the base cannot be told from new ones: \(objection)"
        } else if !new.isEmpty {
            let shown = new.prefix(Self.listed).joined(separator: ", ")
            note = "new failures, not on the base: \(shown)\(new.count > Self.listed ? " and more" : "")"
        } else if let objection = differenceFromBase(result) {
            note = objection
        } else {
            judged.outcome = .passed
            let count = result.failedTests.count
            judged.digest = "all failures are known from the base: \(count) test\(count == 1 ? "" : "s")"
            return judged
        }
        judged.digest = [note, result.digest].filter { !$0.isEmpty }.joined(separator: "\n")
        return judged
    }

    /// Returns how the result differs from that of the same command on the base, beyond the names of failed tests; nil if
    /// it does not.
    private func differenceFromBase(_ result: CheckResult) -> String? {
        guard let before = baseline[result.command] else { return nil }
        if before.outcome == .passed { return "it passed on the base" }
        if before.status != result.status {
            return "exit status \(result.status) differs from \(before.status) on the base"
        }
        if let ran = result.testsRun, let ranBefore = before.testsRun, ran < ranBefore {
            return "\(Count.text(ran, "test")) ran, \(ranBefore) on the base; the missing tests may have failed"
        }
        return nil
    }
}
