import EditSamples
import Review
import Testing

/// The order in which groups are read, and the reasons for it.
@Suite struct RiskTests {
    @Test(arguments: 0..<8) func `all planted odd edits come first, whatever else is known`(seed: Int) {
        let run = SampleRun(seed: UInt64(seed), tasks: 300)
        var facts = run.commits.map { commit in
            var facts = RiskFacts()
            facts.attempts = commit.attempts
            facts.lines = commit.patch.lines
            return facts
        }
        // A regular commit with every other risk.
        let worst = (0..<300).first { run.planted[$0] == nil } ?? 0
        facts[worst].fanIn = 4000
        facts[worst].cycle = 90
        facts[worst].flaky = ["tests"]
        facts[worst].hasDissent = true
        facts[worst].rung = 2
        let queue = RankedGroup.queue(EditGroup.groups(of: run.commits), facts: facts)
        let odd = queue.count { $0.group.isOdd }
        #expect(queue.prefix(odd).allSatisfy { $0.group.isOdd })
        let first = Set(queue.prefix(odd).flatMap(\.group.members))
        #expect(run.planted.keys.allSatisfy(first.contains))
    }

    private func queue(_ change: (inout RiskFacts) -> Void) -> RankedGroup {
        let diff = "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-f(x)\n+g(x)\n"
        let commits = (0..<3).map { _ in EditedCommit(worker: "w", attempts: 1, patch: Patch(diff: diff)) }
        var facts = commits.map { _ in RiskFacts() }
        change(&facts[1])
        return RankedGroup.queue(EditGroup.groups(of: commits), facts: facts)[0]
    }

    @Test func `every risk is named with its commits`() {
        func reasons(_ change: (inout RiskFacts) -> Void) -> [String] {
            let reasons = queue(change).reasons
            #expect(reasons.allSatisfy { $0.members == [1] })
            return reasons.map { "\($0.kind.rawValue): \($0.text)" }
        }
        #expect(queue { _ in }.reasons.isEmpty)
        #expect(reasons { $0.fanIn = 9 } == ["fan-in: up to 9 files depend on one of its files"])
        #expect(reasons { $0.cycle = 4 } == ["cycle: 1 of 3 commits: in an import cycle of 4 files"])
        #expect(reasons { $0.attempts = 3 } == ["attempts: 1 of 3 commits: more than one attempt, up to 3"])
        #expect(reasons { $0.rung = 1 } == ["later-rung: 1 of 3 commits: done by a later worker of the ladder"])
        #expect(reasons { $0.hasDissent = true } == ["reviewers: 1 of 3 commits: the reviewers did not agree"])
        #expect(reasons { $0.flaky = ["tests"] } == ["flaky: 1 of 3 commits: flaky checks: tests"])
        #expect(
            reasons { $0.limits = ["9 of 10 changed lines"] } == [
                "limits: 1 of 3 commits: close to a limit: 9 of 10 changed lines"
            ])
        #expect(reasons { $0.unseen = ["b.py"] } == ["unseen: 1 of 3 commits: no landing check sees b.py"])
        #expect(
            reasons { $0.reason = "I am not sure" } == ["doubts: 1 of 3 commits: the worker has doubts: I am not sure"])
        #expect(reasons { $0.warnings = ["slow"] } == ["warning: 1 of 3 commits: a warning: slow"])
    }

    @Test func `reasons count in their order`() {
        let kinds = RiskReason.Kind.allCases.filter { $0 != .fanIn }
        func points(_ change: (inout RiskFacts) -> Void) -> Int { queue(change).points }
        let inOrder = [
            points { $0.cycle = 2 }, points { $0.attempts = 2 }, points { $0.rung = 1 },
            points { $0.hasDissent = true },
            points { $0.flaky = ["x"] }, points { $0.limits = ["x"] }, points { $0.unseen = ["x"] },
            points { $0.reason = "todo" }, points { $0.warnings = ["x"] },
        ]
        #expect(inOrder == inOrder.sorted(by: >) && Set(inOrder).count == inOrder.count && kinds.count == 11)
        #expect(points { $0.fanIn = 1000 } > inOrder[0])
    }

    @Test func `a commit that is larger than nearly all of its group is named`() {
        func diff(_ count: Int) -> String {
            "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1,\(count) +1,\(count) @@\n"
                + String(repeating: "-f(x)\n", count: count) + String(repeating: "+g(x)\n", count: count)
        }
        let commits = (0..<40).map {
            EditedCommit(worker: "w", attempts: 1, patch: Patch(diff: diff($0 == 7 ? 50 : 2)))
        }
        let facts = commits.map { commit in
            var facts = RiskFacts()
            facts.lines = commit.patch.lines
            return facts
        }
        let queue = RankedGroup.queue(EditGroup.groups(of: commits), facts: facts)
        #expect(queue.count == 1 && queue[0].reasons.map(\.kind) == [.size] && queue[0].reasons[0].members == [7])
    }
}
