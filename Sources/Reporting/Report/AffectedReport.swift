package import Model
package import Store

/// What the `affected` landing checks of a run have saved, and what they let through at first.
package struct AffectedReport: Sendable, Equatable {
    /// One check.
    package struct Row: Sendable, Equatable {
        package var check: String
        /// Candidates on which it ran whole, in part and not at all.
        package var whole = 0
        package var part = 0
        package var skipped = 0
        /// Seconds that its whole runs took; nil if it never ran whole.
        package var wholeSeconds: Double?
        /// Seconds that the other candidates would have cost more; nil if it never ran whole.
        package var saved: Double?
        /// Candidates on which only the whole check failed, with its tests as far as they are known.
        package var misses: [String] = []
    }

    package let rows: [Row]

    /// - Parameters:
    ///   - checks: the landing checks of all stages.
    ///   - candidates: those whose checks have ended, in order.
    package init(_ checks: [Check], _ candidates: [CandidateRecord]) {
        rows = checks.filter { $0.affected != nil }.map { Self.row($0, candidates) }
    }

    private static func row(_ check: Check, _ candidates: [CandidateRecord]) -> Row {
        var row = Row(check: check.name)
        var (wholeSeconds, partSeconds): ([Double], [Double]) = ([], [])
        for candidate in candidates {
            guard let result = candidate.checks.first(where: { $0.name == check.name }) else {
                // A list ends at its first red check.
                if [.passed, .landed].contains(candidate.state) { row.skipped += 1 }
                continue
            }
            guard result.command == check.wholeCommand else {
                row.part += 1
                if !result.isKnown { partSeconds.append(result.seconds) }
                continue
            }
            row.whole += 1
            if !result.isKnown { wholeSeconds.append(result.seconds) }
            if result.outcome == .failed {
                let tests = result.failedTests.prefix(3).joined(separator: ", ")
                row.misses.append("candidate \(candidate.number)" + (tests.isEmpty ? "" : ": \(tests)"))
            }
        }
        guard !wholeSeconds.isEmpty else { return row }
        let middle = wholeSeconds.sorted()[wholeSeconds.count / 2]
        row.wholeSeconds = middle
        row.saved = Double(row.skipped) * middle + partSeconds.reduce(0) { $0 + max(0, middle - $1) }
        return row
    }

    func lines(_ layout: Layout) -> [String] {
        var lines = Section.lines(
            "affected checks", layout,
            rows: rows.map { row in
                let runs = "\(row.whole) whole, \(row.part) in part, \(row.skipped) skipped"
                let saved = row.saved.map { ", about \(TimeText.span($0)) saved" } ?? ""
                return [.init(row.check), .init(runs + saved)]
            })
        for row in rows where !row.misses.isEmpty {
            lines += layout.wrapped(
                "'\(row.check)' failed whole on \(row.misses.joined(separator: "; ")): if the task there is not the cause, "
                    + "an earlier one landed without the tests that see it")
        }
        return lines
    }
}

extension AffectedReport {
    init(_ view: StoreView, _ run: RunRecord) throws(StoreError) {
        let checks = run.plan.stages.flatMap(\.verify.landing)
        // Most runs have no such check, and many candidates.
        let candidates = checks.contains { $0.affected != nil } ? try view.candidates(of: run.id) : []
        self.init(checks, candidates.filter { [.passed, .landed, .failed].contains($0.state) })
    }
}
