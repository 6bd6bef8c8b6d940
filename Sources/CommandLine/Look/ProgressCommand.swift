import ArgumentParser
import Coordinator
import Foundation
import Git
import Model
import Reporting
import Store

struct ProgressCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "progress", abstract: "Show how many files of a plan are done, over time and at any commit.",
        discussion: """
            Runs the 'done' checks on every file in scope at the base and at the integration branch, or at the commits that \
            --at names. A second look at the same tree runs no command. The burndown comes from the event log.
            """)

    enum Grouping: String, ExpressibleByArgument, CaseIterable {
        case owner, directory
    }

    @OptionGroup var options: PlanOptions
    @OptionGroup var verdicts: VerdictOptions

    @Option(name: .long, help: ArgumentHelp("A commit to look at; may be repeated.", valueName: "revision"))
    var at: [String] = []

    @Option(name: .long, help: "Also show each owner (CODEOWNERS) or each directory.") var by: Grouping?
    @Option(name: .long, help: ArgumentHelp("Also write the burndown as a page to this file.", valueName: "file"))
    var html: String?

    @Flag(name: .long, help: "Print JSON, described in docs/output.md.") var json = false

    func run() async throws {
        let plan = try options.load()
        let repository = try Repository(at: plan.repository, environment: Terminal.environment)
        let state = try StateFolder(commonGitDirectory: repository.commonDirectory, environment: Terminal.environment)
        let sweep = FileSweep(plan, environment: Terminal.environment, answersKnown: verdicts.answersKnown)
        var looks: [ProgressReport.Look] = []
        for revision in try at.isEmpty ? ordinary(plan, repository) : at {
            looks.append(.init(name: revision, look: try await sweep.look(at: revision, progress: Self.show)))
        }
        if Terminal.isInteractive { Terminal.write("\r\u{1B}[K", to: 2, lineBreak: false) }
        let landings =
            FileManager.default.fileExists(atPath: state.store)
            ? try ProgressReport.landings(try StoreReader(path: state.store), plan: plan.name) : []
        let report = ProgressReport(
            plan: plan.name, looks: looks, landings: at.isEmpty ? landings : [], now: .now,
            group: try grouping(looks, repository))
        if let html { try write(report.html, to: html) }
        let text = try report.render(json ? .json : .text, Terminal.layout)
        if json { Terminal.print(json: text) } else { Terminal.print(text) }
    }

    /// The base of the last run, and the integration branch where there is one.
    private func ordinary(_ plan: Plan, _ repository: Repository) throws -> [String] {
        guard let tip = try repository.branchTip(plan.integration) else { return [plan.base] }
        let base = try repository.resolve(plan.base)
        let fork = try repository.mergeBase(base, tip) ?? base
        return [fork == base ? plan.base : fork.hex, plan.integration]
    }

    private static func show(_ done: Int, _ total: Int) {
        if Terminal.isInteractive { Terminal.write("\r\(done) of \(total)", to: 2, lineBreak: false) }
    }

    private func grouping(
        _ looks: [ProgressReport.Look], _ repository: Repository
    ) throws -> (@Sendable (String) -> String)? {
        switch by {
        case nil: return nil
        case .directory:
            return { path in
                let folder = path.split(separator: "/").dropLast().prefix(2).joined(separator: "/")
                return folder.isEmpty ? "top folder" : folder
            }
        case .owner:
            guard let last = looks.last?.look.commit, let owners = try repository.codeOwners(at: last, isGitLab: false)
            else {
                throw Outcome(
                    code: .cannotServe,
                    message: "error: there is no CODEOWNERS file\n  hint: 'orchestrate progress --by directory'")
            }
            return { path in
                let found = owners.owners(of: path)
                return found.isEmpty ? "no owner" : found.joined(separator: " ")
            }
        }
    }

    private func write(_ page: String, to path: String) throws {
        do {
            try Data(page.utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw Outcome(
                code: .cannotServe,
                message: "error: cannot write '\(path)': \(error.localizedDescription)\n  hint: name another file")
        }
    }
}
