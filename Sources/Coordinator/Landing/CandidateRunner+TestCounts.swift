import Git
import Model
import Synchronization
import Verification

extension CandidateRunner {
    /// Returns a verdict after comparing how many tests ran with those of the tip and of the base.
    ///
    /// Where the tip's tree has no verdict yet, its checks run once. That is the base of a run without `verify.baseline`.
    func counted(
        _ verdict: CommitVerdict, of candidate: Candidate, built: CandidateBuild.Result
    ) async throws -> CommitVerdict {
        guard verdict.isGreen, let last = built.commits.last, let task = context.register[last.task] else {
            return verdict
        }
        let affected = context.checks.stage(of: task).rules.landing.filter { $0.affected != nil }
        let counts = TestCountRule.counts(
            verdict.results.filter { result in
                !affected.contains { $0.name == result.name }
            })
        let wholeCounts = TestCountRule.counts(
            verdict.results.filter { result in
                affected.contains { $0.name == result.name && $0.wholeCommand == result.command }
            })
        guard !counts.isEmpty || !wholeCounts.isEmpty else { return verdict }
        let tip = candidate.tip
        // Where only a part of the tests ran on the tip, the last whole run is what there is to compare with.
        var before = [(counts: turns.testCounts(stage: task.stage), name: "an earlier tree of the branch")]
        if !counts.isEmpty { before.append((try await testCounts(at: tip, task), "the tip \(tip.short)")) }
        let keepsTests = context.checks.stage(of: task).stage.guards.tests == .keep
        // Small losses add up. Where tests may go, or the base moves, its count says nothing about later trees.
        if keepsTests, !context.plan.baseRules.follows, context.base != tip {
            let base = try await context.git { [base = context.base] (git) throws(GitError) in
                try git.repository.treeOf(base)
            }
            let known = context.testCounts[.init(tree: base, stage: task.stage)]
            before.append((known ?? [:], "the base \(context.base.short)"))
        }
        let mayDelete = keepsTests ? false : try await deletesTests(candidate)
        let results = TestCountRule.judge(verdict.results, before: before, mayDelete: mayDelete)
        let judged = CommitVerdict(results: results)
        if judged.isGreen {
            context.testCounts[.init(tree: built.tree, stage: task.stage)] = counts
            turns.ran(wholeCounts, stage: task.stage)
        }
        return judged
    }

    /// Returns how many tests the landing checks run on the tree of a commit.
    private func testCounts(at commit: ObjectID, _ task: MigrationTask) async throws -> [String: Int] {
        let tree = try await context.git { (git) throws(GitError) in try git.repository.treeOf(commit) }
        let key = TestCountMemory.Key(tree: tree, stage: task.stage)
        if let known = context.testCounts[key] { return known }
        let list = context.checks.stage(of: task).rules.landing.filter { $0.affected == nil }
        let check = context.commitCheck(of: task, logs: "counts-\(commit.short)")
        let counts = TestCountRule.counts(try await check.verdict(list, on: .init(commit: commit, tree: tree)).results)
        context.testCounts[key] = counts
        return counts
    }

    /// Whether fewer tests are declared in the files that a candidate changes than before.
    private func deletesTests(_ candidate: Candidate) async throws -> Bool {
        for verified in candidate.verified {
            let fewer = try await context.git { (git) throws(GitError) in
                let trees = (try git.repository.treeOf(verified.base), try git.repository.treeOf(verified.commit))
                var change = 0
                for file in verified.changes {
                    change += try git.declaredTests(at: file.path, inTree: trees.1)
                    change -= try git.declaredTests(at: file.path, inTree: trees.0)
                }
                return change < 0
            }
            if fewer { return true }
        }
        return false
    }
}

extension RunRepository {
    fileprivate func declaredTests(at path: String, inTree tree: ObjectID) throws(GitError) -> Int {
        guard let entry = try repository.entry(path, inTree: tree), entry.mode.isFile else { return 0 }
        return DeclaredTests.count(in: try repository.blob(entry.id), path: path)
    }
}

/// How many tests the landing checks of each stage ran on trees, by command.
final class TestCountMemory: Sendable {
    struct Key: Hashable, Sendable {
        var tree: ObjectID
        /// The position of the stage, whose checks ran.
        var stage: Int
    }

    private let known = Mutex<[Key: [String: Int]]>([:])

    subscript(key: Key) -> [String: Int]? {
        get { known.withLock { $0[key] } }
        set { known.withLock { $0[key] = newValue } }
    }
}
