import ArgumentParser
import Foundation
import Jobs
import Model
import PlanFile

/// `orchestrate split`, with which a worker divides its task.
struct SplitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split", abstract: "Split the task of this job into parts, for other workers.",
        discussion: """
            Each part gets some of the task's files, becomes a task of the run and lands by itself. Files that are in no part \
            stay with the task, which gets a last turn once its parts are over. The plan must allow it (workers.split).

            Prints the answer. If it is 'accepted', the worker ends at once: what it has changed in this attempt is dropped. \
            Exits with 1 if the proposal is refused, with the reasons, and with 75 if no answer comes in time.
            """)

    @Option(help: ArgumentHelp("Files of a part, divided by spaces; may be repeated.", valueName: "files"))
    var part: [String] = []
    @Flag(help: "Start each part after the one before it has landed.") var ordered = false
    @Option(name: .customLong("then"), help: ArgumentHelp("What is left for the last turn.", valueName: "text"))
    var collate: String?
    @Option(
        help: ArgumentHelp(
            "Read the parts from a file in YAML or JSON, or from standard input with '-'.", valueName: "path"))
    var file: String?

    /// Seconds until the coordinator has answered. It answers at once, unless it is stopping.
    private static let patience = 120.0

    func validate() throws {
        guard part.isEmpty != (file == nil) else {
            throw ValidationError("give the parts with --part, or with --file")
        }
    }

    func run() async throws {
        let mailbox = try MessageCommand.mailbox(
            outside: "'orchestrate land --split RULE' divides what has landed into branches")
        let proposal = try proposal()
        let name = try mailbox.requestSplit(proposal)
        let answers = try await mailbox.wait(seconds: Self.patience) { $0.ref == name }
        guard let answer = answers.first else {
            throw Outcome(
                code: .timedOut, message: "error: the coordinator has not answered within \(Int(Self.patience)) s")
        }
        try mailbox.markRead(answers)
        guard answer.passed == true else { throw Outcome(code: .notDone, message: "error: \(answer.body)") }
        Terminal.print(answer.body)
    }

    private func proposal() throws -> SplitProposal {
        var proposal = SplitProposal(
            parts: part.map { .init(files: $0.split(whereSeparator: \.isWhitespace).map(String.init)) })
        if let file {
            do {
                proposal = try SplitFile.read(try text(of: file))
            } catch let problem as SplitFile.Problem {
                let hint = "hint: {\"parts\": [{\"files\": [\"a.py\"]}, {\"files\": [\"b.py\"], \"after\": [1]}]}"
                throw Outcome(
                    code: .usage,
                    message: "error: \(file == "-" ? "standard input" : file): \(problem.reason)\n  \(hint)")
            }
        }
        if let collate { proposal.collate = collate }
        return ordered ? proposal.inOrder : proposal
    }

    private func text(of file: String) throws -> String {
        let limit = SplitProposal.largest
        if file == "-" {
            return String(decoding: try FileHandle.standardInput.read(upToCount: limit) ?? Data(), as: UTF8.self)
        }
        guard let handle = FileHandle(forReadingAtPath: file) else {
            throw Outcome(code: .usage, message: "error: '\(file)' cannot be read")
        }
        return String(decoding: try handle.read(upToCount: limit) ?? Data(), as: UTF8.self)
    }
}
