/// Output of pytest: its short summary, compared with the counts of its last line.
struct PytestOutput: TestOutputReader {
    private var failed: [String] = []
    private var ran = 0
    private var gap: String?
    private var isInSummary = false
    private var hasEnded = false
    /// Failures of the current session.
    private var session: [String] = []

    private static let words: Set<String> = [
        "passed", "failed", "error", "errors", "skipped", "xfailed", "xpassed", "deselected", "warning", "warnings",
        "rerun",
    ]

    mutating func read(_ line: String) {
        if line.hasPrefix("="), line.contains(" short test summary info ") {
            isInSummary = true
            session = []
        } else if line.hasPrefix("!!!!"), isInSummary {
            gap = gap ?? "pytest did not run all tests: \(line.trimmed("! "))"
        } else if let counts = Self.counts(line) {
            end(counts)
        } else if isInSummary {
            if let rest = line.dropping("FAILED ") { session.append(Self.name(rest)) }
            // A test that cannot start differs from one that fails: a known failure must not hide it.
            if let rest = line.dropping("ERROR ") { session.append(Self.name(rest) + " (error)") }
        }
    }

    func report() -> TestReport? {
        guard hasEnded || isInSummary else { return nil }
        let cut = isInSummary ? "the output ends without pytest's counts" : nil
        return TestReport(failed: failed + session, ran: ran, gap: gap ?? cut)
    }

    private mutating func end(_ counts: [String: Int]) {
        let expected = counts["failed", default: 0] + counts["error", default: 0] + counts["errors", default: 0]
        if session.count != expected {
            gap = gap ?? "pytest counts \(expected) failures and names \(session.count); it must show its short summary"
        }
        for word in ["passed", "failed", "skipped", "xfailed", "xpassed"] { ran += counts[word, default: 0] }
        failed += session
        session = []
        isInSummary = false
        hasEnded = true
    }

    /// `=== 4 failed, 1 passed in 0.55s ===`, with or without the rulers.
    private static func counts(_ line: String) -> [String: Int]? {
        let parts = line.trimmed("= ").components(between: " in ")
        guard parts.count == 2, parts[1].first?.isNumber == true, parts[1].contains("s") else { return nil }
        var counts: [String: Int] = [:]
        for item in parts[0].components(between: ", ") {
            let pair = item.split(separator: " ")
            guard pair.count == 2, let number = TestReport.count(pair[0]), words.contains(String(pair[1])) else {
                return nil
            }
            counts[String(pair[1])] = number
        }
        return counts
    }

    /// Returns the node id of `path::test[a - b] - message`. Parameters may contain the separator too.
    private static func name(_ text: Substring) -> String {
        let dash = text.firstRange(of: " - ")
        if let bracket = text.firstIndex(of: "["), bracket < dash?.lowerBound ?? text.endIndex {
            if let end = text.firstRange(of: "] - ") { return String(text[...end.lowerBound]) }
            if text.hasSuffix("]") { return String(text) }
        }
        return String(text[..<(dash?.lowerBound ?? text.endIndex)])
    }
}
