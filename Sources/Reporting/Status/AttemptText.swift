import Model
import Store

/// An attempt with its result, changes, checks and failure.
enum AttemptText {
    /// - Parameter budget: of the attempt's step in the ladder.
    static func lines(
        _ attempt: AttemptRecord, budget: AttemptBudget?, _ layout: Layout, now: Timestamp
    ) -> [String] {
        let seconds = attempt.seconds ?? (attempt.ended ?? now) - attempt.started
        var title = "attempt \(attempt.number)  \(attempt.worker ?? "no worker")  \(TimeText.span(seconds))"
        if let base = attempt.base { title += "  on \(base.short)" }
        var rows: [[TextTable.Cell]] = [[.init(outcome(attempt), role(attempt))]]
        let counted = UsageText.Counted(requests: attempt.requests, workerTime: budget?.workerTime.map { _ in seconds })
        if let used = UsageText.words(attempt.usage, counted, limits: .init(budget)) {
            rows.append([.init("used \(used)")])
        }
        rows += attempt.changes.map { [.init("\($0.path)  +\($0.added) -\($0.removed)")] }
        rows += CheckText.rows(attempt.checks)
        return Section.lines(title, layout, rows: rows) + DetailText.lines(attempt.failure, layout)
    }

    private static func outcome(_ attempt: AttemptRecord) -> String {
        if let failure = attempt.failure { return FailureText.line(failure) }
        switch attempt.state {
        case .running: return "running: \(attempt.cause)"
        case .verified: return "verified"
        case .alreadyDone: return "already done"
        case .failed: return "failed"
        case .interrupted: return "interrupted"
        case .split: return "split the task; its changes were dropped"
        }
    }

    private static func role(_ attempt: AttemptRecord) -> Style.Role {
        switch attempt.state {
        case .running: .busy
        case .verified, .alreadyDone: .good
        case .failed: .bad
        case .interrupted, .split: .faint
        }
    }
}

/// The results of checks, one a line.
enum CheckText {
    static func rows(_ checks: [CheckResult]) -> [[TextTable.Cell]] {
        checks.map { check in
            [
                .init(check.name), .init(TimeText.span(check.seconds)),
                .init(outcome(check), check.outcome == .passed ? .good : .bad),
            ]
        }
    }

    /// `passed`, `failed (exit status 1): a, b`, with the failed tests and whether the result is cached or flaky.
    private static func outcome(_ check: CheckResult) -> String {
        if check.isReview { return reviewOutcome(check) }
        var words = check.outcome.rawValue
        if check.outcome == .failed { words += " (exit status \(check.status))" }
        if check.isKnown { words += ", cached for this tree" }
        if check.flakes > 0 { words += " after failing \(Count.text(check.flakes, "time")): flaky" }
        guard !check.failedTests.isEmpty else { return words }
        if check.outcome == .passed {
            return "\(words), except \(Count.text(check.failedTests.count, "test")) that failed on the base"
        }
        return "\(words): \(VerdictText.names(check.failedTests))"
    }

    /// `approved`, or `rejected: ` with the reviewer's first line.
    private static func reviewOutcome(_ check: CheckResult) -> String {
        switch check.outcome {
        case .passed: return "approved"
        case .failed:
            let line = check.digest.split(whereSeparator: \.isNewline).first.map { ": \($0)" } ?? ""
            return "rejected\(line)"
        case .timedOut, .infrastructure: return "gave no answer"
        }
    }

    /// `compiles 0.3 s, tests 12.1 s`.
    static func summary(_ checks: [CheckResult]) -> String {
        checks.map { check in
            let word = check.isReview && check.outcome == .failed ? "rejected" : check.outcome.rawValue
            let outcome = check.outcome == .passed ? "" : " \(word)"
            let cached = check.isKnown ? " cached" : ""
            let flaky = check.flakes > 0 ? " flaky" : ""
            return "\(check.name) \(TimeText.span(check.seconds))\(outcome)\(cached)\(flaky)"
        }.joined(separator: ", ")
    }
}

/// A failure on one line.
enum FailureText {
    /// The summary; where it does not lead with a place, the kind of failure goes before it.
    static func line(_ failure: Failure) -> String {
        if let place = failure.place, failure.summary.hasPrefix(place) { return failure.summary }
        return "\(failure.kind.rawValue): \(failure.summary)"
    }
}

/// The places and the digest of a failure.
enum DetailText {
    /// Lines of a digest that are shown; the log of the check has all of them.
    static let lineLimit = 20

    static func lines(_ failure: Failure?, _ layout: Layout) -> [String] {
        guard let failure else { return [] }
        // The summary names the first place already.
        var texts = failure.places.filter { !failure.summary.hasPrefix($0) }.map { "at \($0)" }
        let detail =
            failure.detail.isEmpty ? [] : failure.detail.split(omittingEmptySubsequences: false) { $0.isNewline }
        texts += detail.prefix(lineLimit).map(String.init)
        if detail.count > lineLimit { texts.append("… and \(Count.text(detail.count - lineLimit, "more line"))") }
        return texts.map { text in
            let line = "    | \(TextWidth.safe(text))"
            return layout.style.paint(layout.width.map { TextWidth.fit(line, $0) } ?? line, .faint)
        }
    }
}
