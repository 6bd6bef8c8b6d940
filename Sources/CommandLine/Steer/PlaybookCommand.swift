import ArgumentParser
import Foundation
import Git
import Model
import PlanFile
import Prompts
import Reporting
import Store

struct PlaybookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "playbook", abstract: "Show and change the advice that every prompt of a plan includes.",
        discussion: """
            Also shows proposals from the runs of the plan: notes of 'orchestrate retry --note', and lessons of workers \
            that other tasks had which then landed. --accept adds one to the playbook; --reject leaves it in the file as \
            a comment, so that it is not proposed again. A run takes the changed playbook with 'orchestrate resume --plan \
            FILE'. Several plans may name the same file.
            """)

    @OptionGroup var argument: PlanArgument
    @Option(name: .long, help: ArgumentHelp("Add this proposal to the playbook.", valueName: "number"))
    var accept: [Int] = []
    @Option(name: .long, help: ArgumentHelp("Do not propose this again.", valueName: "number"))
    var reject: [Int] = []
    @Flag(name: .long, help: "Open the playbook in $VISUAL or $EDITOR.") var edit = false
    @Flag(name: .long, help: "Print JSON, described in docs/output.md.") var json = false

    func validate() throws {
        guard Set(accept).isDisjoint(with: reject) else {
            throw ValidationError("A proposal is accepted or rejected, not both.")
        }
    }

    func run() throws {
        let path = try argument.path()
        let loaded = try argument.load(path)
        let proposals = try proposals(of: loaded.plan)
        var playbook = Playbook(loaded.plan.playbook ?? "")
        if !accept.isEmpty || !reject.isEmpty || edit {
            guard let file = loaded.playbook else {
                throw Outcome(
                    code: .usage,
                    message: "error: plan '\(loaded.plan.name)' names no playbook\n"
                        + "  hint: write 'playbook: playbook.md' in \(path), and the file beside it")
            }
            try settle(proposals, in: &playbook, at: file)
            if edit { playbook = try edited(file) }
            Terminal.say("note: 'orchestrate resume --plan \(path)' takes it into an unfinished run")
            if !edit { return }
        }
        let report = PlaybookReport(
            plan: loaded.plan.name, path: loaded.playbook.map { PlanSearch.shown($0) }, playbook: playbook,
            tokens: TokenEstimate.tokens(playbook.prompt), budget: PromptPart.playbook.defaultBudget,
            proposals: proposals.open(for: playbook))
        let text = try report.render(json ? .json : .text, Terminal.layout)
        if json { Terminal.print(json: text) } else { Terminal.print(text) }
    }

    /// Returns no proposals for a plan that was never run.
    private func proposals(of plan: Plan) throws -> PlaybookProposals {
        let repository = try Repository(at: plan.repository, environment: Terminal.environment)
        let state = try StateFolder(
            commonGitDirectory: repository.commonDirectory, environment: Terminal.environment)
        guard FileManager.default.fileExists(atPath: state.store) else { return .none }
        return try PlaybookProposals(StoreReader(path: state.store), plan: plan.name)
    }

    private func settle(_ proposals: PlaybookProposals, in playbook: inout Playbook, at file: String) throws {
        for number in accept + reject {
            guard let proposal = proposals.all.first(where: { $0.number == number }), !playbook.has(proposal.text)
            else {
                throw Outcome(
                    code: .usage,
                    message: "error: there is no open proposal \(number)\n  hint: 'orchestrate playbook' lists them")
            }
            if accept.contains(number) { playbook.accept(proposal.text) } else { playbook.reject(proposal.text) }
        }
        if accept.isEmpty, reject.isEmpty { return }
        try playbook.text.write(toFile: file, atomically: true, encoding: .utf8)
        let done = [("added", accept), ("rejected", reject)].filter { !$0.1.isEmpty }.map { word, numbers in
            "\(word) \(numbers.map { "\($0)" }.joined(separator: ", "))"
        }
        Terminal.print("\(done.joined(separator: "; ")) in \(PlanSearch.shown(file))")
    }

    private func edited(_ file: String) throws -> Playbook {
        let environment = Terminal.environment
        let editor = environment["VISUAL"] ?? environment["EDITOR"] ?? ""
        guard !editor.isEmpty else {
            throw Outcome(
                code: .usage,
                message: "error: neither VISUAL nor EDITOR is set\n  hint: the playbook is \(file); edit it there")
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // As git does: the variable may have arguments.
        process.arguments = ["-c", "\(editor) \"$@\"", editor, file]
        process.environment = environment
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Outcome(
                code: .usage, message: "error: the editor '\(editor)' ended with status \(process.terminationStatus)")
        }
        return Playbook(try String(contentsOfFile: file, encoding: .utf8))
    }
}
