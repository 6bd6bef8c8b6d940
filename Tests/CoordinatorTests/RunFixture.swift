import Foundation
import Git
import Jobs
import Model
import Store
import TestSupport
import Testing

@testable import Coordinator

/// A real repository with a plan, and the parts of a coordinator on it that has not started anything.
final class RunFixture {
    let repository: ScratchRepository
    let plan: Plan
    let base: ObjectID
    let tasks: [MigrationTask]
    let state: StateFolder
    let inbox = FactInbox()
    let context: RunContext
    let git: RunRepository

    /// - Parameters:
    ///   - files: of the base commit.
    ///   - tasks: each a file, with the files of the tasks that it needs.
    ///   - change: of the plan, before anything is made.
    init(
        files: [String: String] = ["a.txt": "a\n", "b.txt": "b\n"], tasks: [(file: String, needs: [String])] = [],
        plan change: (inout Plan) -> Void = { _ in }
    ) throws {
        repository = try ScratchRepository()
        base = try #require(ObjectID(hex: try repository.commit(files)))
        var plan = Plan(
            name: "p", goal: "Do it.", repository: repository.path, base: "main",
            workers: WorkerRules(maxParallel: 2, ladder: [Rung(worker: Worker(name: "w", run: "true"))]),
            sandbox: SandboxRules(mode: .off))
        change(&plan)
        // What one of the stages' rules says, the plan's own rules say too.
        plan.stages = [
            Stage(
                name: Stage.onlyName, scope: plan.scope, decompose: plan.decompose, ladder: plan.workers.ladder,
                verify: plan.verify, guards: plan.guards)
        ]
        self.plan = plan
        let listed = tasks.isEmpty ? files.keys.sorted().map { ($0, []) } : tasks
        self.tasks = listed.map { file, needs in
            MigrationTask(id: TaskID(file), title: file, files: [file], dependencies: needs.map { TaskID($0) })
        }
        let environment = repository.environment.merging(["HOME": repository.home]) { $1 }
        let opened = try Repository(at: repository.path, environment: environment)
        state = try StateFolder(commonGitDirectory: opened.commonDirectory, environment: environment)
        try state.make()
        let store = try EventStore(path: state.store)
        let started = Fact.RunStarted(plan: plan, base: base, tip: base, tasks: self.tasks)
        let run = RunID("p-1")
        let events = try store.append([.fact(.runStarted(started))], run: run, time: .now)
        let prepared = PreparedRun(
            run: run, started: started, plan: plan, changes: [], events: events, repository: opened, state: state,
            store: store, lock: try RunLock(folder: state.path, plan: "p"), earlierCommands: [], isResumed: false,
            notes: [], answersKnown: true)
        context = try RunContext(prepared, environment: environment, inbox: inbox, observer: SilentObserver())
        git = try RunRepository(
            opened, run: run, plan: plan,
            graph: BaseGraph(repository: opened, base: base, cachePath: state.graphCache))
    }

    /// Commits files on top of another commit, without a branch, and returns the commit.
    func commit(_ files: [String: String?], on parent: ObjectID, message: String = "change") throws -> ObjectID {
        let changes = try files.sorted { $0.key < $1.key }.map { path, text in
            (path, try text.map { (FileMode.regular, try git.repository.writeBlob(Array($0.utf8))) })
        }
        let tree = try git.repository.tree(base: git.repository.treeOf(parent), applying: changes)
        let signature = Signature(name: "n", email: "e@example.com", seconds: 1)
        return try git.repository.commit(
            tree: tree, parents: [parent], message: message, author: signature, committer: signature)
    }

    /// Points a branch at a commit.
    func set(_ branch: String, to commit: ObjectID) throws {
        try repository.git("update-ref", "refs/heads/\(branch)", commit.hex)
    }

    /// The text of a file of a commit.
    func text(_ path: String, in commit: ObjectID) throws -> String {
        try repository.git("show", "\(commit.hex):\(path)")
    }

    /// A verified attempt at a task, as its commit.
    func verified(_ file: String, _ text: String, on base: ObjectID, attempt: Int = 1) throws -> Fact.AttemptVerified {
        let commit = try commit([file: text], on: base, message: "p: \(file)\n\nOrchestrate-Task: \(file)")
        return Fact.AttemptVerified(
            task: TaskID(file), attempt: attempt, worker: "w", commit: commit, base: base,
            tree: try git.repository.treeOf(commit), changes: [ChangedPath(path: file, added: 1, removed: 1)],
            checks: [], seconds: 1, reason: "because")
    }

    /// What lies in the inbox, which must not be empty.
    func facts() async throws -> [Fact] { try await inbox.takeAll() }
}

/// Nobody watches.
struct SilentObserver: RunObserver {
    func began(_ run: RunID, tasks: [MigrationTask], events: [LoggedEvent], leftovers: Int) {}
    func happened(_ events: [LoggedEvent], counts: [TaskState: Int]) {}
    func entered(_ phase: RunPhase, task: TaskID) {}
}

extension LoggedEvent {
    /// A log of one run, event after event, a second apart.
    static func log(_ bodies: [LoggedEvent.Body]) -> [LoggedEvent] {
        bodies.enumerated().map { number, body in
            LoggedEvent(
                sequence: Int64(number + 1), run: RunID("p-1"), time: Timestamp(seconds: Double(number)), body: body)
        }
    }
}
