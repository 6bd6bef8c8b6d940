import ArgumentParser
import Coordinator
import Foundation
import Model
import TestSupport
import Testing

@testable import CommandLine
@testable import Store

/// A small run, written at fixed times.
enum SampleEvents {
    static let run = RunID("demo-1")
    static let start = Timestamp(seconds: 1_790_000_000)

    static func object(_ number: Int) throws -> ObjectID {
        let digits = String(number, radix: 16)
        return try #require(ObjectID(hex: digits + String(repeating: "0", count: 40 - digits.count)))
    }

    static func plan(_ name: String = "demo") -> Plan {
        Plan(
            name: name, goal: "Say new.", repository: "/repo",
            workers: WorkerRules(ladder: [Rung(worker: Worker(name: "sed", run: "sed -i s/old/new/ {files}"))]))
    }

    static func tasks(_ needs: [(String, [String])]) -> [MigrationTask] {
        needs.map { name, needs in
            MigrationTask(id: TaskID(name), title: name, files: [name], dependencies: needs.map { TaskID($0) })
        }
    }

    static func started(_ tasks: [MigrationTask], plan name: String = "demo") throws -> LoggedEvent.Body {
        .fact(.runStarted(.init(plan: plan(name), base: try object(1), tip: try object(1), tasks: tasks)))
    }

    static func event(_ body: LoggedEvent.Body, after seconds: Double = 0) -> LoggedEvent {
        LoggedEvent(sequence: 1, run: run, time: start + seconds, body: body)
    }

    static func start(_ task: String, _ attempt: Int = 1) -> LoggedEvent.Body {
        .decision(.start(.init(task: TaskID(task), attempt: attempt, rung: 0, reason: "depends on no other task")))
    }

    static func working(_ task: String) throws -> LoggedEvent.Body {
        .fact(.workerStarted(.init(task: TaskID(task), attempt: 1, worker: "sed", slot: 0, base: try object(1))))
    }

    static func verified(_ task: String, seconds: Double = 10) throws -> LoggedEvent.Body {
        .fact(
            .attemptVerified(
                .init(
                    task: TaskID(task), attempt: 1, worker: "sed", commit: try object(2), base: try object(1),
                    tree: try object(3), changes: [], checks: [], seconds: seconds, reason: "")))
    }

    static func landed(_ task: String) throws -> LoggedEvent.Body {
        .fact(.landed(.init(candidate: 1, commits: [.init(task: TaskID(task), commit: try object(0xabc))])))
    }
}

/// A repository with a state folder of its own and a store.
final class SampleStore: Sendable {
    let repository: ScratchRepository
    let state: StateFolder
    let environment: [String: String]

    init() throws {
        let directory = try ScratchDirectory("store")
        repository = try ScratchRepository("repo", in: directory)
        try repository.write("a.py", "old\n")
        try repository.commit()
        environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": repository.home,
            "XDG_STATE_HOME": directory.appending("state"), "GIT_CONFIG_NOSYSTEM": "1",
        ]
        state = try StateFolder(commonGitDirectory: repository.appending(".git"), environment: environment)
    }

    func add(_ run: String, _ bodies: LoggedEvent.Body...) throws {
        try state.make()
        _ = try EventStore(path: state.store).append(bodies, run: RunID(run), time: SampleEvents.start)
    }

    /// The choice that the arguments make.
    func choose(_ arguments: String...) throws -> RunChoice.Chosen {
        try RunChoice.parse(["--repo", repository.path] + arguments).choose(environment: environment)
    }
}
