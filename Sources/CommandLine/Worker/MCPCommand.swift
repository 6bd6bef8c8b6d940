import ArgumentParser
import Foundation
import MCP
import Model

/// `orchestrate mcp`, started inside a job by agents that speak the Model Context Protocol.
struct MCPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp", abstract: "Serve the Model Context Protocol over standard input and output, inside a job.",
        discussion: """
            Tools: send_message, read_messages, ask, search_messages, task_info, graph_neighbours, check; and split, \
            if the task may be split. They only use the job folder in ORCHESTRATE_JOB.
            """)

    /// Most bytes of one message.
    private static let longestLine = 4 << 20

    func run() async throws {
        let server = MCPServer(try MessageCommand.mailbox(), version: Version.current)
        let (lines, continuation) = AsyncStream<LineReader.Line>.makeStream()
        // Reading blocks, so it has its own thread, which ends with the input or with the process.
        Thread.detachNewThread {
            var reader = LineReader(FileHandle.standardInput.fileDescriptor, limit: Self.longestLine)
            while let line = reader.next() { continuation.yield(line) }
            continuation.finish()
        }
        let printer = LinePrinter()
        await withTaskGroup(of: Void.self) { group in
            for await line in lines {
                // In parallel: a question may wait for minutes, and a ping must not.
                group.addTask {
                    if let answer = await Self.answer(to: line, by: server) { await printer.print(answer) }
                }
            }
            // A client that has gone away needs no answer.
            group.cancelAll()
        }
    }

    private static func answer(to line: LineReader.Line, by server: MCPServer) async -> String? {
        switch line {
        case .tooLong: MCPServer.tooLong(longestLine)
        case .bytes(let bytes): await server.answer(bytes)
        }
    }
}

/// Prints whole lines, one at a time.
private actor LinePrinter {
    func print(_ line: String) { Terminal.print(json: line) }
}
