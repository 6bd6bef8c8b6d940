import ArgumentParser
import Coordinator
import Git
import Model
import PlanFile
import Store

/// Which run a verb is about: the last one of the repository, unless something narrower is said.
struct RunChoice: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The repository that the run works on.", valueName: "path"))
    var repo: String = "."

    @Option(name: .long, help: ArgumentHelp("Take the plan's repository, and its last run.", valueName: "file"))
    var plan: String?

    @Option(name: .long, help: ArgumentHelp("A run by its name, such as 'modernise-2'.", valueName: "run"))
    var run: String?

    /// A run that exists, and the store it is in.
    struct Chosen {
        var run: RunID
        var plan: Plan
        var reader: StoreReader
        var repository: Repository
        var state: StateFolder
        /// How the run stood when it was chosen.
        var standing: RunRecord.State

        func state(is some: RunRecord.State...) -> Bool { some.contains(standing) }

        /// Who works on the plan right now.
        var owner: RunLock.Owner? { RunLock.owner(folder: state.path, plan: plan.name) }
    }

    func choose() throws -> Chosen {
        let named = try plan.map { try PlanFolders.load($0, repository: nil).plan }
        let repository = try Repository(at: named?.repository ?? repo, environment: Terminal.environment)
        let state = try StateFolder(
            commonGitDirectory: repository.commonDirectory, environment: Terminal.environment)
        let reader = try StoreReader(path: state.store)
        let record: RunRecord
        if let run {
            record = try reader.read { try $0.run(RunID(run)) }
        } else if let last = try reader.read({ try $0.latestRun(plan: named?.name) }) {
            record = last
        } else {
            throw Outcome(
                code: .cannotServe,
                message: """
                    error: no run\(named.map { " of plan '\($0.name)'" } ?? "") has been started in \(repository.location)
                      hint: start one with 'orchestrate migrate --plan FILE'
                    """)
        }
        return Chosen(
            run: record.id, plan: record.plan, reader: reader, repository: repository, state: state,
            standing: record.state)
    }

    /// The plan of the last run that can go on, as it was when the run was started; budget and checkpoints are those
    /// of the plan's file where `--plan` names it.
    func unfinishedPlan() throws -> Plan {
        let chosen = try choose()
        var seen: Set<String> = []
        let last = try chosen.reader.read { try $0.runs() }.first { record in
            guard plan == nil || record.plan.name == chosen.plan.name, run == nil || record.id == chosen.run else {
                return false
            }
            // Of a plan only the last run can go on.
            return try seen.insert(record.plan.name).inserted
                && RunSetup.canGoOn(record, in: chosen.state, chosen.reader)
        }
        guard var last else {
            throw CoordinatorError.nothingToResume(
                plan: plan == nil && run == nil ? nil : chosen.plan.name,
                hint: "'orchestrate retry TASK' has a task of the last run done again, "
                    + "'orchestrate migrate --plan FILE' starts a new one")
        }
        if let plan {
            let written = try PlanFolders.load(plan, repository: last.plan.repository).plan
            if !last.plan.isSameWork(as: written) {
                Terminal.say(
                    "note: the plan has changed since \(last.id) was started; of the changes only budget and "
                        + "checkpoints hold for it ('orchestrate migrate' starts a run of the changed plan)")
            }
            last.plan.budget = written.budget
            last.plan.checkpoints = written.checkpoints
        }
        return last.plan
    }
}
