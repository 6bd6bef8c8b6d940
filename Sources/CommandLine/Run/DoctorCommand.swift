import ArgumentParser
import Coordinator
import Foundation
import Git
import Model
import Store
import Workers

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look at what a run needs, and say how to mend what is wrong.",
        discussion: "Exit code 0 if a run can go on, 3 if something has to be mended first.")

    @Option(name: .long, help: ArgumentHelp("The repository to work on.", valueName: "path"))
    var repo: String = "."

    @Flag(name: .long, help: "Compute the store's tables from the event log again.")
    var rebuild = false

    @Flag(name: .long, help: "Print JSON, as docs/output.md describes it.")
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
            Terminal.print(String(decoding: try encoder.encode(findings), as: UTF8.self))
        } else {
            for finding in findings { Terminal.print(Self.text(finding)) }
        }
        if findings.contains(where: { $0.verdict == .bad }) { throw Outcome(code: .cannotServe, message: nil) }
    }

    /// A worker that is not there is no fault by itself: a plan names those that it needs.
    private static func workers() async throws -> [Diagnosis.Finding] {
        let (standings, problems) = try await WorkersListCommand.standings(for: "plan.yaml")
        let asked = standings.filter { $0.isFound != nil }.map { standing in
            guard standing.isFound == true else {
                return Diagnosis.Finding(
                    "worker", .warning, "\(standing.name): not found",
                    hint: "install the program where a plan names this worker; its file is \(standing.path)")
            }
            let login = standing.isLoggedIn.map { $0 ? ", logged in" : ", not logged in" } ?? ""
            return Diagnosis.Finding("worker", .good, "\(standing.name): \(standing.version ?? "found")\(login)")
        }
        return asked
            + problems.map { Diagnosis.Finding("worker", .warning, $0, hint: "'orchestrate workers' names its file") }
    }

    /// The log is read and the tables are written in one transaction; a coordinator at work would have to wait for it.
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
        let changed = stray.isEmpty ? "they were right" : "these were not right: \(stray.joined(separator: ", "))"
        Terminal.say("the store's tables were computed from the log again; \(changed)")
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
