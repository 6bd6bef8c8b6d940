import Foundation
import Jobs
import Model

/// One tool of the server.
struct MCPTool: Sendable {
    var name: String
    var meaning: String
    /// The JSON Schema of each argument.
    var arguments: [String: JSON]
    var required: [String]
    var run: @Sendable (JSON) async throws -> String

    /// The entry in `tools/list`.
    var description: JSON {
        [
            "name": .string(name), "description": .string(meaning),
            "inputSchema": [
                "type": "object", "properties": .object(arguments), "required": .array(required.map { .string($0) }),
            ],
        ]
    }

    /// A problem of a call, for the model.
    struct Problem: Error, CustomStringConvertible {
        var description: String
    }

    private static let longestWait: Double = 3600

    /// - Parameter patience: seconds to wait for the coordinator's answer to a search.
    static func all(_ mailbox: JobMailbox, patience: Double) -> [MCPTool] {
        [
            send(mailbox), read(mailbox), ask(mailbox), search(mailbox, patience: patience), taskInfo(mailbox),
            neighbours(mailbox),
            check(mailbox),
        ] + (mostParts(mailbox).map { [split(mailbox, most: $0, patience: patience)] } ?? [])
    }

    /// Maximum parts into which the task may be split, by its `job.json`; nil if it may not.
    private static func mostParts(_ mailbox: JobMailbox) -> Int? {
        guard let bytes = try? UntrustedFile.read(mailbox.folder.description, limit: 16 << 20) else { return nil }
        return JSON(line: bytes)?["max_parts"]?.integer
    }

    private static func text(_ meaning: String) -> JSON { ["type": "string", "description": .string(meaning)] }
    private static func seconds(_ meaning: String) -> JSON { ["type": "number", "description": .string(meaning)] }
    private static let files: JSON = [
        "type": "array", "items": ["type": "string"], "description": "Paths of the files that it is about.",
    ]

    private static func required(_ name: String, in arguments: JSON) throws -> String {
        guard let text = arguments[name]?.string, !text.isEmpty else {
            throw Problem(description: "'\(name)' is missing")
        }
        return text
    }

    private static func send(_ mailbox: JobMailbox) -> MCPTool {
        let kinds = Message.Kind.allCases.map(\.rawValue)
        return MCPTool(
            name: "send_message", meaning: "Tells other tasks of the migration, or the person in charge, something.",
            arguments: [
                "kind": ["type": "string", "enum": .array(kinds.map { .string($0) })], "body": text("The text."),
                "to": text("everyone, dependents, human, or a task by name or by the path of one of its files."),
                "files": files, "thread": ["type": "integer", "description": "Number of the message that it answers."],
            ], required: ["kind", "body"]
        ) { arguments in
            guard let kind = Message.Kind(rawValue: try required("kind", in: arguments)) else {
                throw Problem(description: "'kind' is one of \(kinds.joined(separator: ", "))")
            }
            let body = try required("body", in: arguments)
            try mailbox.send(
                OutgoingMail(
                    kind: kind, to: arguments["to"]?.string ?? (kind == .question ? "human" : "everyone"), body: body,
                    files: arguments["files"]?.strings ?? [], thread: arguments["thread"]?.integer))
            return "sent"
        }
    }

    private static func read(_ mailbox: JobMailbox) -> MCPTool {
        MCPTool(
            name: "read_messages", meaning: "Reads the messages for this task that have not been read.",
            arguments: [
                "all": ["type": "boolean", "description": "Include messages that were read before."],
                "wait_seconds": seconds("Seconds to wait for a message."),
            ], required: []
        ) { arguments in
            let wait = min(max(0, arguments["wait_seconds"]?.number ?? 0), longestWait)
            let new = try await mailbox.wait(seconds: wait) { _ in true }
            let old = arguments["all"]?.bool == true ? try mailbox.read() : []
            try mailbox.markRead(new)
            return (old + new).isEmpty ? "no new messages" : (old + new).map(\.quoted).joined(separator: "\n")
        }
    }

    private static func ask(_ mailbox: JobMailbox) -> MCPTool {
        MCPTool(
            name: "ask",
            meaning: "Asks the person in charge, or another task. Without wait_seconds the answer comes as a message.",
            arguments: [
                "body": text("The question."), "to": text("human, or a task."), "files": files,
                "wait_seconds": seconds("Seconds to wait. Without an answer in time the attempt ends as blocked."),
            ], required: ["body"]
        ) { arguments in
            let wait = arguments["wait_seconds"]?.number.map { min(max(0, $0), longestWait) } ?? 0
            let name = try mailbox.send(
                OutgoingMail(
                    kind: .question, to: arguments["to"]?.string ?? "human",
                    body: try required("body", in: arguments), files: arguments["files"]?.strings ?? [],
                    waitSeconds: wait > 0 ? wait : nil))
            guard wait > 0 else { return "asked; the answer will come as a message" }
            let answers = try await mailbox.wait(seconds: wait) { $0.ref == name }
            guard !answers.isEmpty else { throw Problem(description: "no answer came in time; stop here") }
            try mailbox.markRead(answers)
            return answers.map(\.quoted).joined(separator: "\n")
        }
    }

    private static func search(_ mailbox: JobMailbox, patience: Double) -> MCPTool {
        MCPTool(
            name: "search_messages", meaning: "Finds messages for this task that contain all of the given words.",
            arguments: ["words": text("The words.")], required: ["words"]
        ) { arguments in
            try await answer(to: mailbox.requestSearch(required("words", in: arguments)), mailbox, within: patience)
                .body
        }
    }

    private static func taskInfo(_ mailbox: JobMailbox) -> MCPTool {
        MCPTool(
            name: "task_info", meaning: "The task, its files and limits, and the rules on what may be changed.",
            arguments: [:], required: []
        ) { _ in
            String(decoding: try UntrustedFile.read(mailbox.folder.description, limit: 16 << 20) ?? [], as: UTF8.self)
        }
    }

    private static func neighbours(_ mailbox: JobMailbox) -> MCPTool {
        MCPTool(
            name: "graph_neighbours",
            meaning: "The dependencies and the dependents of the task's files, with the tasks that own those files.",
            arguments: ["path": text("One of the task's files. The default is all of them.")], required: []
        ) { arguments in
            guard let bytes = try UntrustedFile.read(mailbox.folder.graph, limit: 16 << 20) else {
                throw Problem(description: "the graph is not available")
            }
            guard let graph = JSON(line: bytes) else { throw Problem(description: "the graph cannot be read") }
            guard let path = arguments["path"]?.string else { return graph.line }
            guard case .array(let files)? = graph["files"],
                let file = files.first(where: { $0["path"]?.string == path })
            else { throw Problem(description: "'\(path)' is not a file of the task") }
            return file.line
        }
    }

    private static func check(_ mailbox: JobMailbox) -> MCPTool {
        MCPTool(
            name: "check",
            meaning: "Runs this task's checks on the current working tree and returns their results.",
            arguments: [:], required: []
        ) { _ in
            let mail = try await answer(to: mailbox.requestChecks(), mailbox, within: longestWait)
            return "\(mail.passed == true ? "passed" : "failed")\n\(mail.body)"
        }
    }

    private static let part: JSON = [
        "type": "object", "required": ["files"],
        "properties": [
            "name": text("A name for 'after'. The default is the number of the part."),
            "files": [
                "type": "array", "items": ["type": "string"],
                "description": "Files of the task. No file may be in two parts.",
            ],
            "instructions": text("What to do in this part, in addition to the goal."),
            "after": [
                "type": "array", "items": ["type": "string"],
                "description": "Names or numbers of the parts that must land before this one starts.",
            ],
        ],
    ]

    private static func split(_ mailbox: JobMailbox, most: Int, patience: Double) -> MCPTool {
        MCPTool(
            name: "split",
            meaning:
                "Splits this task into at most \(most) parts, which other workers do. Files that are in no part stay with "
                + "this task, which gets a last turn once the parts are over. Call it before you change anything, and end at "
                + "once when the answer is 'accepted': your changes are dropped. A refusal says what to mend.",
            arguments: [
                "parts": ["type": "array", "items": part, "description": "The parts."],
                "collate": text("What is left for the last turn."),
            ], required: ["parts"]
        ) { arguments in
            let proposal: SplitProposal
            switch SplitProposal.parse(Array(arguments.line.utf8)) {
            case .success(let parsed): proposal = parsed
            case .failure(let problem): throw Problem(description: "refused:\n- \(problem.reason)")
            }
            let mail = try await answer(to: mailbox.requestSplit(proposal), mailbox, within: max(patience, 120))
            guard mail.passed == true else { throw Problem(description: mail.body) }
            return mail.body
        }
    }

    private static func answer(
        to request: String, _ mailbox: JobMailbox, within seconds: Double
    ) async throws -> IncomingMail {
        let answers = try await mailbox.wait(seconds: seconds) { $0.ref == request }
        guard let answer = answers.first else { throw Problem(description: "the coordinator did not answer") }
        try mailbox.markRead(answers)
        return answer
    }
}

extension IncomingMail {
    /// The message as a worker reads it: the sender first, and the text behind bars, since it is data from outside.
    package var quoted: String {
        let number = id.map { "[\($0)] " } ?? ""
        let about = files.isEmpty ? "" : ", about \(files.joined(separator: ", "))"
        let lines = OutsideText.lines(body).split(separator: "\n", omittingEmptySubsequences: false).map { "| \($0)" }
        return OutsideText.line("\(number)\(kind) from \(from)\(about)") + "\n" + lines.joined(separator: "\n")
    }
}
