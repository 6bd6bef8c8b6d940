import ArgumentParser
import Foundation
import MCP
import Model

/// `orchestrate mcp`: for agents that speak the Model Context Protocol, started by them inside a job.
struct MCPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp", abstract: "Serve the Model Context Protocol over standard input and output, inside a job.",
        discussion: """
            Tools: send_message, read_messages, ask, search_messages, task_info, graph_neighbours, check. They work on \
            the folder that ORCHESTRATE_JOB names, and on nothing else.
            """)

    /// Bytes of one message that are read.
    private static let longestLine = 4 << 20

    func run() async throws {
        let server = MCPServer(try MessageCommand.mailbox(), version: Version.current)
        let (lines, continuation) = AsyncStream<LineReader.Line>.makeStream()
        // Reading blocks, so it has a thread of its own; it ends with the input, or with the process.
        Thread.detachNewThread {
            var reader = LineReader(FileHandle.standardInput.fileDescriptor, limit: Self.longestLine)
            while let line = reader.next() { continuation.yield(line) }
            continuation.finish()
        }
        let printer = LinePrinter()
        await withTaskGroup(of: Void.self) { group in
            for await line in lines {
                // Side by side: a question may wait for minutes, and a ping must not.
                group.addTask {
                    if let answer = await Self.answer(to: line, by: server) { await printer.print(answer) }
                }
            }
            // Who has gone away waits for no answer.
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

/// Prints whole lines, one after the other.
private actor LinePrinter {
    func print(_ line: String) { Terminal.print(line) }
}
