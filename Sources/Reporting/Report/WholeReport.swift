import Model
import Store

/// What was found of the base and of the whole branch, and which checks cannot be relied on.
struct WholeReport: Sendable {
    /// nil where the plan has no such checks, or they have not been run yet.
    let baseline: WholeCheckRecord?
    let final: WholeCheckRecord?
    let flaky: [FlakeRate]

    init(_ view: StoreView, _ run: RunRecord) throws(StoreError) {
        baseline = try view.wholeCheck(.baseline, of: run.id)
        final = try view.wholeCheck(.final, of: run.id)
        flaky = try view.flakeRates(of: run.plan.name).filter { $0.flakes > 0 }
    }

    /// Whether the branch as a whole was found to be red.
    var isRed: Bool { final.map { !$0.hasPassed } ?? false }

    /// What to do about a red end.
    var next: String {
        "mend the branch by hand, or with a plan whose base it is; a check under verify.landing would have kept it out"
    }

    func lines(_ layout: Layout) -> [String] {
        var lines: [String] = []
        if let baseline, !baseline.hasPassed || baseline.checks.contains(where: { !$0.failedTests.isEmpty }) {
            lines += Section.lines("red on the base already", layout, CheckText.rows(baseline.checks))
        }
        if let final {
            let title = final.hasPassed ? "the whole branch" : "the whole branch is red at \(final.commit.short)"
            lines += Section.lines(title, layout, CheckText.rows(final.checks))
            for check in final.checks where check.outcome != .passed {
                lines += DetailText.lines(
                    Failure(kind: .landingCheck, summary: check.name, detail: check.digest), layout)
            }
        }
        lines += Section.lines(
            "flaky checks", layout,
            flaky.map {
                [.init($0.check), .init("red \($0.flakes) of \(Count.text($0.runs, "time")) on a tree that is green")]
            })
        return lines
    }
}
