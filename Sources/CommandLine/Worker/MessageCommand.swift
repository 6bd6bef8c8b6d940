import ArgumentParser
import Foundation
import Jobs
import MCP
import Model
import Reporting
import Store

/// `orchestrate message`, which uses the job folder inside a job, and the store outside.
struct MessageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "message", abstract: "Send and read the messages of a run.",
        discussion: """
            Inside a job, these verbs only use the job folder in ORCHESTRATE_JOB. Outside of a job, 'list' and 'search' \
            show the messages of a run.
            """,
        subcommands: [Send.self, Inbox.self, Wait.self, Search.self, List.self])

    /// The mailbox of the job that this process belongs to.
    /// - Parameter outside: what a person does outside of a job.
    static func mailbox(
        outside: String = "to answer a question, use 'orchestrate answer ID TEXT'"
    ) throws -> JobMailbox {
        guard let path = Terminal.environment["ORCHESTRATE_JOB"] else {
            throw Outcome(
                code: .usage,
                message: """
                    error: ORCHESTRATE_JOB is not set, so this is not a job
                      hint: workers use this verb; \(outside)
                    """)
        }
        return JobMailbox(JobFolder(existing: path))
    }
}

extension MessageCommand {
    struct Send: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a message from a job.",
            discussion: """
                With --wait, prints the answer, or exits with 75 if none comes in time. The worker should end then; its \
                task fails, and is taken up again once there is an answer.
                """)

        @Option(help: "The kind: lesson, warning, question, answer, decision or interface-change.") var kind:
            Message.Kind =
                .lesson
        @Option(
            help: "The recipient: everyone, dependents, human, or a task by its name or the path of one of its files.")
        var to: String?
        @Option(
            name: .long, help: ArgumentHelp("A file that the message is about; may be repeated.", valueName: "path"))
        var file: [String] = []
        @Option(help: ArgumentHelp("The message that this one replies to.", valueName: "id")) var thread: Int?
        @Option(help: ArgumentHelp("Wait this long for the answer, such as 10m.", valueName: "time"))
        var wait: WaitingTime?
        @Argument(help: "The text; default: standard input.") var text: String?

        func run() async throws {
            let mailbox = try MessageCommand.mailbox()
            let body = try text ?? standardInput()
            let name = try mailbox.send(
                OutgoingMail(
                    kind: kind, to: to ?? (kind == .question ? "human" : "everyone"), body: body, files: file,
                    thread: thread, waitSeconds: kind == .question ? wait?.seconds : nil))
            guard kind == .question, let wait else { return }
            let answers = try await mailbox.wait(seconds: wait.seconds) { $0.ref == name }
            guard !answers.isEmpty else {
                throw Outcome(code: .timedOut, message: "error: no answer within \(Int(wait.seconds)) s")
            }
            try mailbox.markRead(answers)
            for answer in answers { Terminal.print(answer.body) }
        }

        private func standardInput() throws -> String {
            let bytes = try FileHandle.standardInput.read(upToCount: OutgoingMail.largestFile) ?? Data()
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    struct Inbox: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the new messages for this job.")

        @Flag(help: "Print messages that were printed before, too.") var all = false

        func run() throws {
            let mailbox = try MessageCommand.mailbox()
            let new = try mailbox.unread()
            let mail = all ? try mailbox.read() + new : new
            for one in mail { Terminal.print(one.quoted) }
            try mailbox.markRead(new)
        }
    }

    struct Wait: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Wait for a message for this job, and print it.",
            discussion: "Exits with 75 if none comes in time.")

        @Option(help: ArgumentHelp("Wait this long, such as 10m.", valueName: "time")) var timeout = WaitingTime(
            seconds: 600)

        func run() async throws {
            let mailbox = try MessageCommand.mailbox()
            let mail = try await mailbox.wait(seconds: timeout.seconds) { _ in true }
            guard !mail.isEmpty else {
                throw Outcome(code: .timedOut, message: "error: no message within \(Int(timeout.seconds)) s")
            }
            for one in mail { Terminal.print(one.quoted) }
            try mailbox.markRead(mail)
        }
    }

    struct Search: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the messages that contain all of the given words.",
            discussion:
                "Inside a job, searches the messages for its task, and exits with 75 if no answer comes in time.")

        @Argument(help: "The words.") var words: [String]
        @OptionGroup var choice: RunChoice

        private static let patience = 30.0

        func run() async throws {
            let query = words.joined(separator: " ")
            if Terminal.environment["ORCHESTRATE_JOB"] != nil {
                let mailbox = try MessageCommand.mailbox()
                let name = try mailbox.requestSearch(query)
                let answers = try await mailbox.wait(seconds: Self.patience) { $0.ref == name }
                guard !answers.isEmpty else {
                    throw Outcome(
                        code: .timedOut,
                        message: "error: the coordinator has not answered within \(Int(Self.patience)) s")
                }
                try mailbox.markRead(answers)
                for answer in answers { Terminal.print(answer.body) }
                return
            }
            let chosen = try choice.choose()
            let found = try chosen.reader.read { try $0.messages(of: chosen.run, matching: query, limit: 50) }
            Terminal.print(MessageReport(found).text(Terminal.layout))
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the messages of a run and the tasks that were given them.")

        @Option(help: "Show only messages of this kind.") var kind: Message.Kind?
        @Option(help: ArgumentHelp("Show only messages of this task.", valueName: "task")) var from: String?
        @OptionGroup var choice: RunChoice

        func run() throws {
            let chosen = try choice.choose()
            let task = try from.map { try chosen.task(named: $0).id }
            let found = try chosen.reader.read { view in
                return try view.messages(of: chosen.run, kind: kind, from: task)
            }
            Terminal.print(MessageReport(found).text(Terminal.layout))
        }
    }
}

extension Message.Kind: ExpressibleByArgument {}

/// A duration such as `90`, `90s`, `10m` or `2h`.
struct WaitingTime: ExpressibleByArgument {
    var seconds: Double

    init(seconds: Double) { self.seconds = seconds }

    init?(argument: String) {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
        let factor = argument.last.flatMap { units[$0] }
        guard let number = Double(factor == nil ? argument : String(argument.dropLast())), number > 0, number < 1e6
        else { return nil }
        seconds = number * (factor ?? 1)
    }

    var defaultValueDescription: String { "\(Int(seconds))s" }
}
