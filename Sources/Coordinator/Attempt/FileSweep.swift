import Decomposition
import Foundation
import Git
package import Model
import Store

/// A run of the `done` checks on each file in scope at some commit. What it finds is kept, so a second look at the same
/// tree runs no command.
package struct FileSweep: Sendable {
    private let plan: Plan
    private let environment: [String: String]
    private let answersKnown: Bool

    /// - Parameter answersKnown: whether what an earlier look found on the same tree counts.
    package init(_ plan: Plan, environment: [String: String], answersKnown: Bool = true) {
        self.plan = plan
        self.environment = environment
        self.answersKnown = answersKnown
    }

    /// Returns the files at a commit.
    ///
    /// - Parameter progress: called with the number of files that have been checked, and of all.
    /// - Throws: `CoordinatorError.emptyScope` if the commit has no file in scope; `StoreError.locked` if a run is active and
    ///   checks have to be run.
    package func look(
        at revision: String, progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws -> FileLook {
        var plan = plan
        plan.base = revision
        // A branch that no run makes, so that the tasks are those of the commit.
        plan.integration = "\(BranchNames.integrations)/\(plan.name).check"
        let setup = try RunSetup(plan: plan, environment: environment)
        let commit = try setup.repository.resolve(revision)
        let tree = try setup.repository.treeOf(commit)
        let path = "\(setup.state.path)/progress/\(plan.name)/\(tree.hex).\(key(of: plan).prefix(16)).json"
        if answersKnown, let known = Self.load(path) { return FileLook(commit: commit, files: known.files) }
        let outlook = try await setup.outlook()
        let tasks = Self.tasks(outlook.list.tasks)
        let sweep = DoneSweep(setup, environment: environment, answersKnown: answersKnown)
        let findings = try await sweep.findings(tasks.map(\.task), at: commit) { progress($0, tasks.count) }
        let opens = Dictionary(findings.map { ($0.task, $0.openCheck) }) { $0 ?? $1 }
        var files: [String: FileLook.File] = [:]
        for (task, file) in tasks {
            guard let open = opens[task.id], let entry = try setup.repository.entry(file, inTree: tree) else {
                continue
            }
            files[file] = .init(path: file, blob: entry.id, openCheck: files[file]?.openCheck ?? open)
        }
        let look = FileLook(commit: commit, files: files.values.sorted { $0.path < $1.path })
        try Self.save(look, to: path)
        return look
    }

    /// One task for each file of each stage: a task of several files would hide which one is open.
    private static func tasks(_ tasks: [MigrationTask]) -> [(task: MigrationTask, file: String)] {
        var seen: Set<String> = []
        var count = 0
        return tasks.filter { !$0.isGate }.flatMap { task in
            task.files.compactMap { file -> (task: MigrationTask, file: String)? in
                guard seen.insert("\(task.stage) \(file)").inserted else { return nil }
                count += 1
                return (
                    MigrationTask(id: TaskID("file-\(count)"), title: file, files: [file], stage: task.stage), file
                )
            }
        }
    }

    /// Names everything of the plan that decides whether a file is done.
    private func key(of plan: Plan) -> String {
        var key = SHA256Key("files")
        for stage in plan.stages {
            key.add([stage.name] + stage.scope.include + ["but"] + stage.scope.exclude)
            key.add(stage.verify.done.flatMap { [$0.name, $0.run] })
        }
        return key.text
    }

    private static func load(_ path: String) -> FileLook? {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else { return nil }
        return try? JSONDecoder().decode(FileLook.self, from: data)
    }

    private static func save(_ look: FileLook, to path: String) throws {
        let file = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try JSONEncoder().encode(look).write(to: file, options: .atomic)
    }
}
