import Model

/// What checks of a whole branch, and flaky ones, are said to be.
enum VerdictText {
    /// Names of tests that a line lists.
    static let namesShown = 5

    static func flaky(_ rate: FlakeRate) -> String {
        "check '\(rate.check)' was red on a tree that is green, \(rate.flakes) of \(Count.text(rate.runs, "time"))"
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
