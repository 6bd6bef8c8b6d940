import Foundation
package import Git
import Jobs
import Model
package import Store

/// The removal of finished runs' slots, job folders and logs, and of task branches whose commits are on other branches.
package struct CleanUp: Sendable {
    /// An item that was removed, or would be.
    package struct Removal: Sendable, Equatable {
        package enum Subject: String, Sendable, Codable {
            case slots
            case jobs
            case logs
            case branch
        }

        package var plan: String
        package var subject: Subject
        /// Absolute path, or the branch's name.
        package var name: String
        /// Bytes on the disk; 0 for a branch.
        package var size: Int
    }

    /// An item that is kept, with the reason.
    package struct Stay: Sendable, Equatable {
        package var plan: String
        package var name: String
        package var reason: String
    }

    package struct Result: Sendable, Equatable {
        package var removed: [Removal] = []
        package var kept: [Stay] = []
    }

    private let repository: Repository
    private let state: StateFolder

    package init(repository: Repository, state: StateFolder) {
        self.repository = repository
        self.state = state
    }

    /// Removes the items.
    /// - Parameters:
    ///   - plan: the plan to clean up; nil for all plans.
    ///   - unlanded: whether to remove branches that hold the only reference to a commit, too.
    ///   - isDry: whether to change nothing and only report what would be removed.
    /// - Throws: `StoreError` or `GitError`. Items that were removed before the error stay removed.
    package func run(plan: String?, unlanded: Bool, isDry: Bool) throws -> Result {
        let reader = try StoreReader(path: state.store)
        let runs = try reader.read { try $0.runs() }
        let plans = Dictionary(grouping: runs, by: \.plan.name).filter { plan == nil || $0.key == plan }
        var result = Result()
        for (name, runs) in plans.sorted(by: { $0.key < $1.key }) {
            // Only the last run of a plan can be resumed: an earlier one was replaced, whatever its state.
            if let open = try reader.read({ try $0.latestRun(plan: name) }), open.state != .finished {
                result.kept.append(
                    .init(
                        plan: name, name: open.id.rawValue, reason: "not finished: 'orchestrate resume' continues it"
                    ))
                continue
            }
            do {
                let lock = try RunLock(folder: state.path, plan: name)
                try clean(name, runs: runs.map(\.id), unlanded: unlanded, isDry: isDry, &result)
                lock.release()
            } catch StoreError.locked(_, _, let owner) {
                let who = owner.map { "\($0)" } ?? "another process"
                result.kept.append(.init(plan: name, name: name, reason: "in use by \(who)"))
            }
        }
        return result
    }

    private func clean(
        _ plan: String, runs: [RunID], unlanded: Bool, isDry: Bool, _ result: inout Result
    ) throws {
        var folders: [(Removal.Subject, String)] = [(.slots, "\(state.slots)/\(plan)")]
        for run in runs {
            folders += [(.jobs, "\(state.jobs)/\(run)"), (.logs, "\(state.logs)/\(run)")]
        }
        folders += ["check", "list", "setup"].map { (.logs, "\(state.logs)/\(plan)-\($0)") }
        for (subject, path) in folders where FileManager.default.fileExists(atPath: path) {
            let size = Folder.size(of: path)
            if !isDry { _ = try Folder.remove(at: path) }
            result.removed.append(.init(plan: plan, subject: subject, name: path, size: size))
        }
        // The plan's lock is held, so nobody else is about to move these branches.
        if !isDry { _ = repository.removeStaleLocks(onBranches: [BranchNames.tasks(ofPlan: plan)]) }
        try cleanBranches(of: plan, unlanded: unlanded, isDry: isDry, &result)
    }

    private func cleanBranches(of plan: String, unlanded: Bool, isDry: Bool, _ result: inout Result) throws {
        let branches = try repository.branches(withPrefix: BranchNames.tasks(ofPlan: plan))
        let lonely = try repository.unreferenced(among: branches, ignoring: "\(BranchNames.tasks)/")
        for branch in branches {
            if lonely.contains(branch.name), !unlanded {
                result.kept.append(
                    .init(plan: plan, name: branch.name, reason: "holds a commit that is on no other branch or tag"))
                continue
            }
            if let path = repository.checkedOutPath(ofBranch: branch.name) {
                result.kept.append(.init(plan: plan, name: branch.name, reason: "checked out at \(path)"))
                continue
            }
            if !isDry {
                try repository.compareAndSwap(
                    reference: "refs/heads/\(branch.name)", from: branch.tip, to: nil, reason: "orchestrate: clean")
                CrashPoint.moved.pass()
            }
            result.removed.append(.init(plan: plan, subject: .branch, name: branch.name, size: 0))
        }
    }
}
