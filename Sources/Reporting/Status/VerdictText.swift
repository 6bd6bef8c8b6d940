import Model

/// Results of baseline and final checks, and flaky checks, on one line.
enum VerdictText {
    /// Names of tests that a line lists.
    static let namesShown = 5

    static func flaky(_ rate: FlakeRate) -> String {
        "'\(rate.check)' failed \(rate.flakes) of \(Count.text(rate.runs, "time")) on trees that also passed"
    }

    /// `tests 12.1 s failed: a, b and 3 more`.
    static func whole(_ checks: [CheckResult]) -> String {
        let failed = checks.flatMap(\.failedTests)
        let summary = CheckText.summary(checks)
        return failed.isEmpty ? summary : "\(summary): \(names(failed))"
    }

    static func names(_ tests: [String]) -> String {
        let shown = tests.prefix(namesShown).joined(separator: ", ")
        return tests.count > namesShown ? "\(shown) and \(tests.count - namesShown) more" : shown
    }
}
