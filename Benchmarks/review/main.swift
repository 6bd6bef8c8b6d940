import EditSamples
import Foundation
import Git
import Model
import Review

// usage: review-benchmark                    a random run of 3,000 tasks
//        review-benchmark REPO BASE BRANCH   the commits of a branch
//
// Prints the changed lines to read without groups and with them, and how long the grouping took.

func report(_ name: String, _ commits: [EditedCommit]) {
    let clock = ContinuousClock()
    var groups: [EditGroup] = []
    let time = clock.measure { groups = EditGroup.groups(of: commits) }
    let all = commits.reduce(0) { $0 + $1.patch.lines }
    let read = groups.flatMap(\.examples).reduce(0) { $0 + commits[$1].patch.lines }
    let odd = groups.filter(\.isOdd)
    print(
        "\(name): \(commits.count) commits, \(groups.count) groups (\(odd.count) odd), lines to read \(all) without groups, "
            + "\(read) with them (\(String(format: "%.1f", 100 * Double(read) / Double(max(1, all)))) %), grouped in "
            + String(format: "%.2f s", time / .seconds(1)))
}

let arguments = CommandLine.arguments.dropFirst()
if arguments.count == 3, let folder = arguments.first {
    let (base, branch) = (arguments[2], arguments[3])
    let repository = try Repository(at: folder, environment: ProcessInfo.processInfo.environment)
    let range = try repository.commits(from: repository.resolve(base), to: repository.resolve(branch))
    let commits = try range.map { commit in
        let before = try commit.parents.first.map { try repository.treeOf($0) }
        let worker = commit.body.split(separator: "\n").first { $0.hasPrefix("Orchestrate-Worker: ") }
        return EditedCommit(
            worker: worker.map(String.init) ?? "", attempts: 1,
            patch: Patch(diff: try repository.patch(from: before, to: commit.tree, context: 0)))
    }
    report(folder, commits)
} else {
    for seed in 1...3 {
        let run = SampleRun(seed: UInt64(seed), tasks: 3000)
        report("3,000 tasks, \(run.migrations.joined(separator: " and "))", run.commits)
    }
}
