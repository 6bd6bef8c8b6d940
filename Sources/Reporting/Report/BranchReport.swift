import Model
import Store

/// Results of `verify.baseline` and `verify.final`, and the checks that are flaky.
struct BranchReport: Sendable {
    /// nil where the plan has no such checks, or they have not run yet.
    let baseline: WholeCheckRecord?
    let final: WholeCheckRecord?
    let flaky: [FlakeRate]

    init(_ view: StoreView, _ run: RunRecord) throws(StoreError) {
        baseline = try view.wholeCheck(.baseline, of: run.id)
        final = try view.wholeCheck(.final, of: run.id)
        flaky = try view.flakeRates(of: run.plan.name).filter { $0.flakes > 0 }
    }

    /// Whether a final check failed.
    var isRed: Bool { final.map { !$0.hasPassed } ?? false }

    /// What to do where a final check failed.
    var next: String {
        "fix the branch by hand, or with a plan that has it as its base; add the check to verify.landing to catch it earlier"
    }

    func lines(_ layout: Layout) -> [String] {
        var lines: [String] = []
        if let baseline, !baseline.hasPassed || baseline.checks.contains(where: { !$0.failedTests.isEmpty }) {
            lines += Section.lines("failing on the base already", layout, rows: CheckText.rows(baseline.checks))
        }
        if let final {
            let title = final.hasPassed ? "final checks" : "final checks failed at \(final.commit.short)"
            lines += Section.lines(title, layout, rows: CheckText.rows(final.checks))
            for check in final.checks where check.outcome != .passed {
                lines += DetailText.lines(
                    Failure(kind: .landingCheck, summary: check.name, detail: check.digest), layout)
            }
        }
        lines += Section.lines(
            "flaky checks", layout,
            rows: flaky.map {
                [
                    .init($0.check),
                    .init("failed \($0.flakes) of \(Count.text($0.runs, "time")) on trees that also passed"),
                ]
            })
        return lines
    }
}
