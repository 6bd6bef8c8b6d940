import ArgumentParser
import Foundation
import Jobs
import MCP
import Model
import Workers

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// `orchestrate acp`, the client of an agent that speaks the Agent Client Protocol. The worker `acp` runs it.
struct ACPCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "acp", abstract: "Give a job to an agent that speaks the Agent Client Protocol.",
        discussion: """
            Reads the agent's messages from standard input, writes ours to --input, and prints events as JSON lines. The \
            worker 'acp' starts the agent and this. Exit codes: 0 the agent is done; 1 it is not; 64 wrong settings.
            """)

    @Option(help: ArgumentHelp("The standard input of the agent, a named pipe.", valueName: "file"))
    var input: String

    @Option(help: ArgumentHelp("The prompt; default: prompt.md in the job folder.", valueName: "file"))
    var prompt: String?

    @Option(help: ArgumentHelp("The standard error of the agent, to name the cause of its end.", valueName: "file"))
    var errors: String?

    @Option(help: ArgumentHelp("The mode to set in the agent, such as auto-approve.", valueName: "mode"))
    var mode: String?

    /// Most bytes of one message.
    private static let longestLine = 16 << 20

    func run() throws {
        let environment = Terminal.environment
        guard let job = environment["ORCHESTRATE_JOB"], !job.isEmpty else {
            throw Outcome(
                code: .usage, message: "error: ORCHESTRATE_JOB is not set\n  hint: use the worker 'acp' in a plan")
        }
        let path = prompt ?? JobFolder(existing: job).prompt
        guard let bytes = try UntrustedFile.read(path, limit: 4 << 20), !bytes.isEmpty else {
            throw Outcome(
                code: .usage, message: "error: no prompt at '\(path)'\n  hint: name the file with --prompt")
        }
        // An agent that has ended must not end this program before it has said so.
        signal(SIGPIPE, SIG_IGN)
        guard let agent = FileHandle(forWritingAtPath: input) else {
            throw Outcome(
                code: .usage, message: "error: cannot write to '\(input)'\n  hint: make a named pipe with mkfifo")
        }
        var servers: [JSON] = []
        if environment["ORCHESTRATE_MCP"] != nil, let program = environment["ORCHESTRATE_PROGRAM"] {
            servers = [
                [
                    "name": "orchestrate", "command": .string(program), "args": ["mcp"],
                    "env": [["name": "ORCHESTRATE_JOB", "value": .string(job)]],
                ]
            ]
        }
        let client = ACPClient(
            ACPClient.Job(
                prompt: String(decoding: bytes, as: UTF8.self), folder: FileManager.default.currentDirectoryPath,
                mode: mode.flatMap { $0.isEmpty ? nil : $0 }, servers: servers), version: Version.current)
        if !Self.talk(client, to: agent, errors: errors) { throw ExitCode(1) }
    }

    /// Talks until the agent has answered the prompt or is gone.
    ///
    /// - Returns: whether the agent says that it is done.
    private static func talk(_ start: ACPClient, to agent: FileHandle, errors: String?) -> Bool {
        var client = start
        var reader = LineReader(FileHandle.standardInput.fileDescriptor, limit: longestLine)
        send([client.greeting], to: agent)
        while !client.isFinished, let line = reader.next() {
            // Text among the messages is not for the client.
            guard case .bytes(let bytes) = line, let message = JSON(line: bytes) else { continue }
            let step = client.take(message)
            for event in step.events { Terminal.print(json: event.line) }
            send(step.messages, to: agent)
        }
        for event in client.end(lastWords: errors.flatMap(lastLine)).events { Terminal.print(json: event.line) }
        return client.succeeded
    }

    private static func lastLine(of path: String) -> String? {
        let bytes = (try? UntrustedFile.read(path, limit: 1 << 20)) ?? []
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).last.map(String.init)
    }

    /// A message that nobody reads any more is dropped; the end of the agent's output tells why.
    private static func send(_ messages: [JSON], to agent: FileHandle) {
        for message in messages { try? agent.write(contentsOf: Data((message.line + "\n").utf8)) }
    }
}
