import Foundation
import Model
import Store
import Testing

/// A folder of its own for one test, gone with the test.
final class Scratch {
    let path: String
    var store: String { "\(path)/state.sqlite" }

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "orchestrate-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

func object(_ number: Int) throws -> ObjectID {
    let digits = String(number, radix: 16)
    return try #require(ObjectID(hex: String(repeating: "0", count: 40 - digits.count) + digits))
}

func samplePlan(_ name: String = "demo") -> Plan {
    Plan(
        name: name, goal: "Replace a by b.", repository: "/repo",
        workers: WorkerRules(ladder: [Rung(worker: Worker(name: "codemod", run: "sed -i s/a/b/ {files}"))]))
}

func sampleTask(_ id: String, needs: [String] = []) -> MigrationTask {
    MigrationTask(
        id: TaskID(id), title: "Migrate \(id)", files: ["\(id).py"], dependencies: needs.map { TaskID($0) },
        figures: MigrationTask.Figures(lines: 10, fanIn: 1, fanOut: needs.count))
}

func passed(_ name: String = "tests") -> CheckResult {
    CheckResult(name: name, command: "true", outcome: .passed, status: 0, seconds: 0.5)
}

extension LoggedEvent.Body {
    static func runStarted(_ tasks: [MigrationTask], plan: Plan = samplePlan()) throws -> Self {
        .fact(.runStarted(.init(plan: plan, base: try object(1), tip: try object(1), tasks: tasks)))
    }

    static func start(_ task: String, attempt: Int = 1) -> Self {
        .decision(.start(.init(task: TaskID(task), attempt: attempt, rung: 0, reason: "ready")))
    }

    static func verified(_ task: String, attempt: Int = 1) throws -> Self {
        .fact(
            .attemptVerified(
                .init(
                    task: TaskID(task), attempt: attempt, worker: "codemod", commit: try object(100 + attempt),
                    base: try object(1), tree: try object(200),
                    changes: [ChangedPath(path: "\(task).py", added: 2, removed: 1)], checks: [passed("compiles")],
                    seconds: 2.5, reason: "a is gone")))
    }

    static func failed(_ task: String, attempt: Int = 1) -> Self {
        .fact(
            .attemptFailed(
                .init(
                    task: TaskID(task), attempt: attempt, worker: "codemod", base: nil,
                    failure: Failure(kind: .taskCheck, summary: "compiles failed", detail: "line 3: bad"), checks: [],
                    seconds: 1)))
    }

    static func check(_ candidate: Int, _ tasks: [String]) -> Self {
        .decision(
            .check(
                .init(candidate: candidate, tasks: tasks.map { TaskID($0) }, after: nil, reason: "first in the queue")))
    }

    static func landed(_ candidate: Int, _ tasks: [String]) throws -> Self {
        .fact(
            .landed(
                .init(
                    candidate: candidate,
                    commits: try tasks.enumerated().map {
                        .init(task: TaskID($0.element), commit: try object(1000 + candidate * 10 + $0.offset))
                    })))
    }
}

/// Runs SQL in another process, by Python's own SQLite.
func sqlite(_ path: String, _ sql: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit()"
    process.arguments = ["python3", "-c", script, path, sql]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
}
