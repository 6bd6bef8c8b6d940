import Foundation
import Model
import Store

// A coordinator that does nothing but append until it is killed; the store's tests start it as a second process.
// Usage: store-writer FOLDER [open]. After each transaction of five events their last number is written to standard
// output. With `open`, waits for the end of standard input, opens the store and ends.

let folder = CommandLine.arguments.dropFirst().first ?? "."
if CommandLine.arguments.last == "open" {
    _ = FileHandle.standardInput.readDataToEndOfFile()
    do {
        _ = try EventStore(path: "\(folder)/state.sqlite").nextRun(plan: "demo")
    } catch {
        FileHandle.standardError.write(Data("\(error)\n".utf8))
        exit(1)
    }
    exit(0)
}
let lock = try RunLock(folder: folder, plan: "demo")
let store = try EventStore(path: "\(folder)/state.sqlite")
let run = try store.nextRun(plan: "demo")
let task = TaskID("a")

guard let base = ObjectID(hex: String(repeating: "1", count: 40)) else { exit(1) }
let plan = Plan(
    name: "demo", goal: "", repository: "/repo",
    workers: WorkerRules(ladder: [Rung(worker: Worker(name: "codemod", run: "true"))]))
let tasks = [MigrationTask(id: task, title: "Migrate a", files: ["a"])]
try store.append(
    [.fact(.runStarted(.init(plan: plan, base: base, tip: base, tasks: tasks)))], run: run, time: Timestamp(seconds: 0))

var attempt = 0
while true {
    attempt += 1
    let failure = Failure(kind: .taskCheck, summary: "compiles failed")
    let events = try store.append(
        [
            .decision(.start(.init(task: task, attempt: attempt, rung: 0, reason: "attempt \(attempt)"))),
            .fact(.workerStarted(.init(task: task, attempt: attempt, worker: "codemod", slot: 0, base: base))),
            .fact(
                .attemptFailed(
                    .init(
                        task: task, attempt: attempt, worker: "codemod", base: base, failure: failure, checks: [],
                        seconds: 0))),
            .decision(.retry(.init(task: task, reason: "compiles failed"))),
            .decision(.wait(.init(task: task, reason: "no worker is free"))),
        ], run: run, time: Timestamp(seconds: Double(attempt)))
    FileHandle.standardOutput.write(Data("\(events.last?.sequence ?? 0)\n".utf8))
}
