import ArgumentParser
import Coordinator
import Foundation
import Git
import Model
import Store

struct CleanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean", abstract: "Remove what finished runs have left: slots, job folders, logs, task branches.",
        discussion: """
            The event log stays, so 'status', 'explain' and 'log' still tell what happened. What belongs to a run that \
            is not finished stays too. A task branch goes only if its commit is on another branch or tag; with \
            --unlanded the others are listed, and with --unlanded --force they are deleted.
            """)

    @Option(name: .long, help: ArgumentHelp("The repository that the runs worked on.", valueName: "path"))
    var repo: String = "."

    @Option(name: .long, help: ArgumentHelp("Only what belongs to this plan.", valueName: "name"))
    var plan: String?

    @Flag(name: .shortAndLong, help: "Change nothing, and say what would be removed.")
    var dryRun = false

    @Flag(name: .long, help: "Name the task branches that hold the only copy of some work.")
    var unlanded = false

    @Flag(name: .long, help: "With --unlanded: delete those, too.")
    var force = false

    func validate() throws {
        if force && !unlanded { throw ValidationError("--force is for --unlanded; without it nothing needs forcing") }
    }

    func run() throws {
        let repository = try Repository(at: repo, environment: Terminal.environment)
        let state = try StateFolder(
            commonGitDirectory: repository.commonDirectory, environment: Terminal.environment)
        let result = try CleanUp(repository: repository, state: state)
            .run(plan: plan, unlanded: unlanded && force, isDry: dryRun)
        let verb = dryRun ? "would remove" : "removed"
        for subject in [CleanUp.Removal.Subject.slots, .jobs, .logs, .branch] {
            let some = result.removed.filter { $0.subject == subject }
            guard !some.isEmpty else { continue }
            let bytes = some.map(\.size).reduce(0, +)
            let size = bytes > 0 ? ", \(ByteCountFormatter.string(fromByteCount: Int64(bytes), countStyle: .file))" : ""
            Terminal.print("\(verb) \(Self.words(subject, some.count))\(size)")
        }
        if result.removed.isEmpty { Terminal.print("nothing to remove") }
        let branches = result.kept.filter { $0.name.hasPrefix("\(BranchNames.tasks)/") }
        for stay in result.kept where unlanded || !branches.contains(stay) {
            Terminal.print("kept \(stay.name): \(stay.reason)")
        }
        if !branches.isEmpty, !unlanded {
            Terminal.print("kept \(Self.words(.branch, branches.count)) with work that is on no other branch or tag")
            Terminal.print("  hint: 'orchestrate clean --unlanded' names them, with --force it deletes them")
        }
    }

    private static func words(_ subject: CleanUp.Removal.Subject, _ count: Int) -> String {
        let word =
            switch subject {
            case .slots: "folder of slots"
            case .jobs: "folder of jobs"
            case .logs: "folder of logs"
            case .branch: "task branch"
            }
        if count == 1 { return "1 \(word)" }
        let plural = word.hasPrefix("folder") ? word.replacingOccurrences(of: "folder", with: "folders") : "\(word)es"
        return "\(count) \(plural)"
    }
}
