import ArgumentParser
import Coordinator
import Foundation
import Git
import Model
import Store

struct CleanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean", abstract: "Remove slots, job folders, logs and task branches of finished runs.",
        discussion: """
            Keeps the event log, so 'status', 'explain' and 'log' still work, and everything of unfinished runs. \
            Deletes a task branch only if its commit is on another branch or tag. --unlanded lists the others, and \
            --unlanded --force deletes them.
            """)

    @Option(name: .long, help: ArgumentHelp("The repository of the runs.", valueName: "path"))
    var repo: String = "."

    @Option(name: .long, help: ArgumentHelp("Clean only what belongs to this plan.", valueName: "name"))
    var plan: String?

    @Flag(name: .shortAndLong, help: "List what would be removed, and change nothing.")
    var dryRun = false

    @Flag(name: .long, help: "List the task branches that hold the only copy of some work.")
    var unlanded = false

    @Flag(name: .long, help: "With --unlanded: delete those branches.")
    var force = false

    func validate() throws {
        if force && !unlanded { throw ValidationError("--force needs --unlanded") }
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
            Terminal.print("  hint: 'orchestrate clean --unlanded' lists them; with --force it deletes them")
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
