import ArgumentParser
import Coordinator
import Foundation
import Git
import Model
import PlanFile
import Store
import Workers

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check what a run needs, and say how to fix what is missing.",
        discussion: "Exits with 0 if a run can work here, with 3 if something has to be fixed first.")

    @Option(name: .long, help: ArgumentHelp("The repository to work on.", valueName: "path"))
    var repo: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Check the programs of this plan; default: the only one in '.orchestrate'.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var plan: String?

    @Flag(name: .long, help: "Rebuild the tables of the store from the event log.")
    var rebuild = false

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    func run() async throws {
        var findings = try await general() + programs()
        findings += try await Self.workers()
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            Terminal.print(json: String(decoding: try encoder.encode(findings), as: UTF8.self))
        } else {
            for finding in findings { Terminal.print(Self.text(finding)) }
        }
        if findings.contains(where: { $0.verdict == .bad }) { throw Outcome(code: .cannotServe, message: nil) }
    }

    /// The machine, and the repository if there is one.
    private func general() async throws -> [Diagnosis.Finding] {
        guard let repository = try repository() else {
            return await Diagnosis.withoutRepository(environment: Terminal.environment)
        }
        let state = try StateFolder(
            commonGitDirectory: repository.commonDirectory, environment: Terminal.environment)
        if rebuild { try rebuildTables(state) }
        return await Diagnosis(
            repository: repository, state: state, environment: Terminal.environment
        ).findings()
    }

    /// Returns nil outside of a repository, unless one is named.
    private func repository() throws -> Repository? {
        do {
            return try Repository(at: repo ?? ".", environment: Terminal.environment)
        } catch {
            if case .notARepository = error, repo == nil, !rebuild { return nil }
            throw error
        }
    }

    /// The programs of the plan that is named, or of the only one there is.
    private func programs() throws -> [Diagnosis.Finding] {
        let plans = PlanSearch(repository: repo).plans
        guard let path = plan ?? (plans.count == 1 ? plans.first : nil) else { return [] }
        do {
            let plan = try PlanFolders.load(path, repository: repo, fallback: ".").plan
            return [Diagnosis.programs(of: plan, environment: Terminal.environment)]
        } catch let problems as PlanProblems {
            return [
                Diagnosis.Finding(
                    "plan", .bad, detail: problems.diagnostics.first?.description ?? path,
                    hint: "orchestrate plan check \(PlanSearch.shown(path))")
            ]
        }
    }

    /// A missing worker is a warning only: not every plan needs it.
    private static func workers() async throws -> [Diagnosis.Finding] {
        let (standings, problems) = try await WorkersListCommand.standings(for: PlanSearch().anchor)
        let missing = standings.filter { $0.isFound == false }.map(\.name)
        var asked = standings.filter { $0.isFound == true }.map { standing in
            let login = standing.isLoggedIn.map { $0 ? ", logged in" : ", not logged in" } ?? ""
            return Diagnosis.Finding(
                "worker", .good, detail: "\(standing.name): \(standing.version ?? "found")\(login)")
        }
        if !missing.isEmpty {
            asked.append(
                Diagnosis.Finding(
                    "workers", .warning, detail: "not installed: \(missing.joined(separator: ", "))",
                    hint: "only needed if a plan uses one; 'orchestrate workers' describes them"))
        }
        return asked
            + problems.map { Diagnosis.Finding("worker", .warning, detail: $0, hint: "fix or remove that file") }
    }

    /// Refuses while a coordinator works: the rebuild is one transaction, and the coordinator would have to wait for it.
    private func rebuildTables(_ state: StateFolder) throws {
        let reader = try StoreReader(path: state.store)
        for plan in Set(try reader.read { try $0.runs() }.map(\.plan.name)).sorted() {
            if let owner = RunLock.owner(folder: state.path, plan: plan) {
                throw StoreError.locked(path: state.path, plan: plan, owner: owner)
            }
        }
        let store = try EventStore(path: state.store)
        let stray = try store.strayProjections()
        try store.rebuild()
        let changed = stray.isEmpty ? "none had errors" : "these had errors: \(stray.joined(separator: ", "))"
        Terminal.say("rebuilt the tables of the store from the event log; \(changed)")
    }

    private static func text(_ finding: Diagnosis.Finding) -> String {
        let mark =
            switch finding.verdict {
            case .good: "ok  "
            case .warning: "note"
            case .bad: "BAD "
            }
        let subject = finding.subject.padding(toLength: max(9, finding.subject.count), withPad: " ", startingAt: 0)
        let line = "\(mark)  \(subject) \(finding.detail)"
        return finding.hint.isEmpty ? line : "\(line)\n      hint: \(finding.hint)"
    }
}
