import Foundation
import Synchronization
import TestSupport

/// A migration of many small files, each of which needs an earlier one.
final class Migration: Sendable {
    static let count = 60

    let directory: ScratchDirectory
    let repository: ScratchRepository
    /// A word that no other test's processes have in their arguments.
    let mark = "mark-\(UUID().uuidString)"

    init() throws {
        directory = try ScratchDirectory("cluster")
        repository = try ScratchRepository("target", in: directory)
        for folder in ["state", "shared"] { try directory.makeDirectory(folder) }
        var files: [String: String] = [:]
        for number in 0..<Self.count {
            files["f\(number).py"] = number > 0 ? "import f\(number / 2)\nold\n" : "old\n"
        }
        try repository.commit(files)
    }

    /// The tree that the migration gives in the slots of this machine.
    static let localTree: Result<String, any Error> = Result {
        let migration = try Migration()
        let result = try migration.run(on: nil)
        guard result.status == 0 else { throw ScratchProcessFailure(command: ["migrate"], result: result) }
        return try migration.tree()
    }

    private func environment(_ machines: (any Machines)?) -> [String: String] {
        let own = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": repository.home,
            "XDG_STATE_HOME": directory.appending("state"), "LC_ALL": "C.UTF-8", "COLUMNS": "100", "TZ": "UTC",
            "GIT_CONFIG_NOSYSTEM": "1", "TRACE": directory.appending("shared/trace"),
        ]
        return own.merging(machines?.environment ?? [:]) { $1 }
    }

    private func describe(_ machines: any Machines) throws {
        let lines = machines.entry.split(separator: "\n").map { "    \($0)\n" }.joined()
        let folder = try directory.makeDirectory("home/.config/orchestrate")
        try "version: 1\nexecutors:\n  - name: farm\n\(lines)".write(
            toFile: "\(folder)/executors.yaml", atomically: true, encoding: .utf8)
    }

    private func writePlan(_ machines: (any Machines)?) throws -> String {
        let path = directory.appending("plan.yaml")
        try """
        version: 1
        name: demo
        goal: Say new instead of old.
        repository: \(repository.path)
        base: main
        scope: {include: ["*.py"]}
        \(machines == nil ? "" : "executor: farm")
        workers:
          max_parallel: 8
          environment: [TRACE]
          ladder:
            - run: ": \(mark); echo {task} >>$TRACE; sleep 0.3; sed -i s/old/new/g {files}"
        verify:
          probe: off
          done: [{run: "! grep -q old {file}"}]
          landing: [{run: "! grep -L import f[1-9].py | grep -q ."}]
        sandbox: {write: ["\(directory.appending("shared"))"]}

        """.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// How many workers have started so far.
    var started: Int {
        let text = (try? String(contentsOfFile: directory.appending("shared/trace"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").count
    }

    func orchestrate(_ arguments: [String], on machines: (any Machines)?) throws -> ScratchProcessResult {
        try TestSupport.run(
            BuiltProgram.orchestrate, arguments, in: repository.path, environment: environment(machines), input: [],
            limit: 400)
    }

    /// Runs the migration to its end.
    /// - Parameter meanwhile: called while it runs.
    func run(on machines: (any Machines)?, meanwhile: () -> Void = {}) throws -> ScratchProcessResult {
        if let machines { try describe(machines) }
        let plan = try writePlan(machines)
        let outcome = Mutex<Result<ScratchProcessResult, any Error>?>(nil)
        let hasEnded = DispatchSemaphore(value: 0)
        Thread.detachNewThread { [self] in
            let result = Result { try orchestrate(["migrate", "--plan", plan, "--quiet"], on: machines) }
            outcome.withLock { $0 = result }
            hasEnded.signal()
        }
        meanwhile()
        hasEnded.wait()
        guard let result = outcome.withLock({ $0 }) else { throw NoOutcome() }
        return try result.get()
    }

    private struct NoOutcome: Error {}

    func tree() throws -> String { try repository.git("rev-parse", "orchestrate/demo^{tree}") }

    /// Tasks on the integration branch, one for each commit.
    func landed() throws -> [String] {
        try repository.git(
            "log", "--first-parent", "--format=%(trailers:key=Orchestrate-Task,valueonly,separator=)",
            "main..orchestrate/demo"
        ).split(separator: "\n").map(String.init)
    }
}
