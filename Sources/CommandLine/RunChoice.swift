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
        return Chosen(run: record.id, plan: record.plan, reader: reader, repository: repository, state: state)
    }

    /// The plan of the last unfinished run, as it was when the run was started.
    func unfinishedPlan() throws -> Plan {
        let chosen = try choose()
        let runs = try chosen.reader.read { try $0.runs() }
        let unfinished = runs.filter { record in
            record.state != .finished && (plan == nil || record.plan.name == chosen.plan.name)
                && (run == nil || record.id == chosen.run)
        }
        guard let last = unfinished.first else {
            throw CoordinatorError.nothingToResume(
                plan: plan == nil && run == nil ? nil : chosen.plan.name,
                hint: "'orchestrate migrate --plan FILE' starts one, and tries again what was set aside")
        }
        return last.plan
    }
}
