import ArgumentParser
import Coordinator
import Foundation
import Git
import Model
import PlanFile
import Store

/// The run that a verb works on: the last one of the repository, unless the options say otherwise.
struct RunChoice: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The repository of the run; default: the plan's, or the current folder's.", valueName: "path"))
    var repo: String?

    @Option(name: .long, help: ArgumentHelp("Use the repository of this plan and its last run.", valueName: "file"))
    var plan: String?

    @Option(name: .long, help: ArgumentHelp("The run, such as 'modernise-2'; default: the last one.", valueName: "run"))
    var run: String?

    /// An existing run and its store.
    struct Chosen {
        var run: RunID
        var plan: Plan
        var reader: StoreReader
        var repository: Repository
        var state: StateFolder
        /// The state of the run when it was chosen.
        var runState: RunRecord.State

        /// Whether commands may wait for the next coordinator: the run is not finished.
        var canQueueCommands: Bool { runState != .finished }

        /// The plan's branches and pull requests, as 'prs' has recorded them; nil where none are, or none can be read.
        var requests: RequestBook? { (try? RequestShelf(state, plan: plan.name).load()) ?? nil }

        /// The coordinator that works on the plan right now.
        var owner: RunLock.Owner? { RunLock.owner(folder: state.path, plan: plan.name) }
    }

    /// A repository, its state, and the plan that an option names.
    private struct Place {
        var plan: Plan?
        var repository: Repository
        var state: StateFolder
    }

    private func place(_ environment: [String: String]) throws -> Place {
        let named = try plan.map { try PlanFolders.load($0, repository: repo, fallback: ".").plan }
        let repository = try Repository(at: named?.repository ?? repo ?? ".", environment: environment)
        let state = try StateFolder(commonGitDirectory: repository.commonDirectory, environment: environment)
        return Place(plan: named, repository: repository, state: state)
    }

    /// The sender of a command that is about a whole run. That run may still be in preparation, and then it is not in the
    /// store.
    func senderToWholeRun(canQueue: Bool) throws -> CommandSender {
        let place = try self.place(Terminal.environment)
        let held = RunLock.heldPlans(in: place.state.path).filter { place.plan == nil || $0 == place.plan?.name }
        if run == nil, held.count == 1, let plan = held.first {
            return CommandSender(state: place.state, plan: plan, subject: "plan '\(plan)'", canQueue: canQueue)
        }
        let chosen = try choose()
        return CommandSender(chosen: chosen, canQueue: canQueue && chosen.canQueueCommands)
    }

    /// - Throws: an `Outcome` that names the plan, where a run of it is in preparation and in no store yet.
    private func refuseUnbegun(_ state: StateFolder) throws {
        guard let plan = RunLock.heldPlans(in: state.path).first else { return }
        throw Outcome(
            code: .cannotServe,
            message: """
                error: no run has begun yet: plan '\(plan)' is being prepared
                  hint: wait for its baseline and its dependency graph, or type 'orchestrate stop --now'
                """)
    }

    func choose(environment: [String: String] = Terminal.environment) throws -> Chosen {
        let place = try self.place(environment)
        let (named, repository, state) = (place.plan, place.repository, place.state)
        if !FileManager.default.fileExists(atPath: state.store) { try refuseUnbegun(state) }
        let reader = try StoreReader(path: state.store)
        let record: RunRecord
        if let run {
            record = try reader.read { try $0.run(RunID(run)) }
        } else if let last = try reader.read({ try $0.latestRun(plan: named?.name) }) {
            record = last
        } else {
            try refuseUnbegun(state)
            throw Outcome(
                code: .cannotServe,
                message: """
                    error: no run\(named.map { " of plan '\($0.name)'" } ?? "") exists in \(repository.location)
                      hint: start one with 'orchestrate migrate --plan FILE'
                    """)
        }
        return Chosen(
            run: record.id, plan: record.plan, reader: reader, repository: repository, state: state,
            runState: record.state)
    }

    /// The plan of the last run that can be resumed, as it was when the run started. With `--plan`, budget and
    /// checkpoints come from that file.
    func unfinishedPlan(environment: [String: String] = Terminal.environment) throws -> Plan {
        let chosen = try choose(environment: environment)
        var seen: Set<String> = []
        let last = try chosen.reader.read { try $0.runs() }.first { record in
            guard plan == nil || record.plan.name == chosen.plan.name, run == nil || record.id == chosen.run else {
                return false
            }
            // Only the last run of a plan can be resumed.
            return try seen.insert(record.plan.name).inserted
                && RunSetup.canGoOn(record, in: chosen.state, chosen.reader)
        }
        guard let last else {
            throw CoordinatorError.nothingToResume(
                plan: plan == nil && run == nil ? nil : chosen.plan.name,
                hint: "'orchestrate retry TASK' retries a task of the last run; "
                    + "'orchestrate migrate --plan FILE' starts a new run")
        }
        if let plan {
            let written = try PlanFolders.load(plan, repository: last.plan.repository).plan
            if !last.plan.isSameWork(as: written) {
                Terminal.say(
                    "note: the plan has changed since \(last.id) started; only changes of budget, checkpoints, landing, "
                        + "playbook and examples apply ('orchestrate migrate' starts a run of the changed plan)")
            }
            return last.plan.taking(limitsOf: written)
        }
        return last.plan
    }
}

extension RunChoice.Chosen {
    /// The owners of files at the base of the run; nil if the repository names none.
    func owners() -> CodeOwners? {
        guard let base = try? reader.read({ try $0.run(run) }).base else { return nil }
        return (try? repository.codeOwners(at: base, isGitLab: false)) ?? nil
    }
}
