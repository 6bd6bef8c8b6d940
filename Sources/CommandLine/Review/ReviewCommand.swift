import ArgumentParser
import Coordinator
import Foundation
import Git
import Model
import Reporting
import Store

struct ReviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Review the landed commits in groups of equal edits, or show the commit of one task.",
        discussion: """
            The riskiest groups come first. A rejected commit is reverted like any task, if the landing checks pass, and its \
            task is done again with the reason. Decisions are kept in the event log. A verified task has a commit before \
            it lands, so that its diff can be read before it is approved. docs/review.md describes the queue.
            """)

    @Argument(help: TaskWord.help("Show the commit of this task"), completion: TaskWord.completion) var task: String?
    @OptionGroup var choice: RunChoice
    @OptionGroup var decision: ReviewOptions

    @Flag(name: .long, help: "List the commits in the order of the branch, each with its evidence.") var list = false

    @Option(name: .long, help: ArgumentHelp("Write a patch file for each group.", valueName: "folder"))
    var export: String?

    @Flag(name: .long, help: "Print JSON, described in docs/output.md.") var json = false
    @Flag(name: .long, help: "Print the text: use neither the screen nor a pager.") var noPager = false

    func run() async throws {
        let chosen = try choice.choose()
        if let request = try decision.request() {
            // Only the name of a group needs the diffs of all commits.
            let commits = try ReviewQueue(chosen, readsDiffs: false)
            let isCommit = !request.isAboutGroup && !commits.commits(named: request.name).isEmpty
            let queue = try isCommit ? commits : ReviewQueue(chosen)
            return try await ReviewSender(chosen: chosen, queue: queue, json: json).send(request)
        }
        if let task { return try showCommit(of: task, chosen) }
        if list, !json {
            let report = try ReviewReport(chosen.reader, run: chosen.run)
            return show(report.text(Terminal.layout))
        }
        if decision.allLike == nil, export == nil, !json, !noPager, Terminal.isFullScreen,
            try await ReviewTerminal(chosen: chosen).run()
        {
            return
        }
        let queue = try ReviewQueue(chosen)
        if let export { return try ReviewExport(folder: export).write(queue) }
        if json { return Terminal.print(json: try queue.json()) }
        guard let allLike = decision.allLike else { return show(queue.text(Terminal.layout)) }
        let item = try queue.items(for: allLike, chosen)[0]
        if let group = queue.group(of: item) { show(queue.text(of: group, Terminal.layout)) }
    }

    private func showCommit(of task: String, _ chosen: RunChoice.Chosen) throws {
        let report = try ReviewReport(chosen.reader, run: chosen.run, task: try chosen.name(typed: task))
        let diff = try report.commits.last.map { try chosen.repository.patch(of: $0) }
        show(report.text(Terminal.layout, diff: diff))
    }

    /// Uses the pager on a terminal, as git does.
    private func show(_ text: String) {
        guard !noPager, Terminal.isColored(FileHandle.standardOutput.fileDescriptor) else {
            return Terminal.print(text)
        }
        if !Pager.show(text) { Terminal.print(text) }
    }
}

extension Repository {
    /// The changes of a commit as a unified diff.
    func patch(of id: ObjectID) throws(GitError) -> String {
        let commit = try commit(id)
        var before: ObjectID?
        if let parent = commit.parents.first { before = try treeOf(parent) }
        return try patch(from: before, to: commit.tree)
    }
}

extension ReviewQueue {
    init(_ chosen: RunChoice.Chosen, readsDiffs: Bool = true) throws {
        let repository = chosen.repository
        try self.init(chosen.reader, run: chosen.run) { try readsDiffs ? repository.patch(of: $0) : "" }
    }

    /// The commits that a person names.
    /// - Throws: `Outcome` if nothing has that name.
    func items(for name: String, _ chosen: RunChoice.Chosen) throws -> [Item] {
        let found = items(named: name)
        if !found.isEmpty { return found }
        if let path = try? chosen.name(typed: name), !items(named: path).isEmpty { return items(named: path) }
        throw Outcome(
            code: .usage,
            message: "error: '\(name)' is no group, landed commit or task of \(chosen.run)\n"
                + "  hint: 'orchestrate review' lists the groups, 'orchestrate review --list' the commits")
    }
}
