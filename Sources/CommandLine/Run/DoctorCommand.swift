import ArgumentParser
import Coordinator
import Foundation
import Git
import Model
import Store
import Workers

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check what a run needs, and say how to fix what is missing.",
        discussion: "Exits with 0 if a run can work here, with 3 if something has to be fixed first.")

    @Option(name: .long, help: ArgumentHelp("The repository to work on.", valueName: "path"))
    var repo: String = "."

    @Flag(name: .long, help: "Rebuild the tables of the store from the event log.")
    var rebuild = false

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    func run() async throws {
        let repository = try Repository(at: repo, environment: Terminal.environment)
        let state = try StateFolder(
            commonGitDirectory: repository.commonDirectory, environment: Terminal.environment)
        if rebuild { try rebuildTables(state) }
        var findings = await Diagnosis(
            repository: repository, state: state, environment: Terminal.environment
        ).findings()
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

    /// A missing worker is a warning only: not every plan needs it.
    private static func workers() async throws -> [Diagnosis.Finding] {
        let (standings, problems) = try await WorkersListCommand.standings(for: "plan.yaml")
        let asked = standings.filter { $0.isFound != nil }.map { standing in
            guard standing.isFound == true else {
                return Diagnosis.Finding(
                    "worker", .warning, detail: "\(standing.name): not found",
                    hint: "install the program if a plan uses this worker, which is defined in \(standing.path)")
            }
            let login = standing.isLoggedIn.map { $0 ? ", logged in" : ", not logged in" } ?? ""
            return Diagnosis.Finding(
                "worker", .good, detail: "\(standing.name): \(standing.version ?? "found")\(login)")
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
