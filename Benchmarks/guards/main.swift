import Foundation
import Git
import Model
import Verification

// guards-benchmark REPOSITORY [COMMITS]: runs the guards on each commit of a real project and prints their objections and
// their cost. People change tests and add suppressions on purpose, so this is not a rate of false alarms; it shows what each
// guard recognises.
let arguments = CommandLine.arguments
guard arguments.count > 1 else {
    print("guards-benchmark REPOSITORY [COMMITS]")
    exit(2)
}
let repository = try Repository(at: arguments[1], environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"])
let most = arguments.count > 2 ? Int(arguments[2]) ?? 500 : 500
let stage = Plan(
    name: "history", goal: "-", repository: arguments[1],
    workers: WorkerRules(ladder: [Rung(worker: Worker(name: "none", run: "true"))]),
    guards: GuardRules(write: .repository)
).stages[0]
let guards = try GuardList(stage)
let task = MigrationTask(id: TaskID("history"), title: "history", files: ["-"])

var tip = try repository.resolve("HEAD")
var times: [Double] = []
var objected = 0
while times.count < most {
    let commit = try repository.commit(tip)
    guard let parent = commit.parents.first else { break }
    let changes = try repository.diff(from: repository.treeOf(parent), to: commit.tree)
    // Processor time, so that other load on the machine does not count.
    let start = clock()
    let failure = try guards.judge(changes, of: task) { (id) throws(GitError) in try repository.blob(id) }
    times.append(Double(clock() - start) / Double(CLOCKS_PER_SEC) * 1000)
    if let failure, failure.kind == .guardRule {
        objected += 1
        print(
            "\(commit.id.short) \(commit.subject)\n  \(failure.detail.split(separator: "\n").joined(separator: "\n  "))"
        )
    }
    tip = parent
}
times.sort()
func share(_ part: Double, of times: [Double]) -> String {
    times.isEmpty ? "-" : String(format: "%.2f", times[min(times.count - 1, Int(Double(times.count) * part))])
}
let shares = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)].map { "\($0) \(share($1, of: times))" }.joined(separator: ", ")
print("\(times.count) commits, \(objected) objected to; CPU ms a commit: \(shares)")
