import Foundation
import Git
import Jobs
package import Model
import Store
import Verification

/// A parallel run of the `done` checks of all tasks, without workers. It finds the tasks that are already done.
///
/// Reviewers are not asked, since that may cost money. Only their known verdicts count.
package struct DoneSweep: Sendable {
    package struct Finding: Sendable, Equatable {
        package var task: TaskID
        /// Name of the first check or review that has not passed; nil for a task that is done.
        package var openCheck: String?
        /// Whether all commands passed and a reviewer would have to be asked.
        package var needsReview = false

        package var isDone: Bool { openCheck == nil }
    }

    private let repository: Repository
    private let state: StateFolder
    private let plan: Plan
    private let environment: BaseEnvironment
    private let answersKnown: Bool

    /// - Parameters:
    ///   - environment: the program's environment. The plan selects the variables that checks see.
    ///   - answersKnown: whether a known verdict on the same tree replaces a check.
    package init(_ setup: RunSetup, environment: [String: String], answersKnown: Bool = true) {
        self.answersKnown = answersKnown
        repository = setup.repository
        state = setup.state
        plan = setup.plan
        self.environment = BaseEnvironment(coordinator: environment)
    }

    /// Runs the checks.
    ///
    /// - Parameters:
    ///   - tasks: tasks of the plan. Gates, and tasks whose stage has no `done` check, are left out.
    ///   - commit: the commit to check.
    ///   - progress: called with the number of tasks that have been checked, from several threads.
    /// - Returns: one finding for each task that was checked, in the order of the tasks.
    /// - Throws: `StoreError.locked` if a run of the plan is active, because this uses its slots.
    package func findings(
        _ tasks: [MigrationTask], at commit: ObjectID, progress: @escaping @Sendable (Int) -> Void
    ) async throws -> [Finding] {
        try state.make()
        let lock = try RunLock(folder: state.path, plan: plan.name)
        let runner = ProcessRunner(marker: "\(state.path):\(plan.name)-check")
        _ = await runner.sweep()
        let (plan, environment) = (plan, SlotSetup.environment(environment, of: plan, in: state))
        let slots = try await slots(at: commit, environment)
        // Only a run writes to the store, so new verdicts are valid within this sweep only.
        let cache =
            FileManager.default.fileExists(atPath: state.store)
            ? try StoreReader(path: state.store).read { view in
                try CheckSetup.cache(view, plan: plan.name, run: nil, answers: answersKnown)
            } : VerdictCache(answers: answersKnown)
        let setup = CheckSetup(
            services: JobServices(
                runner: runner, environment: environment,
                sandbox: try SandboxPolicy(plan, of: repository, state: state, environment: environment)), cache: cache)
        let repository = repository
        let subject = CommitCheck.Subject(
            commit: commit, tree: try await blocking { () throws(GitError) in try repository.treeOf(commit) })
        let looked = tasks.filter { !$0.isGate && plan.stages[$0.stage].verify.knowsDone }
        let findings = try await withThrowingTaskGroup(of: (Int, Finding).self) { group in
            var found = [Finding?](repeating: nil, count: looked.count)
            var count = 0
            for (index, task) in looked.enumerated() {
                // One task for each slot at a time; more would only wait.
                if index >= plan.workers.maxParallel, let (done, finding) = try await group.next() {
                    found[done] = finding
                    count += 1
                    progress(count)
                }
                group.addTask { (index, try await look(at: task, on: subject, in: slots, setup: setup)) }
            }
            for try await (done, finding) in group {
                found[done] = finding
                count += 1
                progress(count)
            }
            return found.compactMap { $0 }
        }
        lock.release()
        return findings
    }

    /// Returns the slots of workers, set up for a commit.
    private func slots(at commit: ObjectID, _ environment: BaseEnvironment) async throws -> SlotPool {
        let setup = try await blocking { [plan, repository, state] in
            try SlotSetup(plan, of: repository, state: state, environment: environment)
        }
        _ = try await setup.prepare(at: commit)
        return SlotPool(
            folder: "\(state.slots)/\(plan.name)", target: repository, numbers: 0..<plan.workers.maxParallel,
            setup: setup)
    }

    private func look(
        at task: MigrationTask, on subject: CommitCheck.Subject, in slots: SlotPool, setup: CheckSetup
    ) async throws -> Finding {
        try await slots.withSlot(plan.stages[task.stage].setup) { slot in
            try await look(at: task, on: subject, in: slot, setup: setup)
        }
    }

    private func look(
        at task: MigrationTask, on subject: CommitCheck.Subject, in slot: SlotLease, setup: CheckSetup
    ) async throws -> Finding {
        try await slot.move(to: subject.commit)
        let verify = plan.stages[task.stage].verify
        let logs = "\(state.logs)/\(plan.name)-check/\(task.id)"
        try await blocking {
            try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
        }
        let results = await setup.checks(verify).run(
            verify.done, files: task.files, task: task.id,
            in: .init(
                checkout: slot.treePath, logs: logs,
                job: JobPlace(run: RunID("\(plan.name)-check"), task: task.id, slot: slot.number),
                subject: .init(
                    tree: subject.tree, isLanding: false, setup: try await slot.setupKey(of: subject.commit)
                ) {
                    await slot.restore(subject.commit)
                }))
        if let failed = results.first(where: { $0.outcome != .passed }) {
            return Finding(task: task.id, openCheck: failed.name)
        }
        let memory = ReviewMemory(plan: plan, environment: environment, cache: setup.cache)
        let repository = repository
        let known = try await blocking { () throws(GitError) in
            try KnownReviews(verify.doneReviewers, of: task, in: subject.tree, repository, memory: memory)
        }
        return switch known {
        case .approved: Finding(task: task.id)
        case .rejected(let result): Finding(task: task.id, openCheck: result.name)
        case .notAsked(let reviewer): Finding(task: task.id, openCheck: reviewer.checkName, needsReview: true)
        }
    }
}
